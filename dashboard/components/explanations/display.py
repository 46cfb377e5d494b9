"""What can be chosen of how explanations are displayed."""

from dataclasses import dataclass
from typing import Annotated

from dashboard.components.shared.image_display import ImageDisplay
from dashboard.visit.display import OneOf, Switch
from mnist_core.explainers import EXPLAINERS


@dataclass(frozen=True)
class ExplanationsDisplay(ImageDisplay):
    """How the page is displayed.

    Attributes:
        method: Which of the `EXPLAINERS` explains.
        sheet: Whether one right and one wrong image per class are explained, too.
    """

    method: Annotated[str, OneOf(lambda: EXPLAINERS)] = next(iter(EXPLAINERS))
    sheet: Switch = "hidden"
