"""`mnist-lens slices`: the groups of images in which a run errs beyond chance."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Annotated, Any

import typer

from mnist_core import settings
from mnist_core.commands.answered import answers_after, chosen_epoch
from mnist_core.commands.asking import images_of_set
from mnist_core.commands.checkpoints import check_classes, chosen_split
from mnist_core.commands.options import AsJson, Data, MaxDataGb, Only, SplitName
from mnist_core.commands.output import print_json, print_table
from mnist_core.errors import SetError
from mnist_core.formatting import decimals, interval, p_value, percent

if TYPE_CHECKING:
    from mnist_core.sets import ImageSet
    from mnist_core.slices import FoundSlices, Slice


def slices(
    run: Annotated[str, typer.Option(help="Name of a run.")],
    epoch: Annotated[int | None, typer.Option(help="Defaults to the best on validation.")] = None,
    data: Data = "mnist",
    split: SplitName = None,
    only: Only = None,
    max_data_gb: MaxDataGb = settings.DEFAULT_MAX_DATA_GB,
    as_json: AsJson = False,
) -> None:
    """Find the groups of images in which a run errs beyond chance, as queries."""
    import numpy as np

    from mnist_core.datasets import class_names, load_dataset
    from mnist_core.runs import read_run
    from mnist_core.shapes import measure
    from mnist_core.slices import find_slices

    chosen = read_run(settings.models_folder(), run)
    dataset = load_dataset(data, max_gb=max_data_gb)
    images = chosen_split(dataset, split)
    check_classes(chosen, images)
    at = chosen_epoch(chosen, epoch)
    answers, names = answers_after(chosen, at, images), class_names(dataset, chosen.n_classes)
    positions, how_many = np.arange(len(images)), f"{len(images):,} images"
    if only is not None:
        one, positions = images_of_set(only, dataset, images, shown=(chosen, at, answers))
        _check_chance(one, run, names)
        how_many = f"{len(positions):,} of {len(images):,} images, the set “{one.name}”"
    found = find_slices(
        images.labels[positions],
        (answers.y_pred != answers.y_true)[positions],
        measure(images.images, shows_strokes=dataset.shows_strokes).at(positions),
        names,
    )
    if as_json:
        print_json([_as_object(one) for one in found.slices])
        return
    _print(found, f"{run} · epoch {at} · {dataset.title} {images.name}, {how_many}")


def _print(found: FoundSlices, looked_at: str) -> None:
    print(f"{looked_at}, {found.n_errors:,} wrong · {_result(found)}")
    places = decimals(one.error_rate for one in found.slices)
    rows = [_row(one, places) for one in found.slices]
    if rows:
        print_table(("slice", "images", "errors", "error rate", "elsewhere", "times", "p"), rows)


def _check_chance(one: ImageSet, run: str, class_names: tuple[str, ...]) -> None:
    reason = one.reason_against_test(run, class_names)
    if reason:
        raise SetError(
            "Expected a set that was chosen without the run's answers, since only then chance says "
            f"where errors gather. Received: “{one.name}”, {reason}. Choose another set."
        )


def _result(found: FoundSlices) -> str:
    if not found.n_candidates:
        return "too few errors to look for groups"
    n = len(found.slices)
    beyond = f"{n} beyond chance" if n else "nothing beyond chance"
    return f"{found.n_candidates:,} groups looked at, {beyond}"


def _row(found: Slice, places: int) -> tuple[str, ...]:
    times = found.times_elsewhere
    return (
        found.query,
        f"{len(found):,}",
        f"{found.n_errors:,}",
        f"{percent(found.error_rate, places)} {interval(found.interval, places)}",
        percent(found.rate_elsewhere, places),
        f"{times:.1f}" if math.isfinite(times) else "–",
        p_value(found.p_value).removeprefix("p = "),
    )


def _as_object(found: Slice) -> dict[str, Any]:
    times = found.times_elsewhere
    return {
        "query": found.query,
        "n": len(found),
        "errors": found.n_errors,
        "error_rate": found.error_rate,
        "interval": list(found.interval),
        "error_rate_elsewhere": found.rate_elsewhere,
        "times_elsewhere": times if math.isfinite(times) else None,
        "p_value": found.p_value,
    }
