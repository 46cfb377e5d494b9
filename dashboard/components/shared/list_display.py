"""How lists of images are displayed, on every page that has one."""

from dataclasses import dataclass
from typing import Annotated

from dashboard.visit.display import Display, Span
from mnist_core.answers.evaluation import Order


@dataclass(frozen=True)
class ListDisplay(Display):
    """How a list of images is displayed.

    Attributes:
        sort: What images are put in order by.
        zoom: Pixels on screen for each pixel of an image.
    """

    sort: Order = "confidence"
    zoom: Annotated[int, Span(1, 4)] = 2
