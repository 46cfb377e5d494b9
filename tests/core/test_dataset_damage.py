"""Whatever happens to a file of digits, it loads or is refused; nothing else escapes."""

import io
import zipfile
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from mnist_core.datasets import files, mnist
from mnist_core.errors import DatasetError

damages = st.lists(
    st.one_of(
        st.tuples(st.just("flip"), st.integers(0, 1 << 20), st.integers(1, 255)),
        st.tuples(st.just("cut"), st.integers(0, 1 << 20), st.just(0)),
    ),
    min_size=1,
    max_size=3,
)


def damaged(content: bytes, damages: list[tuple[str, int, int]]) -> bytes:
    """`content` with single bits flipped and the end cut off, at positions modulo its length."""
    for kind, position, mask in damages:
        at = position % (len(content) + 1)
        if kind == "cut" or at == len(content):
            content = content[:at]
        else:
            content = content[:at] + bytes([content[at] ^ mask]) + content[at + 1 :]
    return content


def loads_or_refuses(path: Path) -> None:
    try:
        loaded = mnist.load(path)
    except DatasetError:
        return
    assert set(loaded.splits) == {"train", "validation", "test"}


@pytest.fixture(scope="module")
def blank_arrays(small_arrays):
    """Blank images, which compress so well that nearly every byte of a file is structure."""
    return {
        name: np.zeros_like(array) if array.ndim == 3 else array
        for name, array in small_arrays.items()
    }


@pytest.fixture(scope="module")
def blank_npz(blank_arrays) -> bytes:
    content = io.BytesIO()
    np.savez_compressed(content, **blank_arrays)
    return content.getvalue()


@given(damages=damages)
@settings(max_examples=400)
def test_any_damage_to_an_npz_file_is_a_dataset_error_or_none(blank_npz, damages):
    with TemporaryDirectory() as folder:
        path = Path(folder) / "mnist.npz"
        path.write_bytes(damaged(blank_npz, damages))
        loads_or_refuses(path)


@pytest.mark.filterwarnings("ignore:Reading `.npy` or `.npz` file required additional header")
@given(damages=damages)
@example(damages=[("flip", 66, ord("0") ^ ord("L"))])
@settings(max_examples=400)
def test_any_damage_to_an_npy_header_is_a_dataset_error_or_none(
    small_arrays, store_npz_members, damages
):
    buffer = io.BytesIO()
    np.save(buffer, small_arrays["y_train"])
    with TemporaryDirectory() as folder:
        loads_or_refuses(
            store_npz_members(Path(folder) / "x.npz", damaged(buffer.getvalue(), damages))
        )


@given(damages=damages, name=st.sampled_from(sorted(files.IDX_NAMES)), gzipped=st.booleans())
@settings(max_examples=400)
def test_any_damage_to_an_idx_folder_is_a_dataset_error_or_none(
    blank_arrays, store_idx, damages, name, gzipped
):
    with TemporaryDirectory() as parent:
        folder = store_idx(Path(parent) / "idx", blank_arrays, gzipped=gzipped)
        file = folder / (files.IDX_NAMES[name] + (".gz" if gzipped else ""))
        file.write_bytes(damaged(file.read_bytes(), damages))
        loads_or_refuses(folder)


def test_what_a_library_quotes_of_a_damaged_file_is_cut_short(small_arrays, tmp_path):
    start = b"{'descr': '|u1', 'fortran_order': False, 'shape': "
    header = start + b"(" * 3_000 + b")" * 3_000 + b", }\n"
    length = len(header).to_bytes(2, "little")
    with zipfile.ZipFile(tmp_path / "deep.npz", "w") as archive:
        for name in small_arrays:
            archive.writestr(f"{name}.npy", b"\x93NUMPY\x01\x00" + length + header)
    with pytest.raises(DatasetError, match="torn or of another kind") as found:
        mnist.load(tmp_path / "deep.npz")
    assert len(str(found.value)) < 500
