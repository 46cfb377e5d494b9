"""How an opened image is displayed, on every page that has one."""

from dataclasses import dataclass
from typing import Annotated

from dashboard.visit.display import Display, Span, Switch
from mnist_core.datasets.dataset import MOST_CLASSES

BY_ITSELF = -1
"""In place of a class: none, or the one that the image's own answer suggests."""

ClassOrNone = Annotated[int, Span(BY_ITSELF, MOST_CLASSES - 1)]


@dataclass(frozen=True)
class ImageDisplay(Display):
    """How an opened image is displayed.

    Attributes:
        every_run: Whether what every run says of it is shown.
    """

    every_run: Switch = "hidden"
