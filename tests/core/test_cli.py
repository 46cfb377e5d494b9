"""The command line prints what programs can read, and one line for people who mistype."""

import json
import os
import re
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple
from unittest.mock import Mock

import numpy as np
import pytest

from mnist_core import quiet, training
from mnist_core.commands.main import main
from mnist_core.commands.predict import _print_readings
from mnist_core.datasets import DATASETS, download
from mnist_core.errors import DatasetError
from mnist_core.inference.prediction import predict
from mnist_core.recipes import RECIPES
from mnist_core.runs import read_run
from mnist_core.suspects import cross_validation


class Outcome(NamedTuple):
    code: int | None
    out: str
    err: str


Call = Callable[..., Outcome]


@pytest.fixture
def mnist_lens(monkeypatch, capsys) -> Call:
    """A function that runs the command line in this process."""

    def call(*arguments: str) -> Outcome:
        monkeypatch.setattr(sys, "argv", ["mnist-lens", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
        return Outcome(ended.value.code, *capsys.readouterr())

    return call


@pytest.fixture
def tiny(tiny_run, monkeypatch):
    """`tiny_run` as the only run in the models folder."""
    monkeypatch.setenv("MNIST_LENS_MODELS", str(tiny_run.folder.parent))
    return tiny_run


def parsed(outcome: Outcome):
    assert outcome.code in (None, 0)
    assert outcome.err == ""
    return json.loads(outcome.out)


def test_runs_as_json_have_exactly_the_promised_keys(mnist_lens, tiny):
    assert parsed(mnist_lens("runs", "--json")) == [
        {
            "name": "tiny",
            "recipe": "simple-conv",
            "parameters": 693_962,
            "epochs": 3,
            "best_epoch": tiny.best_epoch,
            "validation_accuracy": tiny.validation_accuracy,
            "test_accuracy": None,
            "state": "finished",
            "reason": None,
        }
    ]


def test_a_refused_run_is_listed_with_its_reason(mnist_lens, models, make_run, monkeypatch):
    monkeypatch.setenv("MNIST_LENS_MODELS", str(models))
    (make_run(models, "torn") / "run.json").write_text("{")
    (listed,) = parsed(mnist_lens("runs", "--json"))
    assert (listed["state"], listed["recipe"], listed["epochs"]) == ("refused", None, 0)
    assert "damaged" in listed["reason"]
    assert f"torn: {listed['reason']}" in mnist_lens("runs").out


def test_runs_are_a_table_for_people(mnist_lens, models, make_run, monkeypatch):
    monkeypatch.setenv("MNIST_LENS_MODELS", str(models))
    assert "mnist-lens train simple-conv" in mnist_lens("runs").out
    make_run(models, "one", (0.5, 0.875, 0.75), test_accuracy=0.9912)
    header, line = mnist_lens("runs").out.splitlines()
    assert header.split() == ["run", "parameters", "epochs", "best", "validation", "test", "state"]
    assert line.split() == ["one", "693,962", "3", "2", "87.50", "%", "99.12", "%", "finished"]


def test_an_evaluation_as_json_is_that_of_scikit_learn(mnist_lens, tiny, mnist_5k):
    from sklearn import metrics

    found = parsed(mnist_lens("evaluate", "tiny", "--data", "mnist-5k", "--json"))
    validation = mnist_5k.split("validation")
    y_pred = predict(tiny.checkpoint(tiny.best_epoch).path, validation.images).argmax(axis=1)
    assert sorted(found) == [
        "accuracy",
        "confusion_matrix",
        "error_indices",
        "expected_calibration_error",
        "n",
        "output",
        "precision",
        "recall",
    ]
    assert found["n"] == 1_000
    assert found["output"] == "probabilities"
    assert 0 < found["expected_calibration_error"] < 0.1
    assert found["accuracy"] == tiny.validation_accuracy
    matrix = metrics.confusion_matrix(validation.labels, y_pred)
    assert found["confusion_matrix"] == matrix.tolist()
    precision, recall, _, _ = metrics.precision_recall_fscore_support(validation.labels, y_pred)
    assert found["precision"] == pytest.approx(precision.tolist())
    assert found["recall"] == pytest.approx(recall.tolist())
    assert found["error_indices"] == np.flatnonzero(y_pred != validation.labels).tolist()


def test_an_evaluation_of_a_chosen_epoch_and_split_is_a_table_for_people(
    mnist_lens, tiny, mnist_5k
):
    arguments = ("evaluate", "tiny", "--epoch", "1", "--split", "train", "--data", "mnist-5k")
    out = mnist_lens(*arguments).out.splitlines()
    train = mnist_5k.split("train")
    y_pred = predict(tiny.checkpoint(1).path, train.images).argmax(axis=1)
    share = f"{100 * np.mean(y_pred == train.labels):.1f} %"
    assert out[0].startswith("tiny · epoch 1 of 3 · MNIST 5k train, 4,000 images · " + share)
    assert out[1].split()[3:13] == list("0123456789")
    assert len(out) == 13
    for label in range(10):
        row = np.bincount(y_pred[train.labels == label], minlength=10)
        assert out[2 + label].split()[:11] == [str(label), *(f"{n:,}" for n in row)]


def test_a_class_that_was_never_predicted_has_no_precision(mnist_lens, tiny, mnist_5k, tmp_path):
    # Of blank images every one is taken for the same digit.
    blank = np.zeros((20, 28, 28), np.uint8)
    labels = np.arange(20, dtype=np.uint8) % 10
    np.savez(
        tmp_path / "blank.npz", x_train=blank, y_train=labels, x_test=blank[:9], y_test=labels[:9]
    )
    found = parsed(mnist_lens("evaluate", "tiny", "--data", str(tmp_path / "blank.npz"), "--json"))
    assert found["n"] == 9
    assert sum(share is None for share in found["precision"]) == 9
    assert [share is None for share in found["recall"]] == [False] * 9 + [True]


def test_the_data_in_use_is_listed_with_sizes_and_fingerprints(mnist_lens):
    listed = parsed(mnist_lens("data", "--json"))
    assert [entry["name"] for entry in listed] == list(DATASETS)
    for entry in listed:
        dataset = DATASETS[entry["name"]]()
        assert entry["source"] == dataset.source
        assert entry["splits"] == {
            name: {"n": len(split), "fingerprint": split.fingerprint}
            for name, split in dataset.splits.items()
        }
    assert "mnist-5k: train 4,000, validation 1,000; from" in mnist_lens("data").out


@pytest.mark.parametrize(
    "arguments",
    [
        ("data",),
        ("train", "simple-conv"),
        ("import", "somewhere"),
        ("evaluate", "tiny"),
        ("report",),
        ("suspects",),
    ],
)
def test_every_command_that_loads_data_takes_a_limit(
    mnist_lens, tiny, monkeypatch, small_npz, arguments
):
    monkeypatch.setenv("MNIST_LENS_DATA", str(small_npz))
    refused = mnist_lens(*arguments, "--max-data-gb", "0.00001")
    assert refused.code == 2
    assert "Expected at most 1e-05 GB of images and labels in mnist.npz" in refused.err


@pytest.mark.parametrize("limit", ["nan", "inf", "0", "-1"])
def test_a_limit_that_would_be_none_is_refused(mnist_lens, limit):
    refused = mnist_lens("data", "--max-data-gb", limit)
    assert refused.code == 2
    assert f"Expected a number of gigabytes above 0. Received: {float(limit)}" in refused.err


def test_a_failed_fetch_is_told_and_the_embedded_digits_are_used(mnist_lens, monkeypatch):
    def fail(target: object) -> None:
        raise DatasetError("MNIST could not be fetched (no network).")

    monkeypatch.setattr(download, "fetch", fail)
    outcome = mnist_lens("data", "--fetch")
    assert outcome.code in (None, 0)
    assert "could not be fetched (no network). Using the embedded digits instead." in outcome.out
    assert "mnist: validation 5,000; from" in outcome.out


def test_nothing_is_fetched_where_mnist_is_at_hand(mnist_lens, monkeypatch, small_npz):
    monkeypatch.setattr(download, "fetch", lambda target: pytest.fail("fetched"))
    monkeypatch.setenv("MNIST_LENS_DATA", str(small_npz))
    assert "mnist: train 20, validation 20, test 10" in mnist_lens("data", "--fetch").out


def test_training_ends_in_a_run_and_a_second_one_gets_the_next_name(
    mnist_lens, models, quick, monkeypatch
):
    monkeypatch.setenv("MNIST_LENS_MODELS", str(models))
    monkeypatch.setitem(RECIPES, "simple-conv", quick)
    arguments = ("train", "simple-conv", "--data", "mnist-5k", "--epochs", "1", "--seed", "3")
    first, second = mnist_lens(*arguments).out, mnist_lens(*arguments).out
    assert re.search(r"Epoch 1: loss [\d.]+, accuracy [\d.]+ %; validation loss", first)
    assert re.search(r"^simple-conv: best epoch 1 of 1, validation [\d.]+ %, test –", first, re.M)
    assert "simple-conv-2: best epoch 1 of 1" in second
    assert [run["epochs"] for run in parsed(mnist_lens("runs", "--json"))] == [1, 1]


# Another processor may round a few images the other way.
def test_the_bundled_run_has_the_validation_accuracy_that_it_claims(
    mnist_lens, bundled_models, monkeypatch
):
    monkeypatch.setenv("MNIST_LENS_MODELS", str(bundled_models))
    claimed = read_run(bundled_models, "simple-conv")
    found = parsed(mnist_lens("evaluate", "simple-conv", "--split", "validation", "--json"))
    assert found["n"] == 5_000
    assert found["accuracy"] == pytest.approx(claimed.validation_accuracy, abs=4e-4)
    assert claimed.details.validation_accuracy == claimed.validation_accuracy
    assert claimed.details.best_epoch == claimed.best_epoch


def test_the_bundled_run_has_the_test_accuracy_that_it_claims(
    mnist_lens, bundled_models, full_mnist_path, monkeypatch
):
    monkeypatch.setenv("MNIST_LENS_MODELS", str(bundled_models))
    monkeypatch.setenv("MNIST_LENS_DATA", str(full_mnist_path))
    claimed = read_run(bundled_models, "simple-conv")
    found = parsed(mnist_lens("evaluate", "simple-conv", "--json"))
    assert found["n"] == 10_000
    assert found["accuracy"] == pytest.approx(claimed.test_accuracy, abs=4e-4)


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        ((), "mnist-lens --help"),
        (("runs", "--bogus"), "No such option: --bogus"),
        (("train",), "Missing argument 'recipe'"),
        (("train", "perceptron"), "Received: 'perceptron'"),
        (("train", "simple-conv"), "no train split, only validation"),
        (("train", "simple-conv", "--epochs", "few"), "'--epochs'"),
        (("train", "simple-conv", "--epochs", "0", "--data", "mnist-5k"), "Received: 0"),
        (("train", "simple-conv", "--seed", "-1", "--data", "mnist-5k"), "Received: -1"),
        (("train", "simple-conv", "--name", "../x", "--data", "mnist-5k"), "Received: '../x'"),
        (("train", "simple-conv", "--name", "tiny", "--data", "mnist-5k"), "tiny, which exists"),
        (("train", "simple-conv", "--resume", "--data", "mnist-5k"), "there is none"),
        (("evaluate", "none"), "there are: tiny"),
        (("evaluate", "tiny", "--epoch", "9"), "no checkpoint of epoch 9; those kept: 1, 2, 3"),
        (("evaluate", "tiny", "--epoch", "0"), "no checkpoint of epoch 0; those kept: 1, 2, 3"),
        (("evaluate", "tiny", "--split", "train"), "no train split, only validation"),
        (("evaluate", "tiny", "--data", "fashion"), "Received: 'fashion'"),
    ],
)
def test_bad_input_ends_in_code_2_and_one_line(mnist_lens, tiny, arguments, complaint):
    outcome = mnist_lens(*arguments)
    assert outcome.code == 2
    assert outcome.err.startswith("mnist-lens: ")
    assert complaint in outcome.err
    assert outcome.err.count("\n") == 1


def test_a_run_without_a_whole_epoch_cannot_be_evaluated_yet(
    mnist_lens, models, make_run, monkeypatch
):
    monkeypatch.setenv("MNIST_LENS_MODELS", str(models))
    make_run(models, "young", (), state="training")
    outcome = mnist_lens("evaluate", "young")
    assert outcome.code == 2
    assert "young has no saved model" in outcome.err


@pytest.fixture
def linear(mnist_5k, models, monkeypatch):
    """A run whose models answer with scores."""
    monkeypatch.setenv("MNIST_LENS_MODELS", str(models))
    recipe = RECIPES["linear-l2"]
    return training.train(recipe, mnist_5k, models=models, name="linear", max_epochs=2)


def test_scores_are_not_passed_off_as_probabilities(mnist_lens, linear, mnist_5k, tmp_path):
    from PIL import Image

    found = parsed(mnist_lens("evaluate", "linear", "--data", "mnist-5k", "--json"))
    assert found["output"] == "scores"
    assert found["expected_calibration_error"] is None
    picture = tmp_path / "digit.png"
    Image.fromarray(mnist_5k.split("validation").images[0]).save(picture)
    (reading,) = parsed(mnist_lens("predict", str(picture), "--run", "linear", "--json"))
    assert reading["probabilities"] is None
    assert reading["confidence"] is None
    assert reading["label"] == int(np.argmax(reading["scores"]))
    assert "score" in mnist_lens("predict", str(picture), "--run", "linear").out


def test_the_three_most_probable_classes_have_the_same_decimals(capsys):
    probabilities = [0.0, 0.9937, 0.006, 0.0002, *[0.0] * 6]
    _print_readings(
        [{"file": "a.png", "label": 1, "probabilities": probabilities, "error": None}],
    )
    assert capsys.readouterr().out == "a.png: 1 (1 99.37 %, 2 0.60 %, 3 0.02 %)\n"


def test_what_cannot_be_seen_of_a_file_s_name_is_escaped(mnist_lens, tiny, mnist_5k, tmp_path):
    from PIL import Image

    good, bad, unread = (
        os.fsdecode(os.fsencode(tmp_path) + b"/" + name)
        for name in (b"caf\xe9.png", b"red\x1b[31m\n.png", b"no\x1b[31mruns")
    )
    Image.fromarray(mnist_5k.split("validation").images[0]).save(good, "png")
    Path(bad).write_bytes(b"%!PS")
    outcome = mnist_lens("predict", good, bad)
    assert f"{tmp_path}/caf\\xe9.png: " in outcome.out
    assert (
        f"{tmp_path}/red\\x1b[31m\\n.png: Expected a PNG or JPEG picture in red\\x1b" in outcome.err
    )
    assert outcome.err.count("\n") == 1
    outcome = mnist_lens("import", unread)
    assert "\x1b" not in outcome.err
    assert "no\\x1b[31mruns" in outcome.err


def test_models_from_elsewhere_become_a_run(mnist_lens, tiny_run, models, tmp_path, monkeypatch):
    monkeypatch.setenv("MNIST_LENS_MODELS", str(models))
    (tmp_path / "their").mkdir()
    shutil.copy(tiny_run.checkpoint(1).path, tmp_path / "their" / "model-1.keras")
    (tmp_path / "their" / "model-2.keras").write_text("torn")
    out = mnist_lens("import", str(tmp_path / "their"), "--data", "mnist-5k").out
    assert "Input scale 0-255 chosen by accuracy" in out
    assert "Left out: model-2.keras" in out
    assert "their: 1 of 1 epochs" in out
    (listed,) = parsed(mnist_lens("runs", "--json"))
    assert (listed["name"], listed["state"], listed["recipe"]) == ("their", "imported", None)
    refused = mnist_lens("import", str(tmp_path / "nowhere"))
    assert refused.code == 2
    assert "does not exist" in refused.err


def test_suspects_as_json_are_a_plain_list_and_the_evidence_is_told_apart(
    mnist_lens, tiny, mnist_5k
):
    validation = mnist_5k.split("validation")
    y_prob = predict(tiny.checkpoint(tiny.best_epoch).path, validation.images)
    outcome = mnist_lens("suspects", "--data", "mnist-5k", "--top", "3", "--json")
    found = json.loads(outcome.out)
    assert [sorted(entry) for entry in found] == [["given", "index", "score", "suggested"]] * 3
    for entry in found:
        assert entry["given"] == validation.labels[entry["index"]]
        assert entry["suggested"] == y_prob[entry["index"]].argmax()
    scores = [entry["score"] for entry in found]
    assert 0 <= scores[0] <= scores[1] <= scores[2] < 0.5
    assert f"doubted by tiny epoch {tiny.best_epoch} (the epochs were" in outcome.err
    header, *lines = mnist_lens("suspects", "--data", "mnist-5k", "--run", "tiny").out.splitlines()
    assert header.split() == ["index", "given", "suggested", "score"]
    assert len(lines) == 20
    assert lines[0].split()[:2] == [str(found[0]["index"]), str(found[0]["given"])]


def test_suspects_without_a_run_that_may_be_asked_say_why(mnist_lens, tiny):
    outcome = mnist_lens("suspects")  # the embedded digits, some of which tiny has trained on
    assert outcome.code == 2
    assert "tiny: nothing says that it was not trained on some" in outcome.err
    refused = mnist_lens("suspects", "--data", "mnist-5k", "--split", "train", "--run", "tiny")
    assert refused.code == 2
    assert "Expected --split train without --run" in refused.err


def test_suspects_of_train_are_cross_validated_and_can_be_stopped(
    mnist_lens, small_npz, quick, monkeypatch
):
    plan = cross_validation.Plan(quick, n_folds=2)
    monkeypatch.setattr(cross_validation, "default_plan", lambda split: plan)
    arguments = ("suspects", "--split", "train", "--data", str(small_npz))
    with monkeypatch.context() as patch:
        patch.setattr(quiet, "import_keras", Mock(side_effect=KeyboardInterrupt))
        outcome = mnist_lens(*arguments)
    assert outcome.code == 130
    assert f"0 of 2 folds are kept. Resume with: mnist-lens suspects {' '.join(arguments[1:])}" in (
        outcome.err
    )
    outcome = mnist_lens(*arguments, "--top", "99", "--json")
    assert sorted(entry["index"] for entry in json.loads(outcome.out)) == list(range(20))
    assert f"doubted by cross-validation by {plan}\n" in outcome.err


def test_find_lists_the_images_that_meet_a_condition(mnist_lens, tiny_run, mnist_5k, monkeypatch):
    monkeypatch.setenv("MNIST_LENS_MODELS", str(tiny_run.folder.parent))
    asked = ("--run", "tiny", "--data", "mnist-5k", "--split", "validation")
    confused = parsed(mnist_lens("evaluate", "tiny", "--data", "mnist-5k", "--json"))
    found = parsed(mnist_lens("find", "wrong", *asked, "--json"))
    assert [image["index"] for image in found] == confused["error_indices"]
    labels = mnist_5k.split("validation").labels
    for image in found:
        assert set(image) == {"index", "true", "predicted", "confidence"}
        assert image["true"] == labels[image["index"]] != image["predicted"]
    sure = parsed(mnist_lens("find", "wrong and confidence > 0.5", *asked, "--json"))
    assert sure == [image for image in found if image["confidence"] > 0.5]
    everywhere = parsed(mnist_lens("find", "n_wrong == n_runs and wrong['tiny']", *asked, "--json"))
    assert everywhere == found
    refused = mnist_lens("find", "confidance < 0.6", *asked)
    assert refused.code == 2
    assert "Did you mean “confidence”?" in refused.err
    said = mnist_lens("find", "index < 2", *asked).out
    assert "2 of 1,000 images of MNIST 5k validation" in said


@pytest.mark.parametrize(
    "words",
    [
        ("evaluate", "few"),
        ("find", "wrong", "--run", "few"),
        ("slices", "--run", "few"),
        ("explain", "few", "--index", "7"),
    ],
)
def test_a_run_with_too_few_classes_is_refused_before_anything_is_predicted(
    mnist_lens, models, make_run, tmp_path, monkeypatch, words
):
    monkeypatch.setenv("MNIST_LENS_MODELS", str(models))
    folder = make_run(models, "few", (0.5,), n_classes=3)
    (folder / "epoch-01.keras").write_bytes(b"never opened")
    out = ("--out", str(tmp_path / "x.npz")) if words[0] == "explain" else ()
    outcome = mnist_lens(*words, *out, "--data", "mnist-5k")
    assert outcome.code == 2
    assert "Expected a run that tells 10 classes apart, as validation has." in outcome.err
    assert "Received: few, which tells 3." in outcome.err


def test_slices_are_queries_whose_errors_are_those_of_the_images_they_find(mnist_lens, tiny):
    asked = ("--run", "tiny", "--epoch", "1", "--data", "mnist-5k", "--split", "train")
    slices = parsed(mnist_lens("slices", *asked, "--json"))
    assert slices
    for one in slices[:2]:
        found = parsed(mnist_lens("find", one["query"], *asked, "--json"))
        wrong = parsed(mnist_lens("find", f"wrong and {one['query']}", *asked, "--json"))
        assert (one["n"], one["errors"]) == (len(found), len(wrong))
        assert one["error_rate"] == len(wrong) / len(found)
        assert one["interval"][0] < one["error_rate"] < one["interval"][1]
        assert one["times_elsewhere"] == one["error_rate"] / one["error_rate_elsewhere"] > 1
        assert 0 < one["p_value"] <= 0.02
    said, header, *lines = mnist_lens("slices", *asked).out.splitlines()
    assert said.startswith("tiny · epoch ")
    assert f"groups looked at, {len(slices)} beyond chance" in said
    assert header.split()[:3] == ["slice", "images", "errors"]
    assert [line.startswith(one["query"]) for line, one in zip(lines, slices, strict=True)]


def test_find_calls_a_score_a_score(mnist_lens, linear):
    found = parsed(
        mnist_lens(
            "find", "wrong and index < 200", "--run", "linear", "--data", "mnist-5k", "--json"
        )
    )
    assert found
    assert all(set(image) == {"index", "true", "predicted", "score"} for image in found)
