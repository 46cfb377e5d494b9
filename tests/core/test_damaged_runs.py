"""A damaged run is one clear error, whatever its files hold, and spares the others."""

import json
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from mnist_core.errors import RunError
from mnist_core.runs import list_runs, read_run

DETAILS = {"recipe": "x", "parameters": 5, "state": "finished", "test_accuracy": None}


def test_one_damaged_run_is_refused_with_a_reason_and_spares_the_others(models, make_run):
    make_run(models, "good")
    (make_run(models, "torn") / "run.json").write_text('{"name": "tor')
    (models / "no run").mkdir()
    good, nameless, torn = list_runs(models)
    assert (good.state, good.reason) == ("finished", None)
    assert torn.state == nameless.state == "refused"
    assert "damaged" in torn.reason
    assert "plainer name" in nameless.reason
    assert (torn.history, torn.best_epoch, torn.checkpoints) == ((), None, ())


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b"null",
        b"\xff\xfe",
        b"[" * 100_000,
        json.dumps(DETAILS | {"state": "resting"}).encode(),
        json.dumps(DETAILS | {"state": ["finished"]}).encode(),
        json.dumps(DETAILS | {"parameters": "many"}).encode(),
        json.dumps(DETAILS | {"recorded_epochs": 5}).encode(),
        json.dumps(DETAILS | {"recorded_epochs": [99]}).encode(),
        json.dumps(DETAILS | {"n_classes": "ten"}).encode(),
        json.dumps(DETAILS | {"output": "songs"}).encode(),
        json.dumps(DETAILS | {"data": []}).encode(),
        json.dumps(DETAILS | {"parameters": float("inf")}).encode(),
        json.dumps(DETAILS | {"test_accuracy": "much"}).encode(),
        json.dumps({"state": "finished"}).encode(),
    ],
)
def test_a_broken_run_json_is_one_clear_error(models, content, make_run):
    (make_run(models, "one") / "run.json").write_bytes(content)
    with pytest.raises(RunError, match="damaged ones"):
        read_run(models, "one")


@pytest.mark.parametrize("file", ["run.json", "history.csv"])
def test_a_missing_file_is_named(models, file, make_run):
    (make_run(models, "one") / file).unlink()
    with pytest.raises(RunError, match=f"Expected the file {file} in the run one"):
        read_run(models, "one")


HEADER = "epoch,loss,accuracy,validation_loss,validation_accuracy,seconds\n"


@pytest.mark.parametrize(
    "content",
    [
        HEADER + "1,1,1,1,1,1\n3,1,1,1,1,1\n",
        HEADER + "2,1,1,1,1,1\n",
        HEADER + "1,1,1,1,1,1\n1,1,1,1,1,1\n",
        HEADER + "1,1,1,1\n",
        HEADER + "1,1,1,1,1,soon\n",
        HEADER + "one,1,1,1,1,1\n",
        "epoch,loss\n1,0.5\n",
        HEADER + "1," + "9" * 200_000 + ",1,1,1,1\n",
    ],
)
def test_a_history_with_a_gap_or_a_strange_line_is_one_clear_error(models, content, make_run):
    (make_run(models, "one") / "history.csv").write_text(content)
    with pytest.raises(RunError, match="damaged ones"):
        read_run(models, "one")


@given(content=st.binary(max_size=200), file=st.sampled_from(["run.json", "history.csv"]))
@example(content=HEADER.encode() + b"1,1,1,1,1,1\r2", file="history.csv")
def test_any_content_of_a_runs_files_reads_or_is_a_run_error(content, file, make_run):
    with TemporaryDirectory() as models:
        (make_run(Path(models), "one") / file).write_bytes(content)
        (run,) = list_runs(Path(models))
        assert run.state in ("finished", "refused")
