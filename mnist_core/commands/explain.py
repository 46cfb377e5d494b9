"""`mnist-lens explain`: which pixels of an image moved the answer, as arrays or as a picture."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mnist_core import quiet, settings
from mnist_core.commands.asking import images_of_set
from mnist_core.commands.checkpoints import check_classes, chosen_checkpoint, chosen_split
from mnist_core.commands.options import Data, MaxDataGb, Only, SplitName
from mnist_core.errors import ExplanationError

if TYPE_CHECKING:
    import numpy as np

    from mnist_core.explainers import Attribution, Explainer
    from mnist_core.runs import Checkpoint

SUFFIXES = (".png", ".npz")


def explain(
    run: Annotated[str, typer.Argument(help="Name of a run.")],
    index: Annotated[int, typer.Option(help="Number of the image in its split.")],
    out: Annotated[Path, typer.Option(help="File to write, .npz or .png.")],
    epoch: Annotated[int | None, typer.Option(help="Defaults to the best on validation.")] = None,
    method: Annotated[str | None, typer.Option(help="Defaults to the first that there is.")] = None,
    data: Data = "mnist",
    split: SplitName = None,
    only: Only = None,
    max_data_gb: MaxDataGb = settings.DEFAULT_MAX_DATA_GB,
) -> None:
    """Explain one image: what each of its pixels adds to what the model answers for each class."""
    from mnist_core.datasets import class_names, load_dataset
    from mnist_core.explainers import EXPLAINERS, background, explain_cached, find_explainer
    from mnist_core.explainers.backgrounds import reference_split

    if out.suffix.lower() not in SUFFIXES:
        raise ExplanationError(
            f"Expected a file whose name ends in {' or '.join(SUFFIXES)}. Received: {out.name}. "
            "Choose one of these."
        )
    explainer = find_explainer(next(iter(EXPLAINERS)) if method is None else method)
    chosen, checkpoint = chosen_checkpoint(run, epoch)
    dataset = load_dataset(data, max_gb=max_data_gb)
    images = chosen_split(dataset, split)
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
    check_classes(chosen, images)
    quiet.import_keras()
    image = images.images[index]
    compared = background(dataset.split(reference_split(dataset.splits)))
    found = explain_cached(explainer, checkpoint, image, compared, settings.cache_folder())
    _write(out, found, image, explainer, checkpoint)
    names = class_names(dataset, chosen.n_classes)
    print(
        f"{explainer.title}: image {index} of {dataset.title} {images.name}, "
        f"{', '.join(names[label] for label in found.classes)}, from left to right; completeness "
        f"gap {found.completeness_gap:.1e}; {out}"
    )


def _write(
    out: Path, found: Attribution, image: np.ndarray, explainer: Explainer, checkpoint: Checkpoint
) -> None:
    import io

    import numpy as np

    from mnist_core.explainers.picture import row_of_maps
    from mnist_core.files import atomic

    content = io.BytesIO()
    if out.suffix.lower() == ".png":
        row_of_maps(found, image).save(content, "PNG")
    else:
        np.savez_compressed(
            content,
            values=np.moveaxis(found.values, 0, -1).astype(np.float32),
            classes=np.array(found.classes, np.int64),
            base_value=found.base_value,
            output=found.output,
            method=np.array(explainer.name),
            checkpoint=np.array(checkpoint.fingerprint),
        )
    try:
        atomic.write_bytes(out, content.getvalue())
    except OSError as error:
        raise ExplanationError(
            f"Expected a file that can be written. Received: {out} ({error.strerror}). Name "
            "another."
        ) from error
