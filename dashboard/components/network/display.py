"""What can be chosen of how a network is displayed."""

from dataclasses import dataclass
from typing import Annotated, Literal

from dashboard.components.shared.image_display import ImageDisplay
from dashboard.visit.display import Pattern, Span
from mnist_core.inference.model_size import MOST_LAYERS

_PIXEL = r"(\d{1,6}(\.\d{1,3}){2})?"
_OFF = r"(\d{1,3}(\.\d{1,6})+(-\d{1,3}(\.\d{1,6})+)*)?"


@dataclass(frozen=True)
class NetworkDisplay(ImageDisplay):
    """How the page is displayed.

    Attributes:
        layer: Number of the layer on show, from 1; of a model with fewer, its last.
        pixel: The chosen pixel of its maps; empty for none.
        off: The channels that are switched off; empty for none.
        among: Whether the channels of this layer, or of all, are looked at for the open cell.
    """

    layer: Annotated[int, Span(1, MOST_LAYERS)] = 1
    pixel: Annotated[str, Pattern(_PIXEL, "a pixel as channel.row.column")] = ""
    off: Annotated[str, Pattern(_OFF, "layers with their channels, as in 2.0.7-3.1")] = ""
    among: Literal["layer", "network"] = "layer"
