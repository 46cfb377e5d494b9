"""What the query field and the histogram send can be anything: only what they can mean is heard."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import streamlit as st

from dashboard.components.shared import column_histogram as histogram_module
from dashboard.components.shared import query_field as field_module
from dashboard.components.shared.column_histogram import column_histogram
from dashboard.components.shared.query_field import Suggestion, query_field
from mnist_core.queries import Bars, Histogram, Spread

HOSTILE = (None, 7, 1.5, True, b"x", [], {}, ["wrong"], {"a": 1}, float("nan"), "x" * 501)


@pytest.fixture
def heard() -> list[object]:
    return []


@pytest.fixture
def send(monkeypatch: pytest.MonkeyPatch, heard: list[object]) -> Callable[..., None]:
    """A function that shows the field and lets the browser send a value."""
    mounted: dict[str, Any] = {}
    monkeypatch.setattr(field_module, "_mount", lambda **given: mounted.update(given))
    monkeypatch.setattr(st, "session_state", {})

    def sends(name: str, value: object, *, text: str = "", title: str = "") -> None:
        query_field(
            text,
            title=title,
            found="2 of 10 images",
            columns=(),
            class_names=("0", "1"),
            runs=(),
            on_ask=lambda asked: heard.append(asked),
            on_open=lambda index: heard.append(index),
            key="field",
        )
        st.session_state["field"] = {name: value}
        mounted[f"on_{name}_change"]()

    return sends


@pytest.mark.parametrize("value", HOSTILE)
@pytest.mark.parametrize("name", ["asked", "removed"])
def test_what_the_field_never_sends_is_not_heard(
    name: str, value: object, send: Callable[..., None], heard: list[object]
) -> None:
    send(name, value, text="wrong and suspect")
    assert heard == []


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("1901", 1901),
        (" 0 ", 0),
        ("wrong", "wrong"),
        (" true == 4 ", "true == 4"),
        ("", ""),
        ("-1", "-1"),
        ("1.5", "1.5"),
        ("²", "²"),
        ("٣", "٣"),
        ("1" * 10, "1" * 10),
    ],
)
def test_a_whole_number_opens_an_image_and_all_else_is_a_query(
    typed: str, meant: object, send: Callable[..., None], heard: list[object]
) -> None:
    send("asked", typed)
    assert heard == [meant]
    assert type(heard[0]) is type(meant)


def test_a_removed_chip_leaves_the_rest_of_the_query(
    send: Callable[..., None], heard: list[object]
) -> None:
    send("removed", [0, "wrong"], text="wrong and (rank > 2 or suspect)")
    send("removed", [0, "wrong"], text="wrong")
    send("removed", [0, "12 picked images"], title="12 picked images")
    assert heard == ["rank > 2 or suspect", "", ""]


@pytest.mark.parametrize(
    "value",
    [
        [2, "wrong"],
        [-1, "suspect"],
        [0, "suspect"],
        [0],
        [0, "wrong", 1],
        ["0", "wrong"],
        [0, None],
    ],
)
def test_a_chip_that_is_not_on_show_cannot_be_removed(
    value: object, send: Callable[..., None], heard: list[object]
) -> None:
    send("removed", value, text="wrong and suspect")
    assert heard == []


HISTOGRAM = Histogram(np.array([0.0, 0.5, 1]), np.array([3, 4]), unknown=0, is_whole=False)
BARS = Bars(("0", "1", "2"), ("0", "1", "2"), (1, 2, 3))


@pytest.fixture
def brush(monkeypatch: pytest.MonkeyPatch, heard: list[object]) -> Callable[..., None]:
    """A function that shows the histogram of a column and lets the browser send a value."""
    mounted: dict[str, Any] = {}
    monkeypatch.setattr(histogram_module, "_mount", lambda **given: mounted.update(given))
    monkeypatch.setattr(st, "session_state", {})

    def sends(name: str, value: object, *, of: str, spread: Spread | None) -> None:
        column_histogram(
            [
                Suggestion("confidence", "number", ""),
                Suggestion("true", "class", ""),
                Suggestion("loss", "number", "", missing="the model was not kept"),
            ],
            chosen=of,
            spread=spread,
            on_choose=lambda column: heard.append(column),
            on_keep=lambda condition: heard.append(condition),
            key="histogram",
        )
        st.session_state["histogram"] = {name: value}
        mounted[f"on_{name}_change"]()

    return sends


@pytest.mark.parametrize(
    "value",
    [
        *HOSTILE,
        ["confidence"],
        ["true", 0.1, 0.2],
        ["confidence", 0.1],
        ["confidence", 0.1, "0.2"],
        ["confidence", True, 2],
        ["confidence", 0.1, float("nan")],
        ["confidence", 0.1, float("inf")],
        ["confidence", 1, 10**400],
        ["confidence", 1, 2, 3],
        ["confidence", 1, None],
    ],
)
def test_a_brush_of_anything_but_two_numbers_keeps_nothing(
    value: object, brush: Callable[..., None], heard: list[object]
) -> None:
    brush("kept", value, of="confidence", spread=HISTOGRAM)
    assert heard == []


@pytest.mark.parametrize(
    "value",
    [
        ["true"],
        ["true", 3],
        ["true", -1],
        ["true", 1, 1],
        ["true", 1.0],
        ["true", True],
        ["true", "1"],
    ],
)
def test_bars_that_are_not_on_show_are_not_kept(
    value: object, brush: Callable[..., None], heard: list[object]
) -> None:
    brush("kept", value, of="true", spread=BARS)
    brush("kept", ["true", 1], of="true", spread=None)
    assert heard == []


@pytest.mark.parametrize("value", [*HOSTILE, "loss", "margin", "__class__"])
def test_only_a_column_that_is_there_is_chosen(
    value: object, brush: Callable[..., None], heard: list[object]
) -> None:
    brush("column", value, of="confidence", spread=HISTOGRAM)
    assert heard == []


def test_what_is_brushed_and_chosen_becomes_a_condition(
    brush: Callable[..., None], heard: list[object]
) -> None:
    brush("kept", ["confidence", 0.6, 0.25], of="confidence", spread=HISTOGRAM)
    brush("kept", ["true", 2, 0], of="true", spread=BARS)
    brush("column", "true", of="confidence", spread=None)
    assert heard == ["0.25 <= confidence <= 0.6", "true in (0, 2)", "true"]
