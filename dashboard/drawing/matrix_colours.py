"""The colour scale of the confusion matrix: how full the colour of a cell is, and its legend.

On a page `cell_grid.css` mixes the theme's colour into the ground by the same levels.
"""

from typing import Any

import numpy as np

from dashboard.drawing.matrix_cells import Shown, is_share
from mnist_core.formatting import decimals, hundredths

# Ink of one hue on either paper: only its strength counts, so the colour-blind lose nothing, and
# at its strongest both dark and light letters still stand out from it (contrast 4.5 and more).
INK = [[0, "rgba(42,154,163,0.05)"], [1, "rgba(42,154,163,0.65)"]]

_SMALLEST_SHARE = 0.001
"""Where the logarithm of a share begins to rise, as that of a count does at one image."""


def cell_levels(
    values: np.ndarray, shown: Shown, *, logarithmic: bool, most: float | None = None
) -> np.ndarray:
    """How full the colour of each value is, 0–1. `float64`, of the values' shape.

    Args:
        values: See `cell_values`.
        shown: What they are.
        logarithmic: Whether colours follow the logarithm.
        most: What the fullest colour stands for; the largest value by default.
    """
    most = max(float(values.max()) if most is None else most, 1e-9)
    if not logarithmic:
        return values / most
    unit = _SMALLEST_SHARE if is_share(shown) else 1
    return np.log1p(values / unit) / np.log1p(most / unit)


def colour_bar(values: np.ndarray, shown: Shown, *, logarithmic: bool) -> dict[str, Any]:
    """Plotly's legend of the colours, named at powers of ten, or at the ends where it is linear.

    Args:
        values: See `cell_values`.
        shown: What they are.
        logarithmic: Whether colours follow the logarithm.
    """
    most = float(values.max())
    steps = [0.001, 0.01, 0.1, 1] if is_share(shown) else [10.0**power for power in range(9)]
    named = (
        [0.0, *(step for step in steps if step < 0.7 * most), most] if logarithmic else [0, most]
    )
    ends = np.array([*named, most])
    if is_share(shown):
        title = f"% of the {'true' if shown == 'share' else 'predicted'} class"
        texts = [hundredths(share, decimals(values.flat)) for share in named]
    else:
        title = "Mistakes" if shown == "mistakes" else "Images"
        texts = [f"{count:,.0f}" for count in named]
    return {
        "orientation": "h",
        "thickness": 8,
        "len": 0.6,
        "x": 0,
        "xanchor": "left",
        "y": 0,
        "yanchor": "top",
        "outlinewidth": 0,
        "title": {"text": f"{title}\N{NO-BREAK SPACE} ", "side": "right"},
        "tickvals": cell_levels(ends, shown, logarithmic=logarithmic)[:-1].tolist(),
        "ticktext": texts,
    }
