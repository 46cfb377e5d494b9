"""Runs that differ by their seed alone are found, and others are not."""

from dataclasses import replace
from pathlib import Path

import pytest

from mnist_core.runs import Run, list_runs
from mnist_core.runs.seeds import seeds_of, spread_of

RUNS = {run.name: run for run in list_runs(Path(__file__).parents[2] / "models")}
FLAGSHIP = RUNS["flagship"]


def changed(**details: object) -> Run:
    return replace(FLAGSHIP, name="other", details=replace(FLAGSHIP.details, seed=9, **details))


def test_the_bundled_flagship_has_three_seeds_and_every_other_recipe_one() -> None:
    names = [run.name for run in seeds_of(FLAGSHIP, RUNS.values())]
    assert names == ["flagship", "flagship-seed-1", "flagship-seed-2"]
    others = [run for run in RUNS.values() if run.recipe != "flagship"]
    assert all(seeds_of(run, RUNS.values()) == () for run in others)


def test_the_spread_of_the_flagship_is_that_of_its_records() -> None:
    found = spread_of(FLAGSHIP, RUNS.values(), "test")
    assert found is not None
    assert (found.low, found.middle, found.high) == (0.996, 0.9963, 0.9972)
    assert found.seeds == 3
    assert spread_of(FLAGSHIP, RUNS.values(), "train") is None
    assert spread_of(RUNS["cnn"], RUNS.values(), "test") is None


def test_a_run_that_differs_by_more_than_its_seed_is_no_seed_of_it() -> None:
    patient = replace(FLAGSHIP.details.hyperparameters, patience=99)
    assert seeds_of(FLAGSHIP, [FLAGSHIP, changed(hyperparameters=patient)]) == ()
    assert len(seeds_of(FLAGSHIP, [FLAGSHIP, changed()])) == 2
    assert seeds_of(FLAGSHIP, [FLAGSHIP, replace(changed(), fingerprints={})]) == ()
    assert seeds_of(FLAGSHIP, [FLAGSHIP, replace(changed(), state="stopped")]) == ()
    same = replace(FLAGSHIP, name="the same seed again")
    assert seeds_of(FLAGSHIP, [FLAGSHIP, same]) == ()


@pytest.mark.parametrize("swapped", [False, True])
def test_a_copy_of_a_run_never_takes_its_place(swapped: bool) -> None:
    copy, other = replace(FLAGSHIP, name="copy"), RUNS["flagship-seed-1"]
    runs = [copy, FLAGSHIP, other] if swapped else [FLAGSHIP, copy, other]
    assert [run.name for run in seeds_of(FLAGSHIP, runs)] == ["flagship", "flagship-seed-1"]
    assert [run.name for run in seeds_of(copy, runs)] == ["copy", "flagship-seed-1"]
    first = runs[0].name
    assert [run.name for run in seeds_of(other, runs)] == [first, "flagship-seed-1"]


@pytest.mark.parametrize("run", [replace(FLAGSHIP, recipe=""), replace(FLAGSHIP, state="imported")])
def test_a_run_of_unknown_recipe_has_no_seeds(run: Run) -> None:
    assert seeds_of(run, [run, replace(run, name="other")]) == ()
