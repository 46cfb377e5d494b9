"""What a map says of itself."""

import math

from dashboard.drawing.words.counts import images
from dashboard.drawing.words.views import only_cause
from dashboard.visit.view import View
from mnist_core.formatting import percent
from mnist_core.maps.map import Layout, Map


def map_in_words(found: Map, layout: Layout) -> str:
    """How images are laid out, and how far that can be trusted.

    E.g. `By the two directions in which they differ most (35 % of the variance). Trustworthiness
    0.87 of 1: …`.
    """
    if layout == "pca":
        how = (
            "By the two directions in which they differ most, "
            f"{percent(sum(found.shares))} of the variance"
        )
    else:
        how = "By UMAP: who is near whom says something, distances between groups do not"
    if math.isnan(found.trust):
        return f"{how}."
    return (
        f"{how}. Trustworthiness {found.trust:.3f}; 1 if all neighbours here are neighbours there."
    )


def mapped(n_wrong: int, n_listed: int, view: View) -> str:
    """What is listed beside a map, e.g. `41 images of the set, 3 wrong`; for Markdown."""
    mistakes = f"{n_wrong:,} mistake{'' if n_wrong == 1 else 's'}"
    listed = (
        mistakes if view.subset is None else f"{images(n_listed)} of the set, {n_wrong:,} wrong"
    )
    return listed + only_cause(view)
