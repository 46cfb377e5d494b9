"""The page of explanations: what it explains, of which images, by whom, and what it says of it."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from dashboard.drawing import words
from dashboard.work import jobs, worker
from mnist_core.answers.evaluation import Answers, evaluate
from mnist_core.datasets import Dataset, Split
from mnist_core.errors import UnfitMethodError
from mnist_core.explainers import EXPLAINERS, Attribution, Explainer, Target, background
from mnist_core.explainers.gradients import answers as answers_to
from mnist_core.explainers.gradients import gradients
from mnist_core.explainers.trust import curves
from mnist_core.explainers.turning import turn
from mnist_core.inference.prediction import predict
from mnist_core.runs import Run

FRAME = Path(__file__).resolve().parents[2] / "dashboard" / "frame.py"


@dataclass
class Slopes:
    """A quick method: slopes at the image; notes what it is asked."""

    asked: list[tuple[np.ndarray, np.ndarray, Target]] = field(default_factory=list)

    def __call__(
        self, model_file: Path, image: np.ndarray, compared: np.ndarray, target: Target
    ) -> Attribution:
        self.asked.append((image, compared, target))
        found = answers_to(model_file, image[None], target)[0]
        return Attribution(
            values=gradients(model_file, image[None], target)[:, 0],
            base_value=np.full(found.shape, np.nan),
            output=found,
            classes=target.among(10),
            of=target.of,
        )


def refuses(*_: object) -> Attribution:
    raise UnfitMethodError("Expected a model made of tea. Received: tiny. Choose another.")


@pytest.fixture
def slopes(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Slopes:
    """The method `slopes`, run in this process, and `refuses`, for which it stands in."""
    monkeypatch.setenv("MNIST_LENS_CACHE", str(tmp_path))
    monkeypatch.setattr(jobs, "_jobs", {})  # of another test
    monkeypatch.setattr(worker, "call", lambda function, *arguments: function(*arguments))
    explain = Slopes()
    method = Explainer(
        name="slopes",
        title="Slopes",
        source="",
        explain_block=explain,
        comparison="Nothing like {background}.",
        promise="Promises little.",
    )
    refusing = replace(
        method, name="refuses", title="Refuses", explain_block=refuses, stand_in=method
    )
    for one in (method, refusing):
        monkeypatch.setitem(EXPLAINERS, one.name, one)
    return explain


@pytest.fixture(scope="module")
def answered(tiny_run: Run, mnist_5k: Dataset) -> Answers:
    split = mnist_5k.split("validation")
    return evaluate(split.labels, predict(tiny_run.checkpoint(3).path, split.images))


@pytest.fixture
def split(mnist_5k: Dataset) -> Split:
    return mnist_5k.split("validation")


@pytest.fixture
def visit(slopes: Slopes, tiny_run: Run, monkeypatch: pytest.MonkeyPatch) -> Callable[..., AppTest]:
    monkeypatch.setenv("MNIST_LENS_MODELS", str(tiny_run.folder.parent))

    def arrive(**query: str) -> AppTest:
        app = AppTest.from_file(str(FRAME), default_timeout=120)
        app.run()
        asked = {"data": "mnist-5k", "run": "tiny", "epoch": "3", "method": "slopes", **query}
        for name, value in asked.items():
            app.query_params[name] = value
        return settled(app.switch_page(str(Path("..") / "pages" / "explanations.py")).run())

    return arrive


def settled(app: AppTest) -> AppTest:
    while any(one.label == "Stop" for one in app.button):
        app.run()
    assert not app.exception
    return app


def html(app: AppTest) -> str:
    return "".join(one.proto.body for one in app.get("html"))


def said(app: AppTest) -> str:
    parts = [*app.caption, *app.markdown, *app.info, *app.warning, *app.subheader]
    return "\n".join(part.value.replace("\\", "") for part in parts)


def labelled(elements: Any, label: str) -> Any:
    return next(one for one in elements if one.label.startswith(label))


def mistake(answers: Answers) -> int:
    return int(answers.top_losses(1)[0])


def test_a_mistake_opens_with_what_pulls_to_the_predicted_and_what_to_the_true_class(
    visit, slopes: Slopes, answered: Answers, split: Split
) -> None:
    index = mistake(answered)
    true, predicted = answered.cell_of(index)
    app = visit(image=str(index))
    assert slopes.asked[0][2] == Target("difference", (predicted, true))
    assert slopes.asked[1][2] == Target()
    assert f"Why {predicted} and not {true}?" in said(app)
    drawn = html(app)
    assert f"red: {predicted} predicted · blue: {true} true" in drawn
    assert drawn.index(f"red: {predicted}") < drawn.index(f"{predicted} · predicted ·")
    assert drawn.count("<figcaption>") == 11
    lead = float(np.log(answered.outputs[index][predicted] / answered.outputs[index][true]))
    (number,) = re.findall(rf"logit of {predicted} is (\d+\.\d\d) above that of {true}", said(app))
    assert float(number) == pytest.approx(lead, abs=0.02)
    assert re.search(
        rf"Of what pulls to {true}, \d+\.\d % lies in the [a-z ]+ of the digit", said(app)
    )


def test_a_right_answer_has_no_contrast_and_its_difference_is_against_the_runner_up(
    visit, slopes: Slopes, answered: Answers
) -> None:
    index = int(np.flatnonzero(answered.y_pred == answered.y_true)[5])
    first, second = answered.ranked_classes(index)[:2]
    assert "Why " not in said(visit(image=str(index)))
    slopes.asked.clear()
    app = visit(image=str(index), of="difference")
    assert [target for _, _, target in slopes.asked] == [Target("difference", (first, second))]
    assert f"Why {first} and not {second}?" in said(app)
    assert f"The logit of {first} is " in said(app)
    assert html(app).count("<figcaption>") == 1
    app = settled(labelled(app.selectbox, "Against").set_value(int(first)).run())
    assert "second" in app.query_params
    # A class is not held against itself.
    assert f"<figcaption>red: {first} predicted true · blue: {second}<" in html(app)
    other = next(label for label in range(10) if label not in (first, second))
    settled(labelled(app.selectbox, "Against").set_value(other).run())
    assert slopes.asked[-1][2] == Target("difference", (first, other))


def test_the_chosen_number_and_seed_of_background_images_are_those_compared_with(
    visit, slopes: Slopes, mnist_5k: Dataset
) -> None:
    app = visit(image="7", of="logit", background="50", seed="4")
    train = mnist_5k.split("train")
    assert np.array_equal(slopes.asked[-1][1], background(train, n=50, seed=4))
    assert slopes.asked[-1][2] == Target("logit")
    assert "Slopes · Nothing like 50 images of train, chosen at random with seed 4." in said(app)
    assert "Promises little." in said(app)
    app = settled(labelled(app.button, "Resample").click().run())
    assert app.query_params["seed"] == "5"
    assert np.array_equal(slopes.asked[-1][1], background(train, n=50, seed=5))
    assert "with seed 5." in said(app)


def test_a_method_that_stands_in_is_named_and_a_broken_promise_is_a_warning(
    visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = visit(image="7", method="refuses")
    assert any(
        "**Slopes**, which stands in" in one.value and "made of tea" in one.value
        for one in app.info
    )
    assert [one.value for one in app.warning] == []
    assert "The maps of Slopes need not add up" in said(app)
    strict = replace(EXPLAINERS["slopes"], largest_gap=1e-3)
    monkeypatch.setitem(EXPLAINERS, "slopes", strict)
    (warning,) = visit(image="8").warning
    assert "Slopes promises at most 0.001. Do not trust these maps" in warning.value


def test_a_method_that_cannot_explain_the_model_says_so_and_the_rest_of_the_page_stays(
    visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    alone = replace(EXPLAINERS["refuses"], stand_in=None)
    monkeypatch.setitem(EXPLAINERS, "refuses", alone)
    app = visit(image="7", method="refuses")
    (warning,) = app.warning
    assert "Expected a model made of tea" in warning.value
    assert "Several images at once" in said(app)
    app = settled(labelled(app.selectbox, "Method").set_value("slopes").run())
    assert [one.value for one in app.warning] == []


def test_the_mean_contrast_is_over_all_images_of_the_open_cell_or_all_mistakes(
    visit, slopes: Slopes, answered: Answers
) -> None:
    index = mistake(answered)
    true, predicted = answered.cell_of(index)
    app = visit(image=str(index), true=str(true), predicted=str(predicted), average="cell")
    inside = answered.find(true, predicted)
    assert f"Mean of {words.images(len(inside))}" in html(app)
    assert "of the mean digit" in said(app)
    # Each image once, the opened one being part of its cell, and the maps of this one.
    assert len(slopes.asked) == len(inside) + 1
    settled(labelled(app.get("button_group"), "Mean contrast").set_value("set").run())
    wrong = np.flatnonzero(answered.y_pred != answered.y_true)
    of_all = {target for _, _, target in slopes.asked}
    assert {Target("difference", answered.cell_of(i)[::-1]) for i in wrong} <= of_all


def test_a_sheet_has_a_row_for_each_picked_image_and_marks_predicted_and_true(
    visit, slopes: Slopes, answered: Answers, split: Split
) -> None:
    index = mistake(answered)
    app = visit(image=str(index), sheet="picked", picked="3,99999")
    assert html(app).count("<th scope=row>") == 1
    assert "Not in validation: 99999." in said(app)
    app = settled(labelled(app.button, f"Add image {index}").click().run())
    assert app.query_params["picked"] == f"3,99999,{index}"
    assert html(app).count("<th scope=row>") == 2
    assert html(app).count('<td class="predicted true"') == 1
    assert html(app).count('<td class="predicted"') == html(app).count('<td class="true"') == 1
    app = settled(labelled(app.text_input, "Positions").set_value("5, 6, 7").run())
    assert app.query_params["picked"] == "5,6,7"
    assert html(app).count("<th scope=row>") == 3
    app = settled(labelled(app.text_input, "Positions").set_value("five").run())
    assert app.query_params["picked"] == "5,6,7"
    assert "Write positions with commas" in said(app)


def test_the_sheet_of_a_set_or_cell_has_its_images_and_no_more(
    visit, slopes: Slopes, answered: Answers
) -> None:
    app = visit(image="7", sheet="set", set="index < 12")
    assert html(app).count("<th scope=row>") == 12
    assert "12 images of the set" in said(app)
    index = mistake(answered)
    true, predicted = answered.cell_of(index)
    cell = {"true": str(true), "predicted": str(predicted)}
    app = visit(image=str(index), sheet="cell", of="difference", **cell)
    inside = len(answered.find(true, predicted))
    assert html(app).count("<th scope=row>") == inside
    assert html(app).count(f"{predicted} against {true}") == 3 * inside


def test_what_was_drawn_has_a_row_of_its_own_without_a_true_class(
    visit, slopes: Slopes, tiny_run: Run
) -> None:
    app = visit(image="7", sheet="sketch", of="logit")
    assert "Nothing is drawn yet." in said(app)
    assert "<th scope=row>" not in html(app)
    drawing = np.zeros((28, 28), np.uint8)
    drawing[4:24, 12:15] = 255
    app.session_state["drawing"] = drawing
    app = settled(app.run())
    assert np.array_equal(slopes.asked[-1][0], drawing)
    assert slopes.asked[-1][2] == Target("logit")
    read = predict(tiny_run.checkpoint(3).path, drawing[None])[0].argmax()
    assert f"<span>read as {read}</span>" in html(app)
    assert html(app).count('<td class="predicted"') == 1
    assert '<td class="true"' not in html(app)


def test_scores_are_offered_and_explained_as_scores(
    visit, slopes: Slopes, tiny_run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = tmp_path / "models" / "scores"
    shutil.copytree(tiny_run.folder, run)
    details = json.loads((run / "run.json").read_text())
    (run / "run.json").write_text(json.dumps(details | {"output": "scores"}))
    monkeypatch.setenv("MNIST_LENS_MODELS", str(run.parent))
    app = visit(run="scores", image="7", of="logit")
    offered = labelled(app.get("button_group"), "Explained").options
    assert offered == ["Score", "Difference"]
    assert slopes.asked[-1][2] == Target("probability")
    assert "of score in one pixel" in html(app)


def test_covering_in_the_order_of_the_map_is_held_against_random_orders(
    visit, slopes: Slopes, answered: Answers, split: Split, mnist_5k: Dataset, tiny_run: Run
) -> None:
    index = mistake(answered)
    app = visit(image=str(index), trust="covering")
    true, predicted = answered.cell_of(index)
    target, path = Target("difference", (predicted, true)), tiny_run.checkpoint(3).path
    compared, image = background(mnist_5k.split("train"), n=100), split.images[index]
    values = gradients(path, image[None], target)[0, 0]
    expected = words.covered(curves(path, image, compared, target, values), "logit")
    assert expected.replace("\\", "") in said(app)
    assert len(app.get("plotly_chart")) == 2


def test_of_a_right_answer_the_map_of_the_predicted_class_is_checked(
    visit, slopes: Slopes, answered: Answers
) -> None:
    index = int(np.flatnonzero(answered.y_pred == answered.y_true)[5])
    visit(image=str(index), of="logit", trust="covering")
    assert slopes.asked[-1][2] == Target("logit", (int(answered.y_pred[index]),))


def test_the_map_stands_beside_that_of_another_method(visit, answered: Answers) -> None:
    index = mistake(answered)
    app = visit(image=str(index), trust="methods", beside="slopes")
    assert "of the 40 pixels of most weight are the same in Deep SHAP." in said(app)
    app = settled(labelled(app.selectbox, "Beside it").set_value("occlusion").run())
    assert "are the same in Occlusion." in said(app)
    assert "<figcaption>Slopes<" in html(app)
    assert "<figcaption>Occlusion<" in html(app)


@pytest.mark.parametrize(("method", "beside"), [("slopes", "refuses"), ("refuses", "linear")])
def test_another_method_that_cannot_explain_the_model_is_named_and_the_rest_stays(
    visit, answered: Answers, method: str, beside: str
) -> None:
    app = visit(image=str(mistake(answered)), trust="methods", method=method, beside=beside)
    if beside == "refuses":
        assert "Slopes made this map and would stand in there, too. Expected a model" in said(app)
    else:
        assert "which is not linear" in said(app)
    choice = labelled(app.selectbox, "Beside it")
    assert "Slopes" not in choice.options
    assert labelled(app.selectbox, "Change it to be read as")


def test_the_page_says_which_map_is_checked(visit, answered: Answers) -> None:
    index = mistake(answered)
    true, predicted = answered.cell_of(index)
    app = visit(image=str(index), trust="weights")
    assert f"What is checked is the map of {predicted} against {true} (logit)." in said(app)
    index = int(np.flatnonzero(answered.y_pred == answered.y_true)[5])
    app = visit(image=str(index), trust="weights")
    checked = f"What is checked is the map of {answered.y_pred[index]} (probability)."
    assert checked in said(app)


def test_the_map_is_made_anew_against_three_choices_of_background_images(
    visit, slopes: Slopes, answered: Answers, mnist_5k: Dataset
) -> None:
    app = visit(image=str(mistake(answered)), trust="backgrounds", seed="9999")
    asked = [compared for _, compared, target in slopes.asked if target.of == "difference"]
    for compared, seed in zip(asked, (9_999, 0, 1), strict=True):
        assert np.array_equal(compared, background(mnist_5k.split("train"), n=100, seed=seed))
    assert "<figcaption>seed 9999<" in html(app)
    assert "<figcaption>standard deviation<" in html(app)
    # Slopes do not ask for the background.
    assert "the map **hardly changes**: rank correlations from 1.00 to 1.00" in said(app)


def test_the_map_of_shuffled_weights_is_held_against_it_and_kept(
    visit, answered: Answers, tmp_path: Path
) -> None:
    app = visit(image=str(mistake(answered)), trust="weights")
    assert "With its weights shuffled the model gives **" in said(app)
    assert "<figcaption>with shuffled weights<" in html(app)
    assert "compared with the first 50 images" in said(app)
    assert len([*(tmp_path / "explanations").glob("slopes-shuffled-*.npz")]) == 1


def test_a_method_without_background_is_not_checked_against_other_ones(visit) -> None:
    app = visit(image="7", method="grad-cam", trust="backgrounds")
    (choice,) = [one for one in app.get("button_group") if one.label.startswith("Can this map")]
    assert "Other backgrounds" not in choice.options


def test_what_would_have_to_change_is_told_with_its_pixels(
    visit, answered: Answers, split: Split, tiny_run: Run
) -> None:
    index = mistake(answered)
    true, predicted = answered.cell_of(index)
    app = visit(image=str(index))
    choice = labelled(app.selectbox, "Change it to be read as")
    assert choice.options[:2] == ["nothing", str(true)]
    app = settled(choice.set_value(true).run())
    found = turn(tiny_run.checkpoint(3).path, split.images[index], true)
    expected = words.turned(found, (str(predicted), str(true)), "probabilities")
    assert "changed" in expected
    assert expected in said(app)
    assert f"{len(found.pixels)} changed pixels: red becomes ink" in html(app)
    assert app.query_params["turned"] == str(true)
    app = settled(labelled(app.selectbox, "Change it").set_value(predicted).run())
    assert f"It is read as {predicted} already." in said(app)


def test_what_would_have_to_change_in_the_drawing_is_told_as_well(visit, tiny_run: Run) -> None:
    drawing = np.zeros((28, 28), np.uint8)
    drawing[4:24, 12:15] = 255
    path = tiny_run.checkpoint(3).path
    *_, asked, read = (int(label) for label in predict(path, drawing[None])[0].argsort())
    app = visit(image="7", sheet="sketch")
    app.session_state["drawing"] = drawing
    app = settled(app.run())
    ofs = [one for one in app.selectbox if one.label.startswith("Change it to be read as")]
    assert [one.options[:2] for one in ofs][1:] == [["nothing", str(asked)]]
    app = settled(ofs[1].set_value(asked).run())
    assert app.query_params["redrawn"] == str(asked)
    assert "turned" not in app.query_params
    found = turn(path, drawing, asked)
    assert words.turned(found, (str(read), str(asked)), "probabilities") in said(app)
