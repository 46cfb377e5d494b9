"""All epochs of a run as a table; choosing a row chooses the checkpoint."""

import math

from dashboard.components.shared.row_table import Cell, Column, Row, row_table
from dashboard.components.shared.run_rows import loss_cell, share_cell
from dashboard.visit import state
from dashboard.visit.view import RunAndEpoch
from mnist_core.datasets import Split
from mnist_core.runs import EpochRecord, Run
from mnist_core.runs.choosing import epochs_to_see

HEIGHT = 480
"""Of the table in pixels, at most; it scrolls beyond that."""

_LOSSES = {
    "probabilities": "Cross-entropy in nats.",
    "scores": "Hinge loss, mean over images and classes.",
}


def epoch_table(shown: RunAndEpoch, split: Split) -> None:
    """Show the history; the chosen epoch and the best one are marked.

    Args:
        shown: The run, and the epoch that is looked at.
        split: What is looked at; epochs without anything to show on it cannot be chosen.
    """
    run, can_be_chosen = shown.run, epochs_to_see(shown.run, split)
    loss = _LOSSES[run.output]
    row_table(
        [
            Column("Kept", "★ is the best epoch. Without its model, only predictions are shown."),
            Column("Train loss", loss, is_number=True),
            Column("Train", is_number=True),
            Column("Val. loss", f"Validation. {loss}", is_number=True),
            Column("Val.", "Validation accuracy.", is_number=True),
            Column("Seconds", is_number=True),
        ],
        [
            Row(
                str(record.epoch),
                (Cell(kept(run, record.epoch), record.epoch), *_cells(record)),
                can_be_chosen=record.epoch in can_be_chosen,
            )
            for record in run.history
        ],
        names="Epoch",
        chosen=[str(shown.epoch)],
        on_choose=lambda name, _: state.choose(run=run.name, epoch=int(name)),
        key=f"epochs-of-{run.name}",
        height=HEIGHT,
    )


def kept(run: Run, epoch: int) -> str:
    """What there is of an epoch beside its line in the history, in a few words."""
    star = "★ " if epoch == run.best_epoch else ""
    if run.has_checkpoint(epoch):
        return f"{star}model kept"
    return f"{star}{'predictions only' if epoch in run.recorded_epochs else 'curves only'}"


def _cells(record: EpochRecord) -> tuple[Cell, ...]:
    return (
        loss_cell(record.loss),
        share_cell(record.accuracy),
        loss_cell(record.validation_loss),
        share_cell(record.validation_accuracy),
        _seconds(record.seconds),
    )


def _seconds(seconds: float) -> Cell:
    return Cell("–") if math.isnan(seconds) else Cell(f"{seconds:,.1f}", seconds)
