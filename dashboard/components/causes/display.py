"""What can be chosen of how causes of errors are displayed."""

from dataclasses import dataclass
from typing import Literal

from dashboard.components.shared.list_display import ListDisplay


@dataclass(frozen=True)
class CausesDisplay(ListDisplay):
    """How the page is displayed.

    Attributes:
        fault: Whether mistakes are gone through, or labels that models doubt.
    """

    fault: Literal["triage", "suspects"] = "triage"
