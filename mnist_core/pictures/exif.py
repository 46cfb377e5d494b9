"""How a camera was held, and nothing else of what it wrote beside a picture.

Format: CIPA DC-008, "Exchangeable image file format for digital still cameras: Exif 3.0", 2023.
A whole EXIF block can promise gigabytes in 64 kB; one number of it is all that is needed.
"""

from typing import Literal

ORIENTATION = 0x0112
_SHORT = 3


def orientation_of(exif: bytes) -> int:
    """The orientation in an EXIF block (a small TIFF file), 1 to 8; 1 where there is none."""
    if exif[:2] not in (b"II", b"MM"):
        return 1
    order: Literal["little", "big"] = "little" if exif[:2] == b"II" else "big"

    def number(place: int, size: int) -> int:
        return int.from_bytes(exif[place : place + size], order)

    directory = number(4, 4)
    for entry in range(number(directory, 2)):
        place = directory + 2 + 12 * entry
        if place + 12 > len(exif):
            break
        if number(place, 2) == ORIENTATION and number(place + 2, 2) == _SHORT:
            found = number(place + 8, 2)
            return found if 1 <= found <= 8 else 1
    return 1
