"""What the query field and the histogram send can be anything: only what they can mean is heard."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import streamlit as st

from dashboard.components.shared import query_field as field_module
from dashboard.components.shared.query_field import query_field

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
