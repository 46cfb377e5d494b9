"""The sidebar: what is looked at (data set, split, run, epoch)."""

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from dashboard.components.shared.selection_widgets import mirror
from dashboard.drawing import words
from dashboard.loading.causes import find_causes
from dashboard.visit import state
from dashboard.visit.visit import Visit
from mnist_core.datasets import Split
from mnist_core.formatting import decimals, percent
from mnist_core.runs import Run
from mnist_core.runs.choosing import epochs_to_see
from mnist_core.triage import LABEL_WRONG, counts


def sidebar(visit: Visit) -> None:
    """Show the choices; a change goes into the selection."""
    dataset = visit.outline
    with st.sidebar:
        _choice(
            "Data set",
            "data",
            visit.outline.name,
            list(visit.data_names),
            lambda name: name,
            split=None,
            image=None,
        )
        splits = [name for name in ("train", "validation", "test") if name in dataset.sizes]
        _choice(
            "Split",
            "split",
            visit.split.name,
            splits,
            lambda name: f"{name} · {dataset.sizes[name]:,}",
            image=None,
        )
        if visit.shown is not None:
            names = _run_labels(visit.usable_runs)
            name = visit.shown.run.name
            _choice("Run", "run", name, list(names), names.__getitem__, epoch=None)
            _epochs("Epoch", "epoch", visit.shown.run, visit.shown.epoch, visit.split)
            _baseline(visit, names)
        _findings(visit)
        st.caption(
            f"{dataset.title} from {dataset.source}. {words.brought(dataset)}"
            "Shares of runs and epochs are of validation, on which best epochs are chosen."
        )


def _baseline(visit: Visit, names: Mapping[str, str]) -> None:
    """What to compare with: nothing, another run, or another epoch."""
    _choice(
        "Compare with",
        "baseline",
        visit.selection.baseline,
        list(names),
        names.__getitem__,
        nothing="Nothing",
        baseline_epoch=None,
    )
    if visit.baseline is not None:
        run, epoch = visit.baseline.run, visit.baseline.epoch
        _epochs("Epoch to compare with", "baseline_epoch", run, epoch, visit.split)


def _findings(visit: Visit) -> None:
    """What the analyst found so far, as a filter of images and of the labels that count."""
    selection, causes = visit.selection, find_causes(visit.split, visit.outline.name)
    found = counts(causes)
    named = [cause for cause, images in found.items() if images or cause == selection.cause]
    if named:
        _choice(
            "Cause",
            "cause",
            selection.cause,
            named,
            lambda cause: f"{cause} · {found[cause]:,}",
            nothing="Any",
        )
    if found[LABEL_WRONG] or selection.labels != "all":
        texts = {
            "all": "All labels",
            "undisputed": f"Without {found[LABEL_WRONG]:,} marked as mislabelled",
        }
        _choice("Labels", "labels", selection.labels, list(texts), texts.__getitem__)
        if selection.labels != "all":
            st.caption(
                "Leaving out mistakes can only raise the accuracy; intervals and tests do not "
                "allow for that."
            )


def _epochs(label: str, name: str, run: Run, chosen: int, split: Split) -> None:
    epochs = epochs_to_see(run, split)
    places = decimals(record.validation_accuracy for record in run.history)
    _choice(label, name, chosen, epochs, lambda epoch: _epoch_label(run, epoch, places))


def _choice(
    label: str,
    name: str,
    chosen: Any,
    options: list,
    text: Any,
    *,
    nothing: str = "",
    **reset: None,
) -> None:
    """A select box that always shows what is chosen, however that was changed.

    `nothing` is what it says where nothing is chosen; without it something always is.
    """
    st.selectbox(
        label,
        options,
        index=None if nothing else 0,
        placeholder=nothing or None,
        format_func=text,
        **mirror(
            f"sidebar-{name}",
            chosen,
            lambda chosen: state.choose(**{name: chosen}, **reset),
        ),
    )


def _run_labels(usable: Sequence[Run]) -> dict[str, str]:
    """Every run with its accuracy on validation, by its name."""
    shares = {run.name: run.validation_accuracy for run in usable}
    places = decimals(shares.values())
    return {name: f"{name} · {percent(share, places)}" for name, share in shares.items()}


def _epoch_label(run: Run, epoch: int, places: int) -> str:
    accuracy = percent(run.history[epoch - 1].validation_accuracy, places)
    best = " ★" if epoch == run.best_epoch else " ·"
    model = "model kept" if run.has_checkpoint(epoch) else "predictions only"
    return f"{epoch} of {len(run.history)} · {accuracy}{best} {model}"
