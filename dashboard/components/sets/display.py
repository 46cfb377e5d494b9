"""What can be chosen of how the mistakes of a set are displayed."""

from dataclasses import dataclass

from dashboard.components.shared.image_display import ImageDisplay
from dashboard.components.shared.list_display import ListDisplay


@dataclass(frozen=True)
class SetsDisplay(ListDisplay, ImageDisplay):
    """How the page is displayed."""
