# SPDX-License-Identifier: BSL-1.0
# Files of tensors that PyTorch and NumPy write, and what they read of ours.
#   tensor_files.py --write FOLDER    writes test/data/tensors with torch, safetensors and numpy (the files are in the repository)
#   tensor_files.py PROGRAM FOLDER    runs PROGRAM, which writes ours.safetensors and ours.npz to FOLDER, and reads them
import importlib.util
import pathlib
import subprocess
import sys


def values(count, step):
    return [step * (k - count // 2) for k in range(count)]


def write(folder):
    import numpy
    import torch
    from safetensors.torch import save_file

    folder.mkdir(parents=True, exist_ok=True)
    net = torch.nn.Sequential(torch.nn.Linear(3, 4), torch.nn.Tanh(), torch.nn.Linear(4, 2))
    with torch.no_grad():
        for tensor in net.parameters():
            tensor.copy_(torch.tensor(values(tensor.numel(), 0.0625)).reshape(tensor.shape))
    state = {"net." + name: tensor for name, tensor in net.state_dict().items()}
    print("net of (1, -2, 0.5):", [float(v) for v in net(torch.tensor([1, -2, 0.5]))])
    save_file({**state, "steps": torch.tensor(7)}, folder / "network.safetensors", metadata={"format": "pt"})
    kinds = {"F64": torch.float64, "F32": torch.float32, "F16": torch.float16, "BF16": torch.bfloat16, "I64": torch.int64, "I32": torch.int32,
             "I16": torch.int16, "I8": torch.int8}
    save_file({**{name: torch.tensor(values(6, 3), dtype=kind).reshape(2, 3) for name, kind in kinds.items()},
               "U8": torch.tensor([0, 128, 255], dtype=torch.uint8), "BOOL": torch.tensor([True, False]), "scalar": torch.tensor(2.5),
               "empty": torch.zeros(0, 3), "halves": torch.tensor([6.1e-5, 6e-8, 65504, float("inf"), -0.0], dtype=torch.float16),
               "\u00e9\"\\\n": torch.tensor([1.0])}, folder / "kinds.safetensors", metadata={"made by": "torch \"2\""})
    arrays = {"rows": numpy.array(values(6, 0.5)).reshape(2, 3), "columns": numpy.asfortranarray(numpy.array(values(24, 0.25), dtype="f4").reshape(2, 3, 4)),
              "counts": numpy.arange(5, dtype="i8"), "scalar": numpy.array(2.5), "line": numpy.array(values(3, 1.0), dtype="f2")}
    numpy.savez(folder / "arrays.npz", **arrays)
    numpy.savez_compressed(folder / "packed.npz", **arrays)
    numpy.savez(folder / "big_endian.npz", a=numpy.array([1.0], dtype=">f8"))


def check(program, folder):
    missing = [name for name in ("numpy", "safetensors") if importlib.util.find_spec(name) is None]
    if "numpy" in missing:
        print("skipped: reading what is written needs NumPy (package python3-numpy)")
        sys.exit(77)
    import numpy

    folder.mkdir(parents=True, exist_ok=True)
    subprocess.run([program, "--run_test=files_for_others", "--", str(folder)], check=True)
    readers = {"ours.npz": numpy.load}
    if not missing:
        from safetensors.numpy import load_file
        readers["ours.safetensors"] = load_file
    for name, reader in readers.items():
        got = reader(folder / name)
        want = {"float": numpy.array([[0.5, -1.25, 3], [4, 5, 6]], dtype="f4"), "double": numpy.array([1 / 3]), "scalar": numpy.array(7, dtype="i8"),
                "bytes": numpy.array([1, 255], dtype="u1"), "empty": numpy.zeros((0, 3), dtype="f4"), "\u00e9 \"q\"": numpy.array([2.0])}
        assert sorted(got) == sorted(want), sorted(got)
        for key, array in want.items():
            assert got[key].dtype == array.dtype and got[key].shape == array.shape and (got[key] == array).all(), (name, key, got[key])
    print("read by NumPy" + (", not by safetensors, which is not installed" if missing else " and safetensors"))


if sys.argv[1] == "--write":
    write(pathlib.Path(sys.argv[2]))
else:
    check(sys.argv[1], pathlib.Path(sys.argv[2]))
