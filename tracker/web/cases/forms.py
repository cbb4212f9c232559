"""The forms of these pages. They are sent by GET, change nothing, and can be shared as an address."""

import re
from collections.abc import Sequence
from typing import Any

from flask import request

from tracker import clock
from tracker.errors import Refused
from tracker.models.users import Role, User
from tracker.policy import roles_held
from tracker.procedures import CASE_TYPES, HOLDERS, PROCEDURES, editions_of
from tracker.procedures.vocabulary import CLOSED
from tracker.queries.cases import NOBODY, SORTS, CaseFilter, agencies_seen, leads
from tracker.web.case_words import holder_words
from tracker.web.forms import Choice, DayField, Form, Select, Submit, TextField
from tracker.web.review_names import review_kind

ALL = "all"
STATUSES = (
    ("open", "Open"),
    ("overdue", "Overdue"),
    ("due_soon", "Something due in the next 7 days"),
    ("awaiting_replies", "Waiting for replies"),
    ("to_decide", "Waiting for a decision"),
    ("on_hold", "On hold"),
    ("ready_to_close", "Ready to close"),
    ("closed", "Closed"),
    (ALL, "Open and closed"),
)
LONGEST_REFERENCE = 40
LONGEST_HOLDER = 200
LAST_PAGE = 10_000


class GetForm(Form):
    """A form of questions about what to show."""

    class Meta:
        """Nothing is changed, so nothing can be forged."""

        csrf = False


class FilterForm(GetForm):
    """Which cases to list. What cannot be read is shown as an error, and filters nothing."""

    reference = TextField("Reference, or part of one", limit=LONGEST_REFERENCE, width=20)
    type = Select("Kind of review", blank="Any kind")
    stage = Select("Stage", blank="Any stage")
    status = Select("Status", STATUSES, blank=None)
    lead = Select("Lead", blank="Anybody")
    chair = Select("Panel chair", blank="Anybody")
    held = Select("Held by", blank="Anybody")
    agency = Select("Agency asked or waited for", blank="Any agency")
    opened_from = DayField("Opened on or after", hint="")
    opened_to = DayField("Opened on or before", hint="")
    show = Submit("Show cases")

    @classmethod
    def for_viewer(cls, viewer: User) -> "FilterForm":
        """The form as the address of the page answers it."""
        form = cls(request.args)
        form.type.choices = kinds()
        form.stage.choices = stages()
        agencies = agencies_seen(viewer)
        people = [Choice(str(number), name) for number, name in leads(viewer)]
        form.lead.choices = [*people, Choice(str(NOBODY), "Nobody yet")]
        form.chair.choices = chairs(viewer)
        form.held.choices = holders(agencies, form.held.data or "")
        form.agency.choices = [Choice(name, name) for name in agencies]
        if not form.status.data:
            form.status.data = ALL if form.reference.data else "open"
        form.check()
        return form

    def check(self) -> None:
        """Finds what is wrong with the answers."""
        self.validate()
        first, last = self.answer(self.opened_from), self.answer(self.opened_to)
        if first and last and last < first:
            self.refuse(Refused("The last day must be on or after the first", field="opened_to"))

    def answer(self, field: Any) -> Any:
        """An answer that can be used: empty where it is wrong."""
        return None if field.errors else field.data or None

    def wanted(self) -> CaseFilter:
        lead, chair = self.answer(self.lead), self.answer(self.chair)
        sort = request.args.get("sort", "")
        key = sort.removeprefix("-")
        page = request.args.get("page", "")
        return CaseFilter(
            case_type=self.answer(self.type) or "",
            stage=self.answer(self.stage) or "",
            status=self.answer(self.status) or "open",
            lead=int(lead) if lead else None,
            chair=int(chair) if chair else None,
            held=self.answer(self.held) or "",
            agency=self.answer(self.agency) or "",
            opened_from=self.answer(self.opened_from),
            opened_to=self.answer(self.opened_to),
            reference=as_reference(self.answer(self.reference) or ""),
            sort=key if key in SORTS else "due",
            descending=sort.startswith("-") and key in SORTS,
            page=min(int(page), LAST_PAGE) if re.fullmatch(r"[0-9]{1,6}", page) else 1,
        )


class KnownOnForm(GetForm):
    """The day as of which a timeline is shown."""

    known_on = DayField("Show the case as it was known on", hint="For example, 18 9 2025")
    show = Submit("Show", look="secondary")

    @classmethod
    def from_address(cls) -> "KnownOnForm":
        """The form as the address of the page answers it."""
        form = cls(request.args)
        form.validate()
        if not form.known_on.errors and form.known_on.data and form.known_on.data > clock.today():
            form.refuse(Refused("The day must be today or in the past", field="known_on"))
        return form


def kinds() -> Sequence[Choice]:
    """The kinds of review, once each whatever their editions."""
    return [Choice(case_type, review_kind(editions_of(case_type)[0])) for case_type in CASE_TYPES]


def stages() -> Sequence[Choice]:
    """Every stage of every kind, once by name; a closed case is a status."""
    found = {stage.key: stage.label for procedure in PROCEDURES.values() for stage in procedure.stages}
    return [Choice(key, label) for key, label in found.items() if key != CLOSED]


def chairs(viewer: User) -> Sequence[Choice]:
    """The viewer, where they chair reviews: with their own cases go those that have no chair yet."""
    return [Choice(str(viewer.id), f"{viewer.name}, or nobody yet")] if Role.CHAIR in roles_held(viewer) else []


def holders(agencies: Sequence[str], asked: str) -> Sequence[Choice]:
    """Whoever may have to act next. Whom a hold waits for is typed, so what the address asks for is offered too."""
    roles = {holder: holder_words(holder) for holder in HOLDERS}
    names = {name: name for name in (*agencies, *[asked] * is_holder(asked))}
    return [Choice(value, label) for value, label in sorted((names | roles).items(), key=lambda pair: pair[1])]


def is_holder(asked: str) -> bool:
    """Whether *asked* can be somebody's name."""
    return bool(asked) and asked.isprintable() and len(asked) <= LONGEST_HOLDER


def as_reference(text: str) -> str:
    """A reference as it is kept, from the ways people type it: "dhr 2025 001", with any dash."""
    return re.sub(r"[\s_–—-]+", "-", text.strip().upper())
