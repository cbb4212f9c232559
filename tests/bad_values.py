"""What somebody might send who means no good, or whose program is broken."""

import string
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from random import Random

from bs4 import BeautifulSoup, Tag
from bs4.filter import SoupStrainer
from sqlalchemy import Connection, event, func, select
from sqlalchemy.engine import Engine
from werkzeug.datastructures import MultiDict

from tracker.extensions import db
from tracker.models import AuditEntry, Case, Deadline, Event, ReferenceNumber, User

# No question takes these.
REFUSED_TEXTS = (
    "a\x00b",
    "\x1b[31mred\x1b[0m",
    "\x7f\x85\x9f",
    "\ufffe\uffff\ufdd0",
    "x" * 20_001,
    "ŵ" * 20_001,
)

# Any text may be said, as long as it only ever is text.
SCRIPT = "<script>canary()</script>"
INERT_TEXTS = (
    SCRIPT,
    "\"><img src=x onerror='canary()'>",
    "</textarea></title><svg/onload=canary()>",
    "{{ 7 * 191 }}{% raw %}${7*191}#{7*191}",
    "%s %(reference)s {0} {case}",
    "'; DROP TABLE event; --",
    "=cmd|'/c calc'!A1",
    "\u202eevil\u2066 \u200f",
    "👩‍👩‍👧‍👦 Ŵyr “Adult A”",
    "&lt;b&gt; &amp;amp; <!-- ]]> -->",
)

# Neither an answer to a question with choices, nor a number.
NOT_OFFERED = (
    "no such choice", "|", "a|b|c", "imr|", "imr|Nobody", "complete_report|x", "__class__", "None", "[]", "null", "on",
    "%00", "../../etc/passwd", "1e3", "-1", "٣", "½", "9" * 400,
)  # fmt: skip

# Three boxes, or however many a program may send.
REFUSED_DAYS: Sequence[Sequence[str]] = (
    ("30", "2", "2025"),
    ("29", "2", "2025"),
    ("31", "4", "2025"),
    ("0", "0", "0"),
    ("1", "1", "0"),
    ("1", "1", "99999"),
    ("1", "13", "2025"),
    ("32", "1", "2025"),
    ("-1", "-1", "-1"),
    ("1", "Janury", "2025"),
    ("1", "ju", "2025"),
    ("٣", "١", "٢٠٢٥"),
    ("1", "1", "1899"),
    ("1", "1", "2101"),
    ("1", "1", "2e3"),
    ("1.5", "1", "2025"),
    ("x" * 5000, "x" * 5000, "x" * 5000),
    ("<script>", "<script>", "<script>"),
    ("\x00", "\x00", "\x00"),
    ("", "", "2025"),
    ("1", "", "2025"),
    ("2025-02-30",),
    ("1", "1"),
)

# What a field refuses whatever it asks, beside what is drawn at random in `bad_answers`.
UNFIT = "\x00\x01\x1b\x7f\x85\ufffe\uffff\ufdd0\U0001ffff"
NO_NUMBERS = ("1e3", "-1", "1.5", "٣", "½", "２", "9" * 400, "0x10", "NaN", "∞", "--1", "12 months", "1_000")
NO_ADDRESSES = ("a", "@", "a@b", "a@@b.uk", "a b@c.uk", "a@b.uk,c@d.uk", "<a@b.uk>", "a@" + "b" * 255 + ".uk")
NO_DAYS = [day for day in REFUSED_DAYS if len(day) == 3 and any(day[:2])]  # a year alone is an approximate day

NOTED = {"user_session", "sign_in_try", "item_link_use"}  # the tables that say who was here and when

# What every form has besides its questions.
NOT_ASKED = {"csrf_token", "save", "more", "skip", "version", "submission", "seen", "rows"}


def forms_of(text: str) -> list[Tag]:
    """The forms of a page that change something, less the one that signs out."""
    drawn_there = BeautifulSoup(text, "html.parser", parse_only=SoupStrainer("form"))
    return [form for form in drawn_there.find_all("form", method="post") if form.get("action") != "/sign-out"]


@dataclass(frozen=True)
class Question:
    """A field as it is drawn. `kind`: text, lines, email, password, number, day, choice, file, hidden."""

    name: str
    id: str
    kind: str
    offered: tuple[str, ...]

    def bad_answer(self, draw: Random) -> list[str]:
        """What the field must refuse; whatever its limits are, it is beyond them."""
        match self.kind:
            case "day":
                return list(draw.choice(NO_DAYS))
            case "choice":
                made = (*NOT_OFFERED, *INERT_TEXTS, str(draw.randrange(100_000)), nonsense(draw, 8))
                return [draw.choice([each for each in made if each not in self.offered])]
            case "number":
                return [draw.choice(NO_NUMBERS)]
            case "email":
                return [draw.choice((*NO_ADDRESSES, nonsense(draw, 30)))]
            case "password":
                return [nonsense(draw, 1001)]
            case "hidden":
                return [draw.choice(("", "-1", "9" * 400, "٣", nonsense(draw, 20)))]
        return [draw.choice((nonsense(draw, 20_001), nonsense(draw, 40) + draw.choice(UNFIT) + nonsense(draw, 5)))]


def nonsense(draw: Random, length: int) -> str:
    """Letters of many scripts, signs and what turns the direction of writing."""
    return "x" + "".join(
        draw.choices(string.ascii_letters + string.punctuation + "ŵé漢ع\u202e\u200f\u0301👩", k=length)
    )


def questions_of(form: Tag) -> list[Question]:
    """What a form asks and what it carries unseen, in the order drawn, less its buttons and its token."""
    boxes = Counter(str(field["name"]) for field in form.find_all("input", type="text"))
    found: dict[str, list[Tag]] = {}
    for field in form.find_all(["input", "textarea", "select"], attrs={"name": True}):
        if field["name"] not in {"csrf_token", "save"}:
            found.setdefault(str(field["name"]), []).append(field)
    return [
        Question(name, str(drawn[0].get("id", "")), kind_of(drawn[0], boxes[name]), offered_by(drawn))
        for name, drawn in found.items()
    ]


def kind_of(field: Tag, boxes: int) -> str:
    match field.name, field.get("type"):
        case "textarea", _:
            return "lines"
        case ("select", _) | (_, "radio" | "checkbox"):
            return "choice"
        case _, "text":
            return "day" if boxes > 1 else "number" if field.get("inputmode") == "numeric" else "text"
    return str(field["type"])


def offered_by(fields: Sequence[Tag]) -> tuple[str, ...]:
    options = [option for field in fields for option in field.find_all("option")]
    return tuple(str(each.get("value", "")) for each in options or fields)


def form_of(text: str) -> Tag:
    """The form of a page that asks."""
    forms = [form for form in forms_of(text) if not form.get("action")]
    assert len(forms) == 1
    return forms[0]


def drawn(form: Tag) -> MultiDict[str, str]:
    """What a browser would send of the form as it was drawn."""
    sent: MultiDict[str, str] = MultiDict()
    for field in form.find_all(["input", "textarea", "select"], attrs={"name": True}):
        name, kind = str(field["name"]), str(field.get("type", field.name))
        match kind:
            case "radio" | "checkbox":
                if field.has_attr("checked"):
                    sent.add(name, str(field["value"]))
            case "select":
                chosen = field.find("option", selected=True) or field.find("option")
                sent.add(name, str(chosen["value"]) if chosen else "")
            case "textarea":
                sent.add(name, field.text.removeprefix("\n"))
            case _:
                sent.add(name, str(field.get("value", "")))
    return sent


def filled(form: Tag, text: str, day: Sequence[str]) -> MultiDict[str, str]:
    """The form with *text* in every question and *day* in every date."""
    sent = drawn(form)
    boxes = Counter(str(field["name"]) for field in form.find_all("input", type="text"))
    for field in form.select("[name]"):
        name = str(field["name"])
        if name not in NOT_ASKED:
            sent.setlist(name, list(day) if boxes[name] > 1 else [text])
    return sent


def rightly_answered(form: Tag) -> MultiDict[str, str]:
    """A form with a fitting answer to every question."""
    sent = filled(form, "Kept as it was typed, “so”.", ["2", "2", "2026"])
    for field in form.find_all("input", type=["radio", "checkbox"]):
        sent[str(field["name"])] = str(field["value"])
    for field in form.find_all("select"):
        options = (str(option["value"]) for option in field.find_all("option"))
        sent[str(field["name"])] = next((value for value in options if value), "")
    for field in form.find_all("input", type="email"):
        sent[str(field["name"])] = "somebody@example.gov.uk"
    for field in form.find_all("input", inputmode="numeric"):
        if len(sent.getlist(str(field["name"]))) == 1:
            sent[str(field["name"])] = "2"
    if "answer_to" in sent:
        sent.setlist("answer_to", ["2", "11", "2026"])
    if "another" in sent:
        sent["another"] = ""
    return sent


@contextmanager
def committed() -> Iterator[list[str]]:
    """The statements that change something and were committed meanwhile, less what notes that somebody was here."""
    done: list[str] = []
    open_: dict[Connection, list[str]] = {}

    def note(connection: Connection, _cursor: object, statement: str, *_rest: object) -> None:
        words = statement.split(None, 3)
        if words[0] in {"INSERT", "UPDATE", "DELETE"} and not NOTED & {word.strip('"') for word in words[1:3]}:
            open_.setdefault(connection, []).append(statement)

    def keep(connection: Connection) -> None:
        done.extend(open_.pop(connection, []))

    def forget(connection: Connection) -> None:
        open_.pop(connection, None)

    listening = (("before_cursor_execute", note), ("commit", keep), ("rollback", forget))
    for name, listener in listening:
        event.listen(Engine, name, listener)
    try:
        yield done
    finally:
        for name, listener in listening:
            event.remove(Engine, name, listener)


def written() -> tuple[object, ...]:
    """All that a form could have changed, counted; sessions and tries to sign in apart."""
    db.session.commit()
    counted = [select(func.count()).select_from(table) for table in (Case, Event, Deadline)]
    summed = [select(func.sum(column)) for column in (Case.version, ReferenceNumber.number)]
    changes = select(func.count(AuditEntry.number)).where(AuditEntry.action.not_in(("sign_in", "sign_out")))
    passwords = select(func.count(func.distinct(User.password_hash)))
    return tuple(db.session.scalar(query) for query in (*counted, *summed, changes, passwords))
