"""Files of other people are read without trust: every damage is one clear error."""

import gzip
import io
import os
import pickle
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from mnist_core.datasets import files, load_dataset, mnist
from mnist_core.errors import DatasetError

IMAGES, LABELS = files.IDX_NAMES["x_train"], files.IDX_NAMES["y_test"]


class Intruder:
    """An object whose pickle makes a file when it is read."""

    def __init__(self, trace: Path) -> None:
        self.trace = trace

    def __reduce__(self) -> tuple[Callable, tuple]:
        return Path.touch, (self.trace,)


def refusal(path: Path) -> str:
    """The message of the one error that loading `path` ends in, which must name the file."""
    with pytest.raises(DatasetError) as caught:
        mnist.load(path)
    (message,) = caught.value.args
    assert path.name in message
    assert "Received: " in message
    assert "\n" not in message
    return message


def npy(descr: str, shape: str, content: bytes) -> bytes:
    """The bytes of a .npy file with any header."""
    header = f"{{'descr': {descr}, 'fortran_order': False, 'shape': {shape}, }}\n".encode()
    return b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little") + header + content


def test_a_path_where_nothing_is_is_one_clear_error(tmp_path):
    assert "nothing is there" in refusal(tmp_path / "missing.npz")


@pytest.mark.parametrize("keep", [0, 1, 100, 20_000, -1])
def test_a_torn_zip_is_one_clear_error(small_npz, keep):
    small_npz.write_bytes(small_npz.read_bytes()[:keep])
    assert "torn or of another kind" in refusal(small_npz)


def test_a_changed_pixel_in_a_zip_is_noticed_by_its_checksum(small_npz):
    content = bytearray(small_npz.read_bytes())
    content[5_000] ^= 1
    small_npz.write_bytes(content)
    assert "Bad CRC-32" in refusal(small_npz)


def test_an_encrypted_zip_is_one_clear_error(small_npz):
    content = small_npz.read_bytes()
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = content.index(signature) + offset
        content = content[:at] + bytes([content[at] | 1]) + content[at + 1 :]
    small_npz.write_bytes(content)
    assert "encrypted" in refusal(small_npz)


def test_a_missing_array_is_an_error_that_names_those_there(small_npz, small_arrays):
    np.savez(small_npz, **{name: small_arrays[name] for name in ("x_train", "y_train", "x_test")})
    assert "Received: x_train.npy, y_train.npy, x_test.npy." in refusal(small_npz)


@pytest.mark.parametrize("descr", ["object", "within a record"])
def test_python_objects_are_refused_and_never_run(tmp_path, small_arrays, descr):
    trace, path = tmp_path / "trace", tmp_path / "objects.npz"
    dtype = object if descr == "object" else [("label", "u1"), ("object", object)]
    intruders = np.empty(40, dtype)
    (intruders if descr == "object" else intruders["object"])[0] = Intruder(trace)
    np.savez(path, **{**small_arrays, "y_train": intruders})
    assert "Python objects, which are programs" in refusal(path)
    assert not trace.exists()
    with np.load(path, allow_pickle=True) as stored:
        _ = stored["y_train"]
    assert trace.exists(), "the file would have been harmless anyway"


def test_a_bare_pickle_is_refused_and_never_run(tmp_path):
    trace, path = tmp_path / "trace", tmp_path / "pickle.npz"
    path.write_bytes(pickle.dumps(Intruder(trace)))
    assert "of another kind" in refusal(path)
    assert not trace.exists()


@pytest.mark.parametrize(
    ("header", "complaint"),
    [
        (("'|u1'", "(40, 28, 28)", b"few"), "Received: fewer"),
        (("'|u1'", "(2,)", b"three"), "Received: more"),
        (("'|u1'", "(60000, 28000, 28000)", b""), "promises 47,040,000,000,000"),
        (("'|u1'", f"(0, {2**70})", b""), "torn or of another kind"),
        (("'|u1'", "(-1, -5)", b"12345"), "torn or of another kind"),
        (("'|u1'", "(True,)", b"1"), "torn or of another kind"),
        (("'|u1", "(1,)", b"1"), "torn or of another kind"),
        (("'''|u1'", "(1,)", b"1"), "torn or of another kind"),
        (("['|u1'", "(1,)", b"1"), "torn or of another kind"),
        (("'<U999999999999'", "(1,)", b"1"), "torn or of another kind"),
        (("{[]: 1}", "(1,)", b"1"), "torn or of another kind"),
        (("(" * 5_000, "(1,)", b"1"), "torn or of another kind"),
    ],
)
def test_an_npy_header_that_lies_is_one_clear_error(tmp_path, store_npz_members, header, complaint):
    assert complaint in refusal(store_npz_members(tmp_path / "liar.npz", npy(*header)))


def test_arrays_of_other_shapes_are_an_error_about_the_split(tmp_path, small_arrays):
    np.savez(tmp_path / "wide.npz", **{**small_arrays, "x_test": np.zeros((10, 32, 32), "u1")})
    with pytest.raises(DatasetError, match=r"test images .* uint8 of shape \(10, 32, 32\)"):
        mnist.load(tmp_path / "wide.npz")


def test_a_folder_without_one_of_the_files_names_the_missing_one(tmp_path, small_arrays, store_idx):
    folder = store_idx(tmp_path / "idx", small_arrays)
    (folder / LABELS).unlink()
    message = refusal(folder)
    assert f"Expected the IDX file {LABELS} or {LABELS}.gz" in message
    assert IMAGES in message


def test_an_empty_folder_is_one_clear_error(tmp_path):
    (tmp_path / "empty").mkdir()
    assert "a folder with nothing" in refusal(tmp_path / "empty")


@pytest.mark.parametrize(
    ("header", "complaint"),
    [
        (b"\0\0\x08\x01" + b"\0\0\0\x0b", "Received: fewer"),
        (b"\0\0\x08\x01" + b"\0\0\0\x09", "Received: more"),
        (b"\0\0\x08\x03" + b"\xff" * 12, "promises 79,228,162,458,924,105,385,300,197,375"),
        (b"\0\0\x0d\x01" + b"\0\0\0\x0a", "IDX header 00000d01"),
        (b"\0\0\x08\x04" + b"\0\0\0\x0a" * 4, "IDX header 00000804"),
        (b"\0\0\x08\x00", "IDX header 00000800"),
        (b"\x1f\x8b\x08\x01" + b"\0\0\0\x0a", "IDX header 1f8b0801"),
    ],
)
def test_an_idx_header_that_lies_is_one_clear_error(
    tmp_path, small_arrays, store_idx, header, complaint
):
    folder = store_idx(tmp_path / "idx", small_arrays)
    (folder / LABELS).write_bytes(header + bytes(10))
    with pytest.raises(DatasetError) as caught:
        mnist.load(folder)
    assert complaint in str(caught.value)
    assert LABELS in str(caught.value)


@pytest.mark.parametrize("keep", [0, 3, 7])
def test_an_idx_file_that_ends_in_its_header_is_one_clear_error(
    tmp_path, small_arrays, store_idx, keep
):
    folder = store_idx(tmp_path / "idx", small_arrays)
    (folder / IMAGES).write_bytes((folder / IMAGES).read_bytes()[:keep])
    assert "it ends within its header" in refusal(folder)


@pytest.mark.parametrize("keep", [5, 12, 1_000, -5])
def test_a_torn_gz_is_one_clear_error(tmp_path, small_arrays, store_idx, keep):
    folder = store_idx(tmp_path / "idx", small_arrays, gzipped=True)
    torn = folder / f"{IMAGES}.gz"
    torn.write_bytes(torn.read_bytes()[:keep])
    assert "torn or of another kind" in refusal(folder)


def test_a_gz_that_unpacks_to_more_than_it_promises_is_not_unpacked_further(
    tmp_path, small_arrays, store_idx
):
    folder = store_idx(tmp_path / "idx", small_arrays, gzipped=True)
    bomb = gzip.compress(b"\0\0\x08\x01" + b"\0\0\0\x0a" + bytes(200_000_000), compresslevel=1)
    (folder / f"{LABELS}.gz").write_bytes(bomb)
    with pytest.raises(DatasetError, match=r"Expected 10 bytes .* Received: more"):
        mnist.load(folder)


MEASURE = """
import resource, sys
from mnist_core.datasets import load_dataset
from mnist_core.errors import DatasetError
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
try:
    load_dataset(sys.argv[1])
except DatasetError as error:
    print(error)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""


def refusal_and_cost(path: Path) -> tuple[str, float]:
    """What a process of its own says of a source, and the megabytes it took besides."""
    command = [sys.executable, "-c", MEASURE, path]
    answered = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    *message, cost = answered.splitlines()
    unit = 1e6 if sys.platform == "darwin" else 1e3
    return " ".join(message), int(cost) / unit


def test_an_npz_that_promises_more_than_the_limit_is_refused_unread(tmp_path):
    path = tmp_path / "large.npz"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name in files.IDX_NAMES:
            header = {"descr": "|u1", "fortran_order": False, "shape": (650, 28_000, 28)}
            with archive.open(f"{name}.npy", "w") as member:
                np.lib.format.write_array_header_1_0(member, header)
                for _ in range(650 if name.startswith("x") else 0):
                    member.write(bytes(28_000 * 28))
    assert path.stat().st_size < 6_000_000
    message, cost = refusal_and_cost(path)
    assert "Expected at most 1 GB of images and labels in large.npz" in message
    assert cost < 100


def test_a_gz_that_promises_more_than_the_limit_is_refused_unread(
    tmp_path, small_arrays, store_idx
):
    folder = store_idx(tmp_path / "idx", small_arrays, gzipped=True)
    header = b"\0\0\x08\x03" + np.array((1_500_000, 28, 28), ">u4").tobytes()
    with gzip.open(folder / f"{IMAGES}.gz", "wb", compresslevel=1) as file:
        file.write(header)
        for _ in range(300):
            file.write(bytes(1_000_000))
    message, cost = refusal_and_cost(folder)
    assert "at most 1 GB" in message
    assert "promises 1,176,000,000 bytes" in message
    assert cost < 100


def test_the_limit_is_over_all_arrays_together(small_npz):
    n_bytes = 50 * 28 * 28 + 50
    with pytest.raises(DatasetError, match=f"all together {n_bytes:,}"):
        load_dataset(str(small_npz), max_gb=(n_bytes - 1) / 1e9)
    assert len(load_dataset(str(small_npz), max_gb=n_bytes / 1e9).split("test")) == 10


@pytest.mark.parametrize("max_gb", [float("nan"), -1, 0])
def test_a_limit_that_is_none_lets_nothing_through(small_npz, max_gb):
    with pytest.raises(DatasetError, match="Expected at most"):
        load_dataset(str(small_npz), max_gb=max_gb)


def test_the_limit_holds_for_what_is_in_use_too(small_npz, monkeypatch):
    monkeypatch.setenv("MNIST_LENS_DATA", str(small_npz))
    with pytest.raises(DatasetError, match="--max-data-gb"):
        load_dataset("mnist", max_gb=1e-5)
    assert len(load_dataset("mnist").split("test")) == 10


def test_packings_that_unpack_at_once_are_refused(tmp_path, small_arrays):
    path = tmp_path / "packed.npz"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_BZIP2) as archive:
        for name, array in small_arrays.items():
            content = io.BytesIO()
            np.save(content, array)
            archive.writestr(f"{name}.npy", content.getvalue())
    assert "another way than numpy packs" in refusal(path)


def test_a_header_that_fills_the_memory_itself_is_refused(tmp_path, store_npz_members):
    header = b"\x93NUMPY\x02\x00" + (1 << 30).to_bytes(4, "little")
    assert "another header than numpy" in refusal(store_npz_members(tmp_path / "a.npz", header))


def test_an_archive_of_many_members_is_refused_before_its_directory_is_read(tmp_path, small_arrays):
    path = tmp_path / "many.npz"
    np.savez(path, **small_arrays, **{f"other_{n}": np.zeros(1) for n in range(60)})
    assert len(mnist.load(path).split("test")) == 10
    np.savez(path, **small_arrays, **{f"other_{n}": np.zeros(1) for n in range(61)})
    assert "more than 64 arrays" in refusal(path)


@pytest.mark.parametrize("name", ["mnist.npz", files.IDX_NAMES["x_train"]])
def test_a_named_pipe_is_refused_and_not_waited_for(tmp_path, small_arrays, store_idx, name):
    folder = store_idx(tmp_path / "idx", small_arrays)
    (folder / name).unlink(missing_ok=True)
    os.mkfifo(folder / name)
    with pytest.raises(DatasetError, match=r"a named pipe|Expected the IDX file"):
        mnist.load(folder / name if name == "mnist.npz" else folder)


def test_a_link_to_a_file_elsewhere_is_followed(tmp_path, small_npz):
    (tmp_path / "link.npz").symlink_to(small_npz)
    assert len(mnist.load(tmp_path / "link.npz").split("test")) == 10
