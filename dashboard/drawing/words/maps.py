"""What a map says of itself."""

import math

from dashboard.drawing.words.counts import images
from dashboard.drawing.words.views import only_cause
from dashboard.visit.view import View
from mnist_core.answers.evaluation import Output
from mnist_core.formatting import percent
from mnist_core.maps.map import Layout, Map


def map_in_words(found: Map, layout: Layout, output: Output) -> str:
    """How images are laid out, and how far that can be trusted.

    E.g. `By the two directions in which the last layer sees them differ most, 35.4 % of the
    variance. Trustworthiness 0.869 (…).`
    """
    if layout == "pca":
        how = (
            "By the two directions in which the last layer sees them differ most, "
            f"{percent(sum(found.shares))} of the variance."
        ).replace(" %", "\N{NO-BREAK SPACE}%")
    else:
        how = "By UMAP: who is near whom means something, how far groups lie apart does not."
    if output == "scores":
        how += " The only layer of a linear model sees the pixels themselves."
    if math.isnan(found.trust):
        return how
    return (
        f"{how} Trustworthiness {found.trust:.3f} (1 where all neighbours on the map are "
        "neighbours for the layer)."
    )


def mapped(n_wrong: int, n_listed: int, view: View) -> str:
    """What is listed beside a map, e.g. `41 images of the set, 3 wrong`; for Markdown."""
    mistakes = f"{n_wrong:,} mistake{'' if n_wrong == 1 else 's'}"
    listed = (
        mistakes if view.subset is None else f"{images(n_listed)} of the set, {n_wrong:,} wrong"
    )
    return listed + only_cause(view)
