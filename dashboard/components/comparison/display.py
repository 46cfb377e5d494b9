"""What can be chosen of how the comparison of two checkpoints is displayed."""

from dataclasses import dataclass
from typing import Literal

from dashboard.components.shared.image_display import ImageDisplay
from dashboard.components.shared.list_display import ListDisplay
from dashboard.drawing.grids.confusion import CellColours

Comparing = Literal["changes", "matrices", "predictions"]
Part = Literal["any", "repaired", "broken", "still", "before", "after"]


@dataclass(frozen=True)
class ComparisonDisplay(CellColours, ListDisplay, ImageDisplay):
    """How the page is displayed: its tables and its list of images.

    Attributes:
        comparing: Which table is shown.
        part: Which images of the chosen cell are listed.
    """

    comparing: Comparing = "changes"
    part: Part = "any"
