"""Queries find what pandas finds, say what is wrong with a word, and run no code."""

from __future__ import annotations

import ast
import random
import re
import string
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest

from mnist_core.answers.evaluation import Answers, evaluate
from mnist_core.errors import QueryError
from mnist_core.queries import COLUMNS, MOST_CHARACTERS, Column, Subject, parse_query
from mnist_core.queries.reader import Reader
from mnist_core.queries.tree import MOST_PARTS
from mnist_core.queries.values import Value
from mnist_core.runs.learning_histories import LearningHistories
from mnist_core.shapes import MEASURES, Shapes

N = 400
NAMES = tuple("0123456789")


def answers(seed: int) -> Answers:
    rng = np.random.default_rng(seed)
    y_true = rng.integers(0, 10, N).astype(np.uint8)
    logits = rng.normal(size=(N, 10))
    logits[np.arange(N), np.random.default_rng(0).integers(0, 10, N)] += 2
    y_prob = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    return evaluate(y_true, y_prob.astype(np.float32))


def same_truth(found: Answers, seed: int) -> Answers:
    other = answers(seed)
    assert other.y_prob is not None
    return evaluate(found.y_true, other.y_prob)


@pytest.fixture(scope="module")
def subject() -> Subject:
    shown = answers(1)
    others = {"cnn": same_truth(shown, 2), "cnn@3": same_truth(shown, 3), "this": shown}
    rng = np.random.default_rng(5)
    is_right = rng.random((4, N)) < 0.7
    values = {name: rng.normal(5, 2, N) for name in MEASURES}
    values["slant"][::7] = np.nan
    return Subject(
        title="this · epoch 2",
        run="this",
        y_true=shown.y_true,
        answers=shown,
        class_names=NAMES,
        runs=("cnn", "this"),
        answers_of=lambda name, epoch: others[f"{name}@{epoch}" if epoch else name],
        causes=lambda: {3: "ambiguous", 17: "label wrong", 18: "ambiguous"},
        suspects=lambda: np.array([4, 9, 17]),
        histories_of=lambda name: LearningHistories((1, 2, 3, 4), is_right ^ (name == "cnn")),
        shapes=lambda: Shapes(values),
    )


@pytest.fixture(scope="module")
def table(subject: Subject) -> pd.DataFrame:
    """All columns, as pandas keeps what may be unknown; missing stays missing through `~`."""
    shown, cnn, third = (
        subject.answers,
        subject.answers_of("cnn", None),
        subject.answers_of("cnn", 3),
    )
    assert shown.y_prob is not None
    by_rank = np.argsort(-shown.y_prob, axis=1, kind="stable")
    rank = 1 + np.argmax(by_rank == shown.y_true[:, None], axis=1)
    histories, of_cnn = (subject.histories_of(name) for name in ("this", "cnn"))
    cause = pd.Series([""] * N, dtype="string")
    for place, word in subject.causes().items():
        cause[place] = word
    columns = {
        "index": np.arange(N),
        "true": shown.y_true,
        "predicted": shown.y_pred,
        "wrong": shown.y_pred != shown.y_true,
        "confidence": shown.confidence.astype(float),
        "runner_up": by_rank[:, 1],
        "margin": shown.margin.astype(float),
        "loss": shown.loss,
        "rank": rank,
        "suspect": np.isin(np.arange(N), [4, 9, 17]),
        "learned_at": np.where(histories.settled_epoch == 0, np.nan, histories.settled_epoch),
        "forgotten": np.isin(np.arange(N), histories.forgotten),
        **dict(subject.shapes().values),
        "n_wrong": 1 * (shown.y_pred != shown.y_true) + (cnn.y_pred != shown.y_true),
        "n_runs": np.full(N, 2),
        'wrong["cnn"]': cnn.y_pred != shown.y_true,
        'predicted["cnn@3"]': third.y_pred,
        'confidence["cnn"]': cnn.confidence.astype(float),
        'margin["cnn"]': cnn.margin.astype(float),
        'loss["cnn"]': cnn.loss,
        'forgotten["cnn"]': np.isin(np.arange(N), of_cnn.forgotten),
    }
    frame = pd.DataFrame(
        {
            name: pd.array(
                values, dtype="boolean" if np.asarray(values).dtype == bool else "Float64"
            )
            for name, values in columns.items()
        }
    )
    frame["cause"] = cause
    return frame


def test_every_column_is_in_the_table_of_the_oracle(table: pd.DataFrame) -> None:
    assert set(COLUMNS) == {re.sub(r"\[.*", "", name) for name in table}


class Maker:
    """Makes random queries, each with its meaning in pandas."""

    NUMBERS = ("index", "confidence", "margin", "loss", "rank", "learned_at", "thickness", "slant",
               "width", "height", "ink", "n_wrong", "n_runs", 'confidence["cnn"]', 'margin["cnn"]',
               'loss["cnn"]')  # fmt: skip
    CLASSES = ("true", "predicted", "runner_up", 'predicted["cnn@3"]')
    FLAGS = ("wrong", "suspect", "forgotten", 'wrong["cnn"]', 'forgotten["cnn"]')
    SIGNS = ("==", "!=", "<", "<=", ">", ">=")

    def __init__(self, seed: int, table: pd.DataFrame) -> None:
        self.random, self.table = random.Random(seed), table

    def number(self, depth: int) -> tuple[str, pd.Series | float]:
        kind = self.random.random()
        if depth and kind < 0.3:
            (a, x), (b, y) = self.number(depth - 1), self.number(depth - 1)
            sign = self.random.choice("+-*")
            value = {"+": lambda: x + y, "-": lambda: x - y, "*": lambda: x * y}[sign]()
            return f"({a} {sign} {b})", value
        if depth and kind < 0.35:
            a, x = self.number(depth - 1)
            return f"{a} / 4", x / 4
        if kind < 0.5:
            constant = self.random.choice([0, 1, 2, 3.5, 0.25, 0.6, 100])
            return (f"-{constant}", -constant) if kind < 0.4 else (str(constant), constant)
        name = self.random.choice(self.NUMBERS)
        return name, self.table[name]

    def condition(self, depth: int) -> tuple[str, pd.Series]:
        kind = self.random.choice(["and", "or", "not", "compare", "chain", "in", "flag", "text"])
        if depth == 0 and kind in ("and", "or", "not"):
            kind = "compare"
        if kind in ("and", "or"):
            (a, x), (b, y) = self.condition(depth - 1), self.condition(depth - 1)
            return f"({a} {kind} {b})", x & y if kind == "and" else x | y
        if kind == "not":
            a, x = self.condition(depth - 1)
            return f"(not {a})", ~x
        if kind == "flag":
            name = self.random.choice(self.FLAGS)
            return name, self.table[name]
        if kind == "text":
            word = self.random.choice(["ambiguous", "label wrong", ""])
            sign = self.random.choice(["==", "!="])
            same = (self.table["cause"] == word).astype("boolean")
            return f"cause {sign} '{word}'", same if sign == "==" else ~same
        if kind == "in":
            name = self.random.choice(self.CLASSES)
            few = self.random.sample(range(10), 3)
            listed = ", ".join(repr(str(c)) if self.random.random() < 0.5 else str(c) for c in few)
            inside = self.table[name].isin(few).astype("boolean")
            is_not = self.random.random() < 0.3
            return f"{name} {'not ' * is_not}in ({listed})", ~inside if is_not else inside
        sides = [self.number(depth), self.number(depth)]
        sides += [self.number(0)] if kind == "chain" else []
        text, found = sides[0][0], pd.Series(pd.array([True] * N, dtype="boolean"))
        for (_, x), (b, y) in pairwise(sides):
            sign = self.random.choice(self.SIGNS)
            text += f" {sign} {b}"
            found = found & self.compared(x, sign, y)
        return text, found

    def compared(self, x, sign: str, y) -> pd.Series:
        compare: dict[str, Callable] = {
            "==": lambda: x == y, "!=": lambda: x != y, "<": lambda: x < y,
            "<=": lambda: x <= y, ">": lambda: x > y, ">=": lambda: x >= y,
        }  # fmt: skip
        found = compare[sign]()
        return found if isinstance(found, pd.Series) else pd.Series([found] * N, dtype="boolean")


@pytest.mark.parametrize("seed", range(500))
def test_a_query_finds_what_pandas_finds(seed: int, subject: Subject, table: pd.DataFrame) -> None:
    text, expected = Maker(seed, table).condition(2)
    if len(text) > MOST_CHARACTERS:
        pytest.skip("longer than a query may be")
    found = parse_query(text, NAMES).find(subject)
    assert found.tolist() == np.flatnonzero(expected.fillna(False).to_numpy(bool)).tolist(), text


HOSTILE = (
    "__import__('os').system('touch /tmp/x')",
    "().__class__.__bases__[0].__subclasses__()",
    "wrong.__class__",
    "[x for x in (1,)]",
    "lambda: 1",
    "wrong if wrong else wrong",
    "confidence ** 9 ** 9 ** 9 > 1",
    "confidence @ confidence == 1",
    "confidence // 2 == 1",
    "1 << 9999999 == 1",
    "f'{wrong}' == ''",
    "wrong := 1",
    "print('x')",
    "wrong; wrong",
    "wrong\nwrong",
    "\x00",
    "9" * 400 + " == index",
    "1e999 == index",
    "1j == index",
    "... == index",
    "b'x' == cause",
    "(" * 300 + "1" + ")" * 300,
    "not " * 120 + "wrong",
    "-" * 490 + "1 == 1",
    "{1: 2} == index",
    "wrong[0]",
    "wrong[wrong]",
    "wrong['../../etc/passwd']",
    "wrong['cnn@-1']",
    "wrong['cnn@²']",
    "wrong['cnn@']",
    "ink['cnn']",
    "(wrong)['cnn']['cnn']",
    "wrong is True",
    "*wrong",
    "yield",
    "await wrong",
    "",
    "  ",
)


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: text[:30])
def test_what_is_no_query_is_refused_in_a_sentence(text: str, subject: Subject) -> None:
    with pytest.raises(QueryError, match=r"^Expected .* Received: ") as caught:
        parse_query(text, NAMES).find(subject)
    assert len(str(caught.value)) < 500


def test_a_thousand_random_strings_are_answered_or_refused(subject: Subject) -> None:
    draw = random.Random(0)
    words = [*COLUMNS, *string.punctuation, "and", "or", "not", "in", "1", "2.5", "'cnn'", "(", ")"]
    for _ in range(1_000):
        if draw.random() < 0.5:
            text = " ".join(draw.choices(words, k=draw.randint(1, 12)))
        else:
            text = "".join(draw.choices(string.printable + "é²→\x00", k=draw.randint(0, 60)))
        try:
            found = parse_query(text, NAMES).find(subject)
        except QueryError:
            continue
        assert found.dtype == np.int64


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("confidance < 0.6", "“confidance”. Did you mean “confidence”?"),
        ("true == 12", "Expected one of the classes 0 to 9. Received: 12."),
        ("true == 'seven'", "Expected the name of a class. Received: “seven”."),
        ("confidence", "a condition, such as confidence < 0.6. Received: “confidence”"),
        ("wrong + 1 > 2", "Expected a number. Received: “wrong”, which is a condition."),
        ("cause < 'b'", "Expected == or !="),
        ("confidence == 'high'", "“'high'”, text."),
        ("true in (4)", "Put a comma behind a single one."),
        ("wrong[cnn]", "Expected the name of a run in quotes"),
        ("wrong['cn']", "Received: “cn”. Did you mean “cnn”?"),
        (
            "ink['cnn'] > 1",
            "Expected predicted, wrong, confidence, runner_up, margin, loss, rank, learned_at, "
            "forgotten in front of a run's name.",
        ),
        ("wrong['cnn@03']", "Expected an epoch behind @, as in “cnn@3”. Received: “03”."),
        ("wrong['cnn@000003']", "Received: “000003”. Write a whole number from 1 on."),
        ("wrong['cnn@']", "Expected an epoch behind @"),
        ("cause == '\ud800'", r"Expected whole characters. Received: half of one, \ud800."),
        (r"true == '\udfff'", r"Expected whole characters. Received: half of one, \udfff."),
        (r"wrong['\ud83d']", "Expected whole characters."),
        ("true in (1, 2) == wrong", "Received: “(1, 2)”."),
        ("wrong is True", "Write == instead."),
        ("margin", "Compare it with something, as in margin < 0.1."),
        ("'abc'", "Compare a column with it, as in cause == 'abc'."),
        ("wrong == true", "a class. Write wrong alone, or not wrong."),
        ("wrong == TRUE", "Received: “TRUE”. Write True or False, or the condition alone"),
        ("WRONG and suspect", "Received: “WRONG”. Did you mean “wrong”?"),
        ("wrong['']", "Received: “wrong['']”. Name a run."),
        ("wrong && suspect", "Write and instead of &&."),
        ("wrong | suspect", "Write or instead of |."),
        ("wrong AND suspect", "Write and instead of AND."),
        ("!wrong", "Write not instead of !."),
        ("true = 4", "Write == instead of =."),
        ("cause == '&&' 4", "Check its signs and brackets."),
        ("cause == 'ambigous'", "Received: “ambigous”. Did you mean “ambiguous”?"),
        ("cause in ('ambiguous', 'xyz')", "Received: “xyz”. There are: “ambiguous”, “broken"),
        ("a" * 501, "up to 500 characters. Received: 501."),
    ],
)
def test_an_error_names_the_word_and_how_to_mend_it(text: str, told: str, subject: Subject) -> None:
    with pytest.raises(QueryError) as caught:
        parse_query(text, NAMES).find(subject)
    assert told in str(caught.value)


@pytest.mark.parametrize("around", ["({}) in (1, 1, 1, 1)", "1 == ({}) == 1"])
def test_each_side_of_a_comparison_is_worked_out_once(
    around: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    n_values, value = 0, Reader.value

    def counted(reader: Reader, node: ast.expr) -> Value:
        nonlocal n_values
        n_values += 1
        assert n_values <= MOST_PARTS
        return value(reader, node)

    monkeypatch.setattr(Reader, "value", counted)
    text = "wrong"
    for _ in range(12):  # worked out twice or more at each step, that is 4,096 times or more
        text = around.replace("1", "True").format(text)
    parse_query(text, NAMES)


def test_a_cause_in_own_words_can_be_asked_for_and_one_that_no_image_has(subject: Subject) -> None:
    own = replace(subject, causes=lambda: {5: "two in one"})
    assert parse_query("cause == 'two in one'", NAMES).find(own).tolist() == [5]
    assert parse_query("cause == 'broken stroke'", NAMES).find(own).tolist() == []
    assert len(parse_query("cause == ''", NAMES).find(own)) == N - 1


@pytest.mark.parametrize("column", COLUMNS.values(), ids=COLUMNS)
def test_the_example_of_every_column_is_a_condition_about_it(
    column: Column, subject: Subject
) -> None:
    example = column.example or f"{column.name} > 1"
    asked = parse_query(example, NAMES)
    assert column.name in {reference.column for reference in asked.references}
    asked.find(subject)


def test_only_what_a_query_names_is_asked_for(subject: Subject) -> None:
    def never(*asked: object) -> None:
        raise AssertionError("nobody asked for this")

    bare = replace(
        subject, answers_of=never, causes=never, suspects=never, histories_of=never, shapes=never
    )
    found = parse_query("wrong and confidence > 0.5", NAMES).find(bare)
    assert 0 < len(found) < N


def test_what_an_epoch_without_a_model_lacks_is_said(subject: Subject) -> None:
    shown = subject.answers
    recorded = Answers(shown.y_true, shown.y_pred, shown.confidence, 10)
    for name in ("loss", "margin", "rank", "runner_up"):
        with pytest.raises(QueryError, match=f"kept for “{name}”. Received: this · epoch 2"):
            parse_query(f"{name} > 1", NAMES).find(replace(subject, answers=recorded))


def test_of_equals_the_lower_class_is_the_runner_up(subject: Subject) -> None:
    given = np.random.default_rng(0).integers(0, 4, (N, 10)).astype(np.float32)
    given[:50] = np.eye(10, dtype=np.float32)[np.arange(50) % 10]
    tied = replace(subject, answers=evaluate(subject.answers.y_true, given, "scores"))
    second = np.argsort(-given, axis=1, kind="stable")[:, 1]
    for label in range(10):
        found = parse_query(f"runner_up == {label}", NAMES).find(tied)
        assert found.tolist() == np.flatnonzero(second == label).tolist()


def test_a_run_with_scores_has_no_confidence(subject: Subject) -> None:
    assert subject.answers.y_prob is not None
    scores = evaluate(subject.answers.y_true, np.log(subject.answers.y_prob), "scores")
    with pytest.raises(QueryError, match="answers with scores"):
        parse_query("confidence > 1", NAMES).find(replace(subject, answers=scores))


def test_classes_go_by_number_or_name() -> None:
    names = ("t-shirt", "trouser")
    assert parse_query("true == 'trouser'", names) != parse_query("true == 1", names)
    y_true = np.array([0, 1, 1], np.uint8)
    told = evaluate(y_true, np.eye(2, dtype=np.float32)[[0, 0, 1]])
    subject = Subject("", "", y_true, told, names, (), *[lambda *_: None] * 5)  # type: ignore[arg-type]
    for text in ("true == 'trouser'", "'trouser' == true", "true == 1", "true in ('trouser',)"):
        assert parse_query(text, names).find(subject).tolist() == [1, 2]


def test_without_a_run_that_recorded_answers_nothing_is_said_to_be_wrong_in_none(
    subject: Subject,
) -> None:
    alone = replace(subject, runs=())
    with pytest.raises(QueryError, match=r"for “n_wrong” and “n_runs”. Received: none."):
        parse_query("n_wrong == 0", NAMES).find(alone)
    with pytest.raises(QueryError, match=r"Received: “cnn”. There is none."):
        parse_query("wrong['cnn']", NAMES).find(alone)


def test_a_run_that_recorded_nothing_can_be_asked_and_is_not_counted(subject: Subject) -> None:
    alone = replace(subject, runs=("this",), others=("cnn",))
    found = parse_query("wrong['cnn']", NAMES).find(alone)
    assert found.tolist() == parse_query("wrong['cnn']", NAMES).find(subject).tolist()
    assert len(parse_query("n_runs == 1", NAMES).find(alone)) == N


@pytest.mark.parametrize(
    ("text", "pinned"),
    [
        ("wrong", 'wrong["this@2"]'),
        (" (wrong)and ink>90 ", '(wrong["this@2"])and ink>90'),
        ("not wrong['cnn'] or loss + 1 > 1", "not wrong['cnn'] or loss[\"this@2\"] + 1 > 1"),
        ("forgotten and 2<rank", 'forgotten["this@2"] and 2<rank["this@2"]'),
        (
            "(cause == 'é\u2028'\r\nor 'é' != cause and\rwrong\n)",
            "(cause == 'é\u2028'\r\nor 'é' != cause and\rwrong[\"this@2\"]\n)",
        ),
    ],
)
def test_a_pinned_query_names_the_run_it_was_asked_of(text: str, pinned: str) -> None:
    assert parse_query(text, NAMES).pinned("this", 2) == pinned


@pytest.mark.parametrize("seed", range(100))
def test_a_pinned_query_finds_the_same_whatever_is_on_show(
    seed: int, subject: Subject, table: pd.DataFrame
) -> None:
    text, _ = Maker(seed, table).condition(2)
    if len(text) > 250:
        pytest.skip("longer than a query may be, once it is pinned")
    pinned = parse_query(parse_query(text, NAMES).pinned("this", 2), NAMES)
    assert pinned.pinned("cnn", 1) == pinned.text
    elsewhere = replace(
        subject,
        title="cnn · epoch 1",
        run="cnn",
        answers=subject.answers_of("cnn", None),
        answers_of=lambda name, epoch: subject.answers_of(name, None if name == "this" else epoch),
    )
    assert pinned.find(elsewhere).tolist() == parse_query(text, NAMES).find(subject).tolist()


@pytest.mark.parametrize(
    ("text", "runs", "by_this", "by_cnn"),
    [
        ("ink > 90 and true == 4", (), False, False),
        ("index in (3, 8) and ink > 90", (), True, True),
        ("index >= 5000 and ink > 90", (), False, False),
        ("wrong", ("",), True, False),
        ("wrong['cnn@3'] and confidence['this'] < 1", ("cnn@3", "this"), True, True),
        ("loss['cnn'] > 1", ("cnn",), False, True),
        ("forgotten['cnn-2']", ("cnn-2",), False, False),
        ("cause == 'ambiguous'", (), True, True),
        ("n_wrong == n_runs", (), True, True),
        ("suspect", (), True, True),
    ],
)
def test_a_query_says_whose_answers_it_chooses_by(
    text: str, runs: tuple[str, ...], by_this: bool, by_cnn: bool
) -> None:
    query = parse_query(text, NAMES)
    assert set(query.runs) == set(runs)
    assert query.uses_answers_of("this", shown="this") == by_this
    assert query.uses_answers_of("cnn", shown="this") == by_cnn


def test_without_a_run_on_show_a_query_has_to_name_one(subject: Subject) -> None:
    nobody = replace(subject, title="", run="", answers=None)
    for text in ("true == 4 and ink > 5", "wrong['cnn']", "n_wrong == 2"):
        query = parse_query(text, NAMES)
        assert query.find(nobody).tolist() == query.find(subject).tolist()
    with pytest.raises(QueryError, match=r'Name it, as in wrong\["cnn"\]'):
        parse_query("wrong", NAMES).find(nobody)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("index in (3, 8) and wrong", True),
        ("3 == index", True),
        ("index not in (3,)", True),
        ("index - 3 == 0", True),
        ("index + 0 in (3, 8)", True),
        ("index >= 5000", False),
        ("true in (3, 8)", False),
        ("2 < index < 9 and true == 3", False),
    ],
)
def test_a_query_says_whether_it_names_images_one_by_one(text: str, names: bool) -> None:
    assert parse_query(text, NAMES).names_images == names


@pytest.mark.parametrize("text", ["9and wrong", r"cause == '\d'"])
def test_a_query_makes_python_say_nothing(text: str, recwarn: pytest.WarningsRecorder) -> None:
    parse_query(text.replace("9and", "9 == index and"), NAMES)
    with pytest.raises(QueryError) if text.startswith("9") else nullcontext():
        parse_query(text, NAMES)
    assert not recwarn.list
