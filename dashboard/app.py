"""The server: serves frame.py, starts and ends the workers, turns errors into one sentence.

As it starts, it deletes what was used longest ago of a cache folder that is too large.
"""

import ctypes
import gc
import importlib
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import streamlit as st

from dashboard.drawing import words
from dashboard.work import worker
from mnist_core import settings
from mnist_core.errors import MnistLensError
from mnist_core.files import cache_files

M_MMAP_THRESHOLD = -3
"""glibc's name for the size from which memory is given back as soon as it is freed."""


@asynccontextmanager
async def lifespan(app: st.App) -> AsyncIterator[None]:
    """Workers live as long as the server."""
    _give_large_arrays_back()
    worker.start()
    cache_files.prune(settings.cache_folder())
    _freeze_what_is_loaded()
    yield
    worker.stop()


def _give_large_arrays_back() -> None:
    """Keep the server small: left alone, glibc soon keeps freed arrays of up to 32 MB."""
    if sys.platform == "linux":
        ctypes.CDLL(None).mallopt(M_MMAP_THRESHOLD, 1_000_000)


def _freeze_what_is_loaded() -> None:
    """Have the garbage collector pass over what is loaded by now, most of it modules that stay.

    Where Python's automatic collection looks at everything, no answer leaves the server meanwhile:
    70 ms over all modules. Nothing is frozen later: what was let go then would never be collected.
    """
    importlib.import_module("pandas")  # which Streamlit would load with the first table
    gc.collect()
    gc.freeze()


def show_error(error: Exception) -> bool:
    """Say what went wrong where it went wrong; Streamlit puts the traceback into its log."""
    if isinstance(error, MnistLensError):
        st.error(words.plain(str(error)))
    else:
        st.error(
            f"Something unexpected happened here ({type(error).__name__}). The server's log says "
            "more; reload the page to continue.",
        )
    return True


app = st.App("frame.py", lifespan=lifespan, on_script_error=show_error)
