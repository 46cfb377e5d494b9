"""How far confidence can be trusted, and what a threshold on it does."""

from __future__ import annotations

import math

import numpy as np

from dashboard.drawing.words.counts import images, share_of
from mnist_core.answers.calibrated import calibrated_errors
from mnist_core.answers.evaluation import Answers
from mnist_core.answers.risk_coverage import RiskCoverage
from mnist_core.answers.temperature import Temperature
from mnist_core.answers.thresholds import Proposal
from mnist_core.formatting import decimals, p_value, percent

BAND = (
    "Grey: where 95\N{NO-BREAK SPACE}% of perfectly calibrated models lie, bin by bin (Bröcker, "
    "Smith 2007). A diamond lies outside; points below the dotted line are overconfident."
)
"""What the marks of a reliability diagram are."""


def _unbroken(text: str) -> str:
    """Text in which no line begins with a sign of %."""
    return text.replace(" %", "\N{NO-BREAK SPACE}%")


def threshold(share: float) -> str:
    """A confidence with as many decimals as tell it from its neighbours, e.g. `99.553 %`."""
    if share >= 1:
        return "100 %"
    rest = math.log10(100 * (1 - share))
    return f"{100 * share:.{max(0, 2 - math.floor(rest + 1e-9))}f} %"  # 1 − 0.9 is a little less


def calibration(answers: Answers, *, is_tested: bool = True) -> str:
    """How sure and how right answers are, and how large a calibration error chance alone makes.

    Args:
        answers: With probabilities.
        is_tested: Whether chance can be spoken of.
    """
    found = answers.calibration()
    sure = float(np.average(found.confidence, weights=found.count))
    places = decimals([sure, answers.accuracy])
    said = (
        f"On average {percent(sure, places)} sure and {percent(answers.accuracy, places)} right; "
        f"expected calibration error {percent(found.expected_error, 2)} "
        "(Naeini, Cooper, Hauskrecht 2015)"
    )
    if not is_tested:
        return _unbroken(f"{said}.")
    middle, most = np.quantile(calibrated_errors(answers.confidence), (0.5, 0.95)).tolist()
    return _unbroken(
        f"{said}; a perfectly calibrated model of the same confidences shows {percent(middle, 2)} "
        f"in the median and up to {percent(most, 2)} in 95 % of draws."
    )


def proposed(
    found: Proposal | None, target: float, n: int, *, is_shown: bool, chose_epoch: bool
) -> str:
    """What was proposed on validation, in sentences.

    Args:
        found: The proposal; `None` where there is none.
        target: Share of wrong answers among those given that it keeps below, 0–1.
        n: Images of validation.
        is_shown: Whether these are the images on show.
        chose_epoch: Whether validation is also what the epoch was chosen by.
    """
    wanted = f"at most {100 * target:g} % of the answers are wrong"
    if found is None:
        return _unbroken(f"No threshold on the {images(n)} of validation shows that {wanted}.")
    at = (
        "Answering everything"
        if found.step == 0
        else f"A threshold of {threshold(found.threshold)}"
    )
    return _unbroken(
        f"{at} is proposed on validation: there {found.errors:,} of {found.answered:,} answers are "
        f"wrong, and with 95 % certainty {wanted} on images like these."
        f"{' Validation chose the epoch as well, so this may promise too much.' * chose_epoch}"
        f"{' These are the very images, so they judge nothing.' * is_shown}"
    )


def refusals(curve: RiskCoverage, at: float, split: str, *, is_tested: bool = True) -> str:
    """What a threshold does on the images that count, in sentences; for Markdown.

    Args:
        curve: Of the images.
        at: The threshold, 0–1.
        split: Name of their split.
        is_tested: Whether chance can be spoken of.
    """
    (answered, wrong), n, errors = curve.at(at), curve.n, int(curve.errors[-1])
    if not answered:
        return f"None of the {images(n)} of {split} is answered, at {threshold(at)} or more."
    places = 2 if wrong / answered < 0.1 else 1
    share = share_of(wrong, answered, places) if is_tested else percent(wrong / answered, places)
    refused, caught = n - answered, errors - wrong
    said = (
        f"Of {images(n)} of {split}, **{answered:,} {_are(answered)} answered** "
        f"({percent(answered / n)}), **{wrong:,} of them wrong**: {share}."
    )
    if not refused:
        return _unbroken(f"{said} None is refused.")
    return _unbroken(
        f"{said} {refused:,} {_are(refused)} refused: {caught:,} of "
        f"{errors:,} mistakes, and {refused - caught:,} that "
        f"{'was' if refused - caught == 1 else 'were'} right."
    )


def _are(count: int) -> str:
    return "is" if count == 1 else "are"


def mean_risk(curve: RiskCoverage) -> str:
    """The area under a curve beside the least and that of no order."""
    return _unbroken(
        f"Mean over all shares answered (AURC; Geifman, Uziel, El-Yaniv 2019): "
        f"{percent(curve.area, 3)} wrong; {percent(curve.least_area, 3)} if every mistake had the "
        f"least confidence, {percent(float(curve.risk[-1]), 3)} if confidence said nothing."
    )


def tempered(found: Temperature, n: int, *, is_shown: bool, vanished: int) -> str:
    """What the temperature is, where it comes from, and whether it is judged where it was fitted.

    Args:
        found: The temperature.
        n: Images of validation.
        is_shown: Whether these are the images on show.
        vanished: How many probabilities on show are 0.
    """
    verdict = f"within noise of 1 ({p_value(found.p_value)})"
    if found.p_value < 0.05:
        surely = "too sure" if found.value > 1 else "not sure enough"
        verdict = f"the model was {surely}, by more than chance ({p_value(found.p_value)})"
    said = (
        f"Temperature {found.value:.3f}, fitted on the {images(n)} of validation (Guo, Pleiss, "
        f"Sun, Weinberger 2017): {verdict}. No prediction changes."
    )
    if is_shown:
        said += " These are the images it was fitted on; another split judges it better."
    if vanished:
        were = "probability is 0 and was" if vanished == 1 else "probabilities are 0 and were"
        said += f" {vanished:,} {were} taken as 1e-38."
    return said
