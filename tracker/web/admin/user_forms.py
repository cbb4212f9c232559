"""What is asked about the people who have access."""

from collections.abc import Sequence

from tracker.models.partnerships import Partnership
from tracker.models.users import Role
from tracker.web.admin.forms import AskForm
from tracker.web.forms import Choice, EmailField, Form, Radios, Select, Submit, TextField
from tracker.web.frame import ROLE_WORDS

ROLES = tuple((role.value, words.capitalize()) for role, words in ROLE_WORDS.items())
DOES = {
    Role.OFFICER: "Logs referrals and runs cases day to day",
    Role.CHAIR: "Records decisions",
    Role.MANAGER: "Sees what is late, reassigns cases, approves",
    Role.AUDITOR: "Reads and exports, changes nothing",
    Role.ADMINISTRATOR: "Manages users, agencies and settings; sees no case",
    Role.PARTNER: "Sees only the requests and actions of their agency",
}
STATES = (("active", "Active"), ("unused", "Has not chosen a password"), ("disabled", "Disabled"))


class PeopleForm(Form):
    """A form of filters: its answers are in the page's address."""

    class Meta:
        """It changes nothing, so it needs no token."""

        csrf = False

    text = TextField("Name or email address", width=20)
    role = Select("Role", ROLES, blank="Any role")
    state = Select("Access", STATES, blank="Anybody")
    save = Submit("Show")


class RoleForm(AskForm):
    """A role, for somebody who has access already."""

    role = Radios("Role", [Choice(key, words, DOES[Role(key)]) for key, words in ROLES], required="Select a role")
    partnership = Select("Partnership", required="Select a partnership", blank=None)
    agency = Select("Agency, for a partner agency contact", optional=True, blank="None")
    save = Submit("Give the role")

    def offer(self, partnerships: Sequence[Partnership], agencies: Sequence[str]) -> None:
        """What may be chosen; which partnership is asked only where there are several."""
        self.partnership.choices = [(each.key, each.name) for each in partnerships]
        self.agency.choices = [(name, name) for name in agencies]
        if len(partnerships) == 1:
            del self.partnership

    def chosen(self, partnerships: Sequence[Partnership]) -> Partnership:
        """The partnership the role is in."""
        key = self.partnership.data if "partnership" in self else partnerships[0].key
        return next(each for each in partnerships if each.key == key)


class PersonForm(RoleForm):
    """Somebody new, with their first role."""

    name = TextField("Name", required="Enter their name", width=30)
    email = EmailField(autocomplete="off", required="Enter their email address")
    save = Submit("Add the user")
    order = ("name", "email")
