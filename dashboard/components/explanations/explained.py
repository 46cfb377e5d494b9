"""What is explained, as the page's display asks for it, and the wait for it."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

import numpy as np
import streamlit as st

from dashboard.components.explanations.display import ExplanationsDisplay
from dashboard.components.shared.image_display import BY_ITSELF
from dashboard.components.shared.long_work import long_work
from dashboard.drawing import words
from dashboard.loading.long_work import explaining_job
from dashboard.visit.view import View
from mnist_core.errors import UnfitMethodError
from mnist_core.explainers import Attribution, Target


def explained(
    view: View,
    of: Mapping[int, Target],
    display: ExplanationsDisplay,
    *,
    drawing: np.ndarray | None = None,
) -> dict[int, Attribution] | None:
    """Explanations by the chosen method against the chosen background, `None` until all are there.

    Args:
        view: What the page shows; it must have the epoch's model.
        of: What is explained of each image, by its position in the split.
        display: How the page is displayed.
        drawing: The image itself where it is of no split, for a single target.
    """
    job = explaining_job(
        view,
        of,
        method=display.method,
        n_background=display.background,
        seed=display.seed,
        drawing=drawing,
    )
    return long_work(*job)


@contextmanager
def unfit_in_words() -> Iterator[None]:
    """Say in place of a part that the chosen method cannot explain the model; the rest stays."""
    try:
        yield
    except UnfitMethodError as error:
        st.warning(words.plain(str(error)))


def targets(view: View, indices: Sequence[int], display: ExplanationsDisplay) -> dict[int, Target]:
    """What the display explains of each of some images of the split."""
    return {index: target(view, index, display) for index in indices}


def target(view: View, index: int, display: ExplanationsDisplay) -> Target:
    """What is explained of one image: a map of every class, or of the difference of two."""
    if display.of == "difference":
        return Target("difference", compared_classes(view, index, display))
    # Scores go through no softmax: they are what is answered.
    return Target("probability" if view.answers.output == "scores" else display.of)


def compared_classes(view: View, index: int, display: ExplanationsDisplay) -> tuple[int, int]:
    """The two classes of a difference: as chosen, or by what was answered to the image."""
    n_classes, (predicted, other) = view.answers.n_classes, contrast_classes(view, index)
    first, second = (
        label if label < n_classes else BY_ITSELF for label in (display.first, display.second)
    )
    first = predicted if first == BY_ITSELF else first
    if second in (BY_ITSELF, first):
        second = other if first != other else predicted
    return first, second


def contrast_classes(view: View, index: int) -> tuple[int, int]:
    """The predicted class of an image, and the true one; of a right answer the runner-up."""
    true, predicted = view.answers.cell_of(index)
    if true != predicted:
        return predicted, true
    ranked = view.answers.ranked_classes(index)
    return predicted, int(next(label for label in ranked if label != predicted))


def is_mistake(view: View, index: int) -> bool:
    """Whether an image was read wrong."""
    true, predicted = view.answers.cell_of(index)
    return true != predicted


def contrast_target(view: View, index: int) -> Target:
    """The difference of an image's predicted and true class; of a right answer the runner-up."""
    return Target("difference", contrast_classes(view, index))


def shows_maps(view: View, index: int, display: ExplanationsDisplay) -> bool:
    """Whether the chosen maps say more than the contrast of a mistake does."""
    return not is_mistake(view, index) or target(view, index, display) != contrast_target(
        view, index
    )
