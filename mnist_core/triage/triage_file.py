"""The SQLite file beneath triage: made, checked and opened anew for every call.

A connection lives no longer than a call, because it must not pass from one thread to another.
What is committed outlives a kill and a power cut: write-ahead log, synced at every commit.
"""

import os
import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from mnist_core.errors import TriageError
from mnist_core.files.deadline import within

APPLICATION_ID = 0x4D4C5452
"""`MLTR`, in the header of the file (see sqlite.org/pragma.html#pragma_application_id)."""
FORMAT = 1
PATIENCE = 10.0
"""Seconds to wait while others write."""
PATIENCE_OF_READERS = 2.0
"""Seconds to wait for what is read, which nobody who writes holds up.

Where the index of the log is damaged while another process writes, SQLite by itself tries a hundred
times, ten seconds long (`SQLITE_PROTOCOL`), whatever its timeout.
"""

_SCHEMA = (
    """CREATE TABLE entries (
        number INTEGER PRIMARY KEY AUTOINCREMENT,
        split TEXT NOT NULL,
        image INTEGER NOT NULL,
        cause TEXT,
        label INTEGER,
        at TEXT NOT NULL
    )""",
    "CREATE INDEX latest ON entries (split, image, number)",
    f"PRAGMA application_id = {APPLICATION_ID}",
    f"PRAGMA user_version = {FORMAT}",
)
_SURROUNDINGS = {
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_PERM,
    sqlite3.SQLITE_PROTOCOL,
    sqlite3.SQLITE_READONLY,
}
"""What SQLite complains of when the file itself may be sound."""


def read(path: Path, query: str, values: Sequence) -> list[tuple]:
    """The rows that a query finds; none, and nothing is made, where there is no file.

    Raises:
        TriageError: The file cannot be read, is damaged, newer, or not ours.
    """
    with _errors_told(path):
        if not path.exists():
            return []
        return within(PATIENCE_OF_READERS, lambda: _read(path, query, values), key=path)


def _read(path: Path, query: str, values: Sequence) -> list[tuple]:
    with _connection(path, _mode_for_reading(path)) as connection:
        if _is_empty(connection, path):
            return []
        return connection.execute(query, values).fetchall()


@contextmanager
def writing(path: Path) -> Iterator[sqlite3.Connection]:
    """One transaction, the only one that writes; the file and its folder are made if need be.

    It is committed when the block ends well, and leaves no trace if the block raises.

    Raises:
        TriageError: The file cannot be written to, is damaged, newer, or not ours.
    """
    with _errors_told(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        with _connection(path, "mode=rwc") as connection:
            if _is_empty(connection, path):
                _create(connection, path)
            _write_ahead(connection)
            connection.execute("BEGIN IMMEDIATE")
            yield connection
            connection.execute("COMMIT")


@contextmanager
def _connection(path: Path, mode: str) -> Iterator[sqlite3.Connection]:
    address = f"{path.absolute().as_uri()}?{mode}"
    # `with connection` would end a transaction, and leave the file open.
    with closing(
        sqlite3.connect(address, uri=True, timeout=PATIENCE, isolation_level=None)
    ) as connection:
        connection.execute("PRAGMA synchronous = FULL")  # raises if the file is no database
        yield connection


def _mode_for_reading(path: Path) -> str:
    # Even to read, SQLite makes a log and its index beside the file. Where the folder forbids
    # that, the file can be read by itself, unless a log was left that holds more than it.
    log = path.with_name(f"{path.name}-wal")
    if os.access(path.parent, os.W_OK) or log.exists():
        return "mode=rw"
    return "mode=ro&immutable=1"


def _is_empty(connection: sqlite3.Connection, path: Path) -> bool:
    """Whether nothing was ever written; what was must be ours."""
    # In this order: the first question takes back what a killed process had half written, and
    # what another process writes between the second and the third is there at once and whole.
    _pragma(connection, "schema_version")
    if path.stat().st_size == 0:
        return True
    application = _pragma(connection, "application_id")
    if application != APPLICATION_ID:
        raise TriageError(
            f"Expected a triage file of MNIST Lens at {path}. Received: a database of another "
            "program, which stays as it is. Move it away, or name another folder in "
            "MNIST_LENS_HOME."
        )
    version = _pragma(connection, "user_version")
    if version != FORMAT:
        raise TriageError(
            f"Expected a triage file of format {FORMAT} at {path}. Received: format {version}, "
            "which stays as it is. Update MNIST Lens, or name another folder in MNIST_LENS_HOME."
        )
    return False


def _create(connection: sqlite3.Connection, path: Path) -> None:
    connection.execute("BEGIN IMMEDIATE")
    if _is_empty(connection, path):  # still, now that nobody else can write
        for statement in _SCHEMA:
            connection.execute(statement)
    connection.execute("COMMIT")


def _write_ahead(connection: sqlite3.Connection) -> None:
    """Have the file keep a log; while somebody else writes, SQLite waits for all but this."""
    until = time.monotonic() + PATIENCE
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            is_busy = error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY
            if not is_busy or time.monotonic() > until:
                raise
        time.sleep(0.01)


def _pragma(connection: sqlite3.Connection, name: str) -> int:
    return connection.execute(f"PRAGMA {name}").fetchone()[0]


@contextmanager
def _errors_told(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise TriageError(_not_accessible(path, error.strerror or str(error))) from error
    except (sqlite3.Error, UnicodeDecodeError) as error:  # the latter if its own message is torn
        code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
        if code in _SURROUNDINGS:
            raise TriageError(_not_accessible(path, str(error))) from error
        raise TriageError(
            f"Expected an intact triage file at {path}. Received: {error}. Nothing was written to "
            "it: move it away to start again, or put a copy in its place."
        ) from error


def _not_accessible(path: Path, complaint: str) -> str:
    return (
        f"Expected to read and write the triage file {path}. Received: {complaint}. Try again, "
        "free the disk, or name a writable folder in MNIST_LENS_HOME."
    )
