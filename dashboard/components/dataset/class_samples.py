"""The first ten images of every class, and the mean image of each."""

from dashboard.components.shared.contact_sheet import contact_sheet
from dashboard.components.shared.digit import digit_row
from dashboard.visit import state
from mnist_core.datasets import Split
from mnist_core.datasets.distributions import first_of_each_class, mean_images

PER_CLASS = 10
ZOOM = 1.5


def class_samples(split: Split, *, opened: int | None) -> None:
    """Show ten images a row, a row for each class; choosing one opens it.

    Args:
        split: Where they lie.
        opened: Position of the opened image; `None` where none is.
    """
    positions = first_of_each_class(split, PER_CLASS)
    contact_sheet(
        split.images[positions],
        indices=positions,
        captions=[f"#{index}: {split.class_names[split.labels[index]]}" for index in positions],
        badges=[""] * len(positions),
        chosen=opened,
        on_choose=lambda index: state.choose(
            image=index, true=int(split.labels[index]), predicted=None
        ),
        key="samples-sheet",
        per_row=PER_CLASS,
        zoom=ZOOM,
    )


def class_means(split: Split) -> None:
    """Show the mean image of every class side by side."""
    digit_row(mean_images(split), description="Mean image of each class", pixels=46)
