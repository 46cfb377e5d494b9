"""How a column is spread: counts as numpy counts them, round edges, and what is kept by a part."""

from __future__ import annotations

from typing import NoReturn

import numpy as np
import pytest

from mnist_core.answers.evaluation import evaluate
from mnist_core.errors import QueryError
from mnist_core.queries import (
    COLUMNS,
    Bars,
    Histogram,
    Subject,
    between,
    histogram,
    one_of,
    parse_query,
    spread,
)
from mnist_core.queries.spread import FEWEST_BINS, MOST_BINS
from mnist_core.triage import CAUSES

RNG = np.random.default_rng(0)
NUMBERS = {
    "shares": RNG.random(2_000),
    "small": RNG.normal(5, 2, 500) * 1e-7,
    "large": RNG.random(500) * 3e9,
    "negative": -RNG.exponential(3, 500),
    "whole": RNG.integers(0, 12, 500),
    "positions": np.arange(10_000),
    "one": np.array([0.3]),
    "one whole": np.array([5.0]),
    "the same": np.full(9, 0.7),
    "on edges": np.arange(11) / 10,
    "far apart": np.array([0.5, 1e15]),
    "float32": RNG.random(500).astype(np.float32),
    "some unknown": np.where(RNG.random(500) < 0.1, np.nan, RNG.random(500)),
}


@pytest.mark.parametrize("values", NUMBERS.values(), ids=NUMBERS)
def test_every_number_is_counted_once_where_numpy_counts_it(values: np.ndarray) -> None:
    found = histogram(values)
    known = values[~np.isnan(values)]
    assert found.counts.tolist() == np.histogram(known, found.edges)[0].tolist()
    assert found.counts.sum() == len(known)
    assert found.unknown == len(values) - len(known)
    assert found.edges[0] <= known.min() <= known.max() <= found.edges[-1]
    assert len(found.counts) <= MOST_BINS


@pytest.mark.parametrize("values", NUMBERS.values(), ids=NUMBERS)
def test_edges_are_round_and_evenly_spaced(values: np.ndarray) -> None:
    edges = histogram(values).edges
    step = edges[1] - edges[0]
    mantissa = step / 10 ** np.floor(np.log10(step) + 1e-9)
    assert any(mantissa == pytest.approx(one) for one in (1, 2, 5))
    assert np.diff(edges) == pytest.approx(step)
    assert edges / step == pytest.approx(np.round(edges / step), abs=1e-3)


def test_few_numbers_are_in_few_bins() -> None:
    assert len(histogram(RNG.random(17)).counts) <= FEWEST_BINS
    assert len(histogram(RNG.random(10_000)).counts) >= 20


def test_few_whole_numbers_have_a_bin_each() -> None:
    found = histogram(np.array([1, 1, 2, 4.0]))
    assert found.is_whole
    assert found.edges.tolist() == [1, 2, 3, 4, 5]
    assert found.counts.tolist() == [2, 1, 0, 1]


def test_of_what_is_unknown_everywhere_there_is_no_bin() -> None:
    found = histogram(np.full(3, np.nan))
    assert (len(found.edges), len(found.counts), found.unknown) == (0, 0, 3)


def test_classes_conditions_and_words_are_counted_each() -> None:
    names = ("0", "bag")
    assert spread(COLUMNS["true"], np.array([0, 1, 1]), names) == Bars(
        names, ("0", "'bag'"), (1, 2)
    )
    assert spread(COLUMNS["wrong"], np.array([True, False, False]), names) == Bars(
        ("yes", "no"), ("wrong", "not wrong"), (1, 2)
    )
    found = spread(COLUMNS["cause"], np.array(["", "it's odd", ""], object), names)
    assert isinstance(found, Bars)
    assert found.labels == ("none", *CAUSES, "it's odd")
    assert found.values[0] == "''"
    assert found.counts == (2, *[0] * len(CAUSES), 1)


@pytest.fixture(scope="module")
def subject() -> Subject:
    y_prob = RNG.dirichlet(np.ones(3), 300).astype(np.float32)
    shown = evaluate(RNG.integers(0, 3, 300).astype(np.uint8), y_prob)
    causes = {1: "ambiguous", 2: "it's odd", 3: 'a "b" c'}

    def unknown(*_: object) -> NoReturn:
        raise QueryError("Expected what is never asked here.")

    return Subject(
        title="this",
        run="this",
        y_true=shown.y_true,
        answers=shown,
        class_names=("0", "bag", "it's"),
        runs=(),
        answers_of=unknown,
        causes=lambda: causes,
        suspects=unknown,
        histories_of=unknown,
        shapes=unknown,
    )


@pytest.mark.parametrize("name", ["true", "wrong", "cause"])
def test_each_bar_is_kept_by_its_condition(name: str, subject: Subject) -> None:
    column, names = COLUMNS[name], subject.class_names
    bars = spread(column, column.of(subject), names)
    assert isinstance(bars, Bars)

    def n_kept(*values: str) -> int:
        return len(parse_query(one_of(column, values), names).find(subject))

    assert [n_kept(value) for value in bars.values] == list(bars.counts)
    assert n_kept(*bars.values) == len(subject.answers)


@pytest.mark.parametrize("name", ["confidence", "rank", "index"])
def test_bins_that_are_brushed_are_kept_by_their_condition(name: str, subject: Subject) -> None:
    column = COLUMNS[name]
    found = spread(column, column.of(subject), subject.class_names)
    assert isinstance(found, Histogram)
    for first, last in ((0, 0), (1, 2), (0, len(found.counts) - 1)):
        high = found.edges[last + 1] - (1 if found.is_whole else 0)
        condition = between(column, found.edges[first], high)
        kept = parse_query(condition, subject.class_names).find(subject)
        assert len(kept) == found.counts[first : last + 1].sum(), condition


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (0.4, 0.6, "0.4 <= confidence <= 0.6"),
        (0.6, 0.1 + 0.2, "0.3 <= confidence <= 0.6"),
        (-5, 10.0, "-5 <= confidence <= 10"),
        (1, 1, "confidence == 1"),
        (1e-7, 1e15, "1e-07 <= confidence <= 1000000000000000"),
    ],
)
def test_numbers_are_written_as_one_would(low: float, high: float, expected: str) -> None:
    condition = between(COLUMNS["confidence"], low, high)
    assert condition == expected
    parse_query(condition, ("0", "1"))
