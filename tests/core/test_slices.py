"""Slices hold exactly what their query finds, planted ones are found, and chance is no finding."""

from __future__ import annotations

import math
import pickle
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from scipy.stats import hypergeom, poisson

from mnist_core.errors import EvaluationError
from mnist_core.queries import Subject, parse_query
from mnist_core.shapes import Shapes, measure
from mnist_core.slices import FoundSlices, OfClass, Range, find_slices
from mnist_core.slices.candidates import Candidates, candidates
from mnist_core.slices.chance import Draws, highest_scores
from mnist_core.slices.columns import measure_column
from mnist_core.slices.scores import FEWEST_ERRORS, FEWEST_IMAGES, NEVER, Strata, scales
from mnist_core.statistics import wilson_interval

NAMES = tuple("0123456789")
Digits = tuple[np.ndarray, Shapes]


@pytest.fixture(scope="module")
def material(digits: tuple[np.ndarray, np.ndarray]) -> Digits:
    """Labels and measures of the embedded digits, of which one has no ink."""
    images, labels = digits
    images = images.copy()
    images[7] = 0
    return labels, measure(images)


def dealt_out(n: int, n_wrong: int, seed: int) -> np.ndarray:
    return np.random.default_rng(seed).permutation(np.arange(n) < n_wrong)


def raised(wrong: np.ndarray, inside: np.ndarray, factor: float, seed: int) -> np.ndarray:
    """The error rate within a group raised to so many times what it is in all."""
    wrong = wrong.copy()
    random = np.random.default_rng((seed, 1))
    wrong[inside] = random.random(inside.sum()) < factor * wrong.mean()
    return wrong


def jaccard(inside: np.ndarray, positions: np.ndarray) -> float:
    shared = int(inside[positions].sum())
    return shared / (int(inside.sum()) + len(positions) - shared)


def subject(labels: np.ndarray, shapes: Shapes) -> Subject:
    """What groups are asked about: no run, since nothing comes from its answers."""

    def nothing(*_asked: object) -> Any:
        raise AssertionError

    return Subject(
        title="",
        run="",
        y_true=labels,
        answers=None,
        class_names=NAMES,
        runs=(),
        answers_of=nothing,
        causes=nothing,
        suspects=nothing,
        histories_of=nothing,
        shapes=lambda: shapes,
    )


def test_every_group_is_what_its_query_finds(material: Digits) -> None:
    labels, shapes = material
    groups, asked = candidates(labels, shapes), subject(labels, shapes)
    random = np.random.default_rng(0)
    everyone = [counts[0] for counts in groups.counts(np.arange(len(labels))[None])]
    for family, sizes in enumerate(everyone):
        for group in random.choice(len(sizes), min(len(sizes), 12), replace=False):
            conditions = groups.conditions(family, int(group))
            text = " and ".join(condition.query(NAMES) for condition in conditions)
            found = parse_query(text, NAMES).find(asked)
            assert np.flatnonzero(groups.members(family, int(group))).tolist() == found.tolist()
            assert sizes[group] == len(found), text


def test_errors_are_counted_as_if_one_by_one(material: Digits) -> None:
    groups = candidates(*material)
    draws = np.random.default_rng(1).integers(0, groups.n_images, (3, 50))
    for family, counts in enumerate(groups.counts(draws)):
        for group in range(0, counts.shape[1], 97):
            inside = groups.members(family, group)
            assert counts[:, group].tolist() == inside[draws].sum(axis=1).tolist()


def test_a_measure_is_cut_at_round_numbers_and_has_no_range_without_a_value() -> None:
    values = np.array([*np.linspace(-31.7, 48.3, 999), np.nan])
    column = measure_column("slant", values)
    assert column is not None
    ends = {c.low for c in column.conditions if isinstance(c, Range)} - {None}
    assert ends == {float(round(end)) for end in ends if end is not None}
    assert len(ends) == 19
    assert not column.is_within[:, column.bins[-1]].any()
    assert measure_column("ink", np.full(30, 4.0)) is None
    assert measure_column("slant", np.full(30, np.nan)) is None


def test_ranges_and_classes_are_written_as_queries() -> None:
    assert Range("thickness", None, 1.9).query(()) == "thickness < 1.9"
    assert Range("slant", -10, None).query(()) == "slant >= -10"
    assert Range("width", 8, 12).query(()) == "8 <= width < 12"
    assert OfClass(9).query(NAMES) == "true == 9"
    assert OfClass(1).query(("A", "it's")) == 'true == "it\'s"'
    twice, long = ("A", "A"), ("A", "B" * 400)
    assert OfClass(1).query(twice) == OfClass(1).query(long) == "true == 1"


def test_what_is_expected_of_a_group_is_hypergeometric_in_every_stratum(material: Digits) -> None:
    labels, shapes = material
    groups = candidates(labels, shapes)
    first = np.flatnonzero(shapes["ink"] < 80)
    parts = (first, np.setdiff1d(np.arange(len(labels)), first))
    found = scales(groups, Strata(parts, (40, 60)), [])
    for family, group in ((0, 4), (1, 30), (8, 77), (14, 500)):
        inside = groups.members(family, group)
        sizes = [int(inside[part].sum()) for part in parts]
        expected, variance = (
            sum(
                getattr(hypergeom, name)(len(part), size, n)
                for part, size, n in zip(parts, sizes, (40, 60), strict=True)
            )
            for name in ("mean", "var")
        )
        scale, errors = found[family], np.zeros((1, len(found[family].times)), np.float32)
        errors[0, group] = n_errors = 90
        dispersion = variance / expected
        ratio = poisson.logpmf(90, 90) - poisson.logpmf(90, expected)
        in_family = int(scale.is_looked_at.sum())
        by_hand = ratio / dispersion - math.log(in_family)
        assert scale.scores(errors)[0, group] == pytest.approx(by_hand, rel=1e-4), n_errors


def test_scores_rank_groups_as_exact_p_values_do(material: Digits) -> None:
    """Of groups of one family; near the limit of what is reported."""
    labels, shapes = material
    groups = candidates(labels, shapes)
    scale = scales(groups, Strata((np.arange(len(labels)),), (100,)), [])[5]
    sizes = [counts[0] for counts in groups.counts(np.arange(len(labels))[None])][5]
    looked_at = np.flatnonzero(scale.is_looked_at)
    errors = np.random.default_rng(3).hypergeometric(
        np.minimum(100, 3 * sizes // 100).astype(int) + 1, 1000, 100
    )
    errors = np.minimum(sizes, errors + 5 + (sizes * 0.03).astype(int)).astype(np.float32)
    scores = scale.scores(errors[None])[0][looked_at]
    exact = -hypergeom.logsf(errors[looked_at] - 1, len(labels), sizes[looked_at], 100)
    counts = scores > NEVER
    assert counts.sum() > 100
    assert (
        np.corrcoef(np.argsort(np.argsort(scores[counts])), np.argsort(np.argsort(exact[counts])))[
            0, 1
        ]
        > 0.98
    )


def test_errors_that_gather_in_one_class_are_that_class_and_nothing_else(
    material: Digits,
) -> None:
    labels, shapes = material
    wrong = raised(dealt_out(len(labels), 60, 1), labels == 8, 5, 1)
    found = find_slices(labels, wrong, shapes, NAMES)
    (only,) = found.slices
    inside, elsewhere = int(wrong[labels == 8].sum()), int(wrong[labels != 8].sum())
    assert only.conditions == (OfClass(8),)
    assert only.query == "true == 8"
    assert only.positions.tolist() == np.flatnonzero(labels == 8).tolist()
    assert (len(only), only.n_errors) == (500, inside)
    assert (only.n_elsewhere, only.errors_elsewhere) == (4500, elsewhere)
    assert only.interval == wilson_interval(inside, 500)
    assert only.times_elsewhere == pytest.approx((inside / 500) / (elsewhere / 4500))
    assert (found.n_images, found.n_errors) == (5000, inside + elsewhere)
    assert found.columns == ("true", "thickness", "slant", "width", "height", "ink")
    assert found.n_candidates > 10_000


def test_groups_are_reported_one_beside_the_other_and_none_twice(material: Digits) -> None:
    labels, shapes = material
    thin = shapes["thickness"] < np.nanquantile(shapes["thickness"], 0.1)
    wrong = raised(dealt_out(len(labels), 120, 2), labels == 3, 5, 2)
    wrong |= raised(dealt_out(len(labels), 120, 3), thin, 5, 3) & thin
    slices = find_slices(labels, wrong, shapes, NAMES).slices
    assert len(slices) == 2
    assert max(jaccard(labels == 3, found.positions) for found in slices) > 0.8
    assert max(jaccard(thin, found.positions) for found in slices) > 0.8
    assert all(one.p_value <= two.p_value for one, two in pairwise(slices))


def test_planted_slices_are_found_at_limits_that_are_no_round_numbers(material: Digits) -> None:
    labels, shapes = material
    found = []
    for seed in range(12):
        random = np.random.default_rng((seed, 4))
        one, other = random.choice(list(shapes), 2, replace=False)
        low, high = np.nanquantile(shapes[one], (0.17, 0.52))
        inside = (shapes[one] >= low) & (shapes[one] < high)
        if seed % 2:
            inside &= shapes[other] > np.nanquantile(shapes[other], 0.46)
        wrong = raised(dealt_out(len(labels), 110, seed), inside, 4, seed)
        slices = find_slices(labels, wrong, shapes, NAMES, seed=seed).slices
        found.append(any(jaccard(inside, each.positions) >= 0.5 for each in slices))
    assert sum(found) >= 10


def test_where_errors_fall_by_chance_hardly_ever_is_anything_reported(material: Digits) -> None:
    labels, shapes = material
    found = [
        find_slices(labels, dealt_out(len(labels), 34, seed), shapes, NAMES, seed=seed)
        for seed in range(40)
    ]
    assert sum(bool(each.slices) for each in found) <= 2
    assert all(each.n_candidates > 10_000 for each in found)


def test_the_highest_scores_by_chance_are_those_of_errors_dealt_out(material: Digits) -> None:
    """The distribution that p-values are read from is that of shuffled errors themselves."""
    labels, shapes = material
    groups = candidates(labels, shapes)
    everyone = Strata((np.arange(len(labels)),), (60,))
    draws = Draws(groups, scales(groups, everyone, []), everyone)
    by_chance = highest_scores(draws, 200, (0, 0))
    shuffled = []
    for seed in range(200):
        wrong = np.flatnonzero(dealt_out(len(labels), 60, seed))[None]
        scored = zip(draws.scales, groups.counts(wrong), strict=True)
        shuffled.append(max(float(scale.scores(errors).max()) for scale, errors in scored))
    for share in (0.25, 0.5, 0.75):
        assert np.quantile(by_chance, share) == pytest.approx(np.quantile(shuffled, share), abs=0.4)


def test_within_strata_each_keeps_its_errors(material: Digits) -> None:
    groups = candidates(*material)
    parts = (np.arange(100), np.arange(100, groups.n_images))
    strata = Strata(parts, (100, 0))
    draws = Draws(groups, scales(groups, strata, []), strata)
    assert highest_scores(draws, 3, (0,)).tolist() == [np.float32(NEVER)] * 3


def test_few_images_and_few_errors_count_for_nothing(material: Digits) -> None:
    groups = candidates(*material)
    everyone = Strata((np.arange(groups.n_images),), (100,))
    sizes = [counts[0] for counts in groups.counts(np.arange(groups.n_images)[None])]
    for scale, size in zip(scales(groups, everyone, []), sizes, strict=True):
        assert not scale.is_looked_at[size < FEWEST_IMAGES].any()
        assert (scale.least >= FEWEST_ERRORS).all()


def test_what_mostly_overlaps_a_reported_group_is_no_longer_looked_at(material: Digits) -> None:
    labels, shapes = material
    groups = candidates(labels, shapes)
    thin = shapes["thickness"] < np.nanquantile(shapes["thickness"], 0.2)
    strata = Strata((np.flatnonzero(thin), np.flatnonzero(~thin)), (50, 50))
    before = scales(groups, strata, [])[1]
    after = scales(groups, strata, [np.flatnonzero(thin)])[1]
    for group in np.flatnonzero(before.is_looked_at):
        inside = groups.members(1, int(group))
        shared = (inside & thin).sum() / (inside | thin).sum()
        assert after.is_looked_at[group] == (shared <= 0.5)
    assert 0 < after.is_looked_at.sum() < before.is_looked_at.sum()


@pytest.mark.parametrize("n_wrong", [0, 9, 4991, 5000])
def test_too_few_errors_or_right_answers_say_nothing(material: Digits, n_wrong: int) -> None:
    labels, shapes = material
    wrong = np.arange(len(labels)) < n_wrong  # all of one class
    found = find_slices(labels, wrong, shapes, NAMES)
    assert (found.slices, found.n_candidates) == ((), 0)
    assert (found.n_images, found.n_errors) == (5000, n_wrong)


def test_without_measures_the_class_alone_is_looked_at(material: Digits) -> None:
    labels, _shapes = material
    wrong = raised(dealt_out(len(labels), 60, 1), labels == 8, 5, 1)
    found = find_slices(labels, wrong, Shapes({"ink": np.full(len(labels), 3.0)}), NAMES)
    assert [each.query for each in found.slices] == ["true == 8"]
    assert (found.n_candidates, found.columns) == (10, ("true",))


def test_images_of_one_class_are_parted_by_their_measures(material: Digits) -> None:
    labels, shapes = material
    ones = np.flatnonzero(labels == 1)
    shapes = shapes.at(ones)
    leaning = shapes["slant"] > np.nanquantile(shapes["slant"], 0.7)
    wrong = raised(dealt_out(len(ones), 60, 1), leaning, 5, 1)
    first, *_ = find_slices(labels[ones], wrong, shapes, NAMES).slices
    assert first.query.startswith("slant >=")


def test_the_same_seed_finds_the_same_wherever_chance_is_worked_out(material: Digits) -> None:
    labels, shapes = material
    wrong = raised(dealt_out(len(labels), 60, 1), labels == 8, 5, 1)
    steps: list[tuple[int, int]] = []

    def elsewhere(draws: Draws, n: int, seed: tuple[int, ...]) -> np.ndarray:
        return highest_scores(pickle.loads(pickle.dumps(draws)), n, seed)  # noqa: S301

    def told(found: FoundSlices) -> list[tuple[str, float]]:
        return [(each.query, each.p_value) for each in found.slices]

    here = find_slices(labels, wrong, shapes, NAMES, seed=3)
    there = find_slices(
        labels,
        wrong,
        shapes,
        NAMES,
        seed=3,
        report=lambda *step: steps.append(step),
        by_chance=elsewhere,
    )
    assert told(here) == told(there)
    assert all(one[0] < two[0] <= two[1] for one, two in pairwise(steps))


def test_where_nothing_tells_images_apart_nothing_is_looked_at(material: Digits) -> None:
    labels, _shapes = material
    alike = Shapes({"ink": np.full(500, np.nan)})
    found = find_slices(labels[:500], np.arange(500) < 50, alike, NAMES)
    assert (found.slices, found.n_candidates, found.columns) == ((), 0, ())


def test_errors_of_other_images_are_refused(material: Digits) -> None:
    labels, shapes = material
    with pytest.raises(EvaluationError, match=r"Received: 4 errors and 5,000 measures"):
        find_slices(labels, np.zeros(4, bool), shapes, NAMES)


def test_candidates_of_ten_thousand_images_take_little_memory(material: Digits) -> None:
    groups: Candidates = candidates(*material)
    assert len(pickle.dumps(groups)) < 200_000
