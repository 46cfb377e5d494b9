"""Fetches MNIST into Keras's cache folder, if the network allows it within a minute."""

import hashlib
import http.client
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path

from mnist_core.errors import DatasetError
from mnist_core.files import atomic

URL = "https://storage.googleapis.com/tensorflow/tf-keras-datasets/mnist.npz"
"""The file that `keras.datasets.mnist.load_data()` fetches."""

SHA256 = "731c5ac602752760c8e48fbffcf8c3b850d9dc2a2aedcf2cc48468fc17b673d1"
MAX_BYTES = 20_000_000
CONNECT_SECONDS = 5


def fetch(target: Path, *, seconds: float = 60, url: str = URL, sha256: str = SHA256) -> None:
    """Download MNIST to `target`, whole and with the right hash, or raise within `seconds`.

    Raises:
        DatasetError: The network, the hash or the folder does not allow it; nothing was written.
    """
    received: list[bytes] = []
    problems: list[Exception] = []

    # A look-up of a host name cannot be interrupted: hence a thread that may be left behind.
    def download() -> None:
        try:
            received.append(_read(url, deadline=time.monotonic() + seconds))
        except urllib.error.HTTPError as error:
            error.close()
            problems.append(error)
        except (OSError, ValueError, http.client.HTTPException) as error:
            problems.append(error)

    thread = threading.Thread(target=download, daemon=True)
    thread.start()
    thread.join(seconds)
    if not received:
        reason = problems[0] if problems else f"no answer within {seconds:g} seconds"
        raise DatasetError(f"MNIST could not be fetched ({reason}).")
    digest = hashlib.sha256(received[0]).hexdigest()
    if digest != sha256:
        raise DatasetError(
            f"MNIST was fetched, but is another file: expected SHA-256 {sha256[:12]}…, "
            f"received {digest[:12]}…. It was thrown away."
        )
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        atomic.write_bytes(target, received[0])
    except OSError as error:
        raise DatasetError(f"MNIST was fetched, but could not be stored ({error}).") from error


def _read(url: str, *, deadline: float) -> bytes:
    content = bytearray()
    with urllib.request.urlopen(url, timeout=CONNECT_SECONDS) as answer:
        while chunk := answer.read(1 << 16):
            content += chunk
            if len(content) > MAX_BYTES or time.monotonic() > deadline:
                raise ValueError("it took too long or is too large")
    return bytes(content)
