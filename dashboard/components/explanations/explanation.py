"""What each pixel of one image adds to each class, or to the difference of two."""

from dashboard.components.explanations.contrast import contrast
from dashboard.components.explanations.made_by import made_by
from dashboard.components.shared.signed_maps import map_gallery, signed_legend, signed_map
from dashboard.drawing import words
from dashboard.visit.view import View
from mnist_core.explainers import Attribution
from mnist_core.explainers.picture import colour_limit


def explanation(view: View, index: int, attribution: Attribution) -> None:
    """Show one map per class, predicted and true class first, on one scale; or of a difference.

    Args:
        view: What the page shows.
        index: Position of the image in its split.
        attribution: Of this image.
    """
    if attribution.of == "difference":
        contrast(view, index, attribution, key="difference")
        return
    limit, unit = colour_limit(attribution), words.explained_unit(attribution, view.answers.output)
    order, captions = _ordered(view, index, attribution)
    maps = [
        signed_map(
            attribution.values[label], limit=limit, label=caption, under=view.split.images[index]
        )
        for label, caption in zip(order, captions, strict=True)
    ]
    map_gallery(maps, captions, size=130)
    signed_legend(limit, f"of {unit} in one pixel", ends=("against", "for"))
    made_by(attribution, unit)


def _ordered(view: View, index: int, attribution: Attribution) -> tuple[list[int], list[str]]:
    """The predicted and the true class first, and what is written beneath each."""
    true, predicted = view.answers.cell_of(index)
    first = list(dict.fromkeys([predicted, true]))
    order = first + [label for label in attribution.classes if label not in first]
    captions = []
    for label in order:
        roles = [role for role, of in (("predicted", predicted), ("true", true)) if of == label]
        given = words.explained_answer(
            float(attribution.output[label]), attribution, view.answers.output
        )
        captions.append(" · ".join([view.class_names[label], *roles, given]))
    return order, captions
