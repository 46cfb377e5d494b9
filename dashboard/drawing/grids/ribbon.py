"""The prediction ribbon: what a run answered to one image after every epoch."""

from collections.abc import Sequence

from dashboard.drawing.grids.grid import Grid, Kind, Line, Part
from mnist_core.answers.evaluation import Output
from mnist_core.formatting import answer
from mnist_core.runs import EpochPredictions

BASELINE = 1
"""Row of the ribbon of the run compared with; that on show is the first."""


def ribbon_grid(
    recorded: Sequence[tuple[str, EpochPredictions, Output]],
    index: int,
    *,
    true: int,
    class_names: Sequence[str],
) -> Grid:
    """One strip a run, a button for each epoch that answers were recorded after.

    Args:
        recorded: Name of each run, its answers over the epochs, and what it answers with.
        index: Position of the image in the split.
        true: Its class.
        class_names: Name of each class.
    """
    epochs = sorted({epoch for _, answers, _ in recorded for epoch in answers.epochs})
    return Grid(
        label="What was predicted after each epoch",
        dimensions=("strip", "epoch"),
        axis="Epoch →",
        rows=[Line(place, name) for place, (name, _, _) in enumerate(recorded)],
        columns=[Line(epoch, str(epoch)) for epoch in epochs],
        cells=[
            [_parts(name, answers, output, epoch, index, true, class_names) for epoch in epochs]
            for name, answers, output in recorded
        ],
    )


def _parts(
    run: str,
    answers: EpochPredictions,
    output: Output,
    epoch: int,
    index: int,
    true: int,
    class_names: Sequence[str],
) -> list[Part]:
    if epoch not in answers.epochs:
        return []
    row = answers.epochs.index(epoch)
    predicted = int(answers.predicted[row, index])
    confidence = float(answers.confidence[row, index])
    verdict: Kind = "right" if predicted == true else "wrong"
    name = class_names[predicted]
    label = f"{run}, epoch {epoch}: {name}, {answer(confidence, output)}, {verdict}"
    strength = confidence if output == "probabilities" else 0.5
    return [Part(name, label, level=round(strength, 3), kind=verdict)]
