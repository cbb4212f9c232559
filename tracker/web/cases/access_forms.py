"""The forms on which people change who may open a case, and who runs it."""

from collections.abc import Iterable

from tracker.models.cases import Case
from tracker.models.users import Role, User
from tracker.queries.case_people import (
    conflicts_on,
    people_holding,
    people_named,
    people_who_could_be_named,
    people_who_may_open,
)
from tracker.services.case_access import CHAIRING, LEADING
from tracker.web.forms import Choice, Form, HiddenVersion, LongTextField, Select, Submit

WHO = "Select a person"


class AccessForm(Form):
    """A change to who may open a case: of which version of the case it speaks."""

    version = HiddenVersion()

    def speak_of(self, case: Case) -> None:
        """Lets the same answers be sent again, about the case as it is now."""
        self.version.data = case.version


class RestrictForm(AccessForm):
    """Why a case is closed to most."""

    reason = LongTextField(
        "Why must only named people see it?", required="Enter why only named people may see it", rows=4
    )
    save = Submit("Restrict the case")


class LiftForm(AccessForm):
    """Why it is open again."""

    reason = LongTextField("Why can everybody see it again?", required="Enter why everybody may see it again", rows=4)
    save = Submit("Lift the restriction")


class PersonForm(AccessForm):
    """Somebody. The choices are people, by their number."""

    person = Select("Who?", blank="Choose a person", required=WHO)
    save = Submit("Save")

    def offer(self, people: Iterable[User]) -> "PersonForm":
        self.people = {str(person.id): person for person in people}
        self.person.choices = choices(self.people.values())
        return self

    @property
    def chosen(self) -> User:
        return self.people[self.person.data]


class NameForm(PersonForm):
    """Whom to let in."""

    save = Submit("Name this person")

    @classmethod
    def about(cls, case: Case) -> PersonForm:
        return cls(version=case.version).offer(people_who_could_be_named(case))


class RemoveForm(PersonForm):
    """Whom to take off the list."""

    save = Submit("Remove this person")

    @classmethod
    def about(cls, case: Case) -> PersonForm:
        return cls(version=case.version).offer(people_named(case))


class ConflictForm(PersonForm):
    """Whose conflict of interest, and what it is. Most people declare their own, and are not asked whose."""

    person = Select("Who has the conflict of interest?", blank=None, required=WHO)
    reason = LongTextField(
        "What is the conflict of interest?",
        hint="Only as much as a manager needs to know. No names of people in the review.",
        required="Enter what the conflict of interest is",
        rows=4,
    )
    save = Submit("Declare the conflict of interest")

    @classmethod
    def about(cls, case: Case, viewer: User, *, of_anybody: bool) -> "ConflictForm":
        form = cls(version=case.version, person=str(viewer.id))
        if of_anybody:
            form.offer(people_who_may_open(case))
        else:
            form.people = {str(viewer.id): viewer}
            del form.person
        return form


class WithdrawForm(PersonForm):
    """Whose conflict of interest is over, and why."""

    reason = LongTextField("Why does it no longer stand?", required="Enter why it no longer stands", rows=4)
    save = Submit("Withdraw the conflict of interest")

    @classmethod
    def about(cls, case: Case) -> PersonForm:
        return cls(version=case.version).offer(declared.user for declared in conflicts_on(case))


class ReassignForm(AccessForm):
    """Who leads the case and who chairs it from now on."""

    lead = Select("Who leads the case?", blank="Nobody for now")
    chair = Select("Who chairs the panel?", blank="Nobody for now")
    reason = LongTextField("Why does this change?", required="Enter why this changes", rows=4)
    save = Submit("Reassign the case")

    @classmethod
    def about(cls, case: Case) -> "ReassignForm":
        form = cls(version=case.version, lead=str(case.lead_id or ""), chair=str(case.chair_id or ""))
        form.leads, form.chairs = offered(case, LEADING, case.lead), offered(case, CHAIRING, case.chair)
        form.lead.choices, form.chair.choices = choices(form.leads.values()), choices(form.chairs.values())
        return form

    @property
    def chosen_lead(self) -> User | None:
        lead: User | None = self.leads.get(self.lead.data)
        return lead

    @property
    def chosen_chair(self) -> User | None:
        chair: User | None = self.chairs.get(self.chair.data)
        return chair


def offered(case: Case, roles: frozenset[Role], now: User | None) -> dict[str, User]:
    """Whom a case may be given to, by number: whoever has the role, and whoever holds it now."""
    people = [*([now] if now else []), *people_holding(case, roles)]
    return {str(person.id): person for person in sorted(set(people), key=lambda person: (person.name, person.id))}


def choices(people: Iterable[User]) -> list[Choice]:
    return [Choice(str(person.id), person.name) for person in people]
