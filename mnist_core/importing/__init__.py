"""Runs made of models that were trained elsewhere, and of the logs of their training."""

from mnist_core.importing.apart import import_apart
from mnist_core.importing.import_run import Imported, import_dropped, import_run, is_importable

__all__ = ["Imported", "import_apart", "import_dropped", "import_run", "is_importable"]
