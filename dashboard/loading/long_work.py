"""What takes long, for the component that waits for it."""

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from functools import partial

import numpy as np

from dashboard.drawing import words
from dashboard.loading.brief_answers import load_brief
from dashboard.loading.images import (
    load_background,
    load_shapes,
    load_split,
    reference_split_of,
    source_stamp,
)
from dashboard.visit.view import RunAndEpoch, View
from dashboard.work.adding import adding
from dashboard.work.answering import Answered, answering
from dashboard.work.averaging import averaging
from dashboard.work.explaining import Asked, explaining
from dashboard.work.importing import importing
from dashboard.work.jobs import LongWork
from dashboard.work.mapping import mapping
from dashboard.work.pairing import pairing
from dashboard.work.reading import reading
from dashboard.work.searching import searching
from dashboard.work.slicing import slicing
from dashboard.work.suspecting import suspecting, suspecting_cross_validated
from dashboard.work.switching import switching
from dashboard.work.taking import taking
from dashboard.work.turning import turning
from dashboard.work.weighing import AskedCell, weighing
from mnist_core import settings
from mnist_core.adding import Uploaded
from mnist_core.answers.brief_answers import BriefAnswers
from mnist_core.datasets import Outline, Pixels, Split
from mnist_core.explainers import EXPLAINERS, Attribution, Target
from mnist_core.explainers.turning import Turned
from mnist_core.inference.channel_effects import ChannelEffects, some_of
from mnist_core.inference.channels_off import Off
from mnist_core.inference.layer_stages import Stage
from mnist_core.inference.neighbours import Neighbours
from mnist_core.maps.map import Layout, Map
from mnist_core.own.uploads import TakenUploads
from mnist_core.runs import Checkpoint, Run
from mnist_core.slices import FoundSlices
from mnist_core.suspects import Suspects, witnesses
from mnist_core.suspects.cross_validation import default_plan, read_cross_validated
from mnist_core.twins import Twins


def explaining_job(
    view: View,
    targets: Mapping[int, Target],
    *,
    method: str,
    n_background: int,
    seed: int,
    drawing: np.ndarray | None = None,
) -> LongWork[dict[int, Attribution]]:
    """Explaining images of the split: an attribution of each, by its position.

    Args:
        view: What the page shows; it must have the epoch's model (`has_model`).
        targets: What is explained of each image, by its position in the split.
        method: One of the `EXPLAINERS`.
        n_background: How many background images, or all where there are fewer.
        seed: With which they are chosen.
        drawing: The image itself where it is of no split, for a single target.
    """
    checkpoint, split = view.run.checkpoint(view.epoch), view.split
    compared = load_background(view.outline.name, n_background, seed)
    where = split.fingerprint if drawing is None else hashlib.sha256(drawing.tobytes()).hexdigest()
    told = f"{method} {checkpoint.fingerprint} {where} {list(targets.items())}"
    which = hashlib.sha256(told.encode())
    which.update(np.ascontiguousarray(compared).data)
    asked = {
        index: Asked(split.images[index] if drawing is None else drawing, target)
        for index, target in targets.items()
    }
    work = explaining(EXPLAINERS[method], checkpoint, asked, compared)
    label = f"Explaining {words.images(len(targets))}"
    return LongWork(f"explain-{which.hexdigest()}", label, work)


def answers_job(
    asked: Sequence[RunAndEpoch], split: Split, *, exact: bool = False
) -> LongWork[Answered]:
    """What many runs answered to a split: classes and confidences of each, by name and epoch.

    What was recorded in training takes a few milliseconds a run, so that this is mostly there at
    once; what has to be predicted takes up to seconds a run, and stays in the cache folder. The
    arrays are kept by the server within a bound, so wait for it with `is_kept=False`:

        answered = long_work(*answers_job(asked, view.split), is_kept=False)
        if answered is not None:
            answers = answered.answers["cnn", 12].in_full(view.split.labels)

    Args:
        asked: Runs and epochs with something to show on the split.
        split: What they are asked about.
        exact: Whether confidences must be those of the model where it was kept, and not rounded
            to three figures as they are recorded; the classes are the same.
    """
    names = "\n".join(f"{one.run.folder} {one.epoch}" for one in asked)
    which = hashlib.sha256(names.encode(errors="surrogateescape")).hexdigest()
    runs = [(one.run, one.epoch) for one in asked]
    work = answering(runs, split, load=partial(load_brief, exact=exact))
    label = f"Gathering what {len(asked):,} runs answered to {split.name}"
    return LongWork(f"answers-{split.fingerprint}-{exact}-{which}", label, work)


def mean_job(checkpoints: Sequence[Checkpoint], split: Split) -> LongWork[BriefAnswers]:
    """What the mean of the probabilities of several models answers to a split."""
    prints = "\n".join(checkpoint.fingerprint for checkpoint in checkpoints)
    which = hashlib.sha256(prints.encode()).hexdigest()
    label = f"Asking {len(checkpoints)} models about {split.name}"
    return LongWork(f"mean-{split.fingerprint}-{which}", label, averaging(checkpoints, split))


def reading_job(
    asked: Sequence[RunAndEpoch], images: np.ndarray
) -> LongWork[Mapping[str, np.ndarray]]:
    """What the models of several runs read in some images: their outputs, by name of the run.

    Args:
        asked: Runs and epochs whose model was kept.
        images: Grey levels 0–255. `uint8`, shape `(n, 28, 28)`, n ≥ 1.
    """
    checkpoints = [one.run.checkpoint(one.epoch) for one in asked]
    told = [images.tobytes(), *(checkpoint.fingerprint.encode() for checkpoint in checkpoints)]
    which = hashlib.sha256(b"".join(told)).hexdigest()
    label = f"Asking {len(asked)} models"
    return LongWork(f"reading-{which}", label, reading(checkpoints, images))


def taking_job(
    uploads: Sequence[tuple[str, bytes]], class_names: Sequence[str]
) -> LongWork[TakenUploads]:
    """Taking in pictures that a browser sent.

    Args:
        uploads: Name and content of each, which may be anything.
        class_names: Name of each class that a picture can be named by.
    """
    which = hashlib.sha256(repr(class_names).encode())
    for name, content in uploads:
        which.update(name.encode(errors="replace") + b"\0" + hashlib.sha256(content).digest())
    label = f"Reading {len(uploads):,} file{'' if len(uploads) == 1 else 's'}"
    return LongWork(f"taking-{which.hexdigest()}", label, taking(uploads, class_names))


def neighbours_job(view: View, index: int) -> LongWork[tuple[Neighbours, ...]]:
    """Finding what is nearest to one image.

    One of the true class, and one of the predicted class where that is another.
    """
    checkpoint, split = view.run.checkpoint(view.epoch), view.split
    searched = load_split(view.outline.name, reference_split_of(view.outline.name))
    labels = tuple(dict.fromkeys(view.answers.cell_of(index)))
    itself = index if searched.fingerprint == split.fingerprint else None
    work = searching(checkpoint, split.images[index], searched, labels, without=itself)
    prints = f"{checkpoint.fingerprint}-{searched.fingerprint}-{split.fingerprint}"
    label = f"Searching {searched.name} for the nearest"
    return LongWork(f"neighbours-{prints}-{index}", label, work)


_MAPPING = {"pca": "Looking at", "umap": "Laying out"}


def map_job(view: View, layout: Layout) -> LongWork[Map]:
    """Laying out the split by what the last layer sees of it.

    Args:
        view: What the page shows; it must have the epoch's model (`has_model`).
        layout: How.
    """
    checkpoint, split = view.run.checkpoint(view.epoch), view.split
    label = f"{_MAPPING[layout]} {words.images(len(split))}"
    key = f"map-{layout}-{checkpoint.fingerprint}-{split.fingerprint}"
    work = mapping(checkpoint, split, layout)
    return LongWork(key, label, work)


def channels_job(
    view: View, stages: Sequence[Stage], cell: tuple[int, int]
) -> LongWork[tuple[ChannelEffects, ...]]:
    """Finding what each channel of layers does to a cell of mistakes.

    Over at most 100 wrong and 100 right images that count, drawn with seed 0 where there are more.

    Args:
        view: What the page shows; it must have the epoch's model (`has_model`).
        stages: Layers that others follow (`can_be_off`), each of at most 1,024 channels.
        cell: True and predicted class; the cell must have an image that counts.
    """
    checkpoint, split = view.run.checkpoint(view.epoch), view.split
    true, _ = cell
    wrong, right = (
        some_of(np.setdiff1d(view.answers.find(*labels), view.left_out))
        for labels in (cell, (true, true))
    )
    work = weighing(checkpoint, split, stages, AskedCell(cell, wrong, right))
    which = hashlib.sha256(wrong.tobytes() + b"|" + right.tobytes())
    which.update(f"{cell} {[stage.number for stage in stages]}".encode())
    key = f"channels-{checkpoint.fingerprint}-{split.fingerprint}-{which.hexdigest()}"
    n_channels = sum(stage.channels for stage in stages)
    return LongWork(key, f"Switching {n_channels:,} channels off, one at a time", work)


def switched_job(view: View, off: tuple[Off, ...]) -> LongWork[BriefAnswers]:
    """Answers of the model on show to the whole split with channels off.

    Args:
        view: What the page shows; it must have the epoch's model (`has_model`).
        off: The channels, each stage once.
    """
    checkpoint, split = view.run.checkpoint(view.epoch), view.split
    work = switching(checkpoint, split, off, view.run.output)
    which = hashlib.sha256(repr(off).encode()).hexdigest()
    key = f"switched-{checkpoint.fingerprint}-{split.fingerprint}-{which}"
    return LongWork(key, f"Asking about {words.images(len(split))} with channels off", work)


def turning_job(view: View, image: np.ndarray, target: int) -> LongWork[tuple[Turned | None]]:
    """Finding a few pixels with which the model on show reads an image as another class.

    Args:
        view: What the page shows; it must have the epoch's model (`has_model`).
        image: Grey levels 0–255. `uint8`, shape `(28, 28)`.
        target: The class.
    """
    checkpoint = view.run.checkpoint(view.epoch)
    which = hashlib.sha256(image.tobytes()).hexdigest()
    key = f"turning-{checkpoint.fingerprint}-{which}-{target}"
    return LongWork(key, "Changing pixel after pixel", turning(checkpoint, image, target))


def suspects_job(view: View) -> LongWork[Suspects] | None:
    """Ranking the labels of the split.

    Returns:
        `None` where no model can speak about these labels: all trained on them, or may have.
    """
    split = view.split
    if split.name == "train":
        plan = default_plan(split)
        y_prob = read_cross_validated(plan, split, settings.cache_folder())
        if y_prob is None:
            return None
        work = suspecting_cross_validated(y_prob, str(plan), split)
        return LongWork(f"suspects-{split.fingerprint}-{plan}", "Ranking labels", work)
    checkpoints = witnesses(view.runs, split)
    if not checkpoints:
        return None
    prints = "-".join(checkpoint.fingerprint for checkpoint in checkpoints)
    label = f"Asking {len(checkpoints)} models about {split.name}"
    work = suspecting(checkpoints, split)
    return LongWork(f"suspects-{split.fingerprint}-{prints}", label, work)


def slices_job(view: View) -> LongWork[FoundSlices]:
    """Finding the groups of images that count in which the run errs beyond chance."""
    answers, positions = view.counted, view.counted_positions
    is_wrong = answers.y_pred != answers.y_true
    shapes = load_shapes(view).at(positions)
    work = slicing(answers.y_true, is_wrong, shapes, view.class_names)
    which = hashlib.sha256(positions.tobytes() + is_wrong.tobytes()).hexdigest()
    key = f"slices-{view.split.fingerprint}-{view.outline.shows_strokes}-{which}"
    return LongWork(key, f"Looking for groups among {words.images(len(answers))}", work)


def twins_job(outline: Outline) -> LongWork[tuple[Twins, ...]]:
    """Finding the images of each split that lie in another one too."""
    which = hashlib.sha256(repr(source_stamp(outline.name)).encode()).hexdigest()
    label = f"Comparing {words.images(sum(outline.sizes.values()))}"
    return LongWork(f"twins-{outline.name}-{which}", label, pairing(outline.name))


def add_job(
    name: str,
    files: Sequence[Uploaded],
    *,
    title: str,
    class_names: Sequence[str],
    pixels: Pixels | None,
) -> LongWork[tuple[tuple[str, ...]]]:
    """Keeping files that were sent as a data set, see `adding`; wait for it with `is_kept=False`.

    Each call is another wish: what it returns is kept for as long as the visitor waits.
    """
    work = adding(name, files, title=title, class_names=class_names, pixels=pixels)
    return LongWork(f"add-{secrets.token_hex(8)}", f"Adding {words.plain(name)}", work)


def import_job(run: Run) -> LongWork[bool]:
    """Making a run of a folder of models."""
    label = f"Importing {words.plain(run.name)}"
    return LongWork(f"import-{run.folder}", label, importing(run.folder))
