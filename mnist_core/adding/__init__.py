"""Data sets made of files from elsewhere: arrays, IDX files, and folders of pictures."""

from mnist_core.adding.add import Added, add

__all__ = ["Added", "add"]
