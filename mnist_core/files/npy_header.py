"""What an array in an .npz archive promises of itself, read before it is unpacked."""

import math
import zipfile
from dataclasses import dataclass
from typing import Literal

import numpy as np


@dataclass(frozen=True)
class NpyHeader:
    """What the header of a `.npy` member promises.

    Attributes:
        shape: Of the array.
        order: Whether its rows (`C`) or its columns (`F`) lie together.
        dtype: Of its elements.
        length: Bytes of the header itself.
        held: Bytes that follow it, by the archive's directory.
    """

    shape: tuple[int, ...]
    order: Literal["C", "F"]
    dtype: np.dtype
    length: int
    held: int

    @property
    def n_bytes(self) -> int:
        """Bytes of the array, which need not be those that follow."""
        return math.prod(self.shape) * self.dtype.itemsize


def read_npy_header(archive: zipfile.ZipFile, name: str) -> NpyHeader:
    """The header of a member of an archive that may be read (see `zip_files.check`).

    Raises:
        ValueError: It is not one as numpy writes it; others may fill the memory themselves.
        KeyError: There is no such member.
    """
    entry = archive.getinfo(name)
    with archive.open(entry) as member:
        if np.lib.format.read_magic(member) != (1, 0):
            raise ValueError(f"{name} has another header than numpy writes")
        shape, fortran_order, dtype = np.lib.format.read_array_header_1_0(member)
        length = member.tell()
    return NpyHeader(shape, "F" if fortran_order else "C", dtype, length, entry.file_size - length)
