# SPDX-License-Identifier: BSL-1.0
# Files of data as others write them: data_files.py FOLDER writes test/data/files with Python's csv, gzip and wave and with SciPy
# (the files are in the repository).
import csv
import gzip
import pathlib
import struct
import sys
import wave

import numpy
import scipy.io.wavfile

folder = pathlib.Path(sys.argv[1])
folder.mkdir(parents=True, exist_ok=True)

with open(folder / "quotes.csv", "w", newline="") as file:
    writer = csv.writer(file)  # lines end as the standard says, in CR LF
    writer.writerows([["id", "text, and more", "value"], [1, 'said "so"', 0.5], [2, "two\nlines", -1e-3], [3, "", ""], [4, "comma, comma", "NA"]])
(folder / "table.tsv.gz").write_bytes(gzip.compress(b"a\tb\n1\tx y\n2\t\"q\tq\"\n", mtime=0))

images = numpy.arange(24, dtype="u1").reshape(2, 3, 4) * 10
idx = {"u8": (8, ">u1"), "i8": (9, ">i1"), "i16": (11, ">i2"), "i32": (12, ">i4"), "f32": (13, ">f4"), "f64": (14, ">f8")}
for name, (code, kind) in idx.items():
    numbers = images if name == "u8" else (numpy.arange(6).reshape(2, 3) - 2)
    (folder / f"{name}.idx").write_bytes(struct.pack(">HBB", 0, code, numbers.ndim) + struct.pack(f">{numbers.ndim}I", *numbers.shape)
                                         + numbers.astype(kind).tobytes())
(folder / "images.idx.gz").write_bytes(gzip.compress((folder / "u8.idx").read_bytes(), mtime=0))

# Two channels of five frames: k/8 and -k/8.
sound = numpy.array([[k / 8, -k / 8] for k in range(5)])
for name, kind in {"i16": numpy.int16, "i32": numpy.int32}.items():
    scipy.io.wavfile.write(folder / f"{name}.wav", 8000, (sound * -float(numpy.iinfo(kind).min)).astype(kind))
scipy.io.wavfile.write(folder / "u8.wav", 8000, (sound * 128 + 128).astype(numpy.uint8))
scipy.io.wavfile.write(folder / "f32.wav", 8000, sound.astype(numpy.float32))
scipy.io.wavfile.write(folder / "f64.wav", 8000, sound)
with wave.open(str(folder / "i24.wav"), "wb") as file:
    file.setparams((2, 3, 8000, 0, "NONE", ""))
    file.writeframes(b"".join(struct.pack("<i", int(v * 2**23))[:3] for v in sound.ravel()))
