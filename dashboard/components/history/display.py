"""What can be chosen of how learning histories are displayed."""

from dataclasses import dataclass
from typing import Literal

from dashboard.components.shared.image_display import ImageDisplay
from dashboard.components.shared.list_display import ListDisplay
from dashboard.drawing.grids.confusion import CellColours


@dataclass(frozen=True)
class HistoryDisplay(CellColours, ListDisplay, ImageDisplay):
    """How the page is displayed: the film of epochs and the list of images.

    Attributes:
        history: Which images are listed.
    """

    history: Literal["never", "forgotten", "late", "cell"] = "never"
