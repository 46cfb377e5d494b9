"""The sidebar: what is looked at (data set, split, run, epoch)."""

from typing import Any

import streamlit as st

from dashboard.components.shared.selection_widgets import mirror
from dashboard.loading.causes import find_causes
from dashboard.loading.images import load_chosen_split, load_outline
from dashboard.visit import repair, state
from mnist_core.datasets import DATASETS
from mnist_core.formatting import decimals, percent
from mnist_core.runs import Run
from mnist_core.triage import LABEL_WRONG, counts


def sidebar() -> None:
    """Show the choices; a change goes into the selection."""
    selection = state.selection()
    dataset = load_outline(str(selection.data))
    with st.sidebar:
        _choice("Data set", "data", list(DATASETS), lambda name: name, split=None, image=None)
        splits = [name for name in ("train", "validation", "test") if name in dataset.sizes]
        _choice(
            "Split",
            "split",
            splits,
            lambda name: f"{name} · {dataset.sizes[name]:,}",
            image=None,
        )
        usable = {run.name: run for run in repair.usable_runs()}
        if selection.run in usable:
            _choice("Run", "run", list(usable), _run_labels(usable).__getitem__, epoch=None)
            _epochs("Epoch", "epoch", usable[selection.run])
            _baseline(usable)
        _findings()
        st.caption(
            f"{dataset.title} from {dataset.source}. Shares of runs and epochs are of validation, "
            "on which best epochs are chosen."
        )


def _baseline(usable: dict[str, Run]) -> None:
    """What to compare with: nothing, another run, or another epoch."""
    _choice(
        "Compare with",
        "baseline",
        list(usable),
        _run_labels(usable).__getitem__,
        nothing="Nothing",
        baseline_epoch=None,
    )
    baseline = state.selection().baseline
    if baseline in usable:
        _epochs("Epoch to compare with", "baseline_epoch", usable[baseline])


def _findings() -> None:
    """What the analyst found so far, as a filter of images and of the labels that count."""
    selection = state.selection()
    causes = find_causes(load_chosen_split(selection), str(selection.data))
    found = counts(causes)
    named = [cause for cause, images in found.items() if images or cause == selection.cause]
    if named:
        _choice("Cause", "cause", named, lambda cause: f"{cause} · {found[cause]:,}", nothing="Any")
    if found[LABEL_WRONG] or selection.labels != "all":
        texts = {
            "all": "All labels",
            "undisputed": f"Without {found[LABEL_WRONG]:,} marked as mislabelled",
        }
        _choice("Labels", "labels", list(texts), texts.__getitem__)
        if selection.labels != "all":
            st.caption(
                "Leaving out mistakes can only raise the accuracy; intervals and tests do not "
                "allow for that."
            )


def _epochs(label: str, name: str, run: Run) -> None:
    split = load_chosen_split(state.selection())
    epochs = repair.epochs_to_see(run, split)
    places = decimals(record.validation_accuracy for record in run.history)
    _choice(label, name, epochs, lambda epoch: _epoch_label(run, epoch, places))


def _choice(
    label: str, name: str, options: list, text: Any, *, nothing: str = "", **reset: None
) -> None:
    """A select box that always shows the selection, however that was changed.

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
            getattr(state.selection(), name),
            lambda chosen: state.choose(**{name: chosen}, **reset),
        ),
    )


def _run_labels(usable: dict[str, Run]) -> dict[str, str]:
    """Every run with its accuracy on validation."""
    shares = {name: run.validation_accuracy for name, run in usable.items()}
    places = decimals(shares.values())
    return {name: f"{name} · {percent(share, places)}" for name, share in shares.items()}


def _epoch_label(run: Run, epoch: int, places: int) -> str:
    accuracy = percent(run.history[epoch - 1].validation_accuracy, places)
    best = " ★" if epoch == run.best_epoch else " ·"
    model = "model kept" if run.has_checkpoint(epoch) else "predictions only"
    return f"{epoch} of {len(run.history)} · {accuracy}{best} {model}"
