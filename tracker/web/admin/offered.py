"""Which local settings have a page."""

from dataclasses import dataclass

from tracker.models.partnerships import DUE_SOON, LABEL, LADDER
from tracker.models.setting_changes import IN_FORCE
from tracker.procedures import CASE_TYPES, editions_of
from tracker.procedures.settings import COMPLAINTS_NEEDED, LIMBS
from tracker.procedures.vocabulary import Authority, DeadlineRule
from tracker.web.admin.limb_forms import LimbsForm
from tracker.web.admin.setting_forms import (
    ComplaintsForm,
    DueSoonForm,
    HelpForm,
    LabelForm,
    LadderForm,
    RuleForm,
    SettingForm,
    WarningForm,
)

NO_LENGTH = ("as soon as practicable", "no time limit set")


@dataclass(frozen=True, slots=True)
class Offered:
    """A setting that has a page. `kind`: of review; empty for what all of them share."""

    kind: str
    title: str
    form: type[SettingForm]


def offered() -> dict[str, Offered]:
    """Every setting that has a page, by key."""
    found: dict[str, Offered] = {}
    for kind in CASE_TYPES:
        found[f"{kind}.{LABEL}"] = Offered(kind, "What these reviews are called", LabelForm)
        for procedure in editions_of(kind):
            if procedure.takes_complaints:
                needed = "Complaints needed for the statutory test"
                found[f"{kind}.{COMPLAINTS_NEEDED}"] = Offered(kind, needed, ComplaintsForm)
                found[f"{kind}.{LIMBS}"] = Offered(kind, "Ways to meet the local test", LimbsForm)
            for rule in procedure.deadlines:
                if adjustable(rule):
                    found.setdefault(f"{kind}.{rule.key}", Offered(kind, rule.label, RuleForm))
            if procedure.commences_by_area:
                found[f"{kind}.{IN_FORCE}"] = Offered(kind, "The duty is in force", SettingForm)
            if procedure.in_force_from is None:
                begun = f"{procedure.title}: in force"
                found[f"{kind}.{procedure.edition}.{IN_FORCE}"] = Offered(kind, begun, SettingForm)
    return found | {
        LADDER: Offered("", "When deadlines are brought to mind", LadderForm),
        DUE_SOON: Offered("", "From when an action is amber", DueSoonForm),
        "care.warn": Offered("", "Warn before texts that may distress", WarningForm),
        "help.contact": Offered("", "Whom to ask for help", HelpForm),
    }


def adjustable(rule: DeadlineRule) -> bool:
    """Whether a partnership sets something about this deadline: how long it runs, or what meets it."""
    local = rule.length_is_local or rule.source.authority is Authority.LOCAL or bool(rule.met_by_settings)
    return local and not rule.of_partnership and rule.period.words() not in NO_LENGTH
