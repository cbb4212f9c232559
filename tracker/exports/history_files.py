"""A case's history as a file, in each of its formats."""

from dataclasses import dataclass

from tracker.exports.history_html import as_html
from tracker.exports.history_json import as_json
from tracker.queries.history_parts import History


@dataclass(frozen=True, slots=True)
class HistoryFile:
    """What is given out. Its name holds the reference and nothing else about the case."""

    name: str
    kind: str
    content: bytes


def history_file(history: History) -> HistoryFile:
    """The history in the format it was asked for: pdf, html or json."""
    name = f"{history.reference}-history.{history.export.format}"
    match history.export.format:
        case "pdf":
            # ReportLab is slow to load: whoever wants no PDF does not wait for it.
            from tracker.exports.history_pdf import as_pdf  # noqa: PLC0415

            return HistoryFile(name, "application/pdf", as_pdf(history))
        case "html":
            return HistoryFile(name, "text/html", as_html(history).encode())
        case "json":
            return HistoryFile(name, "application/json", as_json(history).encode())
    raise ValueError(f"a history is no file in the format {history.export.format!r}")
