"""What can be chosen of how the data set is displayed."""

from dataclasses import dataclass
from typing import Annotated, Literal

from dashboard.visit.display import Display, Pattern
from mnist_core.datasets.about import SPLITS


@dataclass(frozen=True)
class DatasetDisplay(Display):
    """How the page is displayed: what stands in its lower half.

    Attributes:
        below: The images of a class, figures, twins across splits, drift, or what can be added
            and removed.
        against: The split that drift is measured against, as data set/split; empty for the one
            that is proposed.
    """

    below: Literal["images", "values", "twins", "drift", "own"] = "images"
    against: Annotated[
        str, Pattern(rf"([a-z0-9-]{{1,40}}/({'|'.join(SPLITS)}))?", "a split as data-set/split")
    ] = ""
