"""The tracker as it is served, for somebody at a browser."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask
from werkzeug.serving import WSGIRequestHandler, make_server

from tracker.extensions import db


class Silent(WSGIRequestHandler):
    """Keeps the list of requests out of the test's report."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Says nothing."""


@contextmanager
def serving(app: Flask) -> Iterator[str]:
    """The address at which *app* is served meanwhile."""
    listening = make_server("127.0.0.1", 0, app, threaded=True, request_handler=Silent)
    thread = threading.Thread(target=listening.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{listening.server_port}"
    listening.shutdown()
    thread.join()
    listening.server_close()
    with app.app_context():
        db.engine.dispose()
