"""How long does a query take over 10,000 and over 70,000 images, beside pandas on the same table?

Pandas has every column ready; ours takes what a query names from the answers of runs, and reads the
query itself by an allow-list.
"""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
from side_by_side import say, seconds

from mnist_core import quiet, settings
from mnist_core.answers.evaluation import Answers, evaluate
from mnist_core.datasets import Split, load_dataset
from mnist_core.inference.prediction import predict_split
from mnist_core.queries import COLUMNS, Subject, parse_query
from mnist_core.runs import Run, list_runs, read_epoch_predictions
from mnist_core.runs.learning_histories import LearningHistories
from mnist_core.shapes import Shapes, measure

PROMISED = {10_000: 0.02, 70_000: 0.1}
"""Seconds that a query may take over so many images."""

SHOWN = "simple-conv"
QUERIES = (
    "confidence < 0.6",
    "n_wrong == n_runs",
    "wrong and thickness < 2",
    "index in (3, 8, 1901)",
    "wrong and runner_up == true",
    'wrong and not wrong["simple-conv@1"]',
    'not wrong["cnn"] and confidence - confidence["cnn"] > 0.2',
    "true in (4, 9) and 0.1 < margin <= 0.9 and (loss > 1 or rank >= 3)",
    "cause == 'ambiguous' or suspect or forgotten or learned_at > 5",
    " or ".join(f"(ink - {k}) * width / (height + {k}) + slant < {k}" for k in range(1, 11)),
)
OF_A_RUN = re.compile(r'(\w+)\["([\w@-]+)"\]')


def known(split: Split, n: int) -> Subject:
    """What is known of `n` images, which are those of the split over and over; all is there."""
    runs = {run.name: run for run in list_runs(settings.ROOT / "models")}
    runs = {name: run for name, run in runs.items() if run.has_answers_to(split)}
    y_true, shown = np.resize(split.labels, n), runs[SHOWN]
    best = shown.checkpoint(shown.best_epoch or 1)
    y_prob = predict_split(best, split, settings.cache_folder())
    answers = {name: recorded(run, split, y_true) for name, run in runs.items()}
    is_right = np.stack([after.y_pred == y_true for after in answers[SHOWN].values()])
    histories = LearningHistories(tuple(answers[SHOWN]), is_right)
    measured = measure(split.images, shows_strokes=True)
    shapes = Shapes({name: np.resize(measured[name], n) for name in measured})
    return Subject(
        title=SHOWN,
        run=SHOWN,
        y_true=y_true,
        answers=evaluate(y_true, np.resize(y_prob, (n, y_prob.shape[1]))),
        class_names=split.class_names,
        runs=tuple(runs),
        answers_of=lambda name, epoch: answers[name][epoch or runs[name].best_epoch or 1],
        causes=lambda: dict.fromkeys(range(0, n, 50), "ambiguous"),
        suspects=lambda: np.arange(0, n, 100),
        histories_of=lambda name: histories,
        shapes=lambda: shapes,
    )


def recorded(run: Run, split: Split, y_true: np.ndarray) -> dict[int, Answers]:
    """What the run answered to the same images after each epoch, read once as the pages do."""
    found = read_epoch_predictions(run, split.name)
    assert found is not None
    n = len(y_true)
    return {
        epoch: Answers(
            y_true, np.resize(predicted, n), np.resize(sure, n), run.n_classes, run.output
        )
        for epoch, predicted, sure in zip(
            found.epochs, found.predicted, found.confidence, strict=True
        )
    }


def table_of(subject: Subject) -> pd.DataFrame:
    """Every column, and of other runs those that the queries name."""
    columns = {name: column.of(subject) for name, column in COLUMNS.items()}
    for column, run in OF_A_RUN.findall(" ".join(QUERIES)):
        columns[f"{column}_of_{named(run)}"] = COLUMNS[column].of(subject.of_run(run))
    return pd.DataFrame(columns)


def named(run: str) -> str:
    return re.sub(r"\W", "_", run)


def for_pandas(query: str) -> str:
    return OF_A_RUN.sub(lambda found: f"{found[1]}_of_{named(found[2])}", query)


def compare(query: str, subject: Subject, table: pd.DataFrame) -> float:
    """How long ours takes, in seconds; what both find is the same."""
    theirs = for_pandas(query)

    def ours() -> np.ndarray:
        return parse_query(query, subject.class_names).find(subject)

    assert ours().tolist() == table.query(theirs).index.tolist(), query
    taken = seconds({"ours": ours, "pandas": lambda: table.query(theirs)}, rounds=9)
    what = query if len(query) < 80 else f"{query[:60]} … of {len(query)} characters"
    say(f"{len(table):,} images, {what}", taken["ours"], "pandas", taken["pandas"], None)
    return taken["ours"]


def main() -> None:
    quiet.import_keras()
    dataset = load_dataset("mnist")
    split = dataset.split("test" if "test" in dataset.splits else "validation")
    for n, promised in PROMISED.items():
        subject = known(split, n)
        table = table_of(subject)
        longest = max(compare(query, subject, table) for query in QUERIES)
        verdict = "kept" if longest <= promised else "NOT KEPT"
        print(
            f"The longest of {len(QUERIES)} queries over {n:,} images: {1000 * longest:.1f} ms, "
            f"promised {1000 * promised:.0f} ms: {verdict}"
        )


if __name__ == "__main__":
    main()
