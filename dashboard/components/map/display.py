"""What can be chosen of how the map is displayed."""

from dataclasses import dataclass
from typing import Literal

from dashboard.components.shared.image_display import ImageDisplay
from dashboard.components.shared.list_display import ListDisplay
from mnist_core.maps.map import Layout

Colour = Literal["truth", "prediction", "error", "confidence", "set"]


@dataclass(frozen=True)
class MapDisplay(ListDisplay, ImageDisplay):
    """How the map and the list of images beside it are displayed.

    Attributes:
        layout: How images are laid out.
        colour: What their colours say.
        points: Whether all images are points where a set is chosen, or those of the set alone.
    """

    layout: Layout = "pca"
    colour: Colour = "truth"
    points: Literal["all", "set"] = "all"
