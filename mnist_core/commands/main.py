"""The command line, `mnist-lens`: what each command is called, and what ends it."""

from __future__ import annotations

import sys

import typer
from typer.exceptions import TyperException

from mnist_core.commands.data import app as data
from mnist_core.commands.evaluate import evaluate
from mnist_core.commands.explain import explain
from mnist_core.commands.find import find
from mnist_core.commands.import_models import import_models
from mnist_core.commands.predict import predict
from mnist_core.commands.report import report
from mnist_core.commands.runs import runs
from mnist_core.commands.sets import sets
from mnist_core.commands.slices import slices
from mnist_core.commands.suspects import suspects
from mnist_core.commands.train import train
from mnist_core.errors import MnistLensError
from mnist_core.formatting import visible

app = typer.Typer(
    help="Find out what a digit classifier gets wrong, and why.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
for command in (
    train,
    runs,
    evaluate,
    explain,
    find,
    sets,
    slices,
    report,
    suspects,
    predict,
):
    app.command()(command)
app.add_typer(data, name="data")
app.command(name="import")(import_models)


def main() -> None:
    """Run the command line; bad input ends it with one line and exit code 2."""
    try:
        sys.exit(app(standalone_mode=False))
    except MnistLensError as error:
        message = str(error)
    except TyperException as error:
        message = error.format_message() or "Name a command: mnist-lens --help lists them."
    print(f"mnist-lens: {visible(message)}", file=sys.stderr)
    sys.exit(2)
