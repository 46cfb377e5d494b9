"""Fixtures for the pages, whose script runs in the test process itself."""

import gc
from collections.abc import Iterator

import pytest

from mnist_core import quiet


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
