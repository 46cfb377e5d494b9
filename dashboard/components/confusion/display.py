"""What can be chosen of how the page of the confusion matrix is displayed."""

from dataclasses import dataclass

from dashboard.components.shared.image_display import ImageDisplay
from dashboard.components.shared.list_display import ListDisplay
from dashboard.drawing.grids.confusion import MatrixDisplay
from dashboard.visit.display import Switch


@dataclass(frozen=True)
class ConfusionDisplay(MatrixDisplay, ListDisplay, ImageDisplay):
    """How the page is displayed: its matrix, its list of images, and the opened image.

    Attributes:
        nearest: Whether the opened image's nearest digits are searched for and shown.
    """

    nearest: Switch = "hidden"
