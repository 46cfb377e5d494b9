"""A visitor without a browser: asks for pages as Streamlit's frontend does, reads the answers."""

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlencode

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import ClientConnection, connect

SECONDS = 120
"""How long the script behind a page may take."""


class Visitor:
    """A session of a served app.

    Attributes:
        connection: Its websocket; the session ends with it.
    """

    def __init__(self, connection: ClientConnection) -> None:
        self.connection = connection

    def visit(self, page: str, **query: object) -> None:
        """Have the script run for a page, named as in the address, and wait for its end."""
        asked = BackMsg()
        asked.rerun_script.page_name = page
        asked.rerun_script.query_string = urlencode(query)
        self.connection.send(asked.SerializeToString())
        told = ForwardMsg()
        while told.WhichOneof("type") != "script_finished":
            told.ParseFromString(self.connection.recv(SECONDS))
            if told.WhichOneof("type") == "page_not_found":
                raise LookupError(f"The app has no page at /{page}.")
        if told.script_finished != ForwardMsg.FINISHED_SUCCESSFULLY:
            raise RuntimeError(f"The script of /{page} failed; the server's log says why.")


@contextmanager
def visitor(address: str) -> Iterator[Visitor]:
    """A new session at an address like http://127.0.0.1:8501; it ends with the block."""
    stream = f"{address.replace('http', 'ws', 1)}/_stcore/stream"
    with connect(stream, subprotocols=["streamlit"], max_size=None) as connection:
        yield Visitor(connection)
