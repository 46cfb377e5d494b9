"""run.json becomes one checked, frozen object; whatever else lies there is refused."""

import json
from dataclasses import FrozenInstanceError, asdict
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mnist_core.errors import RunError
from mnist_core.formatting import visible
from mnist_core.runs import Details, details_of, list_runs, read_run

DETAILS = {"recipe": "x", "parameters": 5, "state": "finished", "test_accuracy": None}
IMPORTED = {"from": "theirs", "notes": ["Taken: a."], "left_out": ["b: torn"], "log": None}
WHOLE = DETAILS | {
    "output": "scores",
    "n_classes": 11,
    "seed": 3,
    "hyperparameters": {"batch_size": 100, "max_epochs": 9, "augmentation": {"zoom": 0.1}},
    "data": {"name": "d", "source": "s", "sizes": {"test": 3}, "fingerprints": {"test": "f"}},
    "versions": {"python": "3.11"},
    "started": "2026-11-21T21:52:28+00:00",
    "ended": None,
    "best_epoch": 1,
    "validation_accuracy": 0.5,
    "recorded_epochs": [1],
    "measured_validation": [0.5],
    "validation_from": "log",
    "imported": IMPORTED,
}

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(st.characters(), max_size=20)
    | st.sampled_from(["training", "imported", "scores", "1", "\ud800", "\x1b[31m"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=5,
)


def paths(value: object, path: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    """Where something stands in an object, at any depth."""
    if not isinstance(value, dict):
        return [path]
    return [path, *(deeper for key in value for deeper in paths(value[key], (*path, key)))]


def replaced(value: dict, path: tuple[str, ...], other: object) -> object:
    """The object with something else in one place."""
    if not path:
        return other
    return value | {path[0]: replaced(value.get(path[0], {}), path[1:], other)}


def test_all_of_run_json_is_read_into_fields():
    details = details_of(WHOLE)
    assert (details.seed, details.n_classes, details.output) == (3, 11, "scores")
    assert details.hyperparameters.augmentation == {"zoom": 0.1}
    assert details.hyperparameters.optimizer == "adam"
    assert (details.data.sizes, details.data.fingerprints) == ({"test": 3}, {"test": "f"})
    assert (details.imported.source, details.imported.notes) == ("theirs", ("Taken: a.",))
    with pytest.raises(FrozenInstanceError):
        details.seed = 4
    with pytest.raises(TypeError):
        details.versions["python"] = "2"


def test_what_run_json_need_not_say_is_unknown():
    details = details_of(DETAILS)
    assert details == Details(recipe="x", parameters=5)
    assert asdict(details.hyperparameters)["batch_size"] is None


@pytest.mark.parametrize(
    ("path", "value", "complaint"),
    [
        ("imported", 5, "imported should be an object, not 5"),
        ("imported.notes", 3, "imported.notes should be a list"),
        ("imported.left_out", 7, "imported.left_out should be a list"),
        ("imported.left_out", [7], "imported.left_out should be a text"),
        (
            "imported.notes",
            ["x" * 10_001],
            "imported.notes should have at most 10,000 letters, not 10,001",
        ),
        ("hyperparameters", [], "hyperparameters should be an object"),
        ("hyperparameters.max_epochs", "9", "max_epochs should be a whole number"),
        ("hyperparameters.peak_learning_rate", float("nan"), "should be a number from 0"),
        ("hyperparameters.augmentation", {"zoom": True}, "should be a number"),
        ("seed", -1, "seed should be a whole number from 0"),
        ("seed", 1.5, "not 1.5"),
        ("seed", 10**400, "not one far larger"),
        ("parameters", 10**30, "parameters should be a whole number"),
        ("parameters", True, "not True"),
        ("test_accuracy", 1.01, "test_accuracy should be a number from 0 to 1"),
        ("test_accuracy", float("inf"), "not inf"),
        ("n_classes", 1, "n_classes should be a whole number from 2 to 256"),
        ("recorded_epochs", [1, 1], "recorded epochs"),
        ("recorded_epochs", [2], "recorded epochs"),
        ("measured_validation", [0.5, 0.5], "2 accuracies of 1 recorded epochs"),
        ("data.fingerprints", {"test": None}, "fingerprints should be a text"),
        ("versions", {"python": 3}, "versions should be a text"),
        ("started", 2026, "started should be a text"),
        ("state", "refused", "state should be one of training"),
        ("output", "songs", "output should be one of probabilities, scores, not “songs”"),
    ],
)
def test_a_value_of_another_kind_is_named(models, make_run, path, value, complaint):
    written = replaced(WHOLE, tuple(path.split(".")), value)
    (make_run(models, "one") / "run.json").write_text(json.dumps(written))
    with pytest.raises(RunError, match="damaged ones") as refused:
        read_run(models, "one")
    assert complaint in str(refused.value)


def test_texts_out_of_run_json_can_all_be_seen():
    details = details_of(WHOLE | {"imported": IMPORTED | {"notes": ["\x1b[31mred\ud800"]}})
    assert details.imported.notes == ("\\x1b[31mred\\ud800",)


@given(path=st.sampled_from(paths(WHOLE)), other=JSON)
def test_whatever_json_lies_there_is_read_or_refused_and_can_be_told_of(path, other, make_run):
    with TemporaryDirectory() as models:
        content = json.dumps(replaced(WHOLE, path, other))
        (make_run(Path(models), "one") / "run.json").write_text(content)
        (run,) = list_runs(Path(models))
        assert run.state in ("finished", "imported", "stopped", "refused")
        told = f"{run.reason}{run.recipe}{run.details.imported}{run.details.versions}"
        assert visible(told) == told
