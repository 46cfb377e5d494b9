"""An archive is listed and unpacked only once it is certain that this takes little."""

import io
import zipfile

import pytest

from mnist_core.files import zip_files


def archive(n: int = 1, packing: int = zipfile.ZIP_STORED, content: bytes = b"123") -> io.BytesIO:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", packing) as written:
        for number in range(n):
            written.writestr(f"{number}.npy", content)
    return file


@pytest.mark.parametrize("packing", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_an_archive_as_numpy_writes_it_may_be_read_from_its_beginning(packing: int) -> None:
    file = archive(64, packing)
    zip_files.check(file, most_bytes=64 * 3)
    assert file.tell() == 0


@pytest.mark.parametrize("packing", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_packing_that_says_nothing_of_its_size_is_refused(packing: int) -> None:
    with pytest.raises(ValueError, match=r"0\.npy is packed in another way than numpy packs"):
        zip_files.check(archive(packing=packing))


@pytest.mark.parametrize("n", [65, 66_000])
def test_too_many_members_are_refused_before_they_are_listed(
    n: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = archive(n)
    monkeypatch.setattr(zipfile, "ZipFile", lambda *_: pytest.fail("listed"))
    with pytest.raises(ValueError, match="more than 64 arrays"):
        zip_files.check(file)


def test_what_would_unpack_into_too_much_is_refused() -> None:
    file = archive(2, zipfile.ZIP_DEFLATED, bytes(1_000))
    zip_files.check(file, most_bytes=2_000)
    with pytest.raises(ValueError, match="unpacked it has 2,000 bytes"):
        zip_files.check(file, most_bytes=1_999)


@pytest.mark.parametrize("content", [b"", b"PK", b"no zip" * 10])
def test_what_is_no_archive_is_told_as_zipfile_tells_it(content: bytes) -> None:
    with pytest.raises(zipfile.BadZipFile):
        zip_files.check(io.BytesIO(content))
