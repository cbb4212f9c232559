"""What one request may send, and how much."""

from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import urlsplit

from flask import Flask, Request, current_app

from tracker.services.file_kinds import MOST_BYTES

FORM_AROUND_FILE = 1024 * 1024  # bytes: what is typed beside a file, and the marks between the parts

View = TypeVar("View", bound=Callable[..., Any])


def takes_files(view: View) -> View:
    """Marks a page whose form may carry a file, which may be larger than any other request. Goes under the route."""
    view.takes_files = True  # type: ignore[attr-defined]
    return view


class LimitedRequest(Request):
    """A request whose typed answers are limited in every form, not only in those that carry files."""

    @property
    def referrer(self) -> str | None:  # type: ignore[override]  # an attribute of the class it extends
        """The page the request came from; None where what was sent is no address at all."""
        sent = self.headers.get("Referer")
        try:
            urlsplit(sent or "")
        except ValueError:
            return None
        return sent

    @property
    def max_content_length(self) -> int | None:
        """The most bytes this request may send."""
        most = super().max_content_length
        typed = self.max_form_memory_size
        if most is not None and typed is not None and self.mimetype == "application/x-www-form-urlencoded":
            return min(most, typed)
        if self.mimetype == "multipart/form-data" and self._takes_files():
            return MOST_BYTES + FORM_AROUND_FILE
        return most

    @max_content_length.setter
    def max_content_length(self, most: int | None) -> None:
        self._max_content_length = most

    def _takes_files(self) -> bool:
        view = current_app.view_functions.get(self.endpoint) if self.endpoint else None
        return hasattr(view, "takes_files")


def register(app: Flask) -> None:
    """Limits every request by MAX_CONTENT_LENGTH and MAX_FORM_MEMORY_SIZE."""
    app.request_class = LimitedRequest
