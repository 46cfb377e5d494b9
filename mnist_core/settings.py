"""Where data, models, caches and notes lie, what moves them, and how large data may be."""

import os
from pathlib import Path

import platformdirs

ROOT = Path(__file__).resolve().parent.parent

DEFAULT_MAX_DATA_GB = 1.0
"""Gigabytes (10⁹ bytes) that a data set may unpack to: MNIST has 0.055, EMNIST 0.64."""


def data_source() -> Path | None:
    """File or folder with MNIST that `MNIST_LENS_DATA` names, if any."""
    named = os.environ.get("MNIST_LENS_DATA")
    return Path(os.path.expanduser(named)) if named else None


def keras_data_file() -> Path:
    """Where Keras keeps its own copy of MNIST, and where our download puts it."""
    home = os.environ.get("KERAS_HOME")
    return (Path(home) if home else Path.home() / ".keras") / "datasets" / "mnist.npz"


def models_folder() -> Path:
    """Folder of all runs: `MNIST_LENS_MODELS`, else `models/` of this checkout."""
    return Path(os.environ.get("MNIST_LENS_MODELS") or ROOT / "models").expanduser()


def cache_folder() -> Path:
    """Folder of what can be computed again; it may be deleted at any time."""
    named = os.environ.get("MNIST_LENS_CACHE")
    return Path(named or platformdirs.user_cache_dir("mnist-lens")).expanduser()


def home_folder() -> Path:
    """Folder of what the user made, `MNIST_LENS_HOME` if it is set; nothing is deleted there."""
    named = os.environ.get("MNIST_LENS_HOME")
    return Path(named or platformdirs.user_data_dir("mnist-lens")).expanduser()


def data_folder() -> Path:
    """Folder of the data sets that the user added, a folder each."""
    return home_folder() / "data"
