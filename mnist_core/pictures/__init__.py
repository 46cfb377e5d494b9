"""The one door through which pictures from outside come in: PNG and JPEG, checked, then decoded."""

from mnist_core.pictures.reading import check_side, read_picture

__all__ = ["check_side", "read_picture"]
