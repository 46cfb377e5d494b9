"""Slices are looked for on request, said in words, and chosen as the set that a page shows."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from dashboard.components.sets import found_slices as component
from dashboard.components.shared.row_table import Row
from dashboard.drawing import words
from dashboard.loading import images
from dashboard.loading.long_work import slices_job
from dashboard.visit import state
from dashboard.visit.selection import Selection
from dashboard.visit.view import Subset, View
from dashboard.work import jobs, worker
from mnist_core.answers.evaluation import Answers
from mnist_core.slices import FoundSlices, OfClass, Range, Slice, highest_scores


@pytest.fixture
def called(monkeypatch: pytest.MonkeyPatch) -> list[Callable[..., Any]]:
    """What was asked of the workers, which is done in this process."""
    asked: list[Callable[..., Any]] = []

    def call(function: Callable[..., Any], *arguments: Any) -> Any:
        asked.append(function)
        return function(*arguments)

    monkeypatch.setattr(worker, "call", call)
    images._load_shapes.clear()
    return asked


@pytest.fixture
def gathered(view: View) -> View:
    """A run that errs in two of five eights, and else in every fiftieth image."""
    y_true = view.split.labels
    wrong = np.arange(len(y_true)) % 50 == 0
    eights = np.flatnonzero(y_true == 8)
    wrong[eights[np.arange(len(eights)) % 5 < 2]] = True
    y_pred = np.where(wrong, (y_true + 1) % 10, y_true).astype(np.int64)
    answers = Answers(y_true, y_pred, np.full(len(y_true), 0.9), 10)
    return replace(view, answers=answers, selection=Selection(data="mnist-5k"))


def found_in(view: View) -> FoundSlices:
    job = jobs.ask(slices_job(view).key, slices_job(view).work)
    assert job.is_ended(wait=60)
    return job.result()


def shown(view: View, *, presses: bool = True) -> AppTest:
    def page(view):  # runs as a script of its own, where no name of this file is known
        from dashboard.components.sets.found_slices import found_slices

        found_slices(view)

    app = AppTest.from_function(page, kwargs={"view": view}).run()
    if presses:
        app.button(key="find-slices").click().run()
    assert not app.exception
    return app


def table(app: AppTest) -> dict[str, Any]:
    (mounted,) = (one.proto for one in app.get("bidi_component") if one.proto.id.endswith("slices"))
    return json.loads(mounted.json)


def test_the_work_goes_on_in_blocks_and_is_done_once(
    gathered: View, called: list[Callable[..., Any]]
) -> None:
    key, label, work = slices_job(gathered)
    assert label == "Looking for groups among 1,000 images"
    called.clear()
    told: list[float] = []
    found = work(lambda done, total: told.append(done / total))
    assert set(called) == {highest_scores}
    assert told == sorted(told)
    assert len(told) == len(called) >= 5
    assert [each.query for each in found.slices] == ["true == 8"]
    assert slices_job(gathered).key == key
    fewer = [replace(gathered, mislabelled=np.array([place])) for place in (3, 4)]
    assert len({key, *(slices_job(view).key for view in fewer)}) == 3


def test_nothing_is_looked_for_until_it_is_wanted(gathered: View, called: list) -> None:
    app = shown(gathered, presses=False)
    assert [button.label for button in app.button] == ["Find slices"]
    assert highest_scores not in called


def test_slices_stand_in_a_table_and_the_set_on_show_is_marked(
    gathered: View, called: list
) -> None:
    found = found_in(gathered)
    app = shown(gathered)
    assert f"{found.n_candidates:,} groups of at most two conditions" in app.markdown[-1].value
    assert "in 1 of them guesser errs beyond chance." in app.markdown[-1].value
    (row,) = table(app)["rows"]
    (eights,) = found.slices
    rate, elsewhere = eights.error_rate, eights.rate_elsewhere
    assert row["name"] == "class 8"
    assert [cell["text"] for cell in row["cells"]] == [
        "100",
        f"{eights.n_errors}",
        f"{100 * rate:.1f} % ({100 * eights.interval[0]:.1f}–{100 * eights.interval[1]:.1f})",
        f"{100 * elsewhere:.1f} %",
        f"{rate / elsewhere:.1f}×",
        "0.002",
    ]
    assert table(app)["chosen"] == []
    subset = Subset("true == 8", np.flatnonzero(gathered.split.labels == 8), uses_answers=False)
    chosen = replace(gathered, subset=subset, selection=Selection(set="true == 8"))
    assert table(shown(chosen))["chosen"] == ["class 8"]


def test_within_a_set_other_images_count_for_nothing(gathered: View, called: list) -> None:
    others = np.flatnonzero(gathered.split.labels != 8)
    subset = Subset("true != 8", others, uses_answers=False)
    narrow = replace(gathered, subset=subset)
    assert found_in(narrow).n_images == 900
    found_in(gathered)
    app = shown(narrow)
    assert "in 1 of them" in app.markdown[-1].value
    app.toggle(key="slices-within").set_value(True).run()
    assert not app.exception
    assert "in none of them does guesser err beyond chance." in app.markdown[-1].value
    assert not app.get("bidi_component")


def test_a_choice_is_the_set_on_show_or_narrows_it(
    gathered: View, called: list, monkeypatch: pytest.MonkeyPatch
) -> None:
    chosen: list[dict[str, Any]] = []

    def first_row(columns: object, rows: list[Row], **table: Any) -> None:
        table["on_choose"](rows[0].name, True)

    monkeypatch.setattr(component, "row_table", first_row)
    monkeypatch.setattr(state, "choose", lambda **changes: chosen.append(changes))
    upright = np.flatnonzero(images.load_shapes(gathered)["slant"] < 30)
    narrow = replace(gathered, subset=Subset("slant < 30", upright, uses_answers=False))
    for view in (gathered, narrow):
        found_in(view)
    app = shown(narrow)
    app.toggle(key="slices-within").set_value(True).run()
    assert chosen[0] == {"set": "true == 8", "image": None}
    assert chosen[-1] == {"set": "slant < 30 and true == 8", "image": None}


def test_a_set_chosen_by_answers_is_not_looked_through(gathered: View, called: list) -> None:
    found_in(gathered)
    wrong = gathered.answers.find(None, None)
    app = shown(replace(gathered, subset=Subset("wrong", wrong, uses_answers=True)))
    assert not app.toggle
    assert any("Looked for in all images" in caption.value for caption in app.caption)
    assert [row["name"] for row in table(app)["rows"]] == ["class 8"]


def test_images_that_do_not_count_are_left_out(gathered: View, called: list) -> None:
    wrong_eights = gathered.answers.find(8, None)
    found = found_in(replace(gathered, mislabelled=wrong_eights))
    assert (found.slices, found.n_images) == ((), 1000 - len(wrong_eights))


def test_pictures_of_other_things_are_grouped_without_measures_of_strokes(
    gathered: View, called: list
) -> None:
    outline = replace(gathered.outline, shows_strokes=False)
    found = found_in(replace(gathered, outline=outline))
    assert found.columns == ("true", "width", "height", "ink")
    assert "over true class, width, height and ink:" in words.slices_found(found, gathered)


def test_conditions_are_said_in_words() -> None:
    def title(*conditions: OfClass | Range) -> str:
        found = Slice(conditions, "", np.arange(3), 1, 4, 1, 0.01)
        return words.slice_title(found, ("0", "A"))

    assert title(OfClass(1)) == "class A"
    assert title(Range("slant", None, -10.0)) == "slant below −10°"
    both = title(OfClass(0), Range("thickness", 2.32, None))
    assert both == "class 0, thickness 2.32 px or more"
    assert title(Range("width", 8.0, 11.0)) == "width 8 to below 11 px"


@pytest.mark.parametrize(
    ("n_errors", "columns", "said"),
    [
        (9, ("true",), "Too few errors to look for groups: of 100 images 9 are wrong"),
        (1, ("true",), "of 100 images 1 is wrong, and it takes at least 10 errors."),
        (95, ("true",), "Too few right answers to look for groups: of 100 images 95 are wrong"),
        (50, (), "These images are all of one class and alike in shape"),
    ],
)
def test_where_no_groups_were_looked_at_it_is_said_why(
    view: View, n_errors: int, columns: tuple[str, ...], said: str
) -> None:
    assert said in words.slices_found(FoundSlices((), 0, 100, n_errors, columns), view)
