# SPDX-License-Identifier: BSL-1.0
# What training_files.cpp writes, read: event files record by record, with the checksums and every field, and, where asked
# for, by TensorBoard itself; reports as XML, which they are as well. training_files.py PROGRAM [--tensorboard]
import math
import pathlib
import struct
import subprocess
import sys
import tempfile
import zlib
from xml.etree import ElementTree

table = []
for byte in range(256):
    for _ in range(8):
        byte = byte >> 1 ^ (0x82F63B78 if byte & 1 else 0)
    table.append(byte)


def masked_checksum(data):
    """Castagnoli's CRC-32, turned and moved."""
    crc = 0xFFFFFFFF
    for byte in data:
        crc = table[(crc ^ byte) & 255] ^ crc >> 8
    crc ^= 0xFFFFFFFF
    return ((crc >> 15 | crc << 17) + 0xA282EAD8) & 0xFFFFFFFF


def records(path):
    data, at = path.read_bytes(), 0
    while at < len(data):
        head = data[at:at + 8]
        (length,) = struct.unpack("<Q", head)
        assert struct.unpack("<I", data[at + 8:at + 12])[0] == masked_checksum(head), f"the checksum of the length at {at} is wrong"
        body = data[at + 12:at + 12 + length]
        assert len(body) == length
        assert struct.unpack("<I", data[at + 12 + length:at + 16 + length])[0] == masked_checksum(body), f"the checksum at {at} is wrong"
        yield fields(body)
        at += 16 + length


def varint(data, at):
    number, shift = 0, 0
    while True:
        number |= (data[at] & 127) << shift
        at, shift = at + 1, shift + 7
        if data[at - 1] < 128:
            return number, at


def fields(data):
    """A message: for each field a list of its values, numbers or bytes."""
    found, at = {}, 0
    while at < len(data):
        key, at = varint(data, at)
        if key & 7 == 0:
            value, at = varint(data, at)
        elif key & 7 == 2:
            length, at = varint(data, at)
            assert at + length <= len(data)
            value, at = data[at:at + length], at + length
        else:
            kind, length = {1: ("<d", 8), 5: ("<f", 4)}[key & 7]
            (value,), at = struct.unpack(kind, data[at:at + length]), at + length
        found.setdefault(key >> 3, []).append(value)
    return found


def doubles(data):
    return struct.unpack(f"<{len(data) // 8}d", data)


def pixels(png):
    """Of a PNG: width, height, kind of colour, rows of bytes."""
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    at, chunks = 8, {}
    while at < len(png):
        length, kind = struct.unpack(">I4s", png[at:at + 8])
        body = png[at + 8:at + 8 + length]
        assert zlib.crc32(kind + body) == struct.unpack(">I", png[at + 8 + length:at + 12 + length])[0]
        chunks[kind], at = body, at + 12 + length
    width, height, depth, colour = struct.unpack(">IIBB", chunks[b"IHDR"][:10])
    data = zlib.decompress(chunks[b"IDAT"])
    assert depth == 8 and list(chunks) == [b"IHDR", b"IDAT", b"IEND"] and len(data) % height == 0
    row = len(data) // height
    assert all(data[k * row] == 0 for k in range(height))
    return width, height, colour, b"".join(data[k * row + 1:(k + 1) * row] for k in range(height))


colours = bytes(k * k % 251 for k in range(150 * 200 * 3))
numbers = [0.001 * k * abs(k) for k in range(-500, 501)]


def check_bytes(folder):
    first = sorted(folder.glob("run/events.out.tfevents.*"))[0]
    events = list(records(first))
    assert events[0][3] == [b"brain.Event:2"] and events[0][1][0] > 1.7e9
    by_tag = {}
    for event in events[1:]:
        (value,) = fields(event[5][0])[1]
        value = fields(value)
        by_tag.setdefault(value[1][0].decode(), []).append((event[2][0], value))
    losses = [(step, value[2][0]) for step, value in by_tag["loss"]]
    assert losses == [(1 << 40 if k == 299 else k, struct.unpack("<f", struct.pack("<f", 1 / (1 + k)))[0]) for k in range(300)]

    histogram = fields(by_tag["numbers"][0][1][5][0])
    limits, counts = doubles(histogram[6][0]), doubles(histogram[7][0])
    assert histogram[1] == [-250] and histogram[2] == [250] and histogram[3] == [1001] and abs(histogram[4][0]) < 1e-9
    assert math.isclose(histogram[5][0], sum(n * n for n in numbers)) and list(limits) == sorted(limits) and len(limits) < 600
    for low, high, count in zip((-math.inf, *limits), limits, counts):
        assert count == sum(low <= n < high for n in numbers), (low, high, count)
    extremes = fields(by_tag["extremes"][0][1][5][0])
    assert extremes[3] == [4] and sum(doubles(extremes[7][0])) == 4
    assert fields(by_tag["none"][0][1][5][0])[3] == [0]

    for tag, size, colour, wanted in [("colours", (200, 150), 2, colours), ("grey", (3, 2), 0, bytes([0, 128, 255, 255, 0, 0])), ("opacity", (1, 1), 6, bytes([0, 51, 102, 153]))]:
        image = fields(by_tag[tag][0][1][4][0])
        assert pixels(image[4][0]) == (*size, colour, wanted), tag
        assert (image[2][0], image[1][0]) == size

    text = by_tag["note/text_summary"][0][1]
    assert fields(text[8][0])[8] == [b"**what** is <this>"] and fields(fields(text[9][0])[1][0])[1] == [b"text"]
    told = [fields(fields(e[5][0])[1][0]) for e in list(records(next(folder.glob("training/events*"))))[1:]]
    assert [v[1][0] for v in told[:5]] == [b"loss", b"rate", b"gradient", b"accuracy", b"weights"] and len(told) == 25
    assert told[0][2] == [13.0]


def check_report(folder):
    """The page is XML, as it may be, and has a curve of each series, in as many parts as its gaps ask for."""
    page = (folder / "report.html").read_text().removeprefix("<!DOCTYPE html>")
    tree = ElementTree.fromstring(page)
    html, svg = "{http://www.w3.org/1999/xhtml}", "{http://www.w3.org/2000/svg}"
    assert tree.find(f"{html}body/{html}h1").text == "A <training> & its end"
    pictures = list(tree.iter(f"{svg}svg"))
    assert [picture.find(f"{svg}text").text for picture in pictures] == ["loss", "<a & b>", "same", "loss", "rate", "gradient"]
    for picture, sizes in zip(pictures, [[20], [6, 13], [20], [20], [20], [20]]):
        curves = [[tuple(map(float, point.split(","))) for point in line.get("points").split()] for line in picture.iter(f"{svg}polyline")]
        assert [len(curve) for curve in curves] == sizes
        for curve in curves:
            assert all(60 < x < 560 and 0 < y < 260 for x, y in curve) and [x for x, _ in curve] == sorted(x for x, _ in curve)
    heights = [float(point.split(",")[1]) for point in next(pictures[3].iter(f"{svg}polyline")).get("points").split()]
    assert all(abs(a - b - (heights[0] - heights[1])) < 0.3 for a, b in zip(heights, heights[1:]))  # powers of ten are a line of logarithms
    rows = list(tree.iter(f"{html}tr"))
    assert len(rows) == 21 and [cell.text for cell in rows[7]][:4] == ["7", rows[7][1].text, "nan", "-2"] and len(rows[3]) == 8
    ElementTree.fromstring((folder / "empty.html").read_text().removeprefix("<!DOCTYPE html>"))


def check_tensorboard(folder):
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
    from tensorboard.plugins.hparams import metadata
    board = EventAccumulator(str(sorted(folder.glob("run/events*"))[0]), size_guidance={"scalars": 0, "histograms": 0, "images": 0, "tensors": 0}).Reload()
    assert [s.value for s in board.Scalars("loss")][:2] == [1.0, 0.5] and len(board.Scalars("loss")) == 300
    assert board.Histograms("numbers")[0].histogram_value.num == 1001
    assert board.Images("colours")[0].width == 200 and pixels(board.Images("colours")[0].encoded_image_string)[3] == colours
    assert board.Tensors("note/text_summary")[0].tensor_proto.string_val[0] == b"**what** is <this>"
    plugins = board.PluginTagToContent("hparams")
    start = metadata.parse_session_start_info_plugin_data(plugins[metadata.SESSION_START_INFO_TAG])
    assert {k: v.number_value or v.string_value for k, v in start.hparams.items()} == {"rate": 1e-3, "rule": "adam", "layers": 3, "empty": ""}
    experiment = metadata.parse_experiment_plugin_data(plugins[metadata.EXPERIMENT_TAG])
    assert [info.name for info in experiment.hparam_infos] == ["rate", "rule", "layers", "empty"] and experiment.metric_infos[0].name.tag == "loss"
    assert metadata.parse_session_end_info_plugin_data(plugins[metadata.SESSION_END_INFO_TAG]).status == 1


with tempfile.TemporaryDirectory() as name:
    run = subprocess.run([sys.argv[1], name], capture_output=True, text=True)
    print(run.stdout + run.stderr)
    assert run.returncode == 0, run.returncode
    folder = pathlib.Path(name)
    assert len(list(folder.glob("run/events*"))) == 2
    check_bytes(folder)
    check_report(folder)
    if "--tensorboard" in sys.argv:
        check_tensorboard(folder)
