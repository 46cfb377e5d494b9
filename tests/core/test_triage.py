"""An image's cause is that of its latest entry, whoever made it, and undo takes back one's own."""

import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from mnist_core import settings
from mnist_core.errors import TriageError
from mnist_core.triage import (
    CAUSES,
    LABEL_WRONG,
    Entry,
    Finding,
    Triage,
    cause_named,
    counts,
    history,
    triage_of,
    wrong_labels,
)

SPLIT = "5eed" * 16
OTHER = "cafe" * 16


@pytest.fixture
def tab(tmp_path) -> Triage:
    return triage_of("mnist", tmp_path)


def said(tab: Triage, split: str = SPLIT) -> dict[int, tuple[str | None, int | None]]:
    return {image: (entry.cause, entry.label) for image, entry in tab.causes(split).items()}


findings = st.builds(
    lambda image, said: Finding(image, *said),
    st.integers(0, 3),
    st.sampled_from([(None, None), ("ambiguous", None), (LABEL_WRONG, None), (LABEL_WRONG, 7)]),
)
splits = st.sampled_from([SPLIT, OTHER])


class AgainstStacksOfEntries(RuleBasedStateMachine):
    """The model: for each image a stack; to enter is to push, to undo is to pop one's own."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.tab = triage_of("mnist", Path(self.folder.name))
        self.entries: list[Entry] = []
        self.stacks: dict[tuple[str, int], list[Entry]] = {}

    def teardown(self) -> None:
        self.folder.cleanup()

    def push(self, split: str, entry: Entry, finding: Finding) -> None:
        assert (entry.split, entry.image) == (split, finding.image)
        assert (entry.cause, entry.label, entry.at) == (finding.cause, finding.label, entry.at)
        assert all(entry.number > earlier.number for earlier in self.entries)
        self.entries.append(entry)
        self.stacks.setdefault((split, entry.image), []).append(entry)

    @rule(split=splits, finding=findings)
    def enter(self, split: str, finding: Finding) -> None:
        entry = self.tab.enter(split, finding.image, finding.cause, label=finding.label)
        self.push(split, entry, finding)

    @rule(split=splits, some=st.lists(findings, max_size=4, unique_by=lambda f: f.image))
    def merge(self, split: str, some: list[Finding]) -> None:
        now = said(self.tab, split)
        differing = [f for f in some if now.get(f.image, (None, None)) != (f.cause, f.label)]
        for entry, finding in zip(self.tab.merge(split, some), differing, strict=True):
            self.push(split, entry, finding)

    @precondition(lambda self: self.entries)
    @rule(data=st.data())
    def undo(self, data: st.DataObject) -> None:
        entry = data.draw(st.sampled_from(self.entries))
        stack = self.stacks[entry.split, entry.image]
        is_latest = bool(stack) and stack[-1] == entry
        assert self.tab.undo(entry.number) == is_latest
        if is_latest:
            stack.pop()

    @invariant()
    def causes_are_the_tops_of_the_stacks(self) -> None:
        for split in (SPLIT, OTHER):
            tops = {i: stack[-1] for (s, i), stack in self.stacks.items() if s == split and stack}
            expected = {i: entry for i, entry in sorted(tops.items()) if entry.cause is not None}
            causes = self.tab.causes(split)
            assert list(causes.items()) == list(expected.items())


TestAgainstStacksOfEntries = AgainstStacksOfEntries.TestCase
TestAgainstStacksOfEntries.settings = hypothesis_settings(max_examples=8, stateful_step_count=12)


def test_an_entry_is_read_back_as_it_was_made(tab):
    entry = tab.enter(SPLIT, np.int64(3), " Label  wrong\n", label=np.uint8(7))
    assert (entry.split, entry.image, entry.cause, entry.label) == (SPLIT, 3, LABEL_WRONG, 7)
    assert entry.at.endswith("+00:00")
    assert tab.causes(SPLIT) == {3: entry}
    assert type(tab.causes(SPLIT)[3].image) is int


def test_causes_cannot_be_changed_by_who_reads_them(tab):
    tab.enter(SPLIT, 3, "ambiguous")
    with pytest.raises(TypeError):
        tab.causes(SPLIT)[4] = None
    tab.enter(SPLIT, 3, LABEL_WRONG)
    with pytest.raises(ValueError, match="read-only"):
        wrong_labels(tab.causes(SPLIT))[0] = 1


def test_other_images_inherit_nothing(tab, tmp_path):
    tab.enter(SPLIT, 3, "ambiguous")
    assert tab.causes(OTHER) == {}
    assert triage_of("mnist-5k", tmp_path).causes(SPLIT) == {}


def test_an_undo_leaves_what_another_tab_has_said_since(tab):
    other_tab = Triage(tab.path)
    mine = tab.enter(SPLIT, 3, "ambiguous")
    theirs = other_tab.enter(SPLIT, 3, "broken stroke")
    elsewhere = other_tab.enter(SPLIT, 4, "unusual style")
    assert not tab.undo(mine.number)
    assert said(tab) == {3: ("broken stroke", None), 4: ("unusual style", None)}
    assert other_tab.undo(theirs.number)
    assert said(tab) == {3: ("ambiguous", None), 4: ("unusual style", None)}
    assert tab.undo(mine.number)
    assert not tab.undo(mine.number), "taken back once and for all"
    assert tab.causes(SPLIT) == {4: elsewhere}


def test_a_number_is_never_given_twice(tab):
    number = tab.enter(SPLIT, 3, "ambiguous").number
    assert tab.undo(number)
    assert tab.enter(SPLIT, 3, "ambiguous").number > number


def test_a_merge_is_all_or_nothing(tab, monkeypatch):
    tab.enter(SPLIT, 3, "ambiguous")
    append = history._append

    def break_at_five(connection: sqlite3.Connection, split: str, finding: Finding) -> Entry:
        if finding.image == 5:
            raise KeyboardInterrupt
        return append(connection, split, finding)

    monkeypatch.setattr(history, "_append", break_at_five)
    with pytest.raises(KeyboardInterrupt):
        tab.merge(SPLIT, [Finding(image, "broken stroke") for image in range(10)])
    assert said(tab) == {3: ("ambiguous", None)}


def test_causes_are_counted_in_the_order_of_their_keys_and_own_words_after(tab):
    for image, cause in enumerate(["a word", "smudge", "ambiguous", LABEL_WRONG, "smudge"]):
        tab.enter(SPLIT, image, cause)
    expected = {
        **dict.fromkeys(CAUSES, 0),
        LABEL_WRONG: 1,
        "ambiguous": 1,
        "smudge": 2,
        "a word": 1,
    }
    assert list(counts(tab.causes(SPLIT)).items()) == list(expected.items())


def test_wrong_labels_are_those_that_are_held_to_be_wrong_now(tab):
    for image in (8, 2, 5):
        tab.enter(SPLIT, image, LABEL_WRONG, label=1)
    tab.enter(SPLIT, 5, "ambiguous")
    tab.enter(SPLIT, 6, "the label is wrong")
    indices = wrong_labels(tab.causes(SPLIT))
    assert indices.dtype == np.int64
    assert indices.tolist() == [2, 8]
    assert wrong_labels({}).dtype == np.int64


@pytest.mark.parametrize("words", ["", " \n", "x" * 61, "a\x00b", "a\u200bb", "\ud800"])
def test_own_words_are_one_printable_line_of_limited_length(words):
    with pytest.raises(TriageError, match="1 to 60 printable characters"):
        cause_named(words)


def test_own_words_are_kept_in_one_line_and_one_spelling():
    assert cause_named(" zu\nviel \t Tinte ") == "zu viel Tinte"
    assert cause_named("mu\u0308de") == "m\u00fcde"
    assert cause_named("x" * 60) == "x" * 60
    assert [cause_named(cause.upper()) for cause in CAUSES] == list(CAUSES)


@pytest.mark.parametrize("image", [-1, 2**31])
def test_an_entry_needs_a_place_in_the_split(tab, image):
    with pytest.raises(TriageError, match="position in its split"):
        tab.enter(SPLIT, image, "ambiguous")
    assert not tab.path.exists()


@pytest.mark.parametrize("label", [-1, 62])
def test_a_suggested_label_is_one_of_the_classes(label):
    with pytest.raises(TriageError, match="from 0 to 61"):
        Finding(3, LABEL_WRONG, label)


@pytest.mark.parametrize("cause", ["ambiguous", None])
def test_only_a_wrong_label_gets_another_suggested(cause):
    with pytest.raises(TriageError, match="only where the cause is ‘label wrong’"):
        Finding(3, cause, 7)


def test_the_current_causes_are_found_by_the_index_alone(tab):
    tab.enter(SPLIT, 3, "ambiguous")
    with closing(sqlite3.connect(tab.path)) as connection:
        plan = connection.execute(f"EXPLAIN QUERY PLAN {history._CURRENT}", (SPLIT,))
        steps = [step for *_, step in plan]
    assert any("SEARCH entries USING COVERING INDEX latest" in step for step in steps)
    assert not any("SCAN entries" in step for step in steps)


def test_what_the_user_made_lies_in_its_own_folder(monkeypatch, tmp_path):
    monkeypatch.setenv("MNIST_LENS_HOME", str(tmp_path / "mine"))
    assert settings.home_folder() == tmp_path / "mine"
    monkeypatch.delenv("MNIST_LENS_HOME")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    assert settings.home_folder().name == "mnist-lens"
    assert settings.home_folder() != settings.cache_folder()
