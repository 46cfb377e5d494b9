"""What can be chosen of how explanations are displayed."""

from dataclasses import dataclass

from dashboard.visit.display import Display, Switch


@dataclass(frozen=True)
class ExplanationsDisplay(Display):
    """How the page is displayed.

    Attributes:
        sheet: Whether one right and one wrong image per class are explained, too.
    """

    sheet: Switch = "hidden"
