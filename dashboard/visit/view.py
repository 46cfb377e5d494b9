"""`View`: what a page about a run shows, and which of its images count and are listed.

Every room of the dashboard may know it; it knows none of them but the selection's names.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np

from dashboard.visit.selection import Selection
from mnist_core.answers.comparison import Comparison
from mnist_core.answers.evaluation import Answers
from mnist_core.datasets import Outline, Split, class_names
from mnist_core.runs import Run
from mnist_core.triage import Entry

Cell = tuple[int | None, int | None]
"""A true and a predicted class; `None` stands for every class."""


@dataclass(frozen=True, eq=False)
class RunAndEpoch:
    """A run and one of its epochs, counted from 1, of which there is something to show."""

    run: Run
    epoch: int

    def __str__(self) -> str:
        return f"{self.run.name} · epoch {self.epoch}"


@dataclass(frozen=True, eq=False)
class Baseline(RunAndEpoch):
    """What a view is compared with; it may be the view's own run.

    Attributes:
        answers: What the run answered to the view's split after that epoch.
    """

    answers: Answers


@dataclass(frozen=True, eq=False)
class Subset:
    """The images that a view is narrowed to.

    Attributes:
        text: A query, or the name under which the images are kept.
        positions: Where they lie in the split, ascending. `int64`, shape `(k,)`.
        uses_answers: Whether what the run or its baseline answered decides which these are: then
            neither a test nor an interval says anything of them.
    """

    text: str
    positions: np.ndarray
    uses_answers: bool


@dataclass(frozen=True, eq=False)
class View:
    """What a page about a run shows.

    Attributes:
        outline: The data set.
        split: The chosen split of it.
        run: The chosen run.
        epoch: The chosen epoch, counted from 1.
        answers: What the run answered to the split after that epoch; with `y_prob` where the
            epoch's model was kept.
        baseline: What all of this is compared with; `None` where nothing is chosen.
        causes: What the analyst found to be the cause of an image's error, by its position.
        mislabelled: Positions of the images that do not count, because the analyst marked them
            as mislabelled and chose to leave them out. `int64`.
        subset: Which images alone count and are listed; `None` for all.
        selection: The same in names and numbers, with the chosen cell and the opened image.
        runs: All runs as the models folder had them when the visit was settled.
        usable_runs: Those with something to show on the split, the best on validation first.
    """

    outline: Outline
    split: Split
    run: Run
    epoch: int
    answers: Answers
    baseline: Baseline | None = None
    causes: Mapping[int, Entry] = field(default_factory=dict)
    mislabelled: np.ndarray = field(default_factory=lambda: np.empty(0, np.int64))
    subset: Subset | None = None
    selection: Selection = field(default_factory=Selection)
    runs: tuple[Run, ...] = ()
    usable_runs: tuple[Run, ...] = ()

    @cached_property
    def left_out(self) -> np.ndarray:
        """Positions of all images that do not count, ascending. `int64`, shape `(k,)`."""
        if self.subset is None:
            return self.mislabelled
        counts = np.zeros(len(self.split), bool)
        counts[self.subset.positions] = True
        counts[self.mislabelled] = False
        return np.flatnonzero(~counts)

    @cached_property
    def counted(self) -> Answers:
        """The answers that numbers are computed from; positions in it are not the split's."""
        return self.answers.without(self.left_out) if len(self.left_out) else self.answers

    @cached_property
    def counted_positions(self) -> np.ndarray:
        """Where the images that count lie in the split, ascending. `int64`, shape `(n,)`."""
        return np.delete(np.arange(len(self.split)), self.left_out)

    @cached_property
    def counted_images(self) -> np.ndarray:
        """The images of the counted answers. `uint8`, shape `(n, 28, 28)`."""
        images = self.split.images
        return np.delete(images, self.left_out, axis=0) if len(self.left_out) else images

    @cached_property
    def comparison(self) -> Comparison | None:
        """How the answers differ from the baseline's."""
        return Comparison(self.baseline.answers, self.answers) if self.baseline else None

    @cached_property
    def counted_comparison(self) -> Comparison | None:
        """The comparison that numbers are computed from."""
        if self.baseline is None or not len(self.left_out):
            return self.comparison
        return Comparison(self.baseline.answers.without(self.left_out), self.counted)

    def of(self, baseline: Baseline) -> "View":
        """The same view of what it is compared with, compared with nothing."""
        return replace(
            self, run=baseline.run, epoch=baseline.epoch, answers=baseline.answers, baseline=None
        )

    def listed(self, positions: np.ndarray) -> np.ndarray:
        """Those of some positions, in their order, that count and have the chosen cause."""
        kept = positions[~np.isin(positions, self.left_out)]
        if self.cause is None:
            return kept
        same = [place for place, entry in self.causes.items() if entry.cause == self.cause]
        return kept[np.isin(kept, same)]

    @property
    def is_tested(self) -> bool:
        """Whether chance can be spoken of: no answer on show decided which images these are."""
        return self.subset is None or not self.subset.uses_answers

    @property
    def cause(self) -> str | None:
        """The only cause of images that are listed; `None` for all."""
        return self.selection.cause

    @property
    def image(self) -> int | None:
        """Position of the opened image; `None` where none is."""
        return self.selection.image

    @property
    def chosen_cell(self) -> Cell:
        """The chosen cell, without a class that only the baseline tells apart."""
        labels = (self.selection.true, self.selection.predicted)
        n_classes = self.answers.n_classes
        true, predicted = (
            None if label is None or label >= n_classes else label for label in labels
        )
        return true, predicted

    @property
    def shown_cell(self) -> Cell:
        """The chosen cell, or that of the opened image where none is chosen."""
        if self.chosen_cell == (None, None) and self.image is not None:
            return self.answers.cell_of(self.image)
        return self.chosen_cell

    @property
    def class_names(self) -> tuple[str, ...]:
        """Name of each class that the model tells apart; by number where the data set has none."""
        return class_names(self.outline, self.answers.n_classes)

    @property
    def is_chosen_here(self) -> bool:
        """Whether this epoch was chosen by this very split, so that its accuracy is a maximum."""
        return self.run.is_maximum(self.epoch, self.split)

    @property
    def has_model(self) -> bool:
        """Whether the epoch's model was kept."""
        return self.answers.y_prob is not None
