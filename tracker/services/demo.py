"""An empty database filled with the pilot partnership: agencies, a user of every role, and the cases of its year."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sqlalchemy import select

from tracker.errors import Refused
from tracker.extensions import db
from tracker.models.briefings import Briefing, BriefingKind
from tracker.models.cases import Case
from tracker.models.partnerships import Partnership
from tracker.models.plans import Plan
from tracker.models.themes import Theme
from tracker.models.users import Membership, Role, User
from tracker.procedures.case_file import CaseFile, read_json
from tracker.procedures.plan_read import Answers
from tracker.services import passwords
from tracker.services.agencies import new_agency
from tracker.services.case_files import store_all
from tracker.services.plan_imports import fill, read_plan
from tracker.services.plans import new_plan
from tracker.services.themes import add_usual_themes
from tracker.services.use_case import use_case

PLANNED = "DHR-2023-001"
CASE_FILES = Path(__file__).resolve().parent.parent / "demo"

AGENCIES = (
    ("West Mercia Police", "police"),
    ("Shropshire Council", "council"),
    ("NHS Shropshire Telford and Wrekin ICB", "health"),
    ("Shropshire Fire and Rescue Service", "fire"),
    ("Probation Service (West Midlands)", "probation"),
    ("Teme Meadow Homes", "housing"),
    ("Stonechat Domestic Abuse Service", "voluntary"),
)
PEOPLE = (
    (Role.OFFICER, "Ruth Aldous", ""),
    (Role.CHAIR, "Miriam Castell", ""),
    (Role.MANAGER, "Dev Harrow", ""),
    (Role.AUDITOR, "Helen Marsh", ""),
    (Role.ADMINISTRATOR, "Tom Brennan", ""),
    (Role.PARTNER, "Sam Okoro", "Teme Meadow Homes"),
)
WORDS = [
    "amber",
    "anchor",
    "basket",
    "birch",
    "bracken",
    "bridge",
    "candle",
    "canyon",
    "cobalt",
    "copper",
    "coral",
    "cricket",
    "daisy",
    "ember",
    "fern",
    "fossil",
    "garnet",
    "glacier",
    "hazel",
    "heron",
    "indigo",
    "ivory",
    "juniper",
    "kestrel",
    "lantern",
    "linden",
    "marble",
    "meadow",
    "nutmeg",
    "orchard",
    "otter",
    "pebble",
    "pepper",
    "plover",
    "quartz",
    "quiver",
    "raven",
    "river",
    "saffron",
    "sandal",
    "sparrow",
    "spruce",
    "thimble",
    "thistle",
    "timber",
    "tulip",
    "velvet",
    "walnut",
    "willow",
]


@dataclass(frozen=True, slots=True)
class SignIn:
    """An invented person and the password made for them, shown once."""

    role: Role
    name: str
    email: str
    agency: str
    password: str


def pilot_cases() -> list[CaseFile]:
    """The case files shipped with the tracker, by reference."""
    return [case for path in sorted(CASE_FILES.glob("*.json")) for case in read_json(path.read_text("utf-8"))]


def new_sign_ins() -> list[SignIn]:
    """A person of every role, each with a password nobody else has."""
    return [
        SignIn(role, name, f"{role.value}@shropshire.example", agency, new_password()) for role, name, agency in PEOPLE
    ]


def new_password() -> str:
    return "-".join([*(secrets.choice(WORDS) for _ in range(3)), str(secrets.randbelow(90) + 10)])


@use_case
def fill_demo(key: str, *, by: User | None, secret: Sequence[SignIn]) -> int:
    """Make the pilot partnership and all that is its own, in one transaction. Returns how many cases it has.

    Raises:
        Refused: the database already has cases, or such a partnership.
    """
    if db.session.scalar(select(Case.id).limit(1)) is not None:
        raise Refused("The database has cases already: the demo only fills an empty one")
    if db.session.scalar(select(Partnership.id).where(Partnership.key == key)) is not None:
        raise Refused(f"There is already a partnership “{key}”: the demo only fills an empty database")
    partnership = Partnership(key=key, name="Shropshire Community Safety Partnership")
    db.session.add(partnership)
    add_usual_themes(partnership)
    agencies = {name: new_agency(partnership, name, kind) for name, kind in AGENCIES}
    for person in secret:
        user = User(email=person.email, name=person.name, password_hash=passwords.hashed(person.password))
        user.agency = agencies.get(person.agency)
        user.memberships = [Membership(partnership_id=partnership.id, role=person.role)]
        db.session.add(user)
    db.session.flush()
    cases = pilot_cases()
    store_all(cases)
    add_plans(partnership)
    add_briefing(partnership)
    return len(cases)


def add_plans(partnership: Partnership) -> None:
    """The plan of a review, and one of the partnership's own that its Prevent Board monitors."""
    review = db.session.scalars(select(Case).where(Case.reference == PLANNED)).one()
    board = {"monitored_by": "Domestic Abuse Board", "meets_every": "every two months"}
    fill_from(new_plan(review, by=None, title=f"Action plan, {PLANNED}", **board), "dhr-plan.csv")
    board = {"monitored_by": "Prevent Board", "meets_every": "every quarter"}
    fill_from(new_plan(partnership, by=None, title="Prevent action plan", **board), "prevent-plan.csv")


def add_briefing(partnership: Partnership) -> None:
    """A training that was given on one of the partnership's themes."""
    themes = select(Theme).where(Theme.partnership_id == partnership.id, Theme.name == "Professional curiosity")
    training = Briefing(theme=db.session.scalars(themes).one(), kind=BriefingKind.TRAINING, held_on=date(2026, 9, 17))
    training.title, training.audience, training.attended = "Asking the second question", "All front-line teams", 42
    db.session.add(training)


def fill_from(plan: Plan, name: str) -> None:
    db.session.flush()
    fill(plan, read_plan((CASE_FILES / name).read_bytes(), name, Answers()).recommendations)
