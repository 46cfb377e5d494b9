"""How an opened image is displayed, on every page that has one."""

from dataclasses import dataclass

from dashboard.visit.display import Display, Switch


@dataclass(frozen=True)
class ImageDisplay(Display):
    """How an opened image is displayed.

    Attributes:
        every_run: Whether what every run says of it is shown.
    """

    every_run: Switch = "hidden"
