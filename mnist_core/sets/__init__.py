"""Sets of images: many picked by hand, kept under a name that says which they are."""

from mnist_core.sets.picks import is_pick, keep_images, read_images

__all__ = ["is_pick", "keep_images", "read_images"]
