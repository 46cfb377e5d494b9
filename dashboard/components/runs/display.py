"""What can be chosen of how the page of all runs at once is displayed."""

from dataclasses import dataclass
from typing import Literal

from dashboard.components.shared.list_display import ListDisplay
from dashboard.visit.display import Switch


@dataclass(frozen=True)
class RunsDisplay(ListDisplay):
    """How the page is displayed.

    Attributes:
        table: Whether runs are shown one a row, or run against run.
        mean: Whether the mean of the runs' probabilities is computed and shown.
    """

    table: Literal["accuracy", "shared"] = "accuracy"
    mean: Switch = "hidden"
