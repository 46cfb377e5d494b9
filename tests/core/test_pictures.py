"""Whatever file is taken for a picture costs little, is decoded by nothing else, or is refused."""

from __future__ import annotations

import contextlib
import io
import json
import os
import struct
import subprocess
import sys
import zlib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, PngImagePlugin

from mnist_core.errors import SketchError
from mnist_core.pictures import read_picture

MOST_MEGABYTES = 256

MEASURED = """
import json, os, sys
import PIL.Image, PIL.ImageFile, scipy.ndimage
from mnist_core.errors import SketchError
from mnist_core.pictures import read_picture
from mnist_core.pictures.sketch import to_mnist
from pathlib import Path

def read(path):
    try:
        to_mnist(read_picture(path))
    except SketchError as error:
        return str(error)

def measured(path):
    there, here = os.pipe()
    if os.fork() == 0:
        said = read(path)
        status = Path("/proc/self/status").read_text().split("VmHWM:")[1]
        os.write(here, json.dumps([int(status.split()[0]) / 1024, said]).encode())
        os._exit(0)
    os.wait()
    os.close(here)
    with os.fdopen(there) as answer:
        return json.loads(answer.read())

print(json.dumps({path: measured(Path(path)) for path in sys.argv[1:]}))
"""


def chunk(name: bytes, content: bytes) -> bytes:
    check = struct.pack(">I", zlib.crc32(name + content))
    return struct.pack(">I", len(content)) + name + content + check


def png(
    width: int,
    height: int,
    *,
    before: bytes = b"",
    behind: bytes = b"",
    pixels: bytes | None = None,
    depth: int = 8,
    colour: int = 6,
    interlaced: bool = False,
) -> bytes:
    """A PNG, blank where no pixels are given, with chunks before and behind these."""
    if pixels is None:
        channels = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}[colour]
        packer = zlib.compressobj(1)
        row = bytes(1 + width * channels * depth // 8)
        pixels = b"".join([*(packer.compress(row) for _ in range(height)), packer.flush()])
    size = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, interlaced)
    palette = chunk(b"PLTE", bytes(768)) if colour == 3 else b""
    parts = (chunk(b"IHDR", size), before, palette, chunk(b"IDAT", pixels), behind)
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts) + chunk(b"IEND", b"")


def jpeg(width: int, height: int, mode: str = "RGB", **options: object) -> bytes:
    file = io.BytesIO()
    Image.new(mode, (width, height), "white" if mode == "RGB" else 0).save(file, "JPEG", **options)
    return file.getvalue()


def segment(marker: int, content: bytes) -> bytes:
    return bytes([0xFF, marker]) + struct.pack(">H", len(content) + 2) + content


def with_segments(picture: bytes, segments: bytes) -> bytes:
    return picture[:2] + segments + picture[2:]


def exif(entries: list[tuple[int, int, int, int]], order: str = "<") -> bytes:
    """An EXIF block of entries (tag, type, count, value or place)."""
    head = {"<": b"II*\0", ">": b"MM\0*"}[order] + struct.pack(order + "I", 8)
    written = (
        struct.pack(order + "HHIHH", tag, kind, count, value, 0)
        if kind == 3
        else struct.pack(order + "HHII", tag, kind, count, value)
        for tag, kind, count, value in entries
    )
    return (
        b"Exif\0\0" + head + struct.pack(order + "H", len(entries)) + b"".join(written) + bytes(4)
    )


def resized_to(picture: bytes, width: int, height: int) -> bytes:
    """A JPEG whose header promises another size."""
    frame = picture.index(b"\xff\xc2" if b"\xff\xc2" in picture else b"\xff\xc0")
    return picture[: frame + 5] + struct.pack(">HH", height, width) + picture[frame + 9 :]


@pytest.fixture(scope="module")
def costs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[float, str | None]]:
    """Megabytes above a plain picture that each hostile file takes at most, and what was said."""
    if not Path("/proc/self/status").exists():
        pytest.skip("the largest size of a process is read from /proc")
    bomb = exif([(tag, 7, 60_000, 0) for tag in range(0x9000, 0x9000 + 5_000)])
    frames = [Image.new("RGBA", (1_000, 1_000), (shade, 0, 0, 255)) for shade in range(30)]
    animated, several = io.BytesIO(), io.BytesIO()
    frames[0].save(animated, "PNG", save_all=True, append_images=frames[1:])
    photos = [frame.convert("RGB") for frame in frames[:4]]
    photos[0].save(several, "MPO", save_all=True, append_images=photos[1:])
    million = zlib.compress(bytes(1_000_000))
    files = {
        "plain.png": png(280, 280),
        "most.png": png(4_000, 4_000),
        "most_deep.png": png(4_000, 4_000, depth=16, colour=4),
        "most_grey.png": png(4_000, 4_000, depth=16, colour=0),
        "palette.png": png(4_000, 4_000, colour=3, behind=chunk(b"tEXt", bytes(9_000_000))),
        "long.png": png(3_200_000, 5),
        "text.png": png(280, 280, before=chunk(b"tEXt", b"a\0" + bytes(80_000_000))),
        "texts.png": png(280, 280, before=chunk(b"zTXt", b"a\0\0" + million) * 200),
        "profile.png": png(280, 280, before=chunk(b"iCCP", b"a\0\0" + million * 50)),
        "animated.png": animated.getvalue(),
        "phone.jpg": jpeg(4_000, 3_000),
        "most.jpg": jpeg(8_000, 8_000, "CMYK"),
        "long.jpg": jpeg(65_500, 970),
        "progressive.jpg": jpeg(5_650, 5_650, progressive=True, subsampling=0),
        "exif.jpg": with_segments(jpeg(640, 480), segment(0xE1, bomb) * 800),
        "several.jpg": several.getvalue(),
    }
    folder = tmp_path_factory.mktemp("hostile")
    for name, content in files.items():
        (folder / name).write_bytes(content)
    found = subprocess.run(
        [sys.executable, "-c", MEASURED, *(folder / name for name in files)],
        capture_output=True,
        text=True,
        check=True,
    )
    peaks = {Path(path).name: answer for path, answer in json.loads(found.stdout).items()}
    plain = peaks.pop("plain.png")[0]
    return {name: (peak - plain, said) for name, (peak, said) in peaks.items()}


def test_no_picture_costs_much_more_than_a_plain_one(
    costs: dict[str, tuple[float, str | None]],
) -> None:
    assert {name: cost for name, (cost, _) in costs.items() if cost > MOST_MEGABYTES} == {}


def test_what_lies_beside_the_pixels_keeps_no_picture_from_being_read(
    costs: dict[str, tuple[float, str | None]],
) -> None:
    too_narrow = {"long.png"}
    assert {name for name, (_, said) in costs.items() if said is not None} == too_narrow


@pytest.mark.parametrize(
    ("content", "most"),
    [
        (png(5_000, 3_300, pixels=b""), "16 megapixels of a PNG"),
        (png(9_300, 9_300), "16 megapixels of a PNG"),
        (resized_to(jpeg(64, 64), 8_001, 8_000), "64 megapixels of a JPEG"),
        (
            resized_to(jpeg(64, 64, progressive=True), 8_000, 4_001),
            "32 megapixels of a progressive",
        ),
        (
            resized_to(jpeg(64, 64, "CMYK", progressive=True), 6_000, 4_001),
            "24 megapixels of a progressive",
        ),
    ],
)
def test_a_picture_with_too_many_pixels_is_refused_before_it_is_decoded(
    content: bytes, most: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Image, "open", None)
    with pytest.raises(SketchError, match=f"at most {most}.*Make it smaller"):
        read_picture(io.BytesIO(content))


def test_as_many_pixels_as_are_allowed_are_decoded() -> None:
    assert read_picture(io.BytesIO(png(4_000, 4_000))).shape == (2_000, 2_000, 4)
    for picture, height in ((jpeg(64, 64), 8_000), (jpeg(64, 64, progressive=True), 4_000)):
        promised = resized_to(picture, 8_000, height)
        assert read_picture(io.BytesIO(promised)).shape == (height // 4, 2_000, 3)


def test_components_in_scans_of_their_own_count_as_progressive() -> None:
    """libjpeg keeps all coefficients of these too, although the frame is called sequential."""
    picture = resized_to(jpeg(64, 64), 8_000, 4_001)
    scan = picture.index(b"\xff\xda")
    alone = segment(0xDA, b"\x01\x01\x00\x00\x3f\x00")
    with pytest.raises(SketchError, match="32 megapixels of a progressive"):
        read_picture(io.BytesIO(picture[:scan] + alone + picture[scan + 14 :]))


def test_a_caller_may_allow_less() -> None:
    with pytest.raises(SketchError, match="at most 1 megapixels of a PNG"):
        read_picture(io.BytesIO(png(1_001, 1_000)), most_pixels=1_000_000)
    assert read_picture(io.BytesIO(png(1_000, 1_000)), most_pixels=1_000_000).shape == (
        1_000, 1_000, 4
    )  # fmt: skip


EPS = b"""%!PS-Adobe-3.0 EPSF-3.0
%%BoundingBox: 0 0 100 100
%%EndComments
showpage
"""


@pytest.fixture
def started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file that exists once Ghostscript was started; a script takes its place."""
    trace = tmp_path / "started"
    (tmp_path / "bin").mkdir()
    script = tmp_path / "bin" / "gs"
    script.write_text(f"#!/bin/sh\ntouch {trace}\nexit 1\n")
    script.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}")
    return trace


@pytest.mark.parametrize("name", ["digit.eps", "digit.png", "digit.jpg"])
def test_no_file_starts_another_program(name: str, tmp_path: Path, started: Path) -> None:
    (tmp_path / name).write_bytes(EPS)
    with pytest.raises(SketchError, match=name):
        read_picture(tmp_path / name)
    assert not started.exists()


@pytest.mark.parametrize("kind", ["GIF", "BMP", "TIFF", "WEBP", "PPM", "ICO"])
def test_other_formats_are_refused_in_one_sentence(kind: str) -> None:
    file = io.BytesIO()
    Image.new("RGB", (64, 64)).save(file, kind)
    with pytest.raises(SketchError, match="Expected a PNG or JPEG picture"):
        read_picture(file)


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.png")
    with pytest.raises(SketchError, match="no regular file"):
        read_picture(tmp_path / "pipe.png")
    with pytest.raises(SketchError, match="zero"):
        read_picture(Path("/dev/zero"))


def test_a_file_of_too_many_bytes_is_refused(tmp_path: Path) -> None:
    with (tmp_path / "large.png").open("wb") as file:
        file.write(png(64, 64))
        file.truncate(100_000_001)
    with pytest.raises(SketchError, match="100 MB"):
        read_picture(tmp_path / "large.png")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (png(64, 64, before=chunk(b"tEXt", b"") * 100_001), "100,000 chunks"),
        (with_segments(jpeg(64, 64), segment(0xFE, b"") * 100_001), "100,000 segments"),
        (png(64, 64, before=chunk(b"tRNS", bytes(100_000))), "tRNS"),
        (png(64, 64)[:-20], "too early"),
        (jpeg(64, 64)[:200], "too early"),
        (
            with_segments(jpeg(64, 64), b"\xff\xc0\x00\x0b\x08\x00\x40\x00\x40\x01\x01\x11\x00"),
            "kind",
        ),
        (jpeg(64, 64).replace(b"\xff\xc0", b"\xff\xc9"), "kind"),
        (png(0, 64, pixels=b""), "5 × 5"),
    ],
    ids=["chunks", "segments", "long", "torn", "torn jpeg", "two frames", "arithmetic", "none"],
)
def test_what_is_odd_is_refused_with_the_reason(content: bytes, said: str) -> None:
    with pytest.raises(SketchError, match=said):
        read_picture(io.BytesIO(content))


def test_many_scans_are_refused() -> None:
    """Each goes over the whole picture again and needs but a few bytes."""
    picture = jpeg(64, 64, progressive=True)
    last = picture[picture.rindex(b"\xff\xda") : -2]
    assert read_picture(io.BytesIO(picture[:-2] + last * 80 + picture[-2:])).shape == (64, 64, 3)
    with pytest.raises(SketchError, match="more than 100 scans"):
        read_picture(io.BytesIO(picture[:-2] + last * 100 + picture[-2:]))


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_every_orientation_comes_out_as_pillow_has_it(orientation: int, order: str) -> None:
    from PIL import ImageOps

    levels = np.random.default_rng(0).integers(0, 255, (24, 40), np.uint8)
    block = exif([(0x0100, 4, 1, 40), (0x0112, 3, 1, orientation)], order)
    file, text = io.BytesIO(), PngImagePlugin.PngInfo()
    Image.fromarray(levels).save(file, "JPEG")
    turned = io.BytesIO(with_segments(file.getvalue(), segment(0xE1, block)))
    expected = np.asarray(ImageOps.exif_transpose(Image.open(turned)))
    assert np.array_equal(read_picture(turned), expected)
    text.add(b"eXIf", block[6:])
    file = io.BytesIO()
    Image.fromarray(levels).save(file, "PNG", pnginfo=text)
    assert np.array_equal(read_picture(file), np.asarray(ImageOps.exif_transpose(Image.open(file))))


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA"])
@pytest.mark.parametrize("interlaced", [False, True])
def test_pixels_come_out_as_pillow_has_them(mode: str, interlaced: bool) -> None:
    levels = np.random.default_rng(1).integers(0, 255, (50, 60, 4), np.uint8)
    file = io.BytesIO()
    picture = Image.fromarray(levels if mode in ("LA", "RGBA") else levels[..., :3]).convert(mode)
    picture.save(file, "PNG", interlace=interlaced, pnginfo=_text())
    expected = picture.convert({"1": "L", "L": "L", "LA": "RGBA", "RGBA": "RGBA"}.get(mode, "RGB"))
    assert np.array_equal(read_picture(file), np.asarray(expected))


def _text() -> PngImagePlugin.PngInfo:
    text = PngImagePlugin.PngInfo()
    text.add_text("Comment", "left out")
    return text


def test_long_pictures_come_out_shrunk() -> None:
    for content in (png(4_000, 2_000), jpeg(5_000, 3_000), jpeg(5_000, 3_000, progressive=True)):
        levels = read_picture(io.BytesIO(content))
        assert 1_024 < max(levels.shape) <= 2_048


SMALL = {
    "png": png(20, 20, before=chunk(b"tRNS", bytes(6)), colour=2),
    "palette": png(20, 20, colour=3),
    "jpeg": jpeg(20, 20),
    "progressive": jpeg(20, 20, progressive=True),
    "exif": with_segments(jpeg(20, 20), segment(0xE1, exif([(0x0112, 3, 1, 6)]))),
}


@given(st.sampled_from(sorted(SMALL)), st.data())
def test_a_damaged_picture_is_read_or_refused_and_nothing_else(
    kind: str, data: st.DataObject
) -> None:
    content = bytearray(SMALL[kind])
    for _ in range(data.draw(st.integers(1, 6))):
        place = data.draw(st.integers(0, len(content) - 1))
        content[place] = data.draw(st.integers(0, 255))
    end = data.draw(st.integers(len(content) // 2, len(content)))
    with contextlib.suppress(SketchError):
        assert read_picture(io.BytesIO(content[:end]), most_pixels=1_000_000).dtype == np.uint8
