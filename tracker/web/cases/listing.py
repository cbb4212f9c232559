"""What the list of cases shows of each, and the addresses of its filters, columns and pages."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from tracker.models.cases import Case
from tracker.models.saved_views import SavedView
from tracker.models.users import User
from tracker.policy import Action, may
from tracker.queries.cases import CasePage
from tracker.queries.deadlines import OpenDeadline
from tracker.web.case_words import count_of, holder_words, plural, subject_word
from tracker.web.cases.addresses import filters_in_words, list_href, parameters_of, sort_of
from tracker.web.cases.forms import FilterForm
from tracker.web.filters import quantity, short_day, status_of
from tracker.web.review_names import review_kind
from tracker.web.tables import Heading, sorting_headings

COLUMNS = (
    ("Case", "case"),
    ("Status", ""),
    ("Next deadline", "due"),
    ("Held by", "held"),
    ("Stage", "stage"),
    ("Lead", "lead"),
)
SORTED_BY = {"case": "reference", "due": "next deadline", "held": "holder", "stage": "stage", "lead": "lead"}
USUAL_VIEWS = (
    ("Overdue", "overdue"),
    ("On hold", "on_hold"),
    ("Ready to close", "ready_to_close"),
    ("Closed", "closed"),
)
MOST_NAMES = 2


@dataclass(frozen=True, slots=True)
class ListedCase:
    """A row. `statuses`: kind and words, the first of most weight."""

    case: Case
    kind: str
    is_planned: bool
    statuses: tuple[tuple[str, str], ...]
    deadline: str
    when: str
    held_by: str
    stage: str


class Listing:
    """One page of the list."""

    def __init__(
        self,
        viewer: User,
        form: FilterForm,
        page: CasePage,
        deadlines: Mapping[int, Sequence[OpenDeadline]],
        duties: frozenset[tuple[int, str]],
        today: date,
        saved: Sequence[SavedView] = (),
    ) -> None:
        self.viewer, self.form, self.page, self.today, self.saved = viewer, form, page, today, saved
        self.deadlines, self.duties = deadlines, duties
        self.wanted = replace(form.wanted(), page=page.page)

    def rows(self) -> list[ListedCase]:
        return [self.row(case) for case in self.page.cases]

    def row(self, case: Case) -> ListedCase:
        procedure = case.procedure
        planning = procedure.commences_by_area and (case.partnership_id, case.case_type) not in self.duties
        upcoming = next_of(self.deadlines.get(case.id, ()), self.today)
        return ListedCase(
            case=case,
            kind=review_kind(procedure, case.partnership_id),
            is_planned=planning,
            statuses=tuple(statuses(case, upcoming, self.today)),
            deadline=deadline_words(case, upcoming),
            when=when_words(case, upcoming),
            held_by=held_by(case, upcoming),
            stage=procedure.stage(case.stage).label,
        )

    # -- Words ----------------------------------------------------------------------------------------------------

    @property
    def count(self) -> str:
        if self.page.capped:
            return f"More than {quantity(self.page.total, 'case')}"
        return quantity(self.page.total, "case")

    @property
    def caption(self) -> str:
        first = (self.page.page - 1) * 25
        order = f"by {SORTED_BY[self.wanted.sort]}{', last first' if self.wanted.descending else ''}"
        of = f"more than {self.page.total}" if self.page.capped else str(self.page.total)
        return f"Cases {first + 1} to {first + len(self.page.cases)} of {of}, {order}"

    @property
    def is_filtered(self) -> bool:
        return bool(self.filters())

    # -- Addresses ------------------------------------------------------------------------------------------------

    def parameters(self) -> dict[str, str]:
        return parameters_of(self.wanted)

    def href(self, **changed: str) -> str:
        """This list with something changed; an empty value takes a filter away."""
        return list_href(self.parameters() | changed)

    def page_href(self, number: int) -> str:
        return self.href(page=str(number))

    def headings(self) -> list[Heading]:
        return sorting_headings(COLUMNS, sort_of(self.wanted), lambda key: self.href(sort=key))

    def chips(self) -> Iterator[tuple[str, str]]:
        """Each filter in force in words, with the address of the list without it."""
        for words, without in filters_in_words(self.form, self.wanted):
            yield words, self.href(**without)

    def views(self) -> list[tuple[str, str, bool]]:
        """The lists that people ask for most, then those that were saved: words, address, whether it is this one."""
        offered: list[tuple[str, dict[str, str]]] = [("All open", {})]
        if may(self.viewer, Action.RECORD_STEP):
            offered.append(("Mine", {"lead": str(self.viewer.id)}))
        offered += [(words, {"status": status}) for words, status in USUAL_VIEWS]
        here, exactly = self.filters(), self.parameters()
        usual = [(words, list_href(filters), here == filters) for words, filters in offered]
        return usual + [(view.name, list_href(view.filters), exactly == view.filters) for view in self.saved]

    def filters(self) -> dict[str, str]:
        """What the address says besides the order."""
        return {name: value for name, value in self.parameters().items() if name != "sort"}

    @property
    def saving(self) -> str:
        """What the link to the page of saved lists says."""
        here = any(current for *_, current in self.views())
        return "Saved lists" if here else "Save this list"


# -- A case in words --------------------------------------------------------------------------------------------------


def next_of(rows: Sequence[OpenDeadline], today: date) -> list[OpenDeadline]:
    """What is due next: all of one kind that fall on one day, each from another body. Else a window still open."""
    must = [row for row in rows if not row.window]
    may_be = [row for row in rows if row.window and row.due and row.due >= today]
    first = next(iter(must or may_be), None)
    return [row for row in rows if first and (row.key, row.due) == (first.key, first.due)]


def statuses(case: Case, upcoming: Sequence[OpenDeadline], today: date) -> Iterator[tuple[str, str]]:
    if case.closed_on:
        yield "none", "Closed"
        return
    first = upcoming[0] if upcoming else None
    excused = first is not None and first.held and case.on_hold
    late = first is not None and first.due is not None and first.due < today and not excused
    if first and (late or not case.on_hold):
        yield status_of(first, today)
    if case.on_hold:
        yield "hold", "On hold"
    elif case.ready_to_close_on and case.ready_to_close_on <= today:
        yield "none", "Ready to close"
    elif not first:
        yield "none", "No date set"


def deadline_words(case: Case, upcoming: Sequence[OpenDeadline]) -> str:
    if case.closed_on:
        return ""
    if not upcoming:
        return ""
    first = upcoming[0]
    rule = case.procedure.deadline(first.key)
    title = rule.label if rule else first.key
    if len(upcoming) > 1:
        return f"{title} from {count_of(len(upcoming), subject_word(case.procedure, first.key))}"
    return title


def when_words(case: Case, upcoming: Sequence[OpenDeadline]) -> str:
    if case.closed_on:
        return f"Closed on {short_day(case.closed_on)}"
    if not upcoming:
        return "Nothing is due"
    due = upcoming[0].due
    return short_day(due) if due else "No time limit set"


def held_by(case: Case, upcoming: Sequence[OpenDeadline]) -> str:
    if case.closed_on:
        return "Nobody"
    subjects = [row.subject for row in upcoming if row.subject]
    if case.on_hold or not subjects:
        return holder_words(case.held_by)
    if len(subjects) > MOST_NAMES:
        return f"{len(subjects)} {plural(subject_word(case.procedure, upcoming[0].key))}"
    return ", ".join(subjects)
