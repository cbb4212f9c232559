"""How much one request may send."""

from flask import Flask, Request


class LimitedRequest(Request):
    """A request whose typed answers are limited in every form, not only in those that carry files."""

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
