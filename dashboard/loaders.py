"""Names in, core objects out, each loaded once for all visitors."""

from collections.abc import Mapping, Sequence
from functools import partial
from itertools import combinations
from pathlib import Path
from weakref import WeakValueDictionary

import numpy as np
import streamlit as st

from dashboard import jobs, words, worker
from dashboard.explaining import explaining
from dashboard.importing import importing
from dashboard.kept_arrays import KeptArrays
from dashboard.searching import searching
from dashboard.state import Selection
from dashboard.suspecting import suspecting, suspecting_cross_validated
from dashboard.view import View
from mnist_core import runs, settings
from mnist_core.comparison import Comparison
from mnist_core.cross_validation import default_plan, read_cross_validated
from mnist_core.datasets import Outline, Split, load_dataset
from mnist_core.distributions import Contents, Likeness, contents, likeness
from mnist_core.errors import EvaluationError, RunError, TriageError
from mnist_core.evaluation import Answers, Output, evaluate
from mnist_core.explainers import EXPLAINERS, background
from mnist_core.explainers.backgrounds import DEFAULT_SIZE
from mnist_core.feature_maps import (
    Filters,
    LayerMaps,
    LayerRow,
    feature_maps,
    first_filters,
    model_summary,
)
from mnist_core.learning_histories import LearningHistories, learning_histories
from mnist_core.prediction import predict_first, predict_split
from mnist_core.runs import Checkpoint, EpochPredictions, Run, StoredAnswers
from mnist_core.runs.epoch_answers import MOST_BYTES
from mnist_core.shapes import Shapes, measure
from mnist_core.sketch import Sketch, from_strokes, read_strokes, with_strokes
from mnist_core.suspects import witnesses
from mnist_core.triage import Entry, Triage, triage_of, wrong_labels

Stamp = tuple[tuple[str, int, int], ...]


# Resources are shared, not copied: all arrays in them are read-only.


def load_outline(data: str) -> Outline:
    """What there is to say of a data set without its images."""
    return _load_outline(_stamp(), data)


def load_contents(data: str) -> Contents:
    """What the splits of a data set hold, in figures."""
    return _load_contents(_stamp(), data)


def load_likenesses(data: str) -> dict[tuple[str, str], Likeness]:
    """How alike the label distributions of every two splits are, by their names."""
    counts = load_contents(data).counts
    return {
        (split, other): likeness(counts[split], counts[other])
        for split, other in combinations(counts, 2)
    }


def load_split(data: str, split: str) -> Split:
    """One split of a data set; the others are let go, they would double the server's memory."""
    return _load_split(_stamp(), data, split)


@st.cache_resource(max_entries=8, show_spinner="Reading the images …")
def _load_outline(stamp: Stamp, data: str) -> Outline:
    return load_dataset(data).outline


@st.cache_resource(max_entries=8, show_spinner="Counting values and labels …")
def _load_contents(stamp: Stamp, data: str) -> Contents:
    return contents(load_dataset(data))


@st.cache_resource(max_entries=3, show_spinner="Reading the images …")
def _load_split(stamp: Stamp, data: str, split: str) -> Split:
    return load_dataset(data).split(split)


def _stamp() -> Stamp:
    """What changes when another file of images takes the place of the one that was read."""
    sources = (settings.data_source(), settings.keras_data_file())
    paths = [path for path in sources if path is not None and path.exists()]
    paths += [file for path in paths if path.is_dir() for file in sorted(path.iterdir())]
    return tuple((str(path), path.stat().st_mtime_ns, path.stat().st_size) for path in paths)


def list_runs() -> tuple[Run, ...]:
    """All runs as they lie in the models folder now, by name."""
    return tuple(map(_shared, runs.list_runs(settings.models_folder())))


def recent_runs() -> tuple[Run, ...]:
    """As `list_runs`, at most a second ago: read once for all who look on."""
    return _recent_runs(settings.models_folder())


@st.cache_resource(ttl=1, max_entries=8, show_spinner=False)
def _recent_runs(models: Path) -> tuple[Run, ...]:
    return tuple(map(_shared, runs.list_runs(models)))


def load_run(name: str) -> Run:
    """One run as it lies in the models folder now."""
    return _shared(runs.read_run(settings.models_folder(), name))


_handed_out: WeakValueDictionary[Path, Run] = WeakValueDictionary()


def _shared(run: Run) -> Run:
    """The run as somebody already holds it, if nothing in it has changed since.

    A session keeps what its pages showed, here in the callbacks of its widgets: with a copy of
    every run for each of them, 60 sessions over all pages cost 30 MB.
    """
    known = _handed_out.get(run.folder)
    if known == run:
        return known
    _handed_out[run.folder] = run
    return run


def load_view(selection: Selection) -> View:
    """All that a page about the chosen run shows.

    Raises:
        RunError: The run has gone, or there is neither a model nor a record of the epoch.
    """
    outline, split = load_outline(str(selection.data)), load_chosen_split(selection)
    run, epoch = load_run(str(selection.run)), int(selection.epoch or 0)
    answers, comparison = load_answers(run, epoch, split), None
    if selection.baseline is not None:
        baseline = load_run(selection.baseline)
        before = load_answers(baseline, int(selection.baseline_epoch or 0), split)
        comparison = Comparison(before, answers)
    causes = find_causes(split, outline.name)
    left_out = _left_out(selection, causes)
    return View(outline, split, run, epoch, answers, comparison, causes, left_out, selection.cause)


def find_left_out(selection: Selection) -> np.ndarray:
    """Positions of the images of the chosen split that do not count, see `View.left_out`."""
    if selection.labels == "all":
        return _left_out(selection, {})
    split = load_chosen_split(selection)
    return _left_out(selection, find_causes(split, str(selection.data)))


def _left_out(selection: Selection, causes: Mapping[int, Entry]) -> np.ndarray:
    return wrong_labels(causes if selection.labels == "undisputed" else {})


def triage(data: str) -> Triage:
    """What analysts found to be the causes of errors in a data set."""
    return triage_of(data, settings.home_folder())


def load_causes(split: Split, data: str) -> Mapping[int, Entry]:
    """The cause of each image of a split that has one, as it was last written down.

    Raises:
        TriageError: The file of causes cannot be used.
    """
    return triage(data).causes(split.fingerprint)


def find_causes(split: Split, data: str) -> Mapping[int, Entry]:
    """As `load_causes`; none where their file cannot be used, as `nearest` says on every page."""
    try:
        return load_causes(split, data)
    except TriageError:
        return {}


def find_view(selection: Selection) -> View | None:
    """As `load_view`; `None` while there is no run."""
    return None if selection.run is None else load_view(selection)


def load_answers(run: Run, epoch: int, split: Split) -> Answers:
    """What a run answered to a split after an epoch.

    Predicted in a worker unless it is in the cache folder; where the epoch's model was not kept,
    what was recorded in training.

    Raises:
        RunError: There is neither.
    """
    if not run.has_checkpoint(epoch):
        recorded = _recorded_answers(run, epoch, split)
        if recorded is not None:
            return recorded
    checkpoint = run.checkpoint(epoch)
    return _load_evaluation(
        checkpoint.fingerprint, split.fingerprint, run.output, checkpoint, split
    )


def load_recorded(run: Run, split: Split) -> EpochPredictions | None:
    """What a run answered to a split after every epoch; `None` where that was not recorded.

    Raises:
        RunError: epochs.npz is damaged.
    """
    if not run.has_answers_to(split):
        return None
    status = (run.folder / "epochs.npz").stat()
    stamp = (status.st_mtime_ns, status.st_size, status.st_ino)
    key = (str(run.folder), split.name, stamp)
    stored = _recorded.get(key, partial(runs.read_stored_answers, run.folder, split.name))
    # The file can be one epoch ahead of the history that the run was read with.
    return None if stored is None else stored.of(run)


def _n_bytes(stored: StoredAnswers | None) -> int:
    return 1 if stored is None else stored.predicted.nbytes + stored.confidence.nbytes


_recorded = KeptArrays[StoredAnswers | None](most_bytes=2 * MOST_BYTES, size=_n_bytes)
"""By folder, split, and what changes with the file: as much as one file may hold of one split."""


def counted_accuracy(run: Run, split: Split, left_out: np.ndarray) -> float | None:
    """Share of a split that a run classified right after its best epoch, 0–1.

    Args:
        run: Any run.
        split: The images.
        left_out: Positions of those that do not count. `int64`, shape `(k,)`.

    Returns:
        `None` where its answers to the split were not recorded or cannot be used, or no image
        counts.
    """
    try:
        answers = _recorded_answers(run, run.best_epoch or 0, split)
        return None if answers is None else answers.without(left_out).accuracy
    except (RunError, EvaluationError, OSError):
        return None  # its own pages say why


def load_histories(view: View) -> LearningHistories | None:
    """How each image of the split was learned; `None` where the run has not recorded that."""
    recorded = load_recorded(view.run, view.split)
    return None if recorded is None else learning_histories(recorded, view.split.labels)


def _recorded_answers(run: Run, epoch: int, split: Split) -> Answers | None:
    recorded = load_recorded(run, split)
    if recorded is None or epoch not in recorded.epochs:
        return None
    return recorded.after(epoch, split.labels, run)


def load_shapes(view: View) -> Shapes:
    """What is measured of every image of the split on show; of strokes only where there are any."""
    return _load_shapes(view.split.fingerprint, view.outline.shows_strokes, view.split)


@st.cache_resource(max_entries=4, show_spinner="Measuring strokes …")
def _load_shapes(split_fingerprint: str, shows_strokes: bool, _split: Split) -> Shapes:
    return worker.call(partial(measure, shows_strokes=shows_strokes), _split.images)


def load_summary(run: Run) -> tuple[LayerRow, ...]:
    """The layers of the last model that a run kept; empty without one."""
    if not run.checkpoints:
        return ()
    checkpoint = run.checkpoints[-1]
    return _load_summary(checkpoint.fingerprint, checkpoint)


@st.cache_resource(max_entries=64, show_spinner="Opening the model …")
def _load_summary(checkpoint_fingerprint: str, _checkpoint: Checkpoint) -> tuple[LayerRow, ...]:
    return worker.call(model_summary, _checkpoint.path)


def load_filters(view: View) -> Filters:
    """The filters of the first layer of the model on show."""
    checkpoint = view.run.checkpoint(view.epoch)
    return _load_filters(checkpoint.fingerprint, checkpoint)


@st.cache_resource(max_entries=64, show_spinner="Opening the model …")
def _load_filters(checkpoint_fingerprint: str, _checkpoint: Checkpoint) -> Filters:
    return worker.call(first_filters, _checkpoint.path)


def load_feature_maps(view: View, index: int) -> tuple[LayerMaps, ...]:
    """What the layers of the model on show answer to one image of the split."""
    checkpoint, split = view.run.checkpoint(view.epoch), view.split
    return _load_feature_maps(checkpoint.fingerprint, split.fingerprint, index, checkpoint, split)


@st.cache_resource(max_entries=64, show_spinner="Looking through the layers …")
def _load_feature_maps(
    checkpoint_fingerprint: str,
    split_fingerprint: str,
    index: int,
    _checkpoint: Checkpoint,
    _split: Split,
) -> tuple[LayerMaps, ...]:
    return worker.call(feature_maps, _checkpoint.path, _split.images[index])


def explaining_job(view: View, indices: Sequence[int]) -> tuple[str, str, jobs.Work]:
    """Name, description and work of explaining images of the split, for `long_work`."""
    checkpoint, split = view.run.checkpoint(view.epoch), view.split
    compared = _load_background(_stamp(), view.outline.name)
    work = explaining(
        EXPLAINERS["deep-shap"], checkpoint, split, indices, compared, view.answers.n_classes
    )
    places = ",".join(map(str, indices))
    key = f"explain-{checkpoint.fingerprint}-{split.fingerprint}-{places}"
    return key, f"Explaining {words.images(len(indices))}", work


def neighbours_job(view: View, index: int) -> tuple[str, str, jobs.Work]:
    """Name, description and work of finding what is nearest to one image, for `long_work`.

    The work makes a tuple of `Neighbours`: of the true class, and of the predicted one where that
    is another.
    """
    checkpoint, split = view.run.checkpoint(view.epoch), view.split
    searched = load_split(view.outline.name, _reference_split(view.outline.name))
    labels = tuple(dict.fromkeys(view.answers.cell_of(index)))
    itself = index if searched.fingerprint == split.fingerprint else None
    work = searching(checkpoint, split.images[index], searched, labels, without=itself)
    prints = f"{checkpoint.fingerprint}-{searched.fingerprint}-{split.fingerprint}"
    return f"neighbours-{prints}-{index}", f"Searching {searched.name} for the nearest", work


def suspects_job(view: View) -> tuple[str, str, jobs.Work] | None:
    """Name, description and work of ranking the labels of the split, for `long_work`.

    Returns:
        `None` where no model can speak about these labels: all trained on them, or may have.
    """
    split = view.split
    if split.name == "train":
        plan = default_plan(split)
        y_prob = read_cross_validated(plan, split, settings.cache_folder())
        if y_prob is None:
            return None
        key = f"suspects-{split.fingerprint}-{plan}"
        return key, "Ranking labels", suspecting_cross_validated(y_prob, str(plan), split)
    checkpoints = witnesses(list_runs(), split)
    if not checkpoints:
        return None
    prints = "-".join(checkpoint.fingerprint for checkpoint in checkpoints)
    label = f"Asking {len(checkpoints)} models about {split.name}"
    return f"suspects-{split.fingerprint}-{prints}", label, suspecting(checkpoints, split)


def import_job(run: Run) -> tuple[str, str, jobs.Work]:
    """Name, description and work of making a run of a folder of models, for `long_work`."""
    return f"import-{run.folder}", f"Importing {words.plain(run.name)}", importing(run.folder)


def load_sketch(drawing: bytes | None) -> Sketch | None:
    """What was drawn on a blank sheet as the model sees it; `None` without ink."""
    strokes = _load_strokes(drawing)
    return None if strokes is None else worker.call(from_strokes, strokes)


def load_edited(image: np.ndarray, drawing: bytes | None) -> np.ndarray | None:
    """An image with what was drawn over it, `uint8`, shape `(28, 28)`; `None` without a stroke."""
    strokes = _load_strokes(drawing)
    return None if strokes is None else with_strokes(image, strokes)


def _load_strokes(drawing: bytes | None) -> np.ndarray | None:
    """What a browser sent, decoded in a worker: it may be anything. `None` where it is blank."""
    strokes = None if drawing is None else worker.call(read_strokes, drawing)
    return strokes if strokes is not None and strokes.any() else None


def predict_image(run: Run, epoch: int, image: np.ndarray) -> np.ndarray:
    """What a run's model answers to one image. `float32`, shape `(n_classes,)`."""
    return _predict(run.checkpoint(epoch).path, image[None])[0]


@st.cache_resource(max_entries=8, show_spinner="Choosing background images …")
def _load_background(stamp: Stamp, data: str) -> np.ndarray:
    return background(load_dataset(data).split(_reference_split(data))).copy()


def background_in_words(data: str) -> str:
    """Which images explanations are compared with."""
    where = reference_in_words(data)
    return f"compared with {DEFAULT_SIZE} images of {where}, chosen at random with seed 0"


def reference_in_words(data: str) -> str:
    """The split that opened images are held against: the one models learned on, if it is there."""
    split = _reference_split(data)
    return split if split == "train" else f"{split} (this source has no train split)"


def _reference_split(data: str) -> str:
    return "train" if "train" in load_outline(data).sizes else "validation"


def load_chosen_split(selection: Selection) -> Split:
    """The chosen split of the chosen data set."""
    return load_split(str(selection.data), str(selection.split))


@st.cache_resource(max_entries=16, show_spinner="Predicting every image …", show_time=True)
def _load_evaluation(
    checkpoint_fingerprint: str,
    split_fingerprint: str,
    output: Output,
    _checkpoint: Checkpoint,
    _split: Split,
) -> Answers:
    y_prob = predict_split(_checkpoint, _split, settings.cache_folder(), predict=_predict)
    return evaluate(_split.labels, y_prob, output)


def _predict(model_file: Path, images: np.ndarray) -> np.ndarray:
    return worker.call(predict_first, model_file, images)
