"""A threshold on the confidence: proposed on validation or chosen, and what it does here."""

from dataclasses import dataclass

import streamlit as st

from dashboard.components.confidence.display import ConfidenceDisplay
from dashboard.components.confidence.fitting import is_fitted_on, no_validation
from dashboard.components.shared.selection_widgets import mirror, selection_choice
from dashboard.drawing import words
from dashboard.drawing.figures.risk_coverage import Line, risk_coverage_figure
from dashboard.drawing.figures.run_style import run_styles
from dashboard.drawing.figures.template import ACCENT
from dashboard.visit import state
from dashboard.visit.view import View
from mnist_core.answers.evaluation import Answers
from mnist_core.answers.risk_coverage import RiskCoverage, risk_coverage
from mnist_core.answers.thresholds import HIGHEST_STEP, Proposal, propose, threshold_at
from mnist_core.formatting import percent

_TARGETS = {target: f"{target} %" for target in ("5", "2", "1", "0.5", "0.2", "0.1")}


@dataclass(frozen=True)
class Threshold:
    """What is proposed and what is chosen.

    Attributes:
        step: Of the threshold in effect, see `threshold_at`.
        proposal: The proposed one; `None` where there is none.
    """

    step: int
    proposal: Proposal | None

    @property
    def value(self) -> float:
        """The threshold in effect, 0–1."""
        return threshold_at(self.step)


def threshold_in_effect(validation: Answers | None, display: ConfidenceDisplay) -> Threshold:
    """The proposed threshold, or the chosen one where it is so, or where none is proposed."""
    proposal = None
    if validation is not None:
        proposal = propose(risk_coverage(validation), float(display.target) / 100)
    is_own = display.rule == "own" or proposal is None
    return Threshold(display.threshold if is_own or proposal is None else proposal.step, proposal)


def threshold_controls(
    view: View, threshold: Threshold, validation: Answers | None, target: float
) -> None:
    """Choose the target and the threshold, and see what is proposed.

    Args:
        view: What the page shows.
        threshold: What is in effect.
        validation: What the proposal was found with; `None` where there is nothing to find it with.
        target: Share of wrong answers that a proposal keeps below, 0–1.
    """
    if validation is not None:
        selection_choice("target", "Wrong answers at most", _TARGETS)
    st.select_slider(
        "Threshold",
        range(HIGHEST_STEP + 1),
        format_func=lambda step: words.threshold(threshold_at(step)),
        help="Answers of a lower confidence are refused. Each step is the same change of the odds.",
        **mirror(
            "threshold",
            threshold.step,
            lambda step: state.choose(rule="own", threshold=step),
        ),
    )
    if validation is None:
        st.caption(f"No threshold is proposed: {no_validation(view)}.")
        return
    proposal = threshold.proposal
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        if proposal is not None and proposal.step != threshold.step:
            st.button(
                f"Take {words.threshold(proposal.threshold)}",
                help="The proposed threshold",
                on_click=lambda: state.choose(rule="proposed"),
            )
        st.caption(
            words.proposed(
                proposal,
                target,
                len(validation),
                is_shown=is_fitted_on(view),
                chose_epoch=view.epoch == view.run.best_epoch,
            )
        )


def risk_chart(
    view: View, curve: RiskCoverage, threshold: Threshold, display: ConfidenceDisplay
) -> None:
    """The curve with its threshold, beside the baseline's where it has one.

    Args:
        view: What the page shows, with probabilities.
        curve: Of the images that count.
        threshold: What is in effect.
        display: Its target and axes.
    """
    proposal = threshold.proposal
    is_other = proposal is not None and proposal.step != threshold.step
    st.plotly_chart(
        risk_coverage_figure(
            _lines(view, curve),
            threshold=threshold.value,
            proposed=proposal.threshold if proposal is not None and is_other else None,
            target=float(display.target) / 100,
            is_tested=view.is_tested,
            is_stretched=display.axes == "stretched",
        ),
        key="risk-chart",
        config={"displayModeBar": False},
    )


def _lines(view: View, curve: RiskCoverage) -> list[Line]:
    before = _before(view)
    if before is None or view.baseline is None:
        return [Line("", curve, ACCENT)]
    styles = run_styles(view.runs)
    is_same = view.baseline.run.name == view.run.name
    return [
        Line(f"{view.run.name} · epoch {view.epoch}", curve, styles[view.run.name].colour),
        Line(
            str(view.baseline),
            risk_coverage(before),
            styles[view.baseline.run.name].colour,
            "dash" if is_same else "solid",
        ),
    ]


def _before(view: View) -> Answers | None:
    """The baseline's answers to the images that count, where they have confidences."""
    pair = view.counted_comparison
    if pair is None or pair.before.output == "scores":
        return None
    return pair.before


def areas(view: View, curve: RiskCoverage) -> str:
    """The area under the curve in words, and of the baseline's where there is one."""
    said, before = words.mean_risk(curve), _before(view)
    if before is not None:
        said += f" Before: {percent(risk_coverage(before).area, 3)}."
    elif view.baseline is not None:
        said += " What it is compared with answers with scores and has no such curve."
    return said
