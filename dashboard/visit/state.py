"""What the visitor looks at: `Selection`, kept for the session and mirrored in the URL."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, get_type_hints
from urllib.parse import urlencode

import streamlit as st

_SELECTION, _WRITTEN, _CHOSEN_NOW = "selection", "written_query", "chosen_now"

CHOICES = {
    "cells": ("counts", "share", "predicted", "mistakes", "pictures"),
    "colours": ("logarithmic", "linear"),
    "order": ("number", "confusion"),
    "empty": ("shown", "hidden"),
    "comparing": ("changes", "matrices", "predictions"),
    "part": ("any", "repaired", "broken", "still", "before", "after"),
    "history": ("never", "forgotten", "late", "cell"),
    "labels": ("all", "undisputed"),
    "fault": ("triage", "suspects"),
    "nearest": ("hidden", "shown"),
    "sheet": ("hidden", "shown"),
    "sort": ("confidence", "loss", "margin", "index"),
    "lines": ("both", "train", "validation"),
    "scale": ("logarithmic", "linear"),
    "along": ("epochs", "minutes"),
}
"""The words that a way of display can be, the first one at first."""

FORMER = {"cells": {"claims": "predicted"}}
"""Words that links from before may hold, and what they are called now."""

SPANS = {"smoothing": (0, 9), "zoom": (1, 4)}
"""The least and the most that a number of display can be."""

IN_SIDEBAR = frozenset({"data", "split", "run", "epoch", "baseline", "baseline_epoch"})
"""What the sidebar shows, which is drawn by the whole script alone."""


@dataclass(frozen=True)
class Selection:
    """What the visitor looks at, in names and numbers; `None` where nothing is chosen.

    Attributes:
        data: Name of the data set.
        split: Name of its split.
        run: Name of the run.
        epoch: Epoch of the checkpoint, counted from 1.
        baseline: Name of the run to compare with; it may be the same.
        baseline_epoch: Its epoch, counted from 1.
        true: True class of the chosen cell of the confusion matrix.
        predicted: Predicted class of the chosen cell.
        image: Position of the opened image in its split.
        curves: Names of the runs whose learning curves are shown, with commas; `None` for that
            of `run` and the two best others.
        alone: The only one of them that is drawn; `None` for all.
        cells: What the matrix shows: `counts`, `share` of the true class, share of the predicted
            class (`predicted`), `mistakes` alone, or `pictures` of mistakes.
        colours: What the colours of the matrix follow.
        order: Whether classes stand by number or beside those they are confused with.
        empty: Whether classes without any image are shown.
        comparing: What the page that compares two checkpoints shows.
        part: Which images of the chosen cell that page lists.
        history: Which images the page of learning histories lists.
        before: Class predicted by the baseline, of a cell of prediction against prediction.
        after: Class predicted by the run, of such a cell.
        labels: Whether images count that the analyst marked as mislabelled.
        cause: Only images with this cause are listed; `None` for all.
        fault: What the page of causes shows.
        nearest: Whether the opened image's nearest digits are searched for and shown.
        sheet: Whether the page of explanations shows one right and one wrong image per class.
        sort: What images are put in order by.
        zoom: Pixels on screen for each pixel of an image in a sheet, 1 to 4.
        lines: Which learning curves are drawn.
        scale: Of the axis of losses and errors.
        along: What learning curves run along: epochs, or minutes of training.
        smoothing: Weight of the epochs before, in tenths, 0 to 9.
    """

    data: str | None = None
    split: str | None = None
    run: str | None = None
    epoch: int | None = None
    baseline: str | None = None
    baseline_epoch: int | None = None
    true: int | None = None
    predicted: int | None = None
    image: int | None = None
    curves: str | None = None
    alone: str | None = None
    cells: str = CHOICES["cells"][0]
    colours: str = CHOICES["colours"][0]
    order: str = CHOICES["order"][0]
    empty: str = CHOICES["empty"][0]
    comparing: str = CHOICES["comparing"][0]
    part: str = CHOICES["part"][0]
    history: str = CHOICES["history"][0]
    before: int | None = None
    after: int | None = None
    labels: str = CHOICES["labels"][0]
    cause: str | None = None
    fault: str = CHOICES["fault"][0]
    nearest: str = CHOICES["nearest"][0]
    sheet: str = CHOICES["sheet"][0]
    sort: str = CHOICES["sort"][0]
    zoom: int = 2
    lines: str = CHOICES["lines"][0]
    scale: str = CHOICES["scale"][0]
    along: str = CHOICES["along"][0]
    smoothing: int = 0

    @property
    def cell(self) -> tuple[int, int] | None:
        """The chosen cell as (true, predicted)."""
        if self.true is None or self.predicted is None:
            return None
        return self.true, self.predicted

    def query(self) -> dict[str, str]:
        """The URL's query that restores this selection."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        return {name: str(value) for name, value in values.items() if value is not None}


def parse(query: Mapping[str, str]) -> tuple[Selection, tuple[str, ...]]:
    """Read a selection from a URL's query.

    Returns:
        The selection, and one sentence for each value that cannot be read and was left out.
    """
    values: dict[str, Any] = {}
    notes = []
    for name, kind in get_type_hints(Selection).items():
        if name not in query:
            continue
        text = FORMER.get(name, {}).get(query[name], query[name])
        is_number = kind in (int, int | None)
        digits = text.removeprefix("-")  # whether a number exists is for `nearest` to say
        if is_number and not (digits.isascii() and digits.isdigit() and len(digits) < 10):
            notes.append(f"The link's {name} should be a whole number, not “{text[:40]}”.")
        elif name in SPANS and not SPANS[name][0] <= int(text) <= SPANS[name][1]:
            least, most = SPANS[name]
            notes.append(f"The link's {name} should be {least} to {most}, not {text}.")
        elif name in CHOICES and text not in CHOICES[name]:
            notes.append(
                f"The link's {name} should be one of {', '.join(CHOICES[name])}, not “{text[:40]}”."
            )
        else:
            values[name] = int(text) if is_number else text
    return Selection(**values), tuple(notes)


def arriving() -> tuple[Selection, tuple[str, ...]]:
    """The selection with which this run of the whole script begins, and notes on the link's values.

    A query that is not what was last written is a link or the back button. An empty one comes
    from the page menu. Just after a click the browser may still send the query of before.
    """
    query = st.query_params.to_dict()
    chosen_now = st.session_state.pop(_CHOSEN_NOW, frozenset())
    if query and query != st.session_state.get(_WRITTEN) and not chosen_now:
        return parse(query)
    return st.session_state.get(_SELECTION, Selection()), ()


def selection() -> Selection:
    """What the visitor looks at now.

    Where a fragment asks for it after a choice of something that the sidebar shows, the whole
    script runs in its place.
    """
    chosen_now = st.session_state.pop(_CHOSEN_NOW, frozenset())
    if chosen_now & IN_SIDEBAR:
        st.session_state[_CHOSEN_NOW] = chosen_now
        st.rerun()
    return st.session_state.get(_SELECTION, Selection())


def keep(chosen: Selection) -> None:
    """Keep a selection for the session; the URL is to say all of it."""
    st.session_state[_SELECTION] = chosen
    st.session_state[_WRITTEN] = chosen.query()


def choose(**changes: Any) -> None:
    """Change parts of the selection; for callbacks, which run before the script."""
    keep(replace(st.session_state.get(_SELECTION, Selection()), **changes))
    st.query_params.from_dict(st.session_state[_WRITTEN])
    st.session_state[_CHOSEN_NOW] = st.session_state.get(_CHOSEN_NOW, frozenset()) | changes.keys()


def link() -> str:
    """The address that restores this page with this selection in any browser."""
    address = (st.context.url or "").split("?")[0]
    return f"{address}?{urlencode(selection().query())}"
