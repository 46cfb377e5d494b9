"""Whether a zip archive from elsewhere may be listed and unpacked, checked beforehand."""

import io
import struct
import zipfile
from typing import BinaryIO

MOST_MEMBERS = 64

_PACKINGS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
"""Of the others zipfile unpacks a whole block at once, whatever size was promised: 4 kB can become
4 GB."""

_ENTRY_BYTES = 46
"""Of the directory for each member, without its name."""

_NAME_BYTES = 1_024
"""Of the directory, for each member."""


def check(
    file: BinaryIO,
    *,
    most_members: int = MOST_MEMBERS,
    most_bytes: int | None = None,
    members: str = "arrays",
    packer: str = "numpy",
) -> None:
    """Refuse an archive of too many members, or one that could unpack into too much.

    Args:
        file: The archive; it is left at its beginning.
        most_members: How many members it may have.
        most_bytes: That they may have together once they are unpacked; `None` where whoever reads
            them looks at each.
        members: What they are, for the error.
        packer: What usually writes such an archive, for the error.

    Raises:
        ValueError: It is too large, or packed in a way that says nothing of its size.
        zipfile.BadZipFile: It is no zip archive.
    """
    found, names, start = _last_record(file)
    has_room = names <= _NAME_BYTES * most_members
    if has_room:
        # zipfile goes by the bytes of the directory, whatever number of members stands there.
        found = max(found, _n_entries(file, start, names))
    if found > most_members or not has_room:
        raise ValueError(
            f"it holds {found:,} {members} in {names:,} bytes of names, more than {most_members:,} "
            f"{members}"
        )
    with zipfile.ZipFile(file) as archive:
        entries = archive.infolist()
    for entry in entries:
        if entry.compress_type not in _PACKINGS:
            raise ValueError(f"{entry.filename[:60]} is packed in another way than {packer} packs")
    unpacked = sum(entry.file_size for entry in entries)
    if most_bytes is not None and unpacked > most_bytes:
        raise ValueError(f"unpacked it has {unpacked:,} bytes")
    file.seek(0)


def _n_entries(file: BinaryIO, start: int, n_bytes: int) -> int:
    """How many entries the directory of an archive has, without anything made of them."""
    file.seek(max(0, start))
    directory = file.read(n_bytes)
    found = place = 0
    while directory[place : place + 4] == b"PK\1\2" and place + _ENTRY_BYTES <= len(directory):
        place += _ENTRY_BYTES + sum(struct.unpack_from("<HHH", directory, place + 28))
        found += 1
    return found


def _last_record(file: BinaryIO) -> tuple[int, int, int]:
    """How many members an archive has, the bytes of its directory, and where that begins.

    The record is found as zipfile does. Its large form (zip64) counts as more than there can be.
    """
    begin = file.seek(max(0, file.seek(0, io.SEEK_END) - (1 << 16) - 22))
    tail = file.read()
    last = len(tail) - 22
    if last < 0 or tail[last : last + 4] != b"PK\5\6" or tail[-2:] != b"\0\0":
        last = tail.rfind(b"PK\5\6")
    if last < 0 or len(tail) < last + 22:
        raise zipfile.BadZipFile("it is not a zip archive")
    members, names = struct.unpack_from("<HL", tail, last + 10)
    is_large = tail[max(0, last - 20) : last].startswith(b"PK\6\7")
    return (max(members, 1 << 16) if is_large else members), names, begin + last - names
