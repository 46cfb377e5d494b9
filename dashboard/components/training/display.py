"""What can be chosen of how learning curves are displayed."""

from dataclasses import dataclass
from typing import Annotated, Literal

from dashboard.visit.display import Display, Span


@dataclass(frozen=True)
class TrainingDisplay(Display):
    """How the page is displayed.

    Attributes:
        lines: Which learning curves are drawn.
        scale: Of the axis of losses and errors.
        along: What learning curves run along: epochs, or minutes of training.
        smoothing: Weight of the epochs before, in tenths.
    """

    lines: Literal["both", "train", "validation"] = "both"
    scale: Literal["logarithmic", "linear"] = "logarithmic"
    along: Literal["epochs", "minutes"] = "epochs"
    smoothing: Annotated[int, Span(0, 9)] = 0
