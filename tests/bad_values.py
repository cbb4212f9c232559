"""What somebody might send who means no good, or whose program is broken."""

from collections import Counter
from collections.abc import Sequence

from bs4 import BeautifulSoup, Tag
from bs4.filter import SoupStrainer
from sqlalchemy import func, select
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

# What every form has besides its questions.
NOT_ASKED = {"csrf_token", "save", "more", "skip", "version", "submission", "seen", "rows"}


def form_of(text: str) -> Tag:
    """The form of a page that asks."""
    drawn_there = BeautifulSoup(text, "html.parser", parse_only=SoupStrainer("form"))
    forms = [form for form in drawn_there.find_all("form", method="post") if not form.get("action")]
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


def written() -> tuple[object, ...]:
    """All that a form could have changed, counted; sessions and tries to sign in apart."""
    db.session.commit()
    counted = [select(func.count()).select_from(table) for table in (Case, Event, Deadline)]
    summed = [select(func.sum(column)) for column in (Case.version, ReferenceNumber.number)]
    changes = select(func.count(AuditEntry.number)).where(AuditEntry.action.not_in(("sign_in", "sign_out")))
    passwords = select(func.count(func.distinct(User.password_hash)))
    return tuple(db.session.scalar(query) for query in (*counted, *summed, changes, passwords))
