"""What a run was trained with: hyperparameters, seed, data and versions."""

from html import escape

import streamlit as st

from mnist_core.runs import Run

_NAMES = {"tensorflow": "TensorFlow", "numpy": "NumPy"}


def configuration(run: Run) -> None:
    """Show it as a table of two columns; what the run does not record is left out."""
    rows = "".join(
        f'<tr><th scope="row">{escape(name)}</th><td>{escape(value)}</td></tr>'
        for name, value in in_words(run).items()
    )
    st.html(f'<div class="plain-table"><table><tbody>{rows}</tbody></table></div>')
    if run.details.imported is not None:
        st.caption("It was trained elsewhere: hyperparameters and seed are unknown.")


def in_words(run: Run) -> dict[str, str]:
    """Each setting by its name on screen, in the order in which they are shown."""
    details, data = run.details, run.details.data
    sizes = ", ".join(f"{split} {count:,}" for split, count in data.sizes.items())
    versions = (
        f"{_NAMES.get(name, name.capitalize())} {version}"
        for name, version in details.versions.items()
    )
    said = {
        "Recipe": run.recipe,
        **({} if details.imported is not None else _hyperparameters(run)),
        "Seed": "" if details.seed is None else str(details.seed),
        "Data": f"{data.name} from {data.source}: {sizes}" if data.name else "",
        "Versions": ", ".join(versions),
        "Started": _time(details.started),
        "Ended": _time(details.ended),
    }
    return {name: text for name, text in said.items() if text}


def _hyperparameters(run: Run) -> dict[str, str]:
    of = run.details.hyperparameters
    changes = [
        f"{name.replace('_', ' ')} {amount}" for name, amount in (of.augmentation or {}).items()
    ]
    known = {
        "Optimizer": of.optimizer,
        "Peak learning rate": of.peak_learning_rate,
        "Loss": of.loss,
        "Penalty": of.penalty,
        "Batch size": of.batch_size,
        "Maximum epochs": of.max_epochs,
    }
    return {
        **{name: str(value) for name, value in known.items() if value is not None},
        "Patience": "no early stopping"
        if of.patience is None
        else f"{of.patience} epochs without improvement",
        "Augmentation": ", ".join(changes) or "none",
    }


def _time(iso: str | None) -> str:
    return (iso or "").replace("T", " ").replace("+00:00", " UTC")
