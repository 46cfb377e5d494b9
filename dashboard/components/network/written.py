"""Pixels and channels as the address holds them."""

from collections.abc import Sequence

from mnist_core.inference.channels_off import Off
from mnist_core.inference.layer_stages import Stage

Pixel = tuple[int, int, int]
"""Channel, row and column."""


def read_pixel(text: str, stage: Stage) -> Pixel | None:
    """The chosen pixel; `None` where there is none, or not in this layer."""
    if not text:
        return None
    channel, row, column = map(int, text.split("."))
    *sides, channels = (1, 1, *stage.shape)[-3:]
    if len(stage.shape) == 2:
        sides = [stage.shape[0], 1]
    is_there = channel < channels and row < sides[0] and column < sides[1]
    return (channel, row, column) if is_there else None


def write_pixel(pixel: Pixel) -> str:
    """As `read_pixel` reads it."""
    return ".".join(map(str, pixel))


def read_off(text: str, stages: Sequence[Stage]) -> tuple[Off, ...]:
    """The channels that are off, of those that the model has; each stage once, in order."""
    found: dict[int, tuple[int, ...]] = {}
    for part in filter(None, text.split("-")):
        number, *channels = map(int, part.split("."))
        if not 1 <= number <= len(stages) or not stages[number - 1].can_be_off:
            continue
        there = tuple(k for k in channels if k < stages[number - 1].channels)
        found[number] = (*found.get(number, ()), *there)
    return tuple(Off(number, found[number]) for number in sorted(found) if found[number])


def off_of(off: Sequence[Off], stage: Stage) -> tuple[int, ...]:
    """Of channels that are off those of one stage."""
    return next((one.channels for one in off if one.number == stage.number), ())


def write_off(off: Sequence[Off]) -> str:
    """As `read_off` reads it."""
    return "-".join(".".join(map(str, (one.number, *one.channels))) for one in off if one.channels)


def switched(off: Sequence[Off], number: int, channel: int) -> tuple[Off, ...]:
    """The same with a channel of a stage on if it was off, or off if it was on."""
    channels = {one.number: set(one.channels) for one in off}
    channels[number] = channels.get(number, set()) ^ {channel}
    return tuple(Off(one, tuple(which)) for one, which in sorted(channels.items()) if which)
