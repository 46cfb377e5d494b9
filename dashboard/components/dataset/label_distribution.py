"""Label distributions as bars and as a table, with a verdict."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
import streamlit as st

from dashboard.drawing import words
from dashboard.drawing.figures.label_distribution import label_distribution_figure
from mnist_core.datasets.distributions import Likeness


def label_distribution(
    counts: Mapping[str, np.ndarray],
    likenesses: Mapping[tuple[str, str], Likeness],
    *,
    class_names: Sequence[str],
) -> None:
    """Show every split's distribution and say how balanced and how alike they are.

    Args:
        counts: Images of each class by split. `int64`, shape `(n_classes,)`.
        likenesses: How alike two splits are, by their names.
        class_names: Name of each class.
    """
    sentences = [words.balance(split, of_class, class_names) for split, of_class in counts.items()]
    balanced = [split for split, of_class in counts.items() if len(set(of_class.tolist())) == 1]
    sentences += [
        words.alike(*pair, likeness, by_class=next((s for s in pair if s in balanced), ""))
        for pair, likeness in likenesses.items()
    ]
    chart, table, summary = st.tabs(["Labels", "As a table", "Summary"])
    with chart:
        figure = label_distribution_figure(counts, class_names=class_names)
        st.plotly_chart(figure, key="label-distribution-chart", config={"displayModeBar": False})
        main = likenesses.get(("train", "test"))
        st.caption(
            " ".join([sentences[0], *([words.alike("train", "test", main)] if main else [])])
        )
    with table:
        two = st.column_config.NumberColumn(format="%.2f")
        columns = {f"{split} %": two for split in counts}
        st.dataframe(_table(counts, class_names), hide_index=True, column_config=columns)
    with summary:
        st.markdown("\n".join(f"- {sentence}" for sentence in sentences))


def _table(counts: Mapping[str, np.ndarray], class_names: Sequence[str]) -> pd.DataFrame:
    columns: dict[str, object] = {"Class": list(class_names)}
    for split, of_class in counts.items():
        columns[f"{split}"] = of_class
        columns[f"{split} %"] = [words.in_percent(share) for share in of_class / of_class.sum()]
    return pd.DataFrame(columns)
