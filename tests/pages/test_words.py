"""What the dashboard says is true and cannot be bent by what it quotes."""

import math
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.drawing import words
from dashboard.visit.view import View
from mnist_core.answers.comparison import Comparison
from mnist_core.answers.evaluation import Answers
from mnist_core.datasets import Outline, Split
from mnist_core.datasets.distributions import Likeness
from mnist_core.explainers import Attribution, Of
from mnist_core.formatting import (
    decimals,
    hundredths,
    interval,
    p_value,
    percent,
    signed,
    signed_decimals,
)
from mnist_core.runs import Details, ImportRecord, Run, read_run
from mnist_core.runs.seeds import Spread

JOINER = "\N{WORD JOINER}"
MARKDOWN = "\\`*_{}[]()<>#+-.!|$~:&"


@pytest.mark.parametrize(
    ("share", "said"),
    [
        (0.5, "50.0 %"),
        (0.99, "99.0 %"),
        (0.9859, "98.6 %"),
        (0.99411, "99.41 %"),
        (54_999 / 55_000, "99.99 %"),
        (0.0002, "< 0.1 %"),
        (0.0006, "0.1 %"),
        (1, "100.0 %"),
        (0, "0.0 %"),
        (None, "–"),
        (float("nan"), "–"),
    ],
)
def test_a_share_is_said_in_percent(share: float | None, said: str) -> None:
    assert percent(share) == said


def difference(base_value: float, output: float) -> Attribution:
    """For the first class 3 in the top left, and 1 in the bottom right for the second."""
    values = np.zeros((1, 28, 28))
    values[0, 0, 0], values[0, 27, 27] = 3, -1
    return Attribution(
        values=values, base_value=[base_value], output=[output], classes=(9, 4), of="difference"
    )


@pytest.mark.parametrize(
    ("base_value", "output", "said"),
    [
        (0.5, 2.5, "logit of 9 is 2.50 above that of 4: from the background images 9 starts 0.50"),
        (-4, -2, "logit of 4 is 2.00 above that of 9: from the background images 4 starts 4.00"),
    ],
)
def test_a_contrast_says_who_leads_and_what_the_pixels_do(
    base_value: float, output: float, said: str
) -> None:
    told = words.contrast_sum(difference(base_value, output), "94", "logit")
    assert said in told
    assert told.endswith("the pixels pull 3.00 to 9 and 1.00 to 4.")


def test_pixels_that_need_not_add_up_are_not_added_up() -> None:
    told = words.contrast_sum(difference(math.nan, 2.5), "94", "logit")
    assert told == "The logit of 9 is 2.50 above that of 4."


def test_a_contrast_says_where_each_class_is_pulled_to() -> None:
    ink = np.full((28, 28), 200, np.uint8)
    ink[27, 27] = 0
    values = difference(0, 2).values[0]
    assert words.contrast_where(values, ink, "94") == (
        "Of what pulls to 9, 100.0 % lies in the top left of the digit, 100.0 % on ink. "
        "Of what pulls to 4, 100.0 % lies in the bottom right of the digit, 0.0 % on ink."
    )
    assert words.contrast_where(np.maximum(values, 0), ink, "94", over=2) == (
        "Of what pulls to 9, 100.0 % lies in the top left of the mean digit. Nothing pulls to 4."
    )


@pytest.mark.parametrize(
    ("of", "output", "unit", "said"),
    [
        ("probability", "probabilities", "probability", "25.0 %"),
        ("logit", "probabilities", "logit", "logit −0.25"),
        ("probability", "scores", "score", "score"),
        ("difference", "scores", "score", "score"),
    ],
)
def test_what_is_explained_is_called_by_its_unit(of, output, unit: str, said: str) -> None:
    found = replace(difference(0, 2), of=of) if of == "difference" else part_of(of)
    assert words.explained_unit(found, output) == unit
    value = -0.25 if of == "logit" else 0.25
    assert words.explained_answer(value, found, output).startswith(said)


def part_of(of: Of) -> Attribution:
    return Attribution(values=np.zeros((1, 28, 28)), base_value=[0], output=[0.25], of=of)


@given(st.floats(0, 1, exclude_max=True))
def test_what_is_not_everything_is_never_called_a_hundred_percent(share: float) -> None:
    assert not percent(share).startswith("100")


@given(st.lists(st.floats(0, 1), min_size=1))
def test_the_shares_of_one_table_have_the_decimals_that_any_of_them_needs(shares) -> None:
    places = decimals(shares)
    for share in shares:
        said = hundredths(share, places)
        assert len(said.split(".")[1]) == places >= decimals([share])
        assert (float(said.removeprefix("< ")) == 0) == (share == 0)
        assert (float(said.removeprefix("< ")) == 100) == (share == 1)


def test_shares_and_their_intervals_worked_out_by_hand() -> None:
    assert [hundredths(share, 2) for share in (0.9, 0.9996, 0.00002)] == [
        "90.00",
        "99.96",
        "< 0.01",
    ]
    assert [hundredths(share, 1) for share in (0.9996, 0.0002, 1, 0)] == [
        "99.9",
        "< 0.1",
        "100.0",
        "0.0",
    ]
    assert interval((0.0, 0.00031), 1) == "(0.0–< 0.1)"
    assert words.share_of(9972, 10_000) == "99.72 % (99.60–99.81)"


@given(st.text())
def test_quoted_text_keeps_its_letters_and_loses_its_markdown(text: str) -> None:
    escaped = words.plain(text)
    for mark in MARKDOWN:
        assert escaped.count(f"\\{mark}") >= text.count(mark)
    unescaped = iter(escaped)
    letters = "".join(next(unescaped) if c == "\\" else c for c in unescaped)
    assert letters.replace(JOINER, "") == text.replace(JOINER, "")


@pytest.mark.parametrize("address", ["http://a.example", "www.a.example", "me@a.example"])
def test_a_quoted_address_is_broken_up(address: str) -> None:
    assert JOINER in words.plain(address)


@pytest.mark.parametrize(
    ("counts", "verdict"),
    [
        ([5, 5, 5], "test is perfectly balanced: 33.3 % of each class."),
        ([100, 95, 105], "test is roughly balanced: from 31.7 % (b) to 35.0 % (c)."),
        ([100, 98, 102], "test is well balanced: from 32.7 % (b) to 34.0 % (c)."),
        ([10, 0, 30], "test is unbalanced: from 0.0 % (b) to 75.0 % (c)."),
    ],
)
def test_balance_names_the_extremes(counts: list[int], verdict: str) -> None:
    assert words.balance("test", np.array(counts), "abc") == verdict


def test_splits_differ_only_when_chance_does_not_explain_it() -> None:
    alike = words.alike("train", "test", Likeness(0.009, 0.4))
    assert alike == (
        "train and test: no difference shown between their labels, 0.9 % of the labels "
        "would have to change (chi-square test, p = 0.4)."
    )
    cut = words.alike("train", "validation", Likeness(0.01, 0.4), by_class="validation")
    assert cut.endswith(" Validation was cut class by class, not drawn at random.")
    assert "differ by more than chance" in words.alike("a", "b", Likeness(0.2, 0.001))
    assert "have the same label distribution" in words.alike("a", "b", Likeness(0, 1))


def changed(repaired: int, broken: int, n: int = 10_000) -> Comparison:
    """Answers to n images of which so many were repaired and broken."""
    y_true, places = np.zeros(n, np.uint8), np.arange(n)
    before = places < repaired
    after = (places >= repaired) & (places < repaired + broken)
    return Comparison(
        *(Answers(y_true, wrong.astype(int), np.ones(n), 2) for wrong in (before, after))
    )


def test_a_difference_is_said_of_two_models_and_not_of_recipes() -> None:
    said = words.difference(changed(30, 13), "flagship · epoch 28")
    assert said.endswith(
        "p = 0.0095: more than chance, of these two models; another seed may differ."
    )
    assert "Paired score test (Tango)" in said
    just = words.difference(changed(28, 15), "a · epoch 1")
    assert "+0.130 points (+0.002 to +0.269)" in just
    assert "p = 0.047: more than chance" in just
    almost = words.difference(changed(27, 15), "a · epoch 1")
    assert "p = 0.064: within noise, these images cannot tell the two models apart" in almost


@pytest.mark.parametrize(("p", "verdict"), [(0.05, "within noise"), (0.04999, "more than chance")])
def test_a_difference_is_more_than_chance_below_5_percent_not_at_it(p: float, verdict: str) -> None:
    figures = {"interval": (0.0, 0.002), "difference": 0.001, "repaired": [1], "broken": []}
    said = words.difference(SimpleNamespace(**figures, p_value=p), "a")  # type: ignore[arg-type]
    assert f"Paired score test (Tango), {p_value(p)}: {verdict}" in said


@pytest.mark.parametrize(
    ("repaired", "broken", "said"),
    [
        (2, 1, "+0.001 points (−0.004 to +0.006)"),
        (1, 2, "−0.001 points (−0.006 to +0.004)"),
        (4, 4, "+0.00 points (−0.01 to +0.01)"),
        (40, 10, "+0.03 points (+0.02 to +0.05)"),
    ],
)
def test_a_difference_and_its_interval_have_one_number_of_decimals(
    repaired: int, broken: int, said: str
) -> None:
    assert said in words.difference(changed(repaired, broken, 100_000), "a · epoch 1")


def test_what_subtracting_equal_shares_leaves_is_no_difference() -> None:
    assert signed(100 * (0.3 - (0.1 + 0.2))) == signed(0.0) == "+0.00"
    assert signed_decimals([0.0, 100 * (0.3 - (0.1 + 0.2)), 0.12]) == 2
    assert signed_decimals([0.0004, 3.0]) == 4


@pytest.mark.parametrize(
    ("p", "said"),
    [
        (0.2104, "p = 0.21"),
        (0.0496, "p = 0.0496"),
        (0.05, "p = 0.05"),
        (0.00012, "p = 0.00012"),
        (0.0000999, "p < 0.0001"),
        (0.0, "p < 0.0001"),
        (1.0, "p = 1"),
    ],
)
def test_a_p_value_is_written_so_that_its_verdict_can_be_read_off(p: float, said: str) -> None:
    assert p_value(p) == said


def test_a_rise_of_validation_loss_is_said_with_its_size() -> None:
    run = read_run(Path(__file__).parents[2] / "models", "mlp-deep")
    assert words.validation_loss(run) == (
        "mlp-deep: validation loss rises from epoch 6; since then it is 24.1 % higher in the "
        "median, while training loss went from 0.040 to 0.017."
    )
    few = replace(run, history=run.history[:3])
    assert words.validation_loss(few) == "mlp-deep: too few epochs to tell."
    at_zero = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6)
    unlike = tuple(
        replace(run.history[0], epoch=i, validation_loss=loss, loss=math.nan)
        for i, loss in enumerate(at_zero, 1)
    )
    said = words.validation_loss(replace(run, history=unlike))
    assert said == "mlp-deep: validation loss rises from epoch 1."


def test_an_import_that_left_out_much_is_told_in_short() -> None:
    left_out = tuple(f"{number}.keras: torn" for number in range(500))
    record = ImportRecord("theirs", notes=("x" * 5_000,), left_out=left_out)
    run = Run("one", Path("one"), "imported", details=Details(imported=record))
    told = words.imported(run)
    assert len(told) == 23
    assert max(map(len, told)) == 1_000
    assert told[-1] == "Also left out: 480 more, see run.json."


@pytest.mark.parametrize(
    ("epoch", "chose", "said"),
    [
        (6, True, "90.0 % right, the highest of all epochs, chosen on this split"),
        (6, False, "90.0 % right (82.6–94.5)"),
        (5, True, "90.0 % right (82.6–94.5)"),
    ],
)
def test_a_maximum_over_epochs_has_no_interval(epoch: int, chose: bool, said: str) -> None:
    labels = np.zeros(100, np.uint8)
    split = Split("validation", np.zeros((100, 28, 28), np.uint8), labels)
    run = read_run(Path(__file__).parents[2] / "models", "simple-conv")
    history = tuple(replace(r, validation_accuracy=0.5 + (r.epoch == 6) / 10) for r in run.history)
    prints = {"validation": split.fingerprint} if chose else {}
    run = replace(run, history=history, fingerprints=prints)
    answers = Answers(labels, np.arange(100) // 90, np.ones(100), 10)
    outline = Outline("d", "Digits", tuple("0123456789"), "here", {"validation": 100})
    view = View(outline, split, run, epoch, answers, None)
    assert words.accuracy(view) == said
    assert words.findings(view).endswith(said)


def test_the_spread_over_seeds_is_said_with_its_median() -> None:
    assert words.spread(Spread("flagship", 3, 0.996, 0.9963, 0.9972), "test") == (
        "3 seeds of flagship are right on 99.60–99.72 % of test, 99.63 % in the median."
    )


def test_the_three_best_classes_have_the_same_decimals() -> None:
    outputs = np.array([0.0013, 0.9938, 0.004, 0.0009])
    said = words.best_three(outputs, "abcd", "probabilities").replace("\N{NO-BREAK SPACE}", " ")
    assert said == "Top 3: b 99.38 % · c 0.40 % · a 0.13 %"
    scores = words.best_three(np.array([1.5, -2, 0.25]), "abc", "scores")
    assert scores == "Top 3: a score 1.50 · c score 0.25 · b score -2.00"
