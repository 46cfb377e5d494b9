"""What is known of data sets in MNIST's format that many people have.

Sources: H. Xiao, K. Rasul, R. Vollgraf, "Fashion-MNIST" (2017), arXiv:1708.07747; T. Clanuwat et
al., "Deep Learning for Classical Japanese Literature" (2018), arXiv:1812.01718; G. Cohen et al.,
"EMNIST: an extension of MNIST to handwritten letters" (2017), arXiv:1702.05373.
"""

import string
from dataclasses import dataclass


@dataclass(frozen=True)
class KnownSet:
    """A data set that is recognised by what its files are called.

    Attributes:
        word: In the name of the data set, of its folder or of its files.
        title: As people write it.
        class_names: In the order of its labels; empty where a file of its own says them.
        shows_strokes: Whether its images are written.
        is_transposed: Whether its files hold rows as columns.
    """

    word: str
    title: str
    class_names: tuple[str, ...] = ()
    shows_strokes: bool = True
    is_transposed: bool = False


_CLOTHES = (
    "T-shirt/top",
    "Trouser",
    "Pullover",
    "Dress",
    "Coat",
    "Sandal",
    "Shirt",
    "Sneaker",
    "Bag",
    "Ankle boot",
)
_MERGED = string.digits + string.ascii_uppercase + "abdefghnqrt"
"""EMNIST's classes where letters that look alike in both cases are one."""

KNOWN_SETS = (
    KnownSet("fashion", "Fashion-MNIST", _CLOTHES, shows_strokes=False),
    KnownSet("kmnist", "KMNIST", tuple("おきすつなはまやれを")),
    KnownSet("emnist-letters", "EMNIST Letters", tuple(string.ascii_uppercase), is_transposed=True),
    KnownSet("emnist-balanced", "EMNIST Balanced", tuple(_MERGED), is_transposed=True),
    KnownSet("emnist-bymerge", "EMNIST ByMerge", tuple(_MERGED), is_transposed=True),
    KnownSet(
        "emnist-byclass",
        "EMNIST ByClass",
        tuple(string.digits + string.ascii_uppercase + string.ascii_lowercase),
        is_transposed=True,
    ),
    KnownSet("emnist-digits", "EMNIST Digits", tuple(string.digits), is_transposed=True),
    KnownSet("emnist-mnist", "EMNIST MNIST", tuple(string.digits), is_transposed=True),
    KnownSet("emnist", "EMNIST", is_transposed=True),
)


def known_set(*names: str) -> KnownSet | None:
    """The first known set that one of some names speaks of; `None` of none."""
    for known in KNOWN_SETS:
        if any(known.word in name.lower() for name in names):
            return known
    return None
