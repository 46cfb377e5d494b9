"""What can be chosen of how explanations are displayed."""

from dataclasses import dataclass
from typing import Annotated, Literal

from dashboard.components.shared.image_display import BY_ITSELF, ClassOrNone, ImageDisplay
from dashboard.visit.display import Former, OneOf, Positions, Span
from mnist_core.explainers import EXPLAINERS, Of
from mnist_core.explainers.backgrounds import DEFAULT_SIZE

MOST_PICKED = 40
FEWEST_BACKGROUND, MOST_BACKGROUND = 50, 1_000
MOST_SEED = 9_999

Trust = Literal["hidden", "covering", "methods", "backgrounds", "weights"]
Averaged = Literal["hidden", "cell", "set"]
Sheet = Literal["hidden", "pairs", "cell", "set", "picked", "sketch"]


@dataclass(frozen=True)
class ExplanationsDisplay(ImageDisplay):
    """How the page is displayed.

    Attributes:
        method: Which of the `EXPLAINERS` explains.
        of: What is explained of the model's answer.
        first: Class that a difference speaks for, `BY_ITSELF` for the predicted one.
        second: Class that it speaks against, `BY_ITSELF` for the true one, or the runner-up.
        background: How many background images, where the data set has so many.
        seed: With which they are chosen.
        turned: Class as which the image is to be read once a few pixels are changed, `BY_ITSELF`
            for none.
        redrawn: The same of what was drawn on the sketch page.
        trust: How the map on show is checked.
        beside: Which method it is held against.
        average: Of which images the mean contrast is shown.
        sheet: Of which images there is a row with a map per class.
        picked: Positions of the images picked by hand for it.
    """

    method: Annotated[str, OneOf(lambda: EXPLAINERS)] = next(iter(EXPLAINERS))
    of: Of = "probability"
    first: ClassOrNone = BY_ITSELF
    second: ClassOrNone = BY_ITSELF
    background: Annotated[int, Span(FEWEST_BACKGROUND, MOST_BACKGROUND)] = DEFAULT_SIZE
    seed: Annotated[int, Span(0, MOST_SEED)] = 0
    turned: ClassOrNone = BY_ITSELF
    redrawn: ClassOrNone = BY_ITSELF
    trust: Trust = "hidden"
    beside: Annotated[str, OneOf(lambda: EXPLAINERS)] = "occlusion"
    average: Averaged = "hidden"
    sheet: Annotated[Sheet, Former({"shown": "pairs"})] = "hidden"
    picked: Annotated[str, Positions(MOST_PICKED)] = ""
