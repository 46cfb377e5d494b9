"""What can be chosen of how confidence is displayed."""

from dataclasses import dataclass
from typing import Annotated, Literal

from dashboard.components.shared.image_display import ImageDisplay
from dashboard.components.shared.list_display import ListDisplay
from dashboard.visit.display import Span
from mnist_core.answers.thresholds import HIGHEST_STEP, STEPS_A_NINE

Outcome = Literal["remaining", "caught", "lost"]
Target = Literal["5", "2", "1", "0.5", "0.2", "0.1"]


@dataclass(frozen=True)
class ConfidenceDisplay(ListDisplay, ImageDisplay):
    """How the page is displayed: its two charts, its threshold, and its list of images.

    Attributes:
        confidences: Those of the reliability diagram: as answered, or at the temperature.
        axes: Stretched towards their ends, or even.
        target: Share of wrong answers that a proposed threshold keeps below, in %.
        rule: Whether the threshold is the proposed one or chosen freely.
        threshold: The one chosen freely, in hundredths of a nine: 100 is 90 %, 200 is 99 %.
        outcome: Which images are listed: mistakes that are answered, mistakes that are refused, or
            right ones that are refused.
    """

    confidences: Literal["answered", "tempered"] = "answered"
    axes: Literal["stretched", "even"] = "stretched"
    target: Target = "0.5"
    rule: Literal["proposed", "own"] = "proposed"
    threshold: Annotated[int, Span(0, HIGHEST_STEP)] = STEPS_A_NINE
    outcome: Outcome = "remaining"
