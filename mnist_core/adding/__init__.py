"""Data sets made of files from elsewhere: arrays, IDX files, and folders of pictures."""

from mnist_core.adding.add import Added, add
from mnist_core.adding.add_apart import add_apart
from mnist_core.adding.uploaded import MOST_BYTES, Uploaded, lay_out

__all__ = ["MOST_BYTES", "Added", "Uploaded", "add", "add_apart", "lay_out"]
