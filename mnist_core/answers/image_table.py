"""A table of images with all that a model answered to them, as CSV."""

import csv
import io
from collections.abc import Sequence

import numpy as np

from mnist_core.answers.evaluation import Answers
from mnist_core.shapes import Shapes

RANKED = 3
_OF_A_CLASS = {"probabilities": "probability", "scores": "score"}


def image_table(
    answers: Answers, positions: np.ndarray, class_names: Sequence[str], shapes: Shapes
) -> str:
    """One line per image: index, true and predicted class, confidence, and every shape measure.

    With `y_prob` also the three most probable classes, the loss, and what every class got.

    Args:
        answers: To the images of a split.
        positions: Of the images in the split, in the order of the lines. Integers, shape `(k,)`.
        class_names: Name of each class.
        shapes: What was measured of all images of the split; a measure that is NaN stays empty.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    head = ["index", "true", "predicted", "confidence"]
    if answers.y_prob is not None:
        head += [f"top {rank}" for rank in range(1, RANKED + 1)] + ["loss"]
        head += [f"{_OF_A_CLASS[answers.output]} of {name}" for name in class_names]
    writer.writerow([*head, *shapes])
    for position in positions:
        true, predicted = (class_names[label] for label in answers.cell_of(position))
        line = [int(position), true, predicted, f"{answers.confidence[position]:.7g}"]
        if answers.y_prob is not None:
            line += [class_names[label] for label in answers.ranked_classes(position)[:RANKED]]
            line += [f"{answers.loss[position]:.7g}"]
            line += [f"{given:.7g}" for given in answers.y_prob[position]]
        measured = (shapes[name][position] for name in shapes)
        line += ["" if np.isnan(number) else f"{number:.7g}" for number in measured]
        writer.writerow(line)
    return text.getvalue()
