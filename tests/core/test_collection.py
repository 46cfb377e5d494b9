"""Pictures of a folder or zip archive: each by its name, nothing unpacked, nothing followed."""

import io
import os
import stat
import zipfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from mnist_core.errors import SketchError
from mnist_core.pictures.collection import opened_collection


def png(level: int = 200) -> bytes:
    file = io.BytesIO()
    Image.fromarray(np.full((9, 8), level, np.uint8)).save(file, "PNG")
    return file.getvalue()


def packed(path: Path, members: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


FILES = {
    "b/2.png": png(20),
    "a/1.JPG": png(10),
    "ü.jpeg": png(30),
    "a/readme.txt": b"no picture",
    "a/.hidden.png": png(),
    "__MACOSX/a/._1.png": b"",
}


def test_a_folder_and_a_zip_of_it_give_the_same_pictures(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    for name, content in FILES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    archive = packed(tmp_path / "all.zip", FILES)
    for source in (folder, archive, io.BytesIO(archive.read_bytes())):
        with opened_collection(source) as collection:
            assert collection.names == ("a/1.JPG", "b/2.png", "ü.jpeg")
            assert [int(collection.read(name)[0, 0]) for name in collection.names] == [10, 20, 30]


@pytest.mark.parametrize("name", ["../7.png", "a/../../7.png", "/7.png", "..\\7.png", "C:7.png"])
def test_a_zip_with_a_name_that_leads_out_is_refused(tmp_path: Path, name: str) -> None:
    source = packed(tmp_path / "out.zip", {"6.png": png(), name: png()})
    with pytest.raises(SketchError, match="leads out of it"), opened_collection(source):
        pass
    assert [path.name for path in tmp_path.rglob("*")] == ["out.zip"]


def test_a_zip_with_a_link_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "link.zip", "w") as archive:
        entry = zipfile.ZipInfo("7.png")
        entry.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(entry, "/etc/passwd")
    with pytest.raises(SketchError, match="a link"), opened_collection(tmp_path / "link.zip"):
        pass


def test_a_zip_of_a_hundred_thousand_is_refused_before_it_is_listed(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "many.zip", "w") as archive:
        for number in range(100_000):
            archive.writestr(zipfile.ZipInfo(f"{number}.png"), b"")
    with (
        pytest.raises(SketchError, match="more than 65,535 files"),
        opened_collection(tmp_path / "many.zip"),
    ):
        pass


@pytest.mark.parametrize("content", [b"", b"no zip", b"PK\3\4", b"PK\5\6" + bytes(18)[:10]])
def test_what_is_no_zip_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "renamed.zip").write_bytes(content)
    with (
        pytest.raises(SketchError, match=r"in renamed\.zip"),
        opened_collection(tmp_path / "renamed.zip"),
    ):
        pass
    with (
        pytest.raises(SketchError, match=r"in none\.zip"),
        opened_collection(tmp_path / "none.zip"),
    ):
        pass


def test_a_member_that_unpacks_into_gigabytes_costs_nothing(tmp_path: Path) -> None:
    with (
        zipfile.ZipFile(tmp_path / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("7.png", "w") as member,
    ):
        for _ in range(101):
            member.write(bytes(1_000_000))
    with (
        opened_collection(tmp_path / "bomb.zip") as collection,
        pytest.raises(SketchError, match=r"in 7\.png\. Received: 101,000,000 bytes"),
    ):
        collection.read("7.png")


def test_a_torn_member_is_named_and_the_others_are_read(tmp_path: Path) -> None:
    source = packed(tmp_path / "torn.zip", {"6.png": png(60), "7.png": png(70)})
    content = bytearray(source.read_bytes())
    content[content.index(b"IDAT") + 6] ^= 0xFF
    source.write_bytes(content)
    with opened_collection(source) as collection:
        with pytest.raises(SketchError, match=r"6\.png"):
            collection.read("6.png")
        assert int(collection.read("7.png")[0, 0]) == 70


def test_links_and_pipes_in_a_folder_are_not_followed(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    (tmp_path / "secret.png").write_bytes(png())
    (folder / "1.png").symlink_to(tmp_path / "secret.png")
    (folder / "around").symlink_to(folder, target_is_directory=True)
    os.mkfifo(folder / "2.png")
    (folder / "3.png").write_bytes(png())
    with opened_collection(folder) as collection:
        assert collection.names == ("1.png", "2.png", "3.png")
        for name, kind in (("1.png", "a link that leads out"), ("2.png", "a named pipe")):
            with pytest.raises(SketchError, match=f"^{name}: .+Received: {kind}"):
                collection.read(name)
        assert (collection.read("3.png") == 200).all()
