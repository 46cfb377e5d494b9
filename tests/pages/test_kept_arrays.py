"""What the server keeps, and what it is sent, is bounded by bytes."""

import tomllib

import numpy as np
import pytest

from dashboard.components.sketch.sheet import MOST_CHARACTERS
from dashboard.loading.answers import _n_bytes, _recorded
from dashboard.loading.kept_arrays import KeptArrays
from mnist_core.runs import StoredAnswers
from mnist_core.settings import ROOT


@pytest.fixture
def kept() -> KeptArrays[np.ndarray]:
    return KeptArrays(most_bytes=1_000, size=lambda array: array.nbytes)


def of(n_bytes: int) -> np.ndarray:
    return np.zeros(n_bytes, np.uint8)


def test_what_was_used_longest_ago_goes_first(kept):
    first = kept.get("first", lambda: of(400))
    kept.get("second", lambda: of(400))
    assert kept.get("first", lambda: of(1)) is first
    kept.get("third", lambda: of(400))
    assert kept.n_bytes == 800
    assert kept.get("first", lambda: of(1)) is first
    assert len(kept.get("second", lambda: of(1))) == 1


def test_what_is_too_large_alone_is_handed_out_and_not_kept(kept):
    assert kept.get("large", lambda: of(1_001)).nbytes == 1_001
    assert kept.n_bytes == 0


def test_what_cannot_be_read_is_not_kept(kept):
    with pytest.raises(ZeroDivisionError):
        kept.get("never", lambda: 1 // 0)
    assert len(kept.get("never", lambda: of(7))) == 7


def test_recorded_answers_count_with_all_their_bytes_and_the_largest_can_be_kept():
    stored = StoredAnswers(np.zeros((3, 100), np.uint8), np.zeros((3, 100), np.float16))
    assert _n_bytes(stored) == 900
    assert _n_bytes(None) >= 1
    assert _recorded._most_bytes == 2 * 64_000_000


def test_a_browser_may_send_the_largest_drawing_and_little_more():
    options = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text())
    most = options["server"]["maxMessageSize"] * 1e6
    assert 2 * MOST_CHARACTERS < most <= 20e6
