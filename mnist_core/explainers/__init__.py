"""The ways to explain one prediction by its pixels: `EXPLAINERS` maps a name to its `Explainer`."""

from mnist_core.errors import ExplanationError
from mnist_core.explainers import (
    deep_shap,
    expected_gradients,
    grad_cam,
    integrated_gradients,
    linear,
    occlusion,
    partition,
)
from mnist_core.explainers.attribution import Attribution, combine
from mnist_core.explainers.backgrounds import background
from mnist_core.explainers.cached import explain_cached
from mnist_core.explainers.explainer import Explainer
from mnist_core.explainers.target import OFS, Of, Target

EXPLAINERS: dict[str, Explainer] = {
    explainer.name: explainer
    for explainer in (
        deep_shap.EXPLAINER,
        expected_gradients.EXPLAINER,
        integrated_gradients.EXPLAINER,
        grad_cam.EXPLAINER,
        occlusion.EXPLAINER,
        partition.EXPLAINER,
        linear.EXPLAINER,
    )
}


def find_explainer(name: str) -> Explainer:
    """The method of that name.

    Raises:
        ExplanationError: There is none.
    """
    if name not in EXPLAINERS:
        raise ExplanationError(
            f"Expected one of the methods {', '.join(EXPLAINERS)}. Received: {name!r}. "
            "Choose one of these."
        )
    return EXPLAINERS[name]


__all__ = [
    "EXPLAINERS",
    "OFS",
    "Attribution",
    "Explainer",
    "Of",
    "Target",
    "background",
    "combine",
    "explain_cached",
    "find_explainer",
]
