"""Sets of images: by a query or one by one, named and kept, and how runs do on them."""

from mnist_core.sets.figures import SetFigures, set_figures
from mnist_core.sets.image_set import ImageSet, PickedImages, name_of, set_of_query
from mnist_core.sets.picks import is_pick, keep_images, name_of_images, read_images
from mnist_core.sets.set_files import (
    KeptSets,
    delete_set,
    find_set,
    keep_sets,
    kept_sets,
    rename_set,
)
from mnist_core.sets.sets_json import read_json, to_json

__all__ = [
    "ImageSet",
    "KeptSets",
    "PickedImages",
    "SetFigures",
    "delete_set",
    "find_set",
    "is_pick",
    "keep_images",
    "keep_sets",
    "kept_sets",
    "name_of",
    "name_of_images",
    "read_images",
    "read_json",
    "rename_set",
    "set_figures",
    "set_of_query",
    "to_json",
]
