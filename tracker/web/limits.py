"""What one request may send, and how much."""

from urllib.parse import urlsplit

from flask import Flask, Request


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
        return most

    @max_content_length.setter
    def max_content_length(self, most: int | None) -> None:
        self._max_content_length = most


def register(app: Flask) -> None:
    """Limits every request by MAX_CONTENT_LENGTH and MAX_FORM_MEMORY_SIZE."""
    app.request_class = LimitedRequest
