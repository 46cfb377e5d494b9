"""The legend of the learning curves, which also reads off the values of the epoch pointed at."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import get_args

import streamlit as st

from dashboard.drawing.figures.curve_readings import Measure, reading
from dashboard.drawing.figures.run_style import RunStyle
from mnist_core.formatting import percent
from mnist_core.runs import Run

_HERE = Path(__file__).parent
_SHARED = _HERE.parent / "shared"
_mount = st.components.v2.component(
    "mnist_lens.curve_legend",
    css=(_HERE / "curve_legend.css").read_text(),
    js=(_SHARED / "element.js").read_text()
    + (_SHARED / "run_mark.js").read_text()
    + (_HERE / "curve_legend.js").read_text(),
)


def curve_legend(
    runs: Sequence[Run],
    styles: Mapping[str, RunStyle],
    *,
    charts: Sequence[tuple[str, Measure]],
    splits: Sequence[str],
    alone: str | None,
    on_choose: Callable[[str | None], None],
    key: str,
) -> None:
    """Show one button for each run.

    Pointing at a button dims the other runs on the charts, a click shows its run alone or all
    again. Pointing at a chart writes the values of that epoch behind every name, so that nothing
    covers the curves.

    Args:
        runs: Those on the chart, or hidden only because one is alone.
        styles: How each is drawn, by name.
        charts: Key of the container of each chart, and what it shows.
        splits: `train`, `validation` or both, as the chart shows them.
        alone: The only run on show; `None` for all.
        on_choose: Called with the run that is to be alone, or `None`.
        key: One for each legend on a page.
    """

    def chosen_now() -> None:
        on_choose(st.session_state[key]["alone"] or None)

    _mount(
        key=key,
        data={
            "runs": [_as_data(run, styles[run.name], splits) for run in runs],
            "charts": [{"key": chart, "measure": measure} for chart, measure in charts],
            "alone": alone,
        },
        on_alone_change=chosen_now,
    )


def _as_data(run: Run, style: RunStyle, splits: Sequence[str]) -> dict[str, object]:
    best = run.best_epoch
    at_best = "" if best is None else f"★ {best}: {percent(run.validation_accuracy, 2)}"
    return {
        "name": run.name,
        "mark": style.as_data(),
        "best": at_best,
        "readings": {
            measure: [reading(record, measure, splits, run.output) for record in run.history]
            for measure in get_args(Measure)
        },
    }
