"""An added data set is on the pages like any other, and let go with a sentence once it is gone."""

from pathlib import Path

import numpy as np
import pytest

from dashboard.visit.display import Display
from dashboard.visit.repair import settle
from dashboard.visit.selection import Selection
from mnist_core import settings
from mnist_core.datasets import DATASETS, Dataset, Split, added


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("MNIST_LENS_HOME", str(tmp_path))
    return tmp_path


def own(n: int) -> Dataset:
    images = np.zeros((n, 28, 28), np.uint8)
    split = Split("test", images, np.arange(n) % 10)
    return Dataset("own", "Own", {"test": split}, source="my hand", pixels="digits")


def test_it_is_offered_and_its_changes_are_seen() -> None:
    added.write(own(12))
    visit, notes = settle(Selection(data="own"), Display())
    assert notes == ()
    assert visit.data_names == (*DATASETS, "own")
    assert (visit.outline.name, visit.split.name, len(visit.split)) == ("own", "test", 12)
    added.write(own(14), replace=True)
    assert len(settle(Selection(data="own"), Display())[0].split) == 14


def test_one_that_is_gone_or_damaged_is_replaced_by_the_first_with_a_sentence() -> None:
    added.write(own(12))
    settle(Selection(data="own"), Display())
    (settings.data_folder() / "own" / "about.json").write_text("{}")
    visit, (damaged,) = settle(Selection(data="own"), Display())
    assert visit.outline.name == "mnist"
    assert damaged.endswith("add it again. This is mnist.")
    added.remove("own")
    visit, (gone,) = settle(Selection(data="own"), Display())
    assert visit.outline.name == "mnist"
    assert gone == "There is no data set named “own”; this is mnist."
