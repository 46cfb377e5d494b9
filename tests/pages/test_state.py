"""The selection and the URL that restores it."""

from typing import get_type_hints

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.visit.state import CHOICES, SPANS, Selection, parse

OF_KIND = {
    str | None: st.none() | st.text(min_size=1, max_size=20),
    int | None: st.none() | st.integers(0, 99_999),
}
DRAWN = {
    name: st.integers(*SPANS[name])
    if name in SPANS
    else st.sampled_from(CHOICES[name])
    if name in CHOICES
    else OF_KIND[kind]
    for name, kind in get_type_hints(Selection).items()
}


@given(st.builds(Selection, **DRAWN))
def test_every_selection_comes_back_from_its_link(selection: Selection) -> None:
    assert parse(selection.query()) == (selection, ())


@pytest.mark.parametrize("text", ["", "-", "--1", "1.5", "abc", "²", "9" * 30])
def test_a_value_that_is_no_number_is_left_out_with_a_sentence(text: str) -> None:
    selection, notes = parse({"image": text, "run": "a"})
    assert selection == Selection(run="a")
    assert len(notes) == 1
    assert "image should be a whole number" in notes[0]


@pytest.mark.parametrize("name", CHOICES)
def test_an_unknown_display_is_left_out_with_a_sentence(name: str) -> None:
    selection, notes = parse({name: "pie"})
    assert selection == Selection()
    assert ", ".join(CHOICES[name]) in notes[0]


def test_more_smoothing_than_there_is_is_left_out_with_a_sentence() -> None:
    assert parse({"smoothing": "10"}) == (
        Selection(),
        ("The link's smoothing should be 0 to 9, not 10.",),
    )


def test_a_cell_is_chosen_only_when_both_its_classes_are() -> None:
    assert Selection(true=3).cell is None
    assert Selection(true=3, predicted=0).cell == (3, 0)


@given(st.dictionaries(st.text(max_size=10), st.text(max_size=50), max_size=8))
def test_no_query_is_an_error(query: dict[str, str]) -> None:
    selection, _ = parse(query)
    assert isinstance(selection, Selection)


def test_a_link_with_a_word_of_before_opens_the_same_view() -> None:
    assert parse({"cells": "claims"}) == (Selection(cells="predicted"), ())
