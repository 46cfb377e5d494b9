"""`Visit`: what a visit is about, settled: data set, split, run and epoch that exist."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from dashboard.loading.images import Stamp
from dashboard.visit.display import Display
from dashboard.visit.selection import Selection
from dashboard.visit.view import RunAndEpoch
from mnist_core.datasets import Outline, Split
from mnist_core.runs import Run
from mnist_core.runs.choosing import best_first


@dataclass(frozen=True, eq=False)
class Visit:
    """What a visit is about; all of it exists.

    Attributes:
        selection: The same in names and numbers, as the address holds it.
        display: How the open page shows it.
        data_names: Names of all data sets.
        stamp: What told the images of the chosen one apart when the visit was settled.
        outline: The chosen data set.
        split: The chosen split of it.
        runs: All runs as the models folder had them when the visit was settled.
        against: Why each of them cannot be shown on the split, by its name; empty where it can.
        shown: The chosen run and epoch; `None` while no run has anything to show on the split.
        baseline: The run and epoch to compare with; `None` where none is chosen.
    """

    selection: Selection
    display: Display
    data_names: tuple[str, ...]
    stamp: Stamp
    outline: Outline
    split: Split
    runs: tuple[Run, ...]
    against: Mapping[str, str]
    shown: RunAndEpoch | None
    baseline: RunAndEpoch | None

    @cached_property
    def usable_runs(self) -> tuple[Run, ...]:
        """The runs with something to show on the split, in the order of `best_first`."""
        usable = (run for run in self.runs if not self.against[run.name])
        return best_first(usable, data=self.outline.name)
