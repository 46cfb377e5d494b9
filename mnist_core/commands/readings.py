"""What runs read in pictures, as objects for JSON and for tables."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np

    from mnist_core.own.taking import Refusal, TakenDigit
    from mnist_core.runs import Checkpoint, Run

    Asked = tuple[Run, Checkpoint]


def readings_of(
    asked: Asked,
    taken: Sequence[TakenDigit],
    outputs: np.ndarray,
    *,
    with_run: bool,
) -> Iterator[dict[str, Any]]:
    """What a run answers to each digit, and where it lies if its picture has several.

    Args:
        asked: The run and its checkpoint.
        taken: The digits.
        outputs: What it answered. `float32`, shape `(n, n_classes)`.
        with_run: Whether each says which run it is.
    """
    run, checkpoint = asked
    n_of = Counter(digit.name for digit in taken)
    for digit, answers in zip(taken, outputs, strict=True):
        # A score promises nothing about how often it is right.
        is_probability = run.output == "probabilities"
        reading: dict[str, Any] = {
            "file": digit.name,
            "label": int(answers.argmax()),
            "confidence": float(answers.max()) if is_probability else None,
            "probabilities": None,
            run.output: [float(value) for value in answers],
            "error": None,
            "true": digit.true,
        }
        if n_of[digit.name] > 1:
            reading["box"] = list(digit.box)
        if with_run:
            reading |= {"run": run.name, "epoch": checkpoint.epoch}
        yield reading


def refusal_of(refused: Refusal) -> dict[str, Any]:
    """Why nothing was read in a picture."""
    nothing = dict.fromkeys(("label", "confidence", "probabilities", "true"))
    return {"file": refused.name, **nothing, "error": refused.reason}


def score_of(
    asked: Asked, taken: Sequence[TakenDigit], outputs: np.ndarray
) -> dict[str, Any] | None:
    """How a run does on the digits with a label; `None` where none has one."""
    import numpy as np

    from mnist_core.answers.evaluation import evaluate

    run, checkpoint = asked
    labelled = [place for place, digit in enumerate(taken) if digit.true is not None]
    if not labelled:
        return None
    labels = np.array([taken[place].true for place in labelled], np.uint8)
    found = evaluate(labels, outputs[labelled], run.output)
    wrong = (found.y_pred != found.y_true).nonzero()[0]
    return {
        "run": run.name,
        "epoch": checkpoint.epoch,
        "n": len(found),
        "right": len(found) - len(wrong),
        "accuracy": found.accuracy,
        "interval": list(found.accuracy_interval),
        "confusion_matrix": found.confusion_matrix.tolist(),
        "mistakes": [
            {
                "file": taken[labelled[place]].name,
                "true": int(found.y_true[place]),
                "label": int(found.y_pred[place]),
                "confidence": (
                    float(found.confidence[place]) if run.output == "probabilities" else None
                ),
            }
            for place in wrong
        ],
    }
