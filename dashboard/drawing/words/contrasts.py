"""What maps are about, and what a map of the difference of two classes says, from its numbers."""

from collections.abc import Sequence

import numpy as np

from mnist_core.answers.evaluation import Output
from mnist_core.explainers.attribution import Attribution
from mnist_core.explainers.whereabouts import Whereabouts, whereabouts
from mnist_core.formatting import answer, percent

CONTRAST_PARTS = (
    "The box around the digit’s ink is cut into three rows and three columns; paper outside it "
    "counts with the nearest of them. Named is the smallest part that holds half."
)


def explained_unit(found: Attribution, output: Output) -> str:
    """What the values of maps are counted in."""
    if output == "scores":
        return "score"
    return "probability" if found.of == "probability" else "logit"


def explained_answer(value: float, found: Attribution, output: Output) -> str:
    """One of the explained numbers, e.g. `98.1 %`, `logit −3.20` or `score 0.41`."""
    if output == "probabilities" and found.of != "probability":
        return f"logit {value:.2f}".replace("-", "−")
    return answer(value, output)


def contrast_sum(found: Attribution, names: Sequence[str], unit: str) -> str:
    """By how much one class leads over the other, and what the pixels do to it.

    Args:
        found: The difference of two classes.
        names: Of these two, the first first.
        unit: What the difference is counted in, e.g. `logit`.
    """
    values, output = found.values[0].astype(np.float64), float(found.output[0])
    ahead, behind = names if output >= 0 else reversed(names)
    pulls = [abs(values.clip(min=0).sum()), abs(values.clip(max=0).sum())]
    pulled = f"the pixels pull {pulls[0]:.2f} to {names[0]} and {pulls[1]:.2f} to {names[1]}."
    lead = f"The {unit} of {ahead} is {abs(output):.2f} above that of {behind}:"
    base = float(found.base_value[0])
    if np.isnan(base):  # of methods whose pixels need not add up
        return f"{lead[:-1]}."
    start = f"from the background images {names[base < 0]} starts {abs(base):.2f} ahead"
    return f"{lead} {start}, and {pulled}"


def contrast_where(
    values: np.ndarray, image: np.ndarray, names: Sequence[str], *, over: int = 1
) -> str:
    """Where on the digit that lies which pulls to each of two classes.

    Args:
        values: The map, floats, shape `(28, 28)`; more than 0 speaks for the first class.
        image: The digit beneath it. `uint8`, shape `(28, 28)`.
        names: Of the two classes.
        over: Of how many images both are the mean; of more than one, ink is not spoken of.
    """
    sides = whereabouts(values, image)
    return " ".join(_where(side, name, over) for side, name in zip(sides, names, strict=True))


def _where(side: Whereabouts, name: str, over: int) -> str:
    if side.total == 0:
        return f"Nothing pulls to {name}."
    digit = "digit" if over == 1 else "mean digit"
    place = f"Of what pulls to {name}, {percent(side.share)} lies in the {side.part} of the {digit}"
    return f"{place}, {percent(side.on_ink)} on ink." if over == 1 else f"{place}."
