"""What strangers may put into a models folder is listed with a reason, and hurts nobody."""

import json
import os
import socket
import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest

from mnist_core.errors import CheckpointError, RunError
from mnist_core.importing.import_run import is_importable
from mnist_core.inference.model_files import read_description
from mnist_core.runs import (
    checkpoint_path,
    list_runs,
    read_epoch_predictions,
    read_history,
    read_run,
    run_folders,
    write_history,
)

HEADER = "epoch,loss,accuracy,validation_loss,validation_accuracy,seconds\n"


def cli(models: Path, *arguments: str) -> subprocess.CompletedProcess:
    """Run the command line, at most a minute: what waits for a pipe waits for ever."""
    return subprocess.run(
        [sys.executable, "-m", "mnist_core", *arguments],
        env={**os.environ, "MNIST_LENS_MODELS": str(models)},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )


def put(path: Path, kind: str) -> None:
    """Put something odd in the place of a file."""
    path.unlink(missing_ok=True)
    if kind == "a named pipe":
        os.mkfifo(path)
    elif kind == "a socket":
        with socket.socket(socket.AF_UNIX) as new:
            new.bind(str(path))
    elif kind == "a folder":
        path.mkdir()
    else:
        elsewhere = path.parent.parent / "elsewhere.txt"
        elsewhere.write_text("secret")
        path.symlink_to(elsewhere)


ODD = ["a named pipe", "a socket", "a folder", "a link that leads out of the folder"]


def test_pipes_in_place_of_a_runs_files_keep_nobody_waiting(models, make_run):
    for file in ("run.json", "history.csv", ".lock"):
        put(make_run(models, f"pipe-{file.strip('.')}", state="training") / file, "a named pipe")
    make_run(models, "sound")
    found = json.loads(cli(models, "runs", "--json").stdout)
    assert [run["state"] for run in found] == ["refused"] * 3 + ["finished"]
    for run, file in zip(found, ("history.csv", ".lock", "run.json"), strict=False):
        assert f"Expected a regular file as {file} in {run['name']}" in run["reason"]
        assert "Received: a named pipe" in run["reason"]


@pytest.mark.parametrize("kind", ODD)
@pytest.mark.parametrize("file", ["run.json", "history.csv"])
def test_what_is_no_regular_file_is_refused_with_what_it_is(open_folder, make_run, file, kind):
    put(make_run(open_folder, "one") / file, kind)
    with pytest.raises(RunError, match=f"file as {file} in one. Received: {kind}"):
        read_run(open_folder, "one")


@pytest.mark.parametrize("kind", ODD)
def test_models_and_answers_that_are_no_regular_files_count_as_not_there(
    open_folder, make_run, kind
):
    folder = make_run(open_folder, "one", data={"fingerprints": {"test": "f" * 64}})
    put(checkpoint_path(folder, 1), kind)
    put(folder / "epochs.npz", kind)
    run = read_run(open_folder, "one")
    assert run.checkpoints == ()
    assert not run.has_checkpoint(1)
    with pytest.raises(RunError, match=f"epochs.npz in one. Received: {kind}"):
        read_epoch_predictions(run, "test")
    with pytest.raises(CheckpointError, match=f"epoch-01.keras in one. Received: {kind}"):
        read_description(checkpoint_path(folder, 1))


def test_a_link_to_a_file_in_the_same_folder_is_followed(models, make_run):
    folder = make_run(models, "one")
    (folder / "run.json").rename(folder / "run-1.json")
    (folder / "run.json").symlink_to("run-1.json")
    (models / "linked").symlink_to(folder)
    assert [run.state for run in list_runs(models)] == ["finished"] * 2


def test_a_run_that_is_a_link_out_of_the_models_folder_is_listed_with_the_reason(
    models, make_run, tmp_path
):
    elsewhere = make_run(tmp_path / "elsewhere", "secret")
    models.mkdir(exist_ok=True)
    (models / "linked").symlink_to(elsewhere)
    (listed,) = list_runs(models)
    assert (listed.name, listed.state) == ("linked", "refused")
    assert "Received: linked, a link that leads out of it." in listed.reason
    with pytest.raises(RunError, match="a link that leads out of it"):
        read_run(models, "linked")


def test_a_models_folder_that_is_a_link_is_as_good_as_any(models, make_run, tmp_path):
    make_run(models, "one")
    (tmp_path / "link").symlink_to(models)
    assert [run.state for run in list_runs(tmp_path / "link")] == ["finished"]


def test_a_run_json_of_more_than_a_megabyte_is_not_read(models, make_run):
    path = make_run(models, "one") / "run.json"
    os.truncate(path, 10**12)  # takes no room, and no machine could read it
    with pytest.raises(RunError, match=r"at most 1,000,000 bytes in run\.json in one\. Received"):
        read_run(models, "one")


def test_a_history_has_at_most_ten_thousand_epochs(models, make_run):
    folder = make_run(models, "one")
    lines = [f"{epoch},1,0.5,1,0.5,1\n" for epoch in range(1, 10_002)]
    (folder / "history.csv").write_text(HEADER + "".join(lines[:-1]))
    assert len(read_run(models, "one").history) == 10_000
    (folder / "history.csv").write_text(HEADER + "".join(lines))
    with pytest.raises(RunError, match="more than 10,000 epochs"):
        read_run(models, "one")
    os.truncate(folder / "history.csv", 10**12)
    with pytest.raises(RunError, match=r"at most 2,000,000 bytes in history\.csv"):
        read_run(models, "one")


def test_the_longest_line_that_a_training_can_write_counts_for_all_its_epochs(tmp_path):
    line = ",".join([repr(-1.2345678901234567e-300)] * 5)
    assert 10_000 * (len(f"10000,{line}\n")) < 2_000_000


def test_an_infinite_loss_is_read_and_written_again_as_that_and_an_infinite_time_is_unknown(
    tmp_path,
):
    (tmp_path / "history.csv").write_text(HEADER + "1,inf,0.5,inf,0.5,inf\n")
    (record,) = read_history(tmp_path)
    assert (record.loss, record.validation_loss) == (np.inf, np.inf), "a training that diverged"
    assert np.isnan(record.seconds)
    write_history(tmp_path, [record])
    assert "1,inf,0.5,inf,0.5,nan" in (tmp_path / "history.csv").read_text()


@pytest.mark.parametrize(
    ("shape", "dtype", "complaint"),
    [
        ((100_000, 10_000), np.uint8, r"promises 1,000,000,000 bytes and has 4"),
        ((2, 2), np.float64, r"float64 of shape \(2, 2\)"),
        ((4,), np.uint8, r"uint8 of shape \(4,\)"),
        ((2, 2), np.dtype("O"), "object of shape"),
    ],
)
def test_recorded_answers_are_judged_by_what_their_header_promises(
    models, make_run, shape, dtype, complaint
):
    folder = make_run(models, "one", (0.5, 0.5))
    with zipfile.ZipFile(folder / "epochs.npz", "w") as archive:
        for name, kind in (("test_predicted", dtype), ("test_confidence", np.float16)):
            with archive.open(f"{name}.npy", "w") as member:
                descr = np.lib.format.dtype_to_descr(np.dtype(kind))
                header = {"descr": descr, "fortran_order": False, "shape": shape}
                np.lib.format.write_array_header_1_0(member, header)
                member.write(b"1234")
    with pytest.raises(RunError, match=complaint):
        read_epoch_predictions(read_run(models, "one"), "test")


def test_recorded_answers_that_would_fill_the_memory_are_not_unpacked(models, make_run):
    folder = make_run(models, "one")
    with zipfile.ZipFile(folder / "epochs.npz", "w", zipfile.ZIP_DEFLATED) as archive:
        for name, kind in (("test_predicted", "|u1"), ("test_confidence", "<f2")):
            with archive.open(f"{name}.npy", "w", force_zip64=True) as member:
                header = {"descr": kind, "fortran_order": False, "shape": (7_000, 10_000)}
                np.lib.format.write_array_header_1_0(member, header)
                for _ in range(70 * np.dtype(kind).itemsize):
                    member.write(bytes(1_000_000))
    with pytest.raises(RunError, match="promises 70,000,000 bytes, at most 64,000,000 are read"):
        read_epoch_predictions(read_run(models, "one"), "test")


def test_names_that_cannot_be_seen_are_escaped_everywhere(models):
    for name in (b"caf\xe9", b"red\x1b[31m", b"two\nlines", "turned\u202eround".encode()):
        os.makedirs(os.fsencode(models) + b"/" + name)
    expected = ["caf\\xe9", "red\\x1b[31m", "turned\\u202eround", "two\\nlines"]
    assert sorted(run.name for run in list_runs(models)) == expected
    assert sorted(run["name"] for run in json.loads(cli(models, "runs", "--json").stdout)) == (
        expected
    )
    shown = cli(models, "runs").stdout
    assert all(name in shown for name in expected)
    assert "\x1b" not in shown
    assert "\u202e" not in shown


def test_of_too_many_folders_runs_are_listed_first_and_the_rest_is_counted(models, make_run):
    for number in range(5_001):
        (models / f"empty-{number:04d}").mkdir(parents=True)
    make_run(models, "sound")
    found = list_runs(models)
    assert len(found) == 5_000
    assert found[-1].reason.startswith("Expected at most 5,000 folders in models/. Received: 3 ")
    assert [run.name for run in found if run.state == "finished"] == ["sound"]
    assert not is_importable(found[-1].folder)
    assert len(run_folders(models)) == 5_002


def test_a_run_that_may_not_be_read_is_not_called_damaged(open_folder, make_run, ordinary_user):
    for name, file in (("folder", "."), ("details", "run.json"), ("history", "history.csv")):
        (make_run(open_folder, name) / file).chmod(0o000)
    with ordinary_user():
        found = list_runs(open_folder)
    for run in found:
        assert run.state == "refused"
        assert "Permission denied" in run.reason
        assert "the right to read" in run.reason
        assert "Remove" not in run.reason
    (open_folder / "folder").chmod(0o755)


def test_a_models_folder_that_may_not_be_read_is_one_sentence(open_folder, ordinary_user):
    models = open_folder / "models"
    models.mkdir()
    for closed in (models, open_folder):
        closed.chmod(0o000)
        with (
            ordinary_user(),
            pytest.raises(RunError, match=r"Permission denied\. Give .* MNIST_LENS_MODELS"),
        ):
            list_runs(models)
        closed.chmod(0o755)
