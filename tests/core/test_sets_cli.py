"""Sets on the command line: made by find, used where a split is asked for, out and in as JSON."""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from mnist_core.commands.main import main
from mnist_core.sets import find_set, kept_sets

DATA = ("--data", "mnist-5k")


@pytest.fixture
def home(tmp_path, monkeypatch) -> Path:
    monkeypatch.setenv("MNIST_LENS_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture
def mnist_lens(home, tiny_run, monkeypatch, capsys):
    """A function that runs the command line: what it printed, and its errors."""
    monkeypatch.setenv("MNIST_LENS_MODELS", str(tiny_run.folder.parent))

    def call(*arguments: str) -> tuple[str, str]:
        monkeypatch.setattr(sys, "argv", ["mnist-lens", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
        said = capsys.readouterr()
        assert (ended.value.code == 2) == (said.out == "")
        return said.out, said.err

    return call


def test_slices_are_looked_for_in_a_set_that_no_answers_decided(mnist_lens):
    find = ("find", "--run", "tiny", *DATA, "--json")
    for query, name in (("true in (3, 5)", "threes and fives"), ("wrong", "wrong ones")):
        mnist_lens(*find, query, "--save", name)
    asked = ("slices", "--run", "tiny", *DATA)
    said, _ = mnist_lens(*asked, "--only", "threes and fives")
    assert "200 of 1,000 images, the set “threes and fives”" in said
    _, refused = mnist_lens(*asked, "--only", "wrong ones")
    assert "Received: “wrong ones”, chosen by the run's answers." in refused


def test_a_set_that_find_saved_is_what_evaluate_and_the_others_look_at(
    mnist_lens, home, tiny_run, mnist_5k
):
    labels = mnist_5k.split("validation").labels
    find = ("find", "--run", "tiny", *DATA, "--json")
    found = json.loads(mnist_lens(*find, "true in (3, 5)", "--save", "threes and fives")[0])
    places = np.flatnonzero(np.isin(labels, (3, 5))).tolist()
    assert [image["index"] for image in found] == places

    only = ("--only", "threes and fives")
    evaluated = json.loads(mnist_lens("evaluate", "tiny", *DATA, *only, "--json")[0])
    whole = json.loads(mnist_lens("evaluate", "tiny", *DATA, "--json")[0])
    assert (evaluated["n"], evaluated["only"]) == (len(places), "threes and fives")
    assert "only" not in whole
    assert evaluated["error_indices"] == [at for at in whole["error_indices"] if at in places]
    kept = np.zeros((10, 10), int)
    kept[[3, 5]] = np.array(whole["confusion_matrix"])[[3, 5]]
    assert evaluated["confusion_matrix"] == kept.tolist()

    wrong = json.loads(mnist_lens(*find, "wrong", *only, "--save", "wrong ones")[0])
    assert [image["index"] for image in wrong] == evaluated["error_indices"]
    images = find_set("wrong ones", "mnist-5k", home).images
    assert images == f'(true in (3, 5)) and (wrong["tiny@{tiny_run.best_epoch}"])'
    doubted = json.loads(mnist_lens("suspects", *DATA, *only, "--top", "2000", "--json")[0])
    assert sorted(entry["index"] for entry in doubted) == places
    said, _ = mnist_lens("evaluate", "tiny", *DATA, "--only", "wrong ones")
    assert f"{len(wrong)} of 1,000 images, the set “wrong ones” · 0.0 % right, chosen" in said
    _, refused = mnist_lens(
        "explain", "tiny", *DATA, *only, "--index", str(int(np.argmin(labels))), "--out", "x.npz"
    )
    assert "which is not in it" in refused


def test_a_set_keeps_its_meaning_where_it_is_asked_of_another_epoch(mnist_lens):
    at = ("--run", "tiny", *DATA)
    first = json.loads(
        mnist_lens("find", "wrong", *at, "--epoch", "1", "--save", "at 1", "--json")[0]
    )
    again = json.loads(
        mnist_lens("find", "True", *at, "--epoch", "3", "--only", "at 1", "--json")[0]
    )
    assert [image["index"] for image in again] == [image["index"] for image in first]
    assert len(again) > 10


def test_a_query_that_is_too_long_once_it_is_pinned_is_kept_as_its_images(mnist_lens, home):
    query = " or ".join(["wrong"] * 50)
    found = json.loads(
        mnist_lens("find", query, "--run", "tiny", *DATA, "--save", "long", "--json")[0]
    )
    one = find_set("long", "mnist-5k", home)
    assert one.images.positions.tolist() == [image["index"] for image in found]
    assert (one.images.query, one.images.run) == (query, "tiny")
    _, refused = mnist_lens("evaluate", "tiny", *DATA, "--split", "train", "--only", "long")
    assert "images of another one, validation" in refused


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("find", "wrong", "--run", "tiny", "--save", "a/b"), "Expected a set's name"),
        (("find", "wrong", "--run", "tiny", "--save", "there"), "Received: there. Choose another"),
        (("evaluate", "tiny", "--only", "ther"), "Did you mean “there”?"),
        (("evaluate", "tiny", "--only", "nothing"), "“nothing”, which has none"),
        (("sets", "--delete", "gone"), "Received: “gone”"),
        (("sets", "--import", "nowhere.json"), "a file of sets that can be read"),
        (("sets", "--export", "no/where.json"), "a file that can be written"),
    ],
)
def test_what_cannot_be_done_with_a_set_is_said(mnist_lens, words, told):
    for name, query in (("there", "true == 1"), ("nothing", "index < 0")):
        mnist_lens("find", query, "--run", "tiny", *DATA, "--save", name)
    _, error = mnist_lens(*words, *DATA)
    assert told in error


def test_sets_are_listed_exported_deleted_and_imported(mnist_lens, home, tmp_path):
    assert "No set of mnist-5k yet." in mnist_lens("sets", *DATA)[0]
    mnist_lens("find", "true == 1", "--run", "tiny", *DATA, "--save", "ones")
    assert "ones" in mnist_lens("sets", *DATA)[0]
    file = str(tmp_path / "mine.json")
    mnist_lens("sets", *DATA, "--export", file)
    assert json.loads(mnist_lens("sets", *DATA, "--delete", "ones", "--json")[0]) == []
    listed = json.loads(mnist_lens("sets", *DATA, "--import", file, "--json")[0])
    assert listed == [{"name": "ones", "data": "mnist-5k", "query": "true == 1"}]
    assert "Received: ones." in mnist_lens("sets", *DATA, "--import", file)[1]
    (home / "sets" / "mnist-5k" / "torn.json").write_bytes(b"{")
    said, error = mnist_lens("sets", *DATA)
    assert "ones" in said
    assert "torn.json" in error
    assert len(kept_sets("mnist-5k", home).sets) == 1


def test_what_was_recorded_in_training_is_found_without_tensorflow(bundled_models):
    """Of an epoch whose model was not kept, of another run, and of all runs at once."""
    code = """
import sys
from mnist_core.commands.main import main
query = "wrong and n_wrong > 2 and wrong['mlp-deep']"
sys.argv = ["mnist-lens", "find", query, "--run", "cnn", "--epoch", "5", "--split", "validation"]
try:
    main()
except SystemExit as ended:
    print(ended.code, "tensorflow" in sys.modules, "keras" in sys.modules)
"""
    ran = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env=os.environ | {"MNIST_LENS_MODELS": str(bundled_models)},
    )
    *found, ended = ran.stdout.strip().split("\n")
    assert ended == "None False False", ran.stderr
    assert "of 5,000 images of MNIST validation" in found[0]
    assert len(found) > 2
