"""The errors that Python and numpy were seen to raise about damaged files."""

import lzma
import tokenize
import zipfile
import zlib

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
