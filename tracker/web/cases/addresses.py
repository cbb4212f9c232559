"""The address of a list of cases: what is asked for, as `FilterForm` reads it back, and in words."""

from collections.abc import Iterator, Mapping
from typing import Any

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from tracker.queries.cases import CaseFilter
from tracker.web.cases.forms import ALL, FilterForm
from tracker.web.choice_fields import Choosing
from tracker.web.filters import day

USUAL = CaseFilter()
CHOSEN = ("type", "stage", "lead", "chair", "held", "agency")
SHORT = {"type": "Kind", "agency": "Agency"}  # where the question in full is too long for a filter


def parameters_of(wanted: CaseFilter) -> dict[str, str]:
    """What an address says besides the usual: all that is open, next deadline first. Pages are counted elsewhere."""
    given = {
        "reference": wanted.reference,
        "type": wanted.case_type,
        "stage": wanted.stage,
        "status": wanted.status if wanted.status != USUAL.status or wanted.reference else "",
        "lead": "" if wanted.lead is None else str(wanted.lead),
        "chair": str(wanted.chair or ""),
        "held": wanted.held,
        "agency": wanted.agency,
        "opened_from": wanted.opened_from.isoformat() if wanted.opened_from else "",
        "opened_to": wanted.opened_to.isoformat() if wanted.opened_to else "",
        "sort": sort_of(wanted) if sort_of(wanted) != USUAL.sort else "",
    }
    return {name: value for name, value in given.items() if value}


def list_href(asked: Mapping[str, str], page: str = "cases.index") -> str:
    """The address of the list, or of another *page* about it, that asks for this."""
    parameters: dict[str, Any] = {name: value for name, value in asked.items() if value}
    return url_for(page, **parameters)


def ask_again() -> ResponseReturnValue:
    """Back to the list, which says what is wrong with what the address asks for."""
    return redirect(f"{url_for('cases.index')}?{request.query_string.decode('ascii', 'ignore')}")


def sort_of(wanted: CaseFilter) -> str:
    """The order: a column, or "-" and a column."""
    return f"-{wanted.sort}" if wanted.descending else wanted.sort


def filters_in_words(form: FilterForm, wanted: CaseFilter) -> Iterator[tuple[str, dict[str, str]]]:
    """Each filter in force in words, and what the address says instead to be without it."""
    if wanted.reference:
        yield f"Reference: {wanted.reference}", {"reference": "", "status": ""}
    if wanted.status != ALL:
        yield f"Status: {label_of(form.status, wanted.status).lower()}", {"status": ALL}
    asked = parameters_of(wanted)
    for name in CHOSEN:
        if value := asked.get(name):
            field: Choosing = form[name]
            yield f"{SHORT.get(name, field.label.text)}: {label_of(field, value)}", {name: ""}
    if wanted.opened_from:
        yield f"Opened from: {day(wanted.opened_from)}", {"opened_from": ""}
    if wanted.opened_to:
        yield f"Opened to: {day(wanted.opened_to)}", {"opened_to": ""}


def label_of(field: Choosing, value: str) -> str:
    return next((choice.label for choice in field.offered() if choice.value == value), value)
