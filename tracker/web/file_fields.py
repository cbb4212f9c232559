"""A file to be sent with a form."""

from typing import Any

from flask import request
from flask_wtf.form import SUBMIT_METHODS
from werkzeug.datastructures import CombinedMultiDict, FileStorage

from tracker.services.file_kinds import EXTENSIONS, TAKEN
from tracker.web.fields import Asked, Drawn
from tracker.web.forms import FROM_REQUEST, Form, RecordingForm

ACCEPT = ",".join(f".{ending}" for endings in EXTENSIONS.values() for ending in endings)


class FileField(Asked):
    """One file. Its answer is what was sent: `content` and `name`, both empty where there is none."""

    widget = Drawn("file")

    def __init__(self, label: str, *, hint: str = f"{TAKEN}, up to 25 MB.", accept: str = ACCEPT, **rest: Any) -> None:
        """*accept*: the endings of names that the browser offers. What was sent is for the use-case to check."""
        super().__init__(label, hint=hint, **rest)
        self.accept = accept
        self.content, self.name_given = b"", ""

    def process_data(self, value: object) -> None:
        """A file is never shown again: a browser would not take it."""
        self.data = None

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Takes the first file sent under the name; text under that name is no file."""
        sent = next((value for value in valuelist if isinstance(value, FileStorage) and value.filename), None)
        if sent is not None:
            with sent.stream as stream:
                self.content, self.name_given = stream.read(), sent.filename or ""
            self.data = self.name_given


class UploadForm(Form):
    """A form that may carry a file."""

    takes_files = True

    def __init__(self, formdata: Any = FROM_REQUEST, **kwargs: Any) -> None:
        if formdata is FROM_REQUEST:
            posted = request.method in SUBMIT_METHODS
            formdata = CombinedMultiDict([request.form, request.files]) if posted else None
        super().__init__(formdata=formdata, **kwargs)


class FileForm(UploadForm, RecordingForm):
    """A form that records something, perhaps with a file."""
