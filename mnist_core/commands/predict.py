"""`mnist-lens predict`: what a model reads in pictures."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from mnist_core import quiet
from mnist_core.errors import SketchError
from mnist_core.formatting import answer, decimals, visible

if TYPE_CHECKING:
    from mnist_core.answers.evaluation import Output
from mnist_core.commands.checkpoints import chosen_checkpoint
from mnist_core.commands.options import AsJson
from mnist_core.commands.output import print_json


def predict(
    pictures: Annotated[list[Path], typer.Argument(help="PNG or JPEG files, one digit in each.")],
    run: Annotated[str | None, typer.Option(help="Defaults to the best on validation.")] = None,
    epoch: Annotated[
        int | None, typer.Option(help="Defaults to the run's best on validation.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Classify digits that were drawn, scanned or photographed, dark on light or light on dark."""
    chosen, checkpoint = chosen_checkpoint(run, epoch)
    quiet.import_keras()
    found = [_read_file(picture, checkpoint.path, chosen.output) for picture in pictures]
    if as_json:
        print_json(found)
    else:
        _print_readings(found)
    if any(reading["error"] for reading in found):
        sys.exit(2)


def _read_file(picture: Path, model_file: Path, output: Output) -> dict[str, Any]:
    """What a model reads in one picture, or why it reads nothing."""
    from mnist_core.inference.read_digit import read_digit
    from mnist_core.pictures import read_picture

    reading: dict[str, Any] = {
        "file": str(picture),
        "label": None,
        "confidence": None,
        "probabilities": None,
    }
    try:
        digit = read_digit(read_picture(picture), model_file)
    except SketchError as error:
        return reading | {"error": str(error)}
    if digit is None:
        return reading | {"error": "Expected a digit. Received: a picture without ink. Draw one."}
    answers = digit.outputs
    return reading | {
        "label": int(answers.argmax()),
        # A score promises nothing about how often it is right.
        "confidence": float(answers.max()) if output == "probabilities" else None,
        output: [float(answer) for answer in answers],
        "error": None,
    }


def _print_readings(found: list[dict[str, Any]]) -> None:
    for reading in found:
        name = visible(reading["file"])
        if reading["error"]:
            print(f"{name}: {visible(reading['error'])}", file=sys.stderr)
            continue
        output: Output = "probabilities" if reading["probabilities"] else "scores"
        ranked = sorted(enumerate(reading[output]), key=lambda pair: -pair[1])[:3]
        places = decimals(value for _, value in ranked) if output == "probabilities" else None
        top = ", ".join(f"{label} {answer(value, output, places)}" for label, value in ranked)
        print(f"{name}: {reading['label']} ({top})")
