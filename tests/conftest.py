"""Fixtures for every test: an environment of our own, data sets, and one small trained run."""

from __future__ import annotations

import fcntl
import os
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import configuration, settings

if TYPE_CHECKING:
    from dashboard.visit.view import View
    from mnist_core.datasets import Dataset
    from mnist_core.runs import Run

ROOT = Path(__file__).resolve().parent.parent

# The same examples everywhere and every time: a failure belongs to the change that made it.
settings.register_profile("repeatable", derandomize=True, database=None, deadline=None)
settings.load_profile("repeatable")
configuration.set_hypothesis_home_dir(Path(tempfile.gettempdir()) / f"hypothesis-{os.getuid()}")


OWN_SERVERS = ("collecting", "newcomers", "numbers_fit", "training_page", "trouble")
"""Files of browser tests that mostly ask a server of their own."""

LONGEST_FILES = (
    "browser/test_confusion_journey",
    "browser/test_accessibility",
    "browser/test_tour",
    "browser/test_other_pages",
    "browser/test_looks",
    "browser/test_training_page",
    "core/test_importing",
    "core/test_killed_trainings",
    "browser/test_newcomers",
    "browser/test_numbers_fit",
    "core/test_maps",
    "pages/test_explanations_page",
    "core/test_import_apart",
    "pages/test_classes",
    "core/test_explainers",
    "core/test_deep_shap_zoo",
    "core/test_twins",
    "pages/test_pages",
    "pages/test_worker",
    "browser/test_trouble",
    "browser/test_collecting",
)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--pictures", action="store_true", help="Take those of the documents anew.")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the longest files first, so that two processes come to their ends together."""

    last = len(LONGEST_FILES)

    def place(item: pytest.Item) -> int:
        return next((i for i, file in enumerate(LONGEST_FILES) if file in item.nodeid), last)

    items.sort(key=place)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Give files to processes, and all that ask the one server of the browser tests to one."""
    from xdist.scheduler import LoadFileScheduling

    class OneServer(LoadFileScheduling):
        def _split_scope(self, nodeid: str) -> str:
            file: str = super()._split_scope(nodeid)
            folder, _, name = file.rpartition("/test_")
            is_shared = folder == "tests/browser" and name.removesuffix(".py") not in OWN_SERVERS
            return folder if is_shared else file

    return OneServer(config, log)


@pytest.fixture(scope="session", autouse=True)
def outside_environment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mapping[str, str]]:
    """The environment as it was given; meanwhile tests see folders of their own."""
    outside = dict(os.environ)
    home = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TF_CPP_MIN_LOG_LEVEL", "3")
        patch.setenv("TF_NUM_INTRAOP_THREADS", "1")  # test processes share the cores among them
        patch.setenv("HOME", str(home))
        patch.setenv("KERAS_HOME", str(home / ".keras"))
        patch.setenv("MNIST_LENS_CACHE", str(home / "cache"))
        patch.setenv("MNIST_LENS_HOME", str(home / "notes"))
        patch.setenv("MNIST_LENS_MODELS", str(home / "models"))
        for name in ("MNIST_LENS_DATA", "XDG_CACHE_HOME", "XDG_DATA_HOME"):
            patch.delenv(name, raising=False)
        yield outside


@pytest.fixture(scope="session")
def full_mnist_path(outside_environment: Mapping[str, str]) -> Path:
    """MNIST's own 70,000 digits, where the caller has named them."""
    named = outside_environment.get("MNIST_LENS_DATA")
    if named:
        return Path(named)
    pytest.skip("MNIST_LENS_DATA is not set")


@pytest.fixture(scope="session")
def full_mnist(full_mnist_path: Path) -> Dataset:
    """MNIST from its own files, with all three splits."""
    from mnist_core.datasets import mnist

    return mnist.load(full_mnist_path)


@pytest.fixture(scope="session")
def mnist_5k() -> Dataset:
    """The embedded digits, 4,000 to train on and 1,000 to validate."""
    from mnist_core.datasets import load_dataset

    return load_dataset("mnist-5k")


@pytest.fixture(scope="session")
def tiny_run(mnist_5k: Dataset, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """simple-conv trained on mnist-5k for three epochs, the only run in its models folder.

    The first test process that needs it trains it, for all of them.
    """
    from mnist_core import runs, training
    from mnist_core.recipes import RECIPES

    shared = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent
    models = shared / "tiny" / "models"
    with (shared / "tiny.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (models / "tiny").exists():
            recipe = RECIPES["simple-conv"]
            training.train(recipe, mnist_5k, models=models, name="tiny", max_epochs=3)
    return runs.read_run(models, "tiny")


@pytest.fixture(scope="session")
def view(mnist_5k: Dataset, tmp_path_factory: pytest.TempPathFactory) -> View:
    """What a page shows of a model that was never trained: it guesses, right in most cases."""
    import numpy as np

    from dashboard.visit.view import View
    from mnist_core.answers.evaluation import evaluate
    from mnist_core.runs import Details, EpochRecord, Run

    folder = tmp_path_factory.mktemp("guesser")
    (folder / "epoch-02.keras").write_bytes(b"no model, but a file with a fingerprint")
    history = tuple(EpochRecord(e, 1 / e, 0.8, 1.2 / e, 0.7 + e / 100, 1.0) for e in (1, 2, 3))
    versions = {"python": "3.10.1", "keras": "3.9.9"}
    details = Details(versions=versions, seed=7)
    run = Run("guesser", folder, "finished", recipe="guessing", history=history, details=details)
    split = mnist_5k.split("validation")
    guesses = np.random.default_rng(0).normal(size=(len(split), 10))
    guesses[np.arange(len(split)), split.labels] += 3
    y_prob = np.exp(guesses) / np.exp(guesses).sum(axis=1, keepdims=True)
    answers = evaluate(split.labels, y_prob.astype(np.float32))
    return View(mnist_5k.outline, split, run, 2, answers, None)


@pytest.fixture(scope="session")
def bundled_models() -> Path:
    """The models folder of this checkout."""
    return ROOT / "models"
