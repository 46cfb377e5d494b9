"""The report's figures are those of the stored models, beside the write-ups' own."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from mnist_core import training
from mnist_core.answers.evaluation import Answers
from mnist_core.datasets import Split
from mnist_core.errors import DatasetError
from mnist_core.inference.prediction import predict
from mnist_core.recipes import RECIPES
from mnist_core.results import SPLITS, Result, as_markdown, results
from mnist_core.runs import Run, list_runs


@pytest.fixture(scope="module")
def models(tmp_path_factory, quick, small):
    """Two seeds of one recipe, a linear run, and a run whose best model is gone."""
    folder = tmp_path_factory.mktemp("report") / "models"
    for seed in (0, 1):
        training.train(quick, small, models=folder, name=f"seed-{seed}", seed=seed)
    recipe = RECIPES["linear-l2"]
    training.train(recipe, small, models=folder, name="linear-l2", max_epochs=1)
    gone = training.train(quick, small, models=folder, name="gone", seed=3)
    gone.checkpoint(gone.best_epoch).path.unlink()
    return folder


def rows(text: str, heading: str) -> dict[str, list[str]]:
    """The cells of a table's lines by the first one."""
    lines = text.split(heading)[1].split("\n## ")[0].splitlines()
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if "|" in line]
    return {row[0]: row[1:] for row in cells[2:]}


def test_every_figure_is_that_of_the_best_stored_model(models, small, tmp_path):
    runs = {run.name: run for run in list_runs(models)}
    found = results(runs.values(), small, tmp_path)
    text = as_markdown(found, runs.values(), small)
    assert "Left out: gone, the model of its best epoch was not kept." in text
    table = rows(text, "# Results")
    assert set(table) == {"seed-0", "seed-1", "linear-l2"}
    for name, cells in table.items():
        run, test = runs[name], small.split("test")
        answers = predict(run.checkpoint(run.best_epoch).path, test.images)
        accuracy = np.mean(answers.argmax(axis=1) == test.labels)
        assert cells[4].startswith(f"{100 * accuracy:.2f} (")
        assert cells[5] == str(round(100 * (1 - accuracy)))
        assert "(" not in cells[3]  # a maximum over the epochs
        assert (cells[6:8] == ["–", "–"]) == (name == "linear-l2")
    errors = [result.errors for result in found]
    assert errors == sorted(errors)


def test_the_write_ups_figure_stands_beside_ours(models, small, tmp_path):
    runs = list_runs(models)
    found = results(runs, small, tmp_path)
    beside = rows(as_markdown(found, runs, small), "## Beside the write-ups")
    ours, theirs, difference, verdict = beside["linear-l2"]
    assert theirs == "91.75"
    assert float(difference.replace("−", "-")) == pytest.approx(float(ours) - 91.75, abs=0.006)
    (linear,) = (result for result in found if result.run.name == "linear-l2")
    low, high = linear.evaluations["test"].accuracy_interval
    assert verdict.endswith(", but within our interval") == (low <= 0.9175 <= high)
    assert verdict.startswith("above" if float(ours) > 91.75 else "below")


def right_on(n_right: int, run: Run) -> Result:
    """A run whose model is right on so many of 10,000 images of every split."""
    y_true, y_pred = np.zeros(10_000, np.uint8), (np.arange(10_000) >= n_right).astype(int)
    answers = Answers(y_true, y_pred, np.ones(10_000), 2, run.output)
    return Result(run, dict.fromkeys(SPLITS, answers))


def test_a_spread_over_seeds_says_nothing_of_another_recipe(small):
    bundled = {run.name: run for run in list_runs(Path(__file__).parents[2] / "models")}
    first = bundled["simple-conv"]
    second, copy = (
        replace(first, name=name, details=replace(first.details, seed=seed))
        for name, seed in (("second", 1), ("copy", 0))
    )
    found = [
        right_on(9_858, bundled["cnn"]),  # published are 99.41, far beyond the interval
        right_on(9_939, replace(bundled["cnn"], name="near")),
        right_on(9_847, first),  # published are 98.58
        right_on(9_836, second),
        right_on(9_858, copy),
        right_on(9_180, bundled["linear-l2"]),  # published are 91.75
        right_on(9_240, replace(bundled["linear-l2"], name="far")),
    ]
    text = as_markdown(found, [], small)
    verdicts = {name: row[-1] for name, row in rows(text, "## Beside the write-ups").items()}
    assert verdicts == {
        "cnn": "below",
        "near": "below, but within our interval",
        "simple-conv": "within a seed's spread",
        "second": "below, but within our interval",
        "copy": "the same",
        "linear-l2": "above, but within our interval",
        "far": "above",
    }
    assert text.count("## simple-conv with 2 seeds") == 1, "a copy is no third, nor a second pair"


def test_several_seeds_of_a_recipe_give_a_median(models, small, tmp_path):
    found = results(list_runs(models), small, tmp_path)
    text = as_markdown(found, list_runs(models), small)
    assert "## simple-conv with 2 seeds" in text
    of = [r.evaluations["test"].accuracy for r in found if r.run.recipe == "simple-conv"]
    assert f"Median test accuracy {100 * np.median(of):.2f} %, from {100 * min(of):.2f} %" in text


def test_runs_of_another_data_set_have_a_section_and_are_not_left_out(
    models, quick, small, tmp_path
):
    turned = {
        name: Split(name, split.images[:, ::-1], split.labels)
        for name, split in small.splits.items()
    }
    other = replace(small, name="turned", title="Turned", splits=turned)
    training.train(quick, other, models=tmp_path / "models", name="upside-down", seed=5)
    runs = [*list_runs(models), *list_runs(tmp_path / "models")]
    found, its = (results(runs, each, tmp_path / "cache") for each in (small, other))
    text = as_markdown(found, runs, small, also=[(other, its)])
    assert "upside-down" not in rows(text, "# Results")
    assert "Left out: upside-down" not in text
    (name, cells), *none = rows(text, "## Turned").items()
    assert (name, none) == ("upside-down", [])
    assert cells[5] == str(its[0].errors)
    command = "mnist-lens train simple-conv --name upside-down --data turned --seed 5"
    assert command in text.splitlines()
    assert "Left out: upside-down, it was trained on other images" in as_markdown(
        found, runs, small
    )


def test_without_a_test_split_there_is_no_report(models, small, tmp_path):
    splits = {name: split for name, split in small.splits.items() if name != "test"}
    with pytest.raises(DatasetError, match="no test split"):
        results(list_runs(models), replace(small, splits=splits), tmp_path)
