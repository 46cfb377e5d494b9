"""`mnist-lens data twins`: which images of a data set lie in two of its splits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from mnist_core import settings
from mnist_core.commands.options import AsJson, MaxDataGb
from mnist_core.commands.output import print_json
from mnist_core.formatting import visible

if TYPE_CHECKING:
    from mnist_core.twins import Twins


def twins(
    name: Annotated[str, typer.Argument(help="Name of a data set, or a file or folder.")] = "mnist",
    max_data_gb: MaxDataGb = settings.DEFAULT_MAX_DATA_GB,
    as_json: AsJson = False,
) -> None:
    """Find images of two splits that are the same but for a shift by one pixel and light noise."""
    from rich.progress import Progress

    from mnist_core.datasets import load_dataset
    from mnist_core.twins import twins_of

    dataset = load_dataset(name, max_gb=max_data_gb)
    with Progress(transient=True) as bar:
        task = bar.add_task("Comparing …", total=None)
        found = twins_of(
            dataset,
            settings.cache_folder(),
            on_progress=lambda done, total: bar.update(task, completed=done, total=total),
        )
    if as_json:
        print_json([_as_object(one) for one in found])
        return
    if not found:
        print("There is one split alone, so no image lies in two of them.")
    for one in found:
        print(
            f"{one.split} in {one.other}: {one.n_twins:,} of {one.n:,} images have a twin, "
            f"{one.n_same:,} the same in every pixel, {one.n_unlike:,} of another class"
        )
        names = [visible(name) for name in dataset.class_names]
        for place, (position, other) in enumerate(zip(one.positions, one.others, strict=True)):
            print(
                f"  {one.split} {position} ({names[one.labels[place]]}) and {one.other} {other} "
                f"({names[one.other_labels[place]]}), {one.apart[place]:.1f} grey levels apart"
            )


def _as_object(found: Twins) -> dict[str, object]:
    return {
        "split": found.split,
        "other": found.other,
        "n": found.n,
        "n_twins": found.n_twins,
        "n_same": found.n_same,
        "n_unlike": found.n_unlike,
        "pairs": [
            {
                "image": int(found.positions[place]),
                "label": int(found.labels[place]),
                "other_image": int(found.others[place]),
                "other_label": int(found.other_labels[place]),
                "apart": round(float(found.apart[place]), 3),
                "shift": found.shifts[place].tolist(),
            }
            for place in range(len(found.positions))
        ],
    }
