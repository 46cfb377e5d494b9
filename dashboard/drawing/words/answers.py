"""What a model answered to an image."""

from collections.abc import Sequence

import numpy as np

from mnist_core.answers.evaluation import Answers, Output
from mnist_core.formatting import answer, decimals


def image_caption(answers: Answers, index: int, class_names: Sequence[str]) -> str:
    """One image's truth, prediction and confidence, e.g. `#12: 7 predicted as 2, 98.1 % sure`."""
    true, predicted = (class_names[label] for label in answers.cell_of(index))
    verdict = (
        f"{true}, predicted right" if true == predicted else f"{true} predicted as {predicted}"
    )
    return f"#{index}: {verdict}, {_sure(answers, index)}"


def answered(answers: Answers, index: int, class_names: Sequence[str]) -> str:
    """What was answered to one image, how surely, and whether it is right."""
    true, predicted = answers.cell_of(index)
    verdict = "right" if true == predicted else "wrong"
    return f"predicted {class_names[predicted]}, {_sure(answers, index)}, {verdict}"


def _sure(answers: Answers, index: int) -> str:
    sure = answer(float(answers.confidence[index]), answers.output)
    return f"{sure} sure" if answers.output == "probabilities" else sure


def top_three(answers: Answers, index: int, class_names: Sequence[str]) -> str:
    """The three most probable classes of an image, and where its truth stands among all."""
    listed = best_three(answers.outputs[index], class_names, answers.output)
    ranked = answers.ranked_classes(index)
    rank = int(np.flatnonzero(ranked == answers.y_true[index])[0]) + 1
    inside = "in the top 3" if rank <= 3 else f"not in the top 3 but ranked {rank}"
    return f"{listed}. The truth is {inside}."


def best_three(outputs: np.ndarray, class_names: Sequence[str], output: Output) -> str:
    """The three classes with the most, e.g. `Top 3: 4 99.38 % · 9 0.40 % · 8 0.13 %`.

    Args:
        outputs: What one image got: probabilities, 0–1, or scores. Floats, shape `(n_classes,)`.
        class_names: Name of each class.
        output: Which of the two it is.
    """
    ranked = np.argsort(-outputs, kind="stable")[:3]
    given = [float(outputs[label]) for label in ranked]
    places = decimals(given) if output == "probabilities" else None
    listed = " · ".join(
        f"{class_names[label]} {answer(value, output, places)}"
        for label, value in zip(ranked, given, strict=True)
    )
    return f"Top 3: {listed}".replace(" %", "\N{NO-BREAK SPACE}%")
