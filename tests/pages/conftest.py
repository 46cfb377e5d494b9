"""Fixtures for the pages, whose script runs in the test process itself."""

import gc
import json
from collections.abc import Callable, Iterator

import pytest
from streamlit.components.v2 import manifest_scanner
from streamlit.testing.v1 import AppTest

from dashboard.work import worker
from mnist_core import quiet


@pytest.fixture(scope="session", autouse=True)
def packages_searched_once() -> Iterator[None]:
    """Let Streamlit look for components in the installed packages once, not at each visit.

    That took nine tenths of a visit to a page.
    """
    found = manifest_scanner.scan_component_manifests()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(manifest_scanner, "scan_component_manifests", lambda: [*found])
        yield


@pytest.fixture(scope="session", autouse=True)
def workers() -> Iterator[None]:
    """The worker processes, from the first call of a test on for all that come after it.

    Models are explained there: what SHAP does to TensorFlow must not meet a training here.
    """
    yield
    worker.stop()


@pytest.fixture(scope="module", autouse=True)
def frozen_imports() -> Iterator[None]:
    """Take what was imported before out of the garbage collection.

    Where Keras is imported, as here and not in the server, Streamlit has all objects looked through
    after every run of a script: most of the time of a visit.
    """
    quiet.import_keras()
    gc.collect()
    gc.freeze()
    yield
    gc.unfreeze()


@pytest.fixture(scope="session")
def rows_of() -> Callable[[AppTest, str], dict[str, dict[str, str]]]:
    """A function that reads the texts of a table of our own by its rows' names and columns."""

    def rows(app: AppTest, key: str) -> dict[str, dict[str, str]]:
        mounted = app.get("bidi_component")
        data = next(json.loads(one.proto.json) for one in mounted if one.proto.id.endswith(key))
        titles = [column["title"] for column in data["columns"]]
        return {
            row["name"]: {"note": row["note"]}
            | dict(zip(titles, [cell["text"] for cell in row["cells"]], strict=True))
            for row in data["rows"]
        }

    return rows
