"""`mnist-lens explain`: which pixels of an image moved the answer, as arrays or as a picture."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mnist_core import quiet, settings
from mnist_core.commands.asking import images_of_set
from mnist_core.commands.checkpoints import check_classes, chosen_checkpoint, chosen_split
from mnist_core.commands.explanation_files import check_suffix, write_explanation
from mnist_core.commands.options import Data, MaxDataGb, Only, SplitName
from mnist_core.errors import ExplanationError

if TYPE_CHECKING:
    from mnist_core.datasets import Dataset, Split
    from mnist_core.explainers import Attribution, Target
    from mnist_core.runs import Run


def explain(
    run: Annotated[str, typer.Argument(help="Name of a run.")],
    index: Annotated[int, typer.Option(help="Number of the image in its split.")],
    out: Annotated[Path, typer.Option(help="File to write, .npz or .png.")],
    epoch: Annotated[int | None, typer.Option(help="Defaults to the best on validation.")] = None,
    method: Annotated[str | None, typer.Option(help="Defaults to the first that there is.")] = None,
    of: Annotated[
        str | None,
        typer.Option(help="probability, logit or difference; of a run with scores, these."),
    ] = None,
    classes: Annotated[
        str | None,
        typer.Option(help="By number, with commas; of a difference the first minus the second."),
    ] = None,
    n_background: Annotated[
        int | None, typer.Option("--background", help="How many images to compare with.")
    ] = None,
    seed: Annotated[int, typer.Option(help="With which these are chosen.")] = 0,
    data: Data = "mnist",
    split: SplitName = None,
    only: Only = None,
    max_data_gb: MaxDataGb = settings.DEFAULT_MAX_DATA_GB,
) -> None:
    """Explain one image: what each of its pixels adds to what the model answers."""
    from mnist_core.datasets import load_dataset
    from mnist_core.explainers import EXPLAINERS, explain_cached, find_explainer
    from mnist_core.explainers.backgrounds import background_positions, reference_split
    from mnist_core.inference.prediction import predict

    check_suffix(out)
    explainer = find_explainer(next(iter(EXPLAINERS)) if method is None else method)
    chosen, checkpoint = chosen_checkpoint(run, epoch)
    target = _target(of, classes, chosen)
    dataset = load_dataset(data, max_gb=max_data_gb)
    images = chosen_split(dataset, split)
    _check_image(index, only, dataset, images)
    check_classes(chosen, images)
    compared = dataset.split(reference_split(dataset.splits))
    positions = background_positions(compared, n=n_background, seed=seed)
    quiet.import_keras()
    image, background = images.images[index], compared.images[positions]
    found = explain_cached(
        explainer, checkpoint, image, background, settings.cache_folder(), target=target
    )
    is_compared = find_explainer(found.method).uses_background
    write_explanation(
        out,
        found,
        image,
        predicted=int(predict(checkpoint.path, image[None])[0].argmax()),
        true=int(images.labels[index]),
        background_indices=positions if is_compared else positions[:0],
        background_split=compared.name,
        checkpoint=checkpoint.fingerprint,
    )
    _say(found, chosen, dataset, f"image {index} of {dataset.title} {images.name}", out)


def _target(of: str | None, classes: str | None, run: Run) -> Target:
    """What is asked for; of a run with scores, these.

    Raises:
        ExplanationError: There is no such thing, or the run does not have the classes.
    """
    from mnist_core.explainers import OFS, Target

    if of == "probability" and run.output == "scores":
        raise ExplanationError(
            f"Expected logit or difference of {run.name}, which answers with scores and not with "
            "probabilities. Received: probability. Leave --of out to explain the scores."
        )
    asked = next((one for one in OFS if one == of), None)
    if of is not None and asked is None:
        raise ExplanationError(
            f"Expected one of {', '.join(OFS)} to be explained. Received: {of!r}. Choose one of "
            "these."
        )
    target = Target(asked or "probability", _labels(classes))
    target.among(run.n_classes)
    return target


def _labels(classes: str | None) -> tuple[int, ...]:
    words = [] if classes is None else [word.strip() for word in classes.split(",")]
    if not all(word.isascii() and word.isdigit() and len(word) < 10 for word in words):
        raise ExplanationError(
            f"Expected classes by number, with commas, such as 4,9. Received: {classes}. Write "
            "them so."
        )
    return tuple(int(word) for word in words)


def _check_image(index: int, only: str | None, dataset: Dataset, images: Split) -> None:
    if not 0 <= index < len(images):
        raise ExplanationError(
            f"Expected an image from 0 to {len(images) - 1} of {images.name}. Received: {index}. "
            "Choose one of these."
        )
    if only is not None and index not in images_of_set(only, dataset, images)[1]:
        raise ExplanationError(
            f"Expected an image of the set “{only}”. Received: {index}, which is not in it. Choose "
            "one of its images, or leave --only out."
        )


def _say(found: Attribution, run: Run, dataset: Dataset, which: str, out: Path) -> None:
    """Say what was written, and which method stands in for the one that was asked for."""
    from math import isnan

    from mnist_core.datasets import class_names
    from mnist_core.explainers import find_explainer

    explainer, names = find_explainer(found.method), class_names(dataset, run.n_classes)
    gap = found.completeness_gap
    named = [names[label] for label in found.classes]
    what = found.of if run.output == "probabilities" or found.of == "difference" else "score"
    shown = (
        f"difference {named[0]} minus {named[1]}"
        if found.of == "difference"
        else f"{what} of {', '.join(named)}, from left to right"
    )
    if found.instead:
        print(f"{explainer.title} stands in. {found.instead}")
    promised = "which need not add up" if isnan(gap) else f"completeness gap {gap:.1e}"
    print(f"{explainer.title}: {which}, {shown}; {promised}; {out}")
    if not explainer.keeps_its_promise(found):
        print(
            f"Warning: {explainer.title} promises a gap of at most {explainer.largest_gap:g}. Do "
            "not trust these maps without another method beside them."
        )
