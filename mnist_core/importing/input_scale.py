"""In which scale a model from elsewhere takes grey levels, and what its answers are."""

from __future__ import annotations

from mnist_core.answers.evaluation import Answers, evaluate
from mnist_core.datasets import Split
from mnist_core.errors import CheckpointError
from mnist_core.formatting import percent
from mnist_core.importing.foreign_models import (
    SCALES,
    ForeignModel,
    ends_in_logits,
    probabilities_of,
)

TRIED_IMAGES = 1_000
"""Validation images on which the scale is chosen."""

EQUALLY_GOOD = 0.01
"""Difference of accuracy below which two scales count as equal; a linear model hardly has one."""


def choose_scale(
    model: ForeignModel, validation: Split, wanted: str | None
) -> tuple[str, bool, list[str]]:
    """The scale with which a model answers best, whether its answers are logits, and why.

    Args:
        model: Any.
        validation: Some of its images are tried.
        wanted: A name in `SCALES` to take instead.

    Returns:
        Name of the scale; whether a softmax is needed; a sentence on each choice made.

    Raises:
        CheckpointError: The answers are neither probabilities nor logits.
    """
    step = max(1, len(validation) // TRIED_IMAGES)  # a bit of every class
    images, labels = validation.images[::step], validation.labels[::step]
    found: dict[str, tuple[bool, Answers]] = {}
    reasons: list[CheckpointError] = []
    for scale in [wanted] if wanted else SCALES:
        answers = model.answer(images, scale)
        try:
            logits = ends_in_logits(answers, model.path)
        except CheckpointError as error:
            reasons.append(error)
            continue
        found[scale] = logits, evaluate(labels, probabilities_of(answers, logits=logits))
    if not found:
        raise reasons[0]
    best = max(evaluation.accuracy for _, evaluation in found.values())
    equal = [name for name in found if found[name][1].accuracy > best - EQUALLY_GOOD]
    scale = min(equal, key=lambda name: float(found[name][1].loss.mean()))
    notes = []
    if wanted is None:
        others = ", ".join(f"{name} {percent(found[name][1].accuracy)}" for name in found)
        notes.append(
            f"Input scale {scale} chosen by accuracy on {len(images):,} validation images "
            f"({others}); of equally good ones the one with the lowest loss."
        )
    if found[scale][0]:
        notes.append("Its answers are logits: a softmax was added.")
    return scale, found[scale][0], notes
