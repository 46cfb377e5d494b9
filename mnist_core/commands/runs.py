"""`mnist-lens runs`: what is in the models folder."""

from __future__ import annotations

from mnist_core import settings
from mnist_core.commands.options import AsJson
from mnist_core.commands.output import print_json, print_table
from mnist_core.formatting import decimals, percent


def runs(as_json: AsJson = False) -> None:
    """List the runs in the models folder."""
    from mnist_core.runs import list_runs

    found = list_runs(settings.models_folder())
    if as_json:
        print_json(
            [
                {
                    "name": run.name,
                    "recipe": run.recipe or None,
                    "parameters": run.parameters,
                    "epochs": len(run.history),
                    "best_epoch": run.best_epoch,
                    "validation_accuracy": run.validation_accuracy,
                    "test_accuracy": run.test_accuracy,
                    "state": run.state,
                    "reason": run.reason,
                }
                for run in found
            ]
        )
        return
    if not found:
        print("No runs yet. Train one with: mnist-lens train simple-conv")
        return
    places = decimals(s for run in found for s in (run.validation_accuracy, run.test_accuracy))
    rows: list[tuple[str, ...]] = [
        (
            run.name,
            "–" if run.parameters is None else f"{run.parameters:,}",
            str(len(run.history)),
            str(run.best_epoch or "–"),
            percent(run.validation_accuracy, places),
            percent(run.test_accuracy, places),
            run.state,
        )
        for run in found
    ]
    print_table(("run", "parameters", "epochs", "best", "validation", "test", "state"), rows)
    for run in found:
        if run.reason:
            print(f"{run.name}: {run.reason}")
