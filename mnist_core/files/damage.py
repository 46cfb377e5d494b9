"""The errors that Python and numpy were seen to raise about damaged files."""

import lzma
import tokenize
import zipfile
import zlib

MOST_LETTERS = 200
"""Of what a library says of a damaged file."""

READING_ERRORS = (
    OSError,
    EOFError,
    ValueError,
    MemoryError,
    zlib.error,
    lzma.LZMAError,
    zipfile.BadZipFile,
    RuntimeError,  # a zip entry that claims to be encrypted or packed in an unknown way
    TypeError,  # a header of .npy that is Python, but not of the right kind
    tokenize.TokenError,  # a header of .npy that is no Python
)
"""For `except`, around reading an .npz, .npy or gzip file that came from elsewhere."""


def complaint(error: BaseException) -> str:
    """What an error about a file says, which may quote all of it: at most 200 letters."""
    said = str(error)
    return said if len(said) <= MOST_LETTERS else f"{said[:MOST_LETTERS]} …"
