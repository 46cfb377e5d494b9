"""How a run was trained, and how it went."""

import math
from statistics import median

from dashboard.drawing.words.counts import MOST_LETTERS
from mnist_core.formatting import (
    decimals,
    percent,
)
from mnist_core.runs import Run
from mnist_core.runs.learning_curves import seconds_left, verdict

MOST_NOTES = 20
"""Of an import that are shown, and files named that it left out."""


def training(run: Run, epoch: int) -> str:
    """What a run is and how the chosen epoch stands, in one line."""
    record = run.history[epoch - 1]
    best = (
        "the best on validation"
        if epoch == run.best_epoch
        else f"the best is epoch {run.best_epoch}"
    )
    parameters = "" if run.parameters is None else f" · {run.parameters:,} parameters"
    places = decimals([record.validation_accuracy, record.accuracy])
    return (
        f"{run.name}{parameters} · {run.state} · epoch {epoch} of {len(run.history)}, {best} · "
        f"validation {percent(record.validation_accuracy, places)}, "
        f"train {percent(record.accuracy, places)}"
    )


def validation_loss(run: Run) -> str:
    """Whether the validation loss of a run rises at the end (see `verdict`), in a sentence."""
    said = verdict(run.history)
    if said.rises_from is None:
        return f"{run.name}: {said}."
    first, *after = run.history[said.rises_from - 1 :]
    losses = [record.loss for record in after if math.isfinite(record.loss)]
    higher = trained = ""
    if not math.isnan(said.share):
        higher = f"; since then it is {percent(said.share)} higher in the median"
    if losses and math.isfinite(first.loss):
        trained = f", while training loss went from {first.loss:.3f} to {median(losses):.3f}"
    return f"{run.name}: {said}{higher}{trained}."


def under_way(run: Run) -> str:
    """How far a training has come and when it ends, in a sentence."""
    done, most = len(run.history), run.details.hyperparameters.max_epochs
    left = None if most is None else seconds_left(run.history, most)
    minutes, seconds = divmod(round(left or 0), 60)
    of_most = "" if most is None else f" of at most {most:,}"
    end = "" if left is None else f", at most {minutes}:{seconds:02d} minutes left"
    best = "" if not done else f", best validation so far {percent(run.validation_accuracy)}"
    return f"{run.name} is training: {done}{of_most} epochs done{end}{best}."


def imported(run: Run) -> list[str]:
    """How an imported run came about, a sentence each; empty for one that was trained here."""
    origin = run.details.imported
    if run.state != "imported" or origin is None:
        return []
    logged = (
        [
            f"Its validation curves come from {origin.log}, whichever split that used; "
            "the best epoch and its accuracy were measured here."
        ]
        if run.details.validation_from == "log"
        else []
    )
    left_out = [f"Left out: {line}" for line in origin.left_out[:MOST_NOTES]]
    if len(origin.left_out) > MOST_NOTES:
        left_out.append(f"Also left out: {len(origin.left_out) - MOST_NOTES:,} more, see run.json.")
    notes = (f"Imported from {origin.source}.", *logged, *origin.notes[:MOST_NOTES], *left_out)
    return [note[:MOST_LETTERS] for note in notes]
