"""What can be chosen of how the sketch page is displayed."""

from dataclasses import dataclass

from dashboard.components.shared.image_display import BY_ITSELF, ClassOrNone, ImageDisplay
from dashboard.visit.display import Switch


@dataclass(frozen=True)
class SketchDisplay(ImageDisplay):
    """How the page is displayed.

    Attributes:
        vary: Whether what is on the sheet can be leant, turned, thickened and moved.
        turned: Class as which the image is to be read once a few pixels are changed, `BY_ITSELF`
            for none.
    """

    vary: Switch = "hidden"
    turned: ClassOrNone = BY_ITSELF
