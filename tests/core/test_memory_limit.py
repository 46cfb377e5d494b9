"""A process that runs models from elsewhere may take so much memory, and no more."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from mnist_core.errors import CheckpointError
from mnist_core.importing.foreign_models import _answers_of
from mnist_core.inference.memory_limit import MOST_DATA, is_out_of_memory

ROOT = Path(__file__).resolve().parents[2]

on_linux = pytest.mark.skipif(
    sys.platform != "linux", reason="only Linux counts what is written to"
)


def printed(code: str) -> str:
    command = [sys.executable, "-c", code]
    return subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.strip()


@on_linux
def test_more_is_refused_while_the_limit_holds_and_not_after():
    code = """if True:
        import mmap
        from mnist_core.inference.memory_limit import limited_data
        def ask():
            try:
                mmap.mmap(-1, 600_000_000, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS).close()
            except OSError:
                return "refused"
            return "given"
        with limited_data(500_000_000):
            print(ask())
        print(ask())
    """
    assert printed(code).split() == ["refused", "given"]


@on_linux
def test_a_tighter_limit_stays():
    code = """if True:
        import resource
        from mnist_core.inference.memory_limit import limit_data
        resource.setrlimit(resource.RLIMIT_DATA, (400_000_000, resource.RLIM_INFINITY))
        limit_data()
        print(resource.getrlimit(resource.RLIMIT_DATA)[0])
    """
    assert printed(code) == "400000000"


def test_what_libraries_say_when_memory_is_refused_is_known():
    import tensorflow as tf

    assert is_out_of_memory(MemoryError())
    assert is_out_of_memory(tf.errors.ResourceExhaustedError(None, None, "OOM"))
    assert not is_out_of_memory(ValueError("OOM"))
    with pytest.raises(MemoryError) as refused:
        np.empty(1 << 50)
    assert is_out_of_memory(refused.value)


def test_a_model_that_is_refused_memory_is_one_sentence_about_its_file():
    def ask(pixels: np.ndarray) -> None:
        raise MemoryError

    answer = _answers_of(Path("huge.keras"), ask, (28, 28), 10)
    with pytest.raises(CheckpointError, match=r"answers of huge\.keras within the memory"):
        answer(np.zeros((1, 28, 28), np.uint8), "0-1")


def test_the_limit_leaves_four_times_what_the_largest_models_take():
    assert MOST_DATA >= 4 * 1_400_000_000
