"""What changed between two checkpoints: cells split in three, and prediction against prediction."""

from collections.abc import Sequence

import numpy as np

from dashboard.drawing import words
from dashboard.drawing.grids.grid import Edge, Grid, Legend, Line, Part
from dashboard.drawing.matrix_colours import cell_levels
from mnist_core.answers.comparison import Comparison
from mnist_core.answers.comparison import Part as Change

CHANGES: dict[Change, str] = {
    "repaired": "repaired",
    "broken": "broken",
    "still": "still wrong",
}


def changes_grid(comparison: Comparison, *, class_names: Sequence[str]) -> Grid:
    """Every cell of mistakes split into repaired, broken and still wrong."""
    matrices = {change: comparison.part_matrix(change) for change in CHANGES}
    classes = range(comparison.n_classes)
    return Grid(
        label="Mistakes repaired, broken and still wrong: rows true, columns predicted",
        dimensions=("true", "predicted"),
        axis="Wrongly predicted class →   (rows: true class)",
        rows=[Line(k, class_names[k], f"All mistakes of class {class_names[k]}") for k in classes],
        columns=[
            Line(k, class_names[k], f"All wrongly predicted as {class_names[k]}") for k in classes
        ],
        cells=[[_changed(matrices, t, p, class_names) for p in classes] for t in classes],
        right=[_balance(matrices, class_names)],
        whole="All changed or still wrong",
    )


def _changed(
    matrices: dict[Change, np.ndarray], t: int, p: int, class_names: Sequence[str]
) -> list[Part]:
    return [
        Part(
            text=f"{matrix[t, p]:,}",
            label=f"True {class_names[t]}, predicted {class_names[p]}, {CHANGES[change]}: "
            f"{words.images(int(matrix[t, p]))}",
            kind=change,
        )
        for change, matrix in matrices.items()
        if matrix[t, p]
    ]


def _balance(matrices: dict[Change, np.ndarray], class_names: Sequence[str]) -> Edge:
    gained = (matrices["repaired"] - matrices["broken"]).sum(axis=1)
    return Edge(
        "±",
        [f"{n:+d}".replace("-", "−") if n else "0" for n in gained],
        [
            f"{name}: {words.images(abs(int(n)))} {'fewer' if n >= 0 else 'more'} missed"
            for name, n in zip(class_names, gained, strict=True)
        ],
    )


def predictions_grid(comparison: Comparison, *, class_names: Sequence[str]) -> Grid:
    """Predictions before (rows) against predictions after (columns), right or wrong."""
    matrix = comparison.predictions_matrix
    level = np.round(cell_levels(matrix, "counts", logarithmic=True), 3)
    classes = range(comparison.n_classes)
    agreed = int(matrix.trace())
    return Grid(
        label="Prediction against prediction: rows before, columns after",
        dimensions=("before", "after"),
        axis="Columns: predicted after   (rows: before)",
        rows=[Line(k, class_names[k], f"No longer {class_names[k]}") for k in classes],
        columns=[Line(k, class_names[k], f"Newly {class_names[k]}") for k in classes],
        cells=[
            [
                [
                    Part(
                        text=f"{matrix[b, a]:,}" if matrix[b, a] else "",
                        label=f"{class_names[b]} before, {class_names[a]} after: "
                        f"{words.images(int(matrix[b, a]))}",
                        level=level[b, a],
                        kind="right" if a == b else "",
                    )
                ]
                for a in classes
            ]
            for b in classes
        ],
        bottom=[],
        corner=("", ""),
        legend=Legend("0", f"{matrix.max():,}", f"images; the two agree on {agreed:,}"),
        whole="All predicted differently",
    )
