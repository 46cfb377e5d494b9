"""Many may write causes at once and be killed: nothing said is lost, no file of others harmed."""

import contextlib
import random
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mnist_core.errors import TriageError
from mnist_core.triage import CAUSES, Entry, Finding, Triage, triage_file

SPLIT = "5eed" * 16
WRITE = """
import sys
from pathlib import Path
from mnist_core.triage import Triage
path, split, count = sys.argv[1:]
print("ready", flush=True)
sys.stdin.readline()
for image in range(int(count)):
    Triage(Path(path)).enter(split, image, "ambiguous")
    print(image, flush=True)
"""


@pytest.fixture
def tab(tmp_path) -> Triage:
    return Triage(tmp_path / "home" / "mnist.sqlite")


@pytest.fixture(scope="module")
def sound(tmp_path_factory) -> bytes:
    """A file of 500 entries on many pages."""
    tab = Triage(tmp_path_factory.mktemp("sound") / "mnist.sqlite")
    tab.merge(SPLIT, [Finding(image, CAUSES[image % 5]) for image in range(500)])
    return tab.path.read_bytes()


@contextmanager
def writers(tab: Triage, splits: str, *, count: int) -> Iterator[list[subprocess.Popen]]:
    """Processes that begin at the same time, before there is a file; each says what it wrote."""
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", WRITE, tab.path, split, str(count)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for split in splits
    ]
    for process in processes:
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        process.stdin.write("go\n")
        process.stdin.flush()
    yield processes
    for process in processes:
        process.communicate()


def is_sound(path: Path) -> bool:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def test_two_processes_that_write_at_once_lose_nothing(tab):
    with writers(tab, "ab", count=25) as processes:
        pass
    assert [process.returncode for process in processes] == [0, 0]
    assert [list(tab.causes(split)) for split in "ab"] == [list(range(25))] * 2
    numbers = [entry.number for split in "ab" for entry in tab.causes(split).values()]
    assert sorted(numbers) == list(range(1, 51))


def test_a_file_that_another_process_makes_first_is_used_as_it_is(tab, monkeypatch):
    create = triage_file._create

    def come_second(connection: sqlite3.Connection, path: Path) -> None:
        monkeypatch.setattr(triage_file, "_create", create)
        Triage(path).enter(SPLIT, 3, "ambiguous")
        create(connection, path)

    monkeypatch.setattr(triage_file, "_create", come_second)
    tab.enter(SPLIT, 4, "broken stroke")
    assert list(tab.causes(SPLIT)) == [3, 4]


def test_while_another_process_fills_the_file_it_has_just_made_one_waits(tab):
    tab.path.parent.mkdir()
    with closing(sqlite3.connect(tab.path, isolation_level=None)) as maker:
        triage_file._create(maker, tab.path)  # which keeps no log yet
        maker.execute("BEGIN IMMEDIATE")
        with ThreadPoolExecutor(1) as threads:
            entered = threads.submit(tab.enter, SPLIT, 3, "ambiguous")
            assert not wait([entered], timeout=0.3).done
            maker.execute("COMMIT")
            assert {3: entered.result()} == tab.causes(SPLIT)


def test_threads_that_write_at_once_lose_nothing(tab):
    with ThreadPoolExecutor(4) as threads:
        entries = threads.map(lambda image: tab.enter(SPLIT, image, "ambiguous"), range(16))
        assert {entry.image: entry for entry in entries} == tab.causes(SPLIT)


def test_what_was_said_before_a_kill_is_there_after_it(tab):
    moments = random.Random(0)
    with writers(tab, "abc", count=10**6) as processes:
        *early, last = processes
        for process in early:
            time.sleep(moments.uniform(0, 0.1))
            process.kill()
        first = last.stdout.readline()
        time.sleep(moments.uniform(0, 0.1))
        last.kill()
        told = [[int(line) for line in process.stdout] for process in early]
        told.append([int(first), *map(int, last.stdout)])
    written = [list(tab.causes(split)) for split in "abc"]
    for images, known in zip(written, told, strict=True):
        assert images == list(range(len(images)))
        assert 0 <= len(images) - len(known) <= 1, "only the last one may be written but not told"
    assert is_sound(tab.path)
    assert tab.enter("a", 10**6, "broken stroke").number > sum(map(len, told))


def test_a_kill_before_the_first_entry_leaves_a_file_to_begin_with(tab):
    tab.path.parent.mkdir()
    tab.path.touch()
    assert tab.causes(SPLIT) == {}
    assert tab.enter(SPLIT, 3, "ambiguous").number == 1


def test_commits_are_synced_in_a_write_ahead_log(tab):
    with triage_file.writing(tab.path) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert connection.execute("PRAGMA synchronous").fetchone() == (2,)


def test_reading_makes_no_file(tab):
    assert tab.causes(SPLIT) == {}
    assert not tab.path.parent.exists()


def test_reading_changes_no_file_and_leaves_none_beside_it(tab, sound):
    tab.path.parent.mkdir()
    tab.path.write_bytes(sound)
    assert len(tab.causes(SPLIT)) == 500
    assert list(tab.path.parent.iterdir()) == [tab.path]
    assert tab.path.read_bytes() == sound


def test_a_name_may_hold_what_addresses_give_a_meaning(tmp_path):
    tab = Triage(tmp_path / "50% of #1?mode=memory é.sqlite")
    tab.enter(SPLIT, 3, "ambiguous")
    assert [path.name for path in tmp_path.iterdir()] == [tab.path.name]


def other_program(connection: sqlite3.Connection) -> None:
    connection.execute("CREATE TABLE entries (number, split, image, cause, label, at)")


def newer(connection: sqlite3.Connection) -> None:
    connection.execute(f"PRAGMA application_id = {triage_file.APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version = {triage_file.FORMAT + 1}")


def without_its_table(connection: sqlite3.Connection) -> None:
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute(f"PRAGMA application_id = {triage_file.APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version = {triage_file.FORMAT}")


def assert_refused(tab: Triage, message: str) -> None:
    """Neither reading nor writing works, and both leave the file as it was."""
    content = tab.path.read_bytes()
    for use in (
        lambda: tab.causes(SPLIT),
        lambda: tab.enter(SPLIT, 3, "ambiguous"),
        lambda: tab.merge(SPLIT, [Finding(3, "ambiguous")]),
        lambda: tab.undo(1),
    ):
        with pytest.raises(TriageError, match=message):
            use()
    assert tab.path.read_bytes() == content


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (other_program, "a database of another program"),
        (newer, "Received: format 2"),
        (without_its_table, "no such table"),
    ],
)
def test_a_database_of_another_kind_is_refused_and_stays(tab, make, message):
    tab.path.parent.mkdir()
    with closing(sqlite3.connect(tab.path)) as connection:
        make(connection)
        connection.commit()
    assert_refused(tab, message)


@pytest.mark.parametrize(
    "damage",
    [
        lambda content: b"x",
        lambda content: b"index,cause\n",
        lambda content: bytes(len(content)),
        lambda content: content[:4096],
        lambda content: content[: len(content) // 2],
        lambda content: b"\xff" * 100 + content[100:],
        lambda content: content[:4096] + b"\xff" * (len(content) - 4096),
        lambda content: content.replace(b"(split, image", b"(split, im\xffge"),
    ],
)
def test_a_damaged_file_is_refused_and_stays(tab, sound, damage):
    tab.path.parent.mkdir()
    tab.path.write_bytes(damage(sound))
    assert_refused(tab, "Expected an? (intact )?triage file .*")


@settings(max_examples=60)
@given(place=st.floats(0, 1), junk=st.binary(min_size=1, max_size=40))
def test_a_file_with_any_bytes_changed_is_read_or_refused(sound, place, junk):
    start = int(place * (len(sound) - 1))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "mnist.sqlite"
        path.write_bytes(sound[:start] + junk + sound[start + len(junk) :])
        with contextlib.suppress(TriageError):
            assert all(isinstance(entry, Entry) for entry in Triage(path).causes(SPLIT).values())


def test_who_waits_in_vain_for_another_to_write_is_told_so(tab, monkeypatch):
    tab.enter(SPLIT, 3, "ambiguous")
    monkeypatch.setattr(triage_file, "PATIENCE", 0.05)
    with triage_file.writing(tab.path):
        assert list(tab.causes(SPLIT)) == [3], "readers need not wait"
        with pytest.raises(TriageError, match="database is locked"):
            tab.enter(SPLIT, 4, "ambiguous")


HOLD = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("BEGIN IMMEDIATE")
connection.execute("UPDATE entries SET cause = 'later'")
print("held", flush=True)
sys.stdin.readline()
"""


def test_readers_do_not_wait_ten_seconds_for_a_damaged_index_that_another_process_holds(tab):
    tab.merge(SPLIT, [Finding(image, "ambiguous") for image in range(500)])
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD, tab.path],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with holder:
        assert holder.stdout.readline() == "held\n"
        with tab.path.with_name(f"{tab.path.name}-shm").open("r+b") as index:
            index.write(bytes(200))
        for answer in ("no answer within 2 s", "still no answer after 2 s"):
            with pytest.raises(TriageError, match=f"Received: {answer}"):
                tab.causes(SPLIT)
        holder.kill()
    while True:  # until the reader that was given up has found the log free
        time.sleep(0.05)
        with contextlib.suppress(TriageError):
            assert len(tab.causes(SPLIT)) == 500
            break


def test_a_folder_that_cannot_be_made_is_one_clear_error(tmp_path):
    (tmp_path / "file").touch()
    tab = Triage(tmp_path / "file" / "triage" / "mnist.sqlite")
    assert tab.causes(SPLIT) == {}
    with pytest.raises(TriageError, match=r"Received: Not a directory\. .* MNIST_LENS_HOME"):
        tab.enter(SPLIT, 3, "ambiguous")


def test_a_folder_in_place_of_the_file_is_one_clear_error(tmp_path):
    with pytest.raises(TriageError, match="unable to open database file"):
        Triage(tmp_path).causes(SPLIT)


@pytest.fixture
def read_only_folder(sound) -> Iterator[Callable[[int], Path]]:
    """A function that gives a file of 500 entries in a folder with the given mode."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "mnist.sqlite"
        path.write_bytes(sound)

        def change(mode: int) -> Path:
            path.parent.chmod(mode)
            return path

        yield change
        path.parent.chmod(0o755)


def test_a_read_only_folder_can_be_read_but_not_written_to(read_only_folder, ordinary_user):
    tab = Triage(read_only_folder(0o555))
    with ordinary_user():
        assert len(tab.causes(SPLIT)) == 500
        with pytest.raises(TriageError, match=r"readonly database.* name a writable folder"):
            tab.enter(SPLIT, 3, "ambiguous")


def test_a_log_that_cannot_be_taken_over_is_not_passed_over(read_only_folder, ordinary_user):
    tab = Triage(read_only_folder(0o755))
    with triage_file.writing(tab.path) as connection:
        connection.execute("UPDATE entries SET cause = 'later'")
        connection.execute("COMMIT")
        log = tab.path.with_name("mnist.sqlite-wal").read_bytes()
        connection.execute("BEGIN")
    tab.path.with_name("mnist.sqlite-wal").write_bytes(log)
    read_only_folder(0o555)
    with ordinary_user(), pytest.raises(TriageError, match="Expected to read"):
        tab.causes(SPLIT)


def test_a_closed_folder_is_one_clear_error(read_only_folder, ordinary_user):
    tab = Triage(read_only_folder(0o000))
    with ordinary_user(), pytest.raises(TriageError, match="Permission denied"):
        tab.causes(SPLIT)
