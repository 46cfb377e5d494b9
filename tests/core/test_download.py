"""MNIST is fetched whole, in time and with the right hash, or not at all."""

import hashlib
import socket
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from mnist_core.datasets import download
from mnist_core.errors import DatasetError

CONTENT = bytes(range(256)) * 1_000
SHA256 = hashlib.sha256(CONTENT).hexdigest()

Serve = Callable[[Callable[[BaseHTTPRequestHandler], object]], str]


@pytest.fixture
def stopped() -> threading.Event:
    """Set when the test is over, so that slow answers end."""
    return threading.Event()


@pytest.fixture
def serve(stopped, monkeypatch) -> Iterator[Serve]:
    """A function that starts a server on this machine which answers by `answer`; gives its URL."""
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    servers = []

    def start(answer: Callable[[BaseHTTPRequestHandler], object]) -> str:
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                answer(self)

            def log_message(self, *args: object) -> None:
                pass

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        servers.append(server)
        return f"http://127.0.0.1:{server.server_port}/mnist.npz"

    yield start
    stopped.set()
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.fixture
def target(tmp_path) -> Path:
    return tmp_path / "datasets" / "mnist.npz"


def send(content: bytes) -> Callable[[BaseHTTPRequestHandler], None]:
    def answer(request: BaseHTTPRequestHandler) -> None:
        request.send_response(200)
        request.send_header("Content-Length", str(len(content)))
        request.end_headers()
        request.wfile.write(content)

    return answer


def refusal(target: Path, url: str, *, seconds: float = 5, within: float = 5) -> str:
    """The message of a fetch that fails in time and leaves nothing behind."""
    started = time.monotonic()
    with pytest.raises(DatasetError) as caught:
        download.fetch(target, seconds=seconds, url=url, sha256=SHA256)
    assert time.monotonic() - started < within
    assert [file for file in target.parent.parent.rglob("*") if file.is_file()] == []
    (message,) = caught.value.args
    return message


def test_a_file_with_the_right_hash_is_stored_alone(serve, target):
    download.fetch(target, seconds=5, url=serve(send(CONTENT)), sha256=SHA256)
    assert target.read_bytes() == CONTENT
    assert list(target.parent.iterdir()) == [target]


def test_a_file_with_another_hash_is_thrown_away(serve, target):
    message = refusal(target, serve(send(CONTENT[:-1] + b"x")))
    assert f"expected SHA-256 {SHA256[:12]}" in message


def test_a_failed_fetch_leaves_an_older_file_as_it_was(serve, target):
    target.parent.mkdir()
    target.write_bytes(b"older")
    with pytest.raises(DatasetError):
        download.fetch(target, seconds=5, url=serve(send(b"other")), sha256=SHA256)
    assert target.read_bytes() == b"older"


def test_a_page_that_is_not_there_is_one_clear_error(serve, target):
    url = serve(lambda request: request.send_error(404))
    assert "404" in refusal(target, url)


def test_a_refused_connection_is_one_clear_error(target, monkeypatch):
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    assert "refused" in refusal(target, f"http://127.0.0.1:{port}/mnist.npz")


def test_a_server_that_trickles_forever_is_left_in_time(serve, target, stopped):
    def trickle(request: BaseHTTPRequestHandler) -> None:
        request.send_response(200)
        request.end_headers()
        while not stopped.wait(0.02):
            request.wfile.write(b"x")

    assert "within 0.3 seconds" in refusal(target, serve(trickle), seconds=0.3, within=1)


def test_a_server_that_never_answers_is_left_in_time(serve, target, stopped):
    url = serve(lambda request: stopped.wait())
    assert "within 0.3 seconds" in refusal(target, url, seconds=0.3, within=1)


def test_a_server_that_sends_too_much_is_left_at_once(serve, target, monkeypatch):
    monkeypatch.setattr(download, "MAX_BYTES", len(CONTENT) - 1)
    assert "too large" in refusal(target, serve(send(CONTENT)))


def test_an_answer_that_ends_early_is_one_clear_error(serve, target):
    def stop_early(request: BaseHTTPRequestHandler) -> None:
        request.send_response(200)
        request.send_header("Content-Length", str(len(CONTENT)))
        request.end_headers()
        request.wfile.write(CONTENT[:70_000])

    refusal(target, serve(stop_early))


def test_an_answer_that_is_not_http_is_one_clear_error(serve, target):
    url = serve(lambda request: request.wfile.write(b"Please log in first.\r\n\r\n"))
    assert "Please log in first" in refusal(target, url)


def test_a_folder_that_cannot_be_written_is_one_clear_error(serve, target):
    target.parent.write_bytes(b"a file in its place")
    with pytest.raises(DatasetError, match="could not be stored"):
        download.fetch(target, seconds=5, url=serve(send(CONTENT)), sha256=SHA256)
