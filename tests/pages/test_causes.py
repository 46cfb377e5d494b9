"""Causes are written down one by one, taken back, taken away, and looked at on other pages."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from dashboard.loading import long_work
from dashboard.loading.answers import load_histories
from dashboard.loading.causes import load_causes, triage_file_of
from dashboard.loading.long_work import suspects_job
from dashboard.visit.display import Display
from dashboard.visit.load_view import load_view
from dashboard.visit.repair import settle
from dashboard.visit.selection import Selection
from dashboard.visit.view import View
from dashboard.work import jobs, worker
from mnist_core import settings
from mnist_core.datasets import Split, load_dataset
from mnist_core.inference.prediction import predict
from mnist_core.runs import Run
from mnist_core.suspects import rank_suspects
from mnist_core.suspects.cross_validation import default_plan
from mnist_core.triage import CAUSES, LABEL_WRONG, Finding, Triage
from mnist_core.triage.triage_csv import read_csv, to_csv

FRAME = Path(__file__).resolve().parents[2] / "dashboard" / "frame.py"
CHOSEN = {"data": "mnist-5k", "split": "validation", "run": "tiny", "epoch": 1}


@pytest.fixture(autouse=True)
def workplace(tiny_run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MNIST_LENS_MODELS", str(tiny_run.folder.parent))
    monkeypatch.setenv("MNIST_LENS_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(worker, "call", lambda function, *arguments: function(*arguments))


@pytest.fixture
def split(mnist_5k) -> Split:
    return mnist_5k.split("validation")


@pytest.fixture
def written(split: Split) -> Callable[[], dict[int, tuple[str | None, int | None]]]:
    """What another process reads in the file now: cause and suggested label by position."""

    def read() -> dict[int, tuple[str | None, int | None]]:
        causes = triage_file_of("mnist-5k").causes(split.fingerprint)
        return {image: (entry.cause, entry.label) for image, entry in causes.items()}

    return read


def view_of(**chosen) -> View:
    found, _ = settle(Selection(**{**CHOSEN, **chosen}), Display())
    assert found.shown is not None
    return load_view(found, found.shown)


def visit(file: str = "causes.py", **chosen) -> AppTest:
    app = AppTest.from_file(str(FRAME), default_timeout=120)
    for name, value in {**CHOSEN, **chosen}.items():
        app.query_params[name] = str(value)
    app = app.switch_page(str(Path("..") / "pages" / file)).run()
    assert not app.exception
    return app


def press(app: AppTest, label: str) -> AppTest:
    app = next(button for button in app.button if button.label.startswith(label)).click().run()
    assert not app.exception
    return app


def mistakes() -> list[int]:
    """By the confidence in them, as the page goes through them."""
    return view_of().answers.find(None, None).tolist()


def progress(app: AppTest) -> str:
    return app.get("progress")[0].text


def opened(app: AppTest) -> int:
    caption = next(m.value for m in app.markdown if m.value.startswith("#"))
    return int(caption[1:].split(":")[0])


def enter(image: int, cause: str | None, **label: int) -> int:
    """Write as another process would; the entry's number."""
    fingerprint = load_dataset("mnist-5k").split("validation").fingerprint
    return triage_file_of("mnist-5k").enter(fingerprint, image, cause, **label).number


def test_a_cause_is_written_down_and_the_next_image_without_one_opens(written) -> None:
    app, images = visit(), mistakes()
    y_pred = view_of().answers.y_pred
    assert opened(app) == images[0]
    assert progress(app) == f"0 of {len(images)} images have a cause"
    keys = {button.label.split(",")[0]: button.proto.shortcut for button in app.button}
    for place, cause in enumerate(CAUSES, start=1):
        assert keys[cause.capitalize()] == str(place)
    app = press(app, "Label wrong")
    assert opened(app) == images[1]
    app = press(app, "Unusual style")
    assert opened(app) == images[2]
    assert progress(app) == f"2 of {len(images)} images have a cause"
    label = int(y_pred[images[0]])
    assert written() == {images[0]: (LABEL_WRONG, label), images[1]: ("unusual style", None)}


def test_the_analyst_may_know_the_label_better_than_the_model(written) -> None:
    app, images, view = visit(), mistakes(), view_of()
    given, suggested = view.answers.cell_of(images[0])
    others = [label for label in range(10) if label not in (given, suggested)]

    def box(app: AppTest):
        return next(b for b in app.selectbox if b.label == "The label is wrong, but")

    assert box(app).options == [*(f"it is {label}" for label in others), "I cannot say"]
    app = box(app).set_value(f"it is {others[3]}").run()
    assert not app.exception
    assert written() == {images[0]: (LABEL_WRONG, others[3])}
    assert opened(app) == images[1]  # as after a press of the button
    assert box(app).value is None
    # What was said is offered again, and may be corrected.
    app = visit(image=images[0])
    assert any(b.label == f"Label wrong, it is {others[3]}" for b in app.button)
    app = box(app).set_value("I cannot say").run()
    assert written() == {images[0]: (LABEL_WRONG, None)}
    app = box(visit(image=images[0])).set_value(f"it is {suggested}").run()
    assert written() == {images[0]: (LABEL_WRONG, suggested)}


def test_after_the_last_image_comes_the_first_that_was_left_out(split: Split) -> None:
    images = mistakes()
    findings = [Finding(image, "ambiguous") for image in images[1:-1]]
    triage_file_of("mnist-5k").merge(split.fingerprint, findings)
    app = press(visit(image=images[-1]), "Broken stroke")
    assert opened(app) == images[0]
    app = press(app, "Broken stroke")
    assert progress(app) == f"{len(images)} of {len(images)} images have a cause"
    assert opened(app) == images[0]
    assert "image" not in app.query_params


def test_own_words_are_a_cause(written) -> None:
    app, first = visit(), mistakes()[0]
    app.text_input[0].set_value("  smudged   ink ")
    app = press(app, "Enter")
    assert written() == {first: ("smudged ink", None)}
    assert opened(app) == mistakes()[1]
    app.text_input[0].set_value(" ")
    press(app, "Enter")
    assert len(written()) == 1


def test_a_cause_can_be_taken_back_and_that_undone(written) -> None:
    image = mistakes()[3]
    enter(image, "ambiguous")
    app = press(visit(image=image), "Clear")
    assert written() == {}
    assert opened(app) == image
    assert next(button for button in app.button if button.label == "Clear").disabled
    assert any("What is the cause?" in m.value for m in app.markdown)
    press(app, "Undo")
    assert written() == {image: ("ambiguous", None)}


def test_undo_goes_back_step_by_step_and_opens_the_image_again(written) -> None:
    images, app = mistakes(), visit()
    assert next(button for button in app.button if button.label == "Undo").disabled
    app = press(press(app, "Ambiguous"), "Unusual style")
    app = press(app, "Undo")
    assert (opened(app), list(written())) == (images[1], [images[0]])
    app = press(app, "Undo")
    assert (opened(app), written()) == (images[0], {})
    assert next(button for button in app.button if button.label == "Undo").disabled


def test_undo_leaves_what_another_process_has_said_since(written) -> None:
    images, app = mistakes(), press(visit(), "Ambiguous")
    enter(images[0], "broken stroke")
    app = press(app, "Undo")
    assert any("theirs stays" in toast.value for toast in app.toast)
    assert written() == {images[0]: ("broken stroke", None)}
    assert next(button for button in app.button if button.label == "Undo").disabled


def test_undo_never_reaches_into_the_file_of_another_data_set(written) -> None:
    app, first = press(visit(), "Ambiguous"), mistakes()[0]
    other = load_dataset("mnist").split("validation")
    foreign = triage_file_of("mnist").enter(other.fingerprint, 7, "ambiguous")
    assert foreign.number == 1  # as that of the entry in this window
    boxes = {box.label: box for box in app.sidebar.selectbox}
    app = boxes["Data set"].set_value("mnist").run()
    assert next(button for button in app.button if button.label == "Undo").disabled
    boxes = {box.label: box for box in app.sidebar.selectbox}
    app = press(boxes["Data set"].set_value("mnist-5k").run(), "Undo")
    assert written() == {}
    assert opened(app) == first
    assert set(load_causes(other, "mnist")) == {7}


def test_previous_and_next_go_through_the_order_on_show() -> None:
    view = view_of()
    by_loss = view.answers.ordered(view.answers.find(None, None), by="loss").tolist()
    app = visit(sort="loss")
    assert opened(app) == by_loss[0]
    app = press(press(app, "Next"), "Next")
    assert opened(app) == by_loss[2]
    assert opened(press(app, "Previous")) == by_loss[1]


def test_an_opened_image_that_is_no_mistake_is_told_and_leads_to_the_first(written) -> None:
    answers = view_of().answers
    right = int(np.flatnonzero(answers.y_true == answers.y_pred)[0])
    app = visit(image=right)
    assert opened(app) == right
    assert any("not in the current list" in caption.value for caption in app.caption)
    assert next(button for button in app.button if button.label == "Previous").disabled
    assert opened(press(app, "Next")) == mistakes()[0]
    app = press(visit(image=right), "Label wrong")
    assert written() == {right: (LABEL_WRONG, None)}  # the model suggests no other label
    assert opened(app) == mistakes()[0]


def test_a_table_taken_away_and_into_an_empty_store_gives_the_same_causes(written, split) -> None:
    images = mistakes()
    enter(images[0], LABEL_WRONG, label=3)
    enter(images[1], "=smudged; ‘ink’")
    before, table = written(), to_csv(view_of().causes)
    (settings.home_folder() / "triage" / "mnist-5k.sqlite").unlink()
    app = visit()
    assert written() == {}
    assert next(button for button in app.button if button.label == "Import").disabled
    app.get("file_uploader")[0].set_value(("causes.csv", table, "text/csv")).run()
    app = press(app, "Import")
    assert [said.value for said in app.success] == ["The cause of 2 images changed."]
    assert written() == before
    assert progress(app).startswith("2 of ")  # at once, not after the next click
    assert {f.image for f in read_csv(table, split=split.fingerprint, size=len(split))} == {
        *images[:2]
    }


def test_a_table_of_another_split_is_refused_in_one_sentence(written, tmp_path: Path) -> None:
    other = Triage(tmp_path / "other.sqlite")
    train = load_dataset("mnist-5k").split("train").fingerprint
    other.enter(train, 5, "ambiguous")
    app = visit()
    table = to_csv(other.causes(train))
    app.get("file_uploader")[0].set_value(("causes.csv", table, "text/csv")).run()
    app = press(app, "Import")
    (said,) = (error.value.replace("\\", "") for error in app.error)
    assert said.startswith("Expected the split_fingerprint of the images on show")
    assert said.endswith("Choose the split they belong to.")
    assert written() == {}


def test_without_a_mistake_of_a_cause_the_page_says_which_choice_hides_them() -> None:
    enter(mistakes()[0], "ambiguous")
    app = visit(cause="broken stroke")
    assert [info.value for info in app.info] == [
        "No mistake to look at on validation. In the sidebar, only the cause ‘broken stroke’ is "
        "listed."
    ]


# The sidebar


def sidebar(app: AppTest) -> dict[str, list[str]]:
    return {box.label: box.options for box in app.sidebar.selectbox}


def test_the_sidebar_offers_causes_only_once_there_are_some() -> None:
    app = visit("dataset.py")
    assert not {"Cause", "Labels"} & set(sidebar(app))
    enter(mistakes()[0], "ambiguous")
    offered = sidebar(app.run())
    assert offered["Cause"] == ["ambiguous · 1"]
    assert "Labels" not in offered
    enter(mistakes()[1], LABEL_WRONG)
    offered = sidebar(app.run())
    assert offered["Cause"] == ["label wrong · 1", "ambiguous · 1"]
    assert offered["Labels"] == ["All labels", "Without 1 marked as mislabelled"]


def test_the_overview_tells_every_runs_accuracy_without_mislabelled_images(
    tiny_run: Run, rows_of
) -> None:
    wrong = view_of(epoch=tiny_run.best_epoch).answers.find(None, None).tolist()
    enter(wrong[0], LABEL_WRONG)
    app = visit("overview.py", labels="undisputed")
    n = len(view_of().split)
    told = [row["Validation"] for row in rows_of(app, "runs").values()]
    assert told == [f"{100 * (n - len(wrong)) / (n - 1):.2f} %"]
    assert "Validation leaves out 1 image marked as mislabelled" in " ".join(
        c.value for c in app.caption
    )


def test_a_cause_that_no_image_has_any_more_can_still_be_let_go() -> None:
    app = visit("confusion.py", cause="unusual style", labels="undisputed")
    assert sidebar(app)["Cause"] == ["unusual style · 0"]
    assert sidebar(app)["Labels"] == ["All labels", "Without 0 marked as mislabelled"]
    box = next(box for box in app.sidebar.selectbox if box.label == "Cause")
    assert box.proto.placeholder == "Any"
    app = box.set_value(None).run()
    assert "cause" not in app.query_params
    assert "Cause" not in sidebar(app)


def test_confusion_comparison_and_history_list_the_images_of_a_cause_alone() -> None:
    pair = {"baseline": "tiny", "baseline_epoch": 3}
    everything = view_of(**pair)
    assert everything.comparison is not None
    changed, still = everything.comparison.repaired, everything.comparison.find("still", None, None)
    never = load_histories(everything.run, everything.split).never_learned
    for image in (int(changed[0]), int(never[0]), int(never[1])):
        enter(image, "ambiguous")
    enter(int(still[-1]), "broken stroke")
    marked = {int(changed[0]), *map(int, never[:2])}
    wrong = set(mistakes())

    app = visit("confusion.py", cause="ambiguous", **pair)
    shown = len(marked & wrong)
    assert app.subheader[0].value == f"{shown} mistake{'s' * (shown > 1)}, only ‘ambiguous’"
    app = visit("comparison.py", cause="ambiguous", **pair)
    assert app.subheader[0].value.startswith("3 images")
    app = visit("history.py", cause="ambiguous", **pair)
    choice = next(c for c in app.segmented_control if "Chosen cell" in c.options)
    assert choice.options[0] == f"Never learned · {len(marked & set(never.tolist()))}"


def test_own_words_are_shown_as_they_are() -> None:
    image = mistakes()[0]
    enter(image, "![x](y.png)")
    app = visit("confusion.py", cause="![x](y.png)")
    assert app.subheader[0].value == r"1 mistake, only ‘\!\[x\]\(y\.png\)’"
    app = visit(cause="![x](y.png)")
    assert any(m.value.startswith(r"**\!\[x\]\(y\.png\)** · ") for m in app.markdown)


def test_words_that_nobody_has_used_are_told_and_hide_nothing() -> None:
    app = visit("confusion.py", cause="smudged")
    assert any("has the cause “smudged”" in w.value for w in app.warning)
    assert app.subheader[0].value == f"{len(mistakes())} mistakes"


# Suspect labels


def ranked(view: View) -> None:
    """So that the ranking is there at once when a page asks for it."""
    job = suspects_job(view)
    assert job is not None
    assert jobs.ask(job[0], job[2]).is_ended(wait=60)


def test_suspects_are_those_of_the_runs_that_did_not_train_on_the_split(
    tiny_run: Run, split: Split, written
) -> None:
    y_prob = predict(tiny_run.checkpoint(tiny_run.best_epoch or 0).path, split.images)
    by_hand = rank_suspects(split.labels, [y_prob])
    ranked(view_of())
    app = visit(fault="suspects")
    assert any(f"label of **{by_hand.n_disputed:,}**" in m.value for m in app.markdown)
    assert any(f"tiny epoch {tiny_run.best_epoch}" in c.value for c in app.caption)
    assert opened(app) == by_hand.indices[0]
    quality = f"Label quality {by_hand.score[0]:.3f} of 1."
    assert any(caption.value == quality for caption in app.caption)
    app = press(app, "Label wrong")
    assert opened(app) == by_hand.indices[1]
    assert list(written()) == [by_hand.indices[0]]
    # What the models suggest, also where the epoch on show is of another opinion.
    disputed = by_hand.indices[: by_hand.n_disputed]
    others = view_of().answers.y_pred[disputed] != by_hand.suggested[: by_hand.n_disputed]
    rank = int(np.flatnonzero(others)[0])
    press(visit(fault="suspects", image=disputed[rank]), "Label wrong")
    assert written()[disputed[rank]] == (LABEL_WRONG, by_hand.suggested[rank])
    app = visit(fault="suspects", labels="undisputed")
    assert opened(app) == next(i for i in by_hand.indices if i not in written())


def test_the_suggestion_is_that_of_the_models_and_none_where_they_agree_with_the_label() -> None:
    from dashboard.components.causes.triage_desk import Queue

    view = view_of()
    index = mistakes()[0]
    true, predicted = view.answers.cell_of(index)
    third = next(label for label in range(10) if label not in (true, predicted))
    positions = np.array([index])
    assert Queue(view, positions).suggestion(index) == predicted
    assert Queue(view, positions, {index: third}).suggestion(index) == third
    assert Queue(view, positions, {index: true}).suggestion(index) is None
    assert Queue(view, positions, {index: 11}).suggestion(index) is None


def test_where_no_run_may_speak_about_the_labels_the_page_says_how_to_make_one() -> None:
    # The digits of mnist-5k's train are in mnist's validation, so tiny has seen some of them.
    app = visit(data="mnist", fault="suspects")
    assert any("No run can judge the labels of validation" in i.value for i in app.info)
    assert app.code[0].value == ".venv/bin/mnist-lens train simple-conv --data mnist"


def test_train_without_cross_validation_names_the_command_that_makes_it() -> None:
    app = visit(split="train", fault="suspects")
    assert any("made by cross-validation" in info.value for info in app.info)
    assert app.code[0].value == ".venv/bin/mnist-lens suspects --split train --data mnist-5k"


def test_cross_validated_training_images_are_ranked_too(monkeypatch) -> None:
    train = load_dataset("mnist-5k").split("train")
    drawn = np.random.default_rng(5).random((len(train), 10))
    drawn[np.arange(len(train)), train.labels] += 2
    y_prob = (drawn / drawn.sum(axis=1, keepdims=True)).astype(np.float32)
    monkeypatch.setattr(long_work, "read_cross_validated", lambda plan, split, cache: y_prob)
    ranked(view_of(split="train"))
    app = visit(split="train", fault="suspects")
    assert opened(app) == rank_suspects(train.labels, [y_prob]).indices[0]
    assert any(str(default_plan(train)) in c.value.replace("\\", "") for c in app.caption)


def test_a_finding_cannot_be_taken_for_an_entry_of_another_split(split: Split) -> None:
    triage = triage_file_of("mnist-5k")
    triage.merge(load_dataset("mnist-5k").split("train").fingerprint, [Finding(0, "ambiguous")])
    assert view_of().causes == {}


def test_a_damaged_file_of_causes_is_told_and_stops_no_page() -> None:
    enter(mistakes()[0], "ambiguous")
    file = triage_file_of("mnist-5k").path
    file.write_bytes(b"no database" * 100)
    for page in ("confusion.py", "causes.py"):
        app = visit(page)
        assert any("Received" in warning.value for warning in app.warning)
        assert any("images" in caption.value for caption in app.caption)
    image = opened(app)
    app = press(app, "Ambiguous")
    assert opened(app) == image
    assert any("Received" in toast.value for toast in app.toast)
    assert file.read_bytes() == b"no database" * 100
