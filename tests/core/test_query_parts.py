"""The parts of a query together say what it says; without one it says what the others say."""

from __future__ import annotations

import random
from functools import reduce

import numpy as np
import pytest

from mnist_core.answers.evaluation import evaluate
from mnist_core.errors import QueryError
from mnist_core.queries import MOST_CHARACTERS, Subject, joined, parse_query, parts, without

N = 200
NAMES = tuple("0123456789")


@pytest.fixture(scope="module")
def subject() -> Subject:
    rng = np.random.default_rng(0)
    y_prob = rng.dirichlet(np.ones(10), N).astype(np.float32)
    shown = evaluate(rng.integers(0, 10, N).astype(np.uint8), y_prob)
    return Subject("", "", shown.y_true, shown, NAMES, (), *[lambda *_: None] * 5)  # type: ignore[arg-type]


def random_query(draw: random.Random, depth: int) -> str:
    atoms = ("wrong", "confidence < 0.3", "true in (1,\n 2)", "0.1 < margin <= .2", "rank>2")
    if depth == 0 or draw.random() < 0.2:
        text = draw.choice(atoms)
    else:
        sign = draw.choice([" and ", " or ", "  and\t", ")and("])
        several = [random_query(draw, depth - 1) for _ in range(draw.randint(2, 3))]
        text = sign.join(several)
        text = f"({text})" if sign == ")and(" else text
    if draw.random() < 0.3:
        text = f"({text})"
    return f"not ({text})" if draw.random() < 0.2 else text


def test_parts_together_are_the_query_and_without_one_the_others(subject: Subject) -> None:
    draw = random.Random(3)

    def found(text: str) -> set[int]:
        return set(parse_query(text, NAMES).find(subject).tolist()) if text else set(range(N))

    several = 0
    for _ in range(300):
        text = f"({random_query(draw, 3)})"  # brackets, so that a line can end anywhere
        if len(text) > MOST_CHARACTERS:
            continue
        each = parts(text)
        several += len(each) > 1
        assert reduce(set.intersection, map(found, each_in_brackets(each))) == found(text), text
        for place in range(len(each)):
            others = each_in_brackets(each[:place] + each[place + 1 :])
            rest = reduce(set.intersection, map(found, others), set(range(N)))
            assert found(without(text, place)) == rest, text
        other = random_query(draw, 0)
        narrowed = joined(text, f"({other})")
        assert found(narrowed) == found(text) & found(f"({other})"), text
    assert several > 50


def each_in_brackets(each: tuple[str, ...]) -> list[str]:
    return [f"({part})" for part in each]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("wrong", ("wrong",)),
        (" a  and (b or c) ", ("a", "b or c")),
        ("a or b and c", ("a or b and c",)),
        ("(a and (b)) and c<1", ("a", "b", "c<1")),
        ("not (a and b)", ("not (a and b)",)),
        ("cause == 'é and ü' and true in (4, 9)", ("cause == 'é and ü'", "true in (4, 9)")),
        ('wrong["cnn"] and 0.4 <= x <= 0.6', ('wrong["cnn"]', "0.4 <= x <= 0.6")),
    ],
)
def test_parts_are_as_they_were_written(text: str, expected: tuple[str, ...]) -> None:
    assert parts(text) == expected


def test_brackets_come_where_they_are_needed_and_go_where_not() -> None:
    assert without("a and (b or c)", 0) == "b or c"
    assert without("a and (b or c) and d", 0) == "(b or c) and d"
    assert joined("a or b", "c < 1") == "(a or b) and c < 1"
    assert joined("", "a or b") == "a or b"
    assert without("wrong", 0) == ""
    assert without("(rank\n> 1) and wrong", 1) == "(rank\n> 1)"


def test_what_is_said_already_is_not_said_twice() -> None:
    assert joined("wrong and true == 4", "wrong") == "wrong and true == 4"


@pytest.mark.parametrize(
    ("there", "more", "expected"),
    [
        (
            "wrong and 0.4 <= margin <= 0.9",
            "0.5 <= margin <= 0.6",
            "wrong and 0.5 <= margin <= 0.6",
        ),
        ("-9 <= slant <= -2 and wrong", "slant == 3", "wrong and slant == 3"),
        ("true in (4, 9) and wrong", "true == 4", "wrong and true == 4"),
        ("predicted == 4", "true == 4", "predicted == 4 and true == 4"),
        ("margin < 0.5", "0.1 <= margin <= 0.2", "margin < 0.5 and 0.1 <= margin <= 0.2"),
        ("true == predicted", "true == 4", "true == predicted and true == 4"),
        ("true == 4 or wrong", "true == 9", "(true == 4 or wrong) and true == 9"),
        ("not true == 4", "true == 9", "not true == 4 and true == 9"),
    ],
)
def test_what_is_kept_of_a_column_replaces_what_was_kept_of_it_and_nothing_else(
    there: str, more: str, expected: str
) -> None:
    assert joined(there, more) == expected


def test_a_part_nearly_as_long_as_a_query_may_be_is_a_part() -> None:
    long = "cause == '" + "x" * (MOST_CHARACTERS - 11) + "'"
    assert parts(long) == (long,)
    assert without(f"w and c == '{'x' * 480}'", 0) == f"c == '{'x' * 480}'"


def test_what_cannot_be_read_has_no_parts() -> None:
    with pytest.raises(QueryError, match="Received: nothing"):
        parts(" ")
