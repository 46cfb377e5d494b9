"""What a picture's header promises, and which stretches of its file the pixels need."""

from dataclasses import dataclass
from typing import Literal

MOST_PARTS = 100_000
"""A file may be cut into so many chunks or segments; real ones have a few thousand."""


@dataclass(frozen=True)
class Header:
    """A picture before anything of it is decoded.

    Attributes:
        format: The only decoder that may see it.
        kind: The same in words, with what bears on the cost of decoding it.
        width: In pixels.
        height: In pixels.
        most_pixels: So many pixels of its kind are decoded; a larger picture is refused.
        stretches: Where in the file the parts lie that make the pixels, first byte and the one
            behind the last; texts, profiles, thumbnails and further frames are left out.
        orientation: How the camera was held, 1 (upright) to 8, as EXIF numbers it.
    """

    format: Literal["PNG", "JPEG"]
    kind: str
    width: int
    height: int
    most_pixels: int
    stretches: tuple[tuple[int, int], ...]
    orientation: int
