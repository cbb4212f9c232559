"""The ways to meet the local test of an ASB case review, as many as hold and two more to fill in."""

from collections.abc import Iterator
from typing import Any

from tracker.procedures.settings import MOST_COUNT, MOST_LIMBS, MOST_MONTHS
from tracker.procedures.threshold import SHROPSHIRE_LIMBS, Limb
from tracker.queries.settings import Preview
from tracker.web.admin.setting_forms import ABOUT, ASKED_OF_NEW, SettingForm
from tracker.web.forms import Asked, Select, Submit, WholeNumber

# Who reports -> whether they must be different people, and whether only what is hate-motivated counts.
WHO = {
    "same": ("The same person", False, False),
    "people": ("Different people", True, False),
    "hate": ("Anybody, hate-motivated", False, True),
    "hate_people": ("Different people, hate-motivated", True, True),
}
EMPTY_MORE = 2
PARTS = ("who", "count", "months", "last")
MISSING = ("Select who reports", "Enter how many", "Enter in how many months")  # the last may be left empty


class LimbsForm(SettingForm):
    """Each way in a group of four questions; a group left empty is no way."""

    template, about = "admin/limbs.html", ABOUT
    save = Submit("See what it touches")

    @classmethod
    def holding(cls, key: str, value: Any) -> "LimbsForm":
        usual = [limb_as_json(limb) for limb in SHROPSHIRE_LIMBS]
        limbs = usual if value is None else value
        first: dict[str, Any] = {}
        for number, limb in enumerate(limbs, start=1):
            first |= {f"{part}_{number}": answer for part, answer in answers_of(limb).items()}
        shown = type("LimbsForm", (cls,), fields(min(len(limbs) + EMPTY_MORE, MOST_LIMBS)))
        form: LimbsForm = shown(**first)
        return form

    def groups(self) -> Iterator[tuple[int, list[Asked]]]:
        """Each way: its number, from 1, and its questions."""
        for number in range(1, MOST_LIMBS + 1):
            if f"who_{number}" in self:
                yield number, [self[f"{part}_{number}"] for part in PARTS]

    def validate(self, extra_validators: Any = None) -> bool:
        """At least one way, and none that is half told."""
        sound: bool = super().validate(extra_validators)
        ways = [asked for _, asked in self.groups() if any(field.is_answered() for field in asked)]
        for asked in ways or [next(self.groups())[1]]:
            for field, missing in zip(asked, MISSING, strict=False):
                if not field.is_answered() and not field.errors:
                    field.errors, sound = [missing], False
        return sound

    def value(self) -> object:
        return [
            {
                "count": count.data,
                "months": months.data,
                "hate": WHO[who.data][2],
                "different_people": WHO[who.data][1],
                "last_report_within_months": last.data,
            }
            for _, (who, count, months, last) in self.groups()
            if who.data
        ]

    def says(self, preview: Preview) -> str:
        return ASKED_OF_NEW


def fields(ways: int) -> dict[str, Asked]:
    """The questions of that many ways."""
    found: dict[str, Asked] = {}
    for number in range(1, ways + 1):
        found |= {
            f"who_{number}": Select(
                "Who reports it?", [(key, words) for key, (words, _, _) in WHO.items()], blank="Not used"
            ),
            f"count_{number}": WholeNumber("How many incidents, or people?", least=1, most=MOST_COUNT),
            f"months_{number}": WholeNumber("In how many months?", least=1, most=MOST_MONTHS),
            f"last_{number}": WholeNumber("The last within how many months?", least=1, most=MOST_MONTHS),
        }
    return found


def answers_of(limb: dict[str, Any]) -> dict[str, Any]:
    """The four answers that a recorded limb comes to."""
    kind = bool(limb.get("different_people")), bool(limb.get("hate"))
    return {
        "who": next(key for key, (_, *asks) in WHO.items() if tuple(asks) == kind),
        "count": limb["count"],
        "months": limb["months"],
        "last": limb.get("last_report_within_months"),
    }


def limb_as_json(limb: Limb) -> dict[str, Any]:
    return {
        "count": limb.count,
        "months": limb.months,
        "hate": limb.hate,
        "different_people": limb.different_people,
        "last_report_within_months": limb.last_report_within_months,
    }
