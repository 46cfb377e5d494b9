"""What many runs answered to one split, as a job: read where it was recorded, else predicted."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import streamlit as st

from dashboard.loading import brief_answers
from dashboard.loading.answers import load_answers
from dashboard.loading.kept_arrays import KeptArrays
from dashboard.loading.long_work import answers_job
from dashboard.visit.view import RunAndEpoch
from dashboard.work import jobs, worker
from dashboard.work.answering import Answered
from mnist_core.answers.brief_answers import in_brief
from mnist_core.answers.evaluation import evaluate
from mnist_core.datasets import Dataset, Split, load_dataset
from mnist_core.errors import EvaluationError, WorkerError
from mnist_core.runs import Run, list_runs, read_run


@pytest.fixture(autouse=True)
def calls(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[str]:
    """The functions that were called as if in a worker; nothing is kept from before."""
    called: list[str] = []

    def call(function, *arguments):
        called.append(function.__name__)
        return function(*arguments)

    monkeypatch.setattr(worker, "call", call)
    monkeypatch.setenv("MNIST_LENS_CACHE", str(tmp_path / "cache"))
    fresh = KeptArrays(most_bytes=1_000_000, size=lambda kept: kept.n_bytes)
    monkeypatch.setattr(brief_answers, "_kept", fresh)
    st.cache_resource.clear()
    return called


def gather(asked: list[RunAndEpoch], split: Split, *, exact: bool = False) -> Answered:
    key, _, work = answers_job(asked, split, exact=exact)
    job = jobs.ask(key, work)
    assert job.is_ended(wait=60)
    jobs.forget(key)
    return job.result()


def at_best(runs: list[Run]) -> list[RunAndEpoch]:
    return [RunAndEpoch(run, run.best_epoch) for run in runs]


def test_what_the_bundled_runs_recorded_comes_without_a_model(bundled_models: Path, calls):
    split = load_dataset("mnist").split("validation")
    runs = list_runs(bundled_models)
    made = gather(at_best(runs), split)
    assert calls == []
    assert made.against == {}
    assert list(made.answers) == [(run.name, run.best_epoch) for run in runs]
    for run in runs:
        brief = made.answers[run.name, run.best_epoch]
        assert brief.n_bytes == 3 * len(split)
        right = brief.in_full(split.labels).accuracy
        assert right == pytest.approx(run.validation_accuracy)
    assert brief_answers._kept.n_bytes == 3 * len(split) * len(runs)


def test_exact_confidences_are_those_of_the_model_and_asked_for_once(
    tiny_run: Run, mnist_5k: Dataset, calls
):
    split = mnist_5k.split("validation")
    asked = [RunAndEpoch(tiny_run, epoch) for epoch in (1, 3)]
    exact = gather(asked, split, exact=True)
    assert calls == ["predict_first"] * 2
    recorded = gather(asked, split)
    assert gather(asked, split, exact=True).answers == exact.answers
    assert len(calls) == 2
    for one in asked:
        answers = load_answers(one.run, one.epoch, split)
        brief, rounded = (made.answers[one.run.name, one.epoch] for made in (exact, recorded))
        np.testing.assert_array_equal(brief.confidence, answers.confidence)
        for given in (brief, rounded):
            np.testing.assert_array_equal(given.in_full(split.labels).y_pred, answers.y_pred)
        assert np.abs(rounded.confidence - brief.confidence).max() <= 2.0**-12
        assert brief.n_bytes == 5 * len(split)


def test_a_split_that_was_not_recorded_is_predicted(tiny_run: Run, mnist_5k: Dataset, calls):
    split = mnist_5k.split("train")
    made = gather(at_best([tiny_run]), split)
    assert calls == ["predict_first"]
    assert len(made.answers["tiny", tiny_run.best_epoch]) == len(split)


def test_a_run_that_cannot_be_read_stops_none_of_the_others(
    tiny_run: Run, mnist_5k: Dataset, tmp_path: Path
):
    for name in ("damaged", "gone"):
        shutil.copytree(tiny_run.folder, tmp_path / name)
        for model in (tmp_path / name).glob("*.keras"):
            model.unlink()
    (tmp_path / "damaged" / "epochs.npz").write_bytes(b"PK\x03\x04 torn")
    gone, damaged = (read_run(tmp_path, name) for name in ("gone", "damaged"))
    shutil.rmtree(tmp_path / "gone")
    made = gather(at_best([damaged, gone, tiny_run]), mnist_5k.split("validation"))
    assert [name for name, _ in made.answers] == ["tiny"]
    assert "a damaged file" in made.against["damaged", damaged.best_epoch]
    assert "has no checkpoint" in made.against["gone", gone.best_epoch]


def test_what_a_file_says_now_replaces_what_is_kept(
    tiny_run: Run, mnist_5k: Dataset, tmp_path: Path
):
    shutil.copytree(tiny_run.folder, tmp_path / "tiny")
    split, run = mnist_5k.split("validation"), read_run(tmp_path, "tiny")
    before = gather([RunAndEpoch(run, 1)], split).answers["tiny", 1]
    arrays = dict(np.load(run.folder / "epochs.npz"))
    arrays["validation_predicted"][0] = 7
    np.savez(run.folder / "epochs.npz", **arrays)
    after = gather([RunAndEpoch(run, 1)], split).answers["tiny", 1]
    assert set(after.predicted) == {7} != set(before.predicted)


def test_workers_that_cannot_go_on_are_no_fault_of_one_run(
    tiny_run: Run, mnist_5k: Dataset, monkeypatch: pytest.MonkeyPatch
):
    def call(*_):
        raise WorkerError("Expected a worker process to finish this. Received: none. Reload.")

    monkeypatch.setattr(worker, "call", call)
    with pytest.raises(WorkerError):
        gather(at_best([tiny_run]), mnist_5k.split("train"))


def test_brief_answers_hold_many_classes_and_check_what_they_are_read_with():
    y_prob = np.eye(300, dtype=np.float32)[[299, 3]]
    answers = evaluate(np.array([299, 4], np.uint16), y_prob)
    brief = in_brief(answers)
    assert brief.predicted.dtype == np.uint16
    assert brief.in_full(answers.y_true).y_pred.tolist() == [299, 3]
    with pytest.raises(ValueError, match="read-only"):
        brief.predicted[0] = 1
    with pytest.raises(EvaluationError, match="one answer"):
        brief.in_full(answers.y_true[:1])
    with pytest.raises(EvaluationError, match="true classes"):
        replace(brief, n_classes=5).in_full(answers.y_true)
