"""Suspect labels: ranked as cleanlab ranks them, by models that did not train on the images."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from mnist_core.answers.evaluation import evaluate
from mnist_core.datasets import load_dataset
from mnist_core.errors import EvaluationError, RunError
from mnist_core.inference.prediction import predict
from mnist_core.runs import Run, checkpoint_path, list_runs, read_run
from mnist_core.suspects import find_suspects, named_witnesses, objection, rank_suspects, witnesses


@st.composite
def labels_and_models(draw):
    """Labels of three classes, and what one to three models make of the images."""
    n = draw(st.integers(1, 12))
    weights = arrays.arrays(np.float32, (n, 3), elements=st.floats(2**-6, 1, width=32))
    models = [draw(weights) for _ in range(draw(st.integers(1, 3)))]
    y_true = draw(arrays.arrays(np.uint8, n, elements=st.integers(0, 2)))
    return y_true, [weight / weight.sum(axis=1, keepdims=True) for weight in models]


def test_three_classes_are_ranked_as_by_hand():
    y_true = np.array([0, 1, 2, 2], np.uint8)
    one = np.array([[0.8, 0.2, 0.0], [0.5, 0.25, 0.25], [0.25, 0.25, 0.5], [0.0, 1.0, 0.0]])
    other = np.array([[0.6, 0.4, 0.0], [0.25, 0.75, 0.0], [0.5, 0.25, 0.25], [0.0, 1.0, 0.0]])
    found = rank_suspects(y_true, [one, other], ["one", "other"])
    # Means: .7 .3 0; .375 .5 .125; .375 .25 .375; 0 1 0. Margins: .4, .125, 0 and −1.
    assert found.indices.tolist() == [3, 2, 1, 0]
    assert found.given.tolist() == [2, 2, 1, 0]
    assert found.suggested.tolist() == [1, 0, 1, 0]
    assert found.score.tolist() == pytest.approx([0, 0.5, 0.5625, 0.7])
    assert found.n_disputed == 1
    assert found.evidence == ("one", "other")


@given(labels_and_models())
def test_the_ranking_is_that_of_cleanlab(drawn):
    from cleanlab.rank import find_top_issues, get_label_quality_scores

    y_true, y_probs = drawn
    mean = sum(y_prob.astype(np.float64) for y_prob in y_probs) / len(y_probs)
    by_hand = get_label_quality_scores(
        y_true.astype(int), mean.clip(0, 1), method="normalized_margin"
    )
    found = rank_suspects(y_true, y_probs)
    np.testing.assert_allclose(found.score, np.sort(by_hand), atol=1e-12)
    np.testing.assert_allclose(
        by_hand[find_top_issues(by_hand, top=len(by_hand))], found.score, atol=1e-12
    )
    np.testing.assert_allclose(by_hand[found.indices], found.score, atol=1e-12)


@given(labels_and_models())
def test_a_ranking_holds_every_label_once_and_suggests_where_it_disputes(drawn):
    y_true, y_probs = drawn
    found = rank_suspects(y_true, y_probs)
    assert sorted(found.indices.tolist()) == list(range(len(y_true)))
    np.testing.assert_array_equal(found.given, y_true[found.indices])
    assert ((found.score >= 0) & (found.score <= 1)).all()
    assert (np.diff(found.score) >= 0).all()
    disputes = found.suggested != found.given
    assert (found.score[disputes] <= 0.5).all()
    assert disputes[found.score < 0.5].all()
    assert found.n_disputed == (found.score < 0.5).sum()


def test_suspects_cannot_be_changed():
    found = rank_suspects(np.array([0, 1]), [np.eye(2)])
    for array in (found.indices, found.given, found.suggested, found.score):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 1


@pytest.mark.parametrize(
    "y_probs", [[], [np.eye(2), np.full((2, 4), 0.25)], [np.ones((2, 1))]], ids=str
)
def test_models_must_tell_the_same_classes_apart(y_probs):
    with pytest.raises(EvaluationError, match="same two or more classes"):
        rank_suspects(np.array([0, 0]), y_probs)


def test_one_run_disputes_exactly_its_mistakes(tiny_run, mnist_5k, tmp_path):
    validation = mnist_5k.split("validation")
    (checkpoint,) = witnesses([tiny_run], validation)
    evaluation = evaluate(validation.labels, predict(checkpoint.path, validation.images))
    found = find_suspects([checkpoint], validation, tmp_path)
    disputed = found.indices[: found.n_disputed]
    wrong = np.flatnonzero(evaluation.y_pred != validation.labels)
    assert sorted(disputed.tolist()) == wrong.tolist() != []
    np.testing.assert_array_equal(found.suggested, evaluation.y_pred[found.indices])
    assert found.evidence == (f"tiny epoch {tiny_run.best_epoch}",)
    assert len(found) == 1_000


def held_out_of(split, **details) -> dict:
    fingerprints = {"train": "other", split.name: split.fingerprint}
    return {"data": {"fingerprints": fingerprints}} | details


@pytest.fixture
def make_witness(models, make_run, mnist_5k):
    """A function that makes a run held out from mnist-5k's validation, with a best epoch."""

    def make(name: str = "run", accuracy: float = 0.5, **details: object) -> Run:
        known = held_out_of(mnist_5k.split("validation"))
        folder = make_run(models, name, (0.1, accuracy), **(known | details))
        checkpoint_path(folder, 2).touch()
        return read_run(models, name)

    return make


def test_the_best_runs_on_validation_are_asked_first_and_no_more_than_a_few(
    make_witness, mnist_5k, monkeypatch
):
    monkeypatch.setattr("mnist_core.suspects.suspects.MOST_RUNS", 2)
    runs = [make_witness(f"run-{share}", share) for share in (0.25, 0.75, 0.5)]
    asked = witnesses(runs, mnist_5k.split("validation"))
    assert [(found.run, found.epoch) for found in asked] == [("run-0.75", 2), ("run-0.5", 2)]


@pytest.mark.parametrize(
    ("details", "reason"),
    [
        ({"state": "imported"}, "not known"),
        ({"state": "training"}, None),  # nobody holds its lock: stopped
        ({"output": "scores"}, "scores"),
        ({"data": {"fingerprints": {"validation": "same"}}}, "not known"),
        ({"data": {"fingerprints": {"train": "other"}}}, "nothing says"),
    ],
)
def test_a_run_that_may_not_speak_is_left_out_and_refused_by_name(
    make_witness, mnist_5k, details, reason
):
    run, validation = make_witness(**details), mnist_5k.split("validation")
    if reason is None:
        assert witnesses([run], validation) == named_witnesses([run], validation) != ()
        return
    assert witnesses([run], validation) == ()
    with pytest.raises(RunError, match=reason):
        named_witnesses([run], validation)


def test_a_run_whose_training_goes_on_is_not_asked(make_witness, mnist_5k):
    run = replace(make_witness(), state="training")
    assert objection(run, mnist_5k.split("validation")) == "not finished"


def test_a_run_without_the_model_of_its_best_epoch_is_not_asked(make_witness, mnist_5k):
    run = make_witness()
    checkpoint_path(run.folder, 2).unlink()
    assert "not kept" in str(objection(run, mnist_5k.split("validation")))


def test_a_run_does_not_speak_about_what_it_trained_on_in_any_cut(tiny_run, mnist_5k):
    digits = load_dataset("mnist").split("validation")
    assert objection(tiny_run, mnist_5k.split("validation")) is None
    assert "trained on these" in str(objection(tiny_run, mnist_5k.split("train")))
    # The embedded digits hold those that mnist-5k trains on.
    assert "nothing says" in str(objection(tiny_run, digits))


def test_bundled_runs_that_give_probabilities_speak_about_the_embedded_digits(bundled_models):
    digits = load_dataset("mnist").split("validation")
    runs = list_runs(bundled_models)
    may_speak = {run.name for run in runs if objection(run, digits) is None}
    assert may_speak == {run.name for run in runs if run.output == "probabilities"} != set()


def test_an_answer_a_hair_above_one_counts_as_sure():
    above_one = np.array([[1 + 5e-6, 0], [0, 1 + 5e-6]])
    found = rank_suspects(np.array([0, 0], np.uint8), [above_one])
    assert found.score.tolist() == [0, 1]
