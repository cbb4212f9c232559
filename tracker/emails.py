"""What each message says: in its subject the reference and what to do, and nowhere the name of a person.

The words are made when a message goes out, from what is true then, and the page of notices shows the same.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from html import escape
from typing import Any

from flask import current_app

from tracker.extensions import db
from tracker.models.cases import Case, Deadline
from tracker.models.messages import Message
from tracker.models.reminders import Reminder
from tracker.models.users import User
from tracker.procedures.calendars import spelled
from tracker.procedures.vocabulary import uncapitalised
from tracker.tokens import signed_token

CLOSING = "You get this because of your role in the case review tracker. It names nobody. Do not forward it."

# What is told at once, by kind: the subject, and what the message goes on to say.
TOLD: Mapping[str, tuple[str, str]] = {
    "referral_logged": ("{reference}: a referral was logged", "A new referral was logged. Its deadlines run from now."),
    "decision_recorded": ("{reference}: a decision was recorded", "A decision was recorded on this case."),
    "case_reassigned": ("{reference}: the case is now yours", "You now lead or chair this case."),
    "more_time_asked": (
        "{reference}: an agency asks for more time",
        "It asks for more time. Grant or refuse it.",
    ),
    "more_time_answered": ("{reference}: your request for more time was answered", "Open the item to read the answer."),
    "item_link": (
        "{reference}: your agency is asked for an answer",
        "Open the link to see what, and to answer.",
    ),
    "new_link_asked": (
        "{reference}: an agency asks for a new link",
        "No new link was sent to it. Send one, if it is still to answer.",
    ),
    "audit_anchor": (
        "Audit of the case review tracker, entry {reference}",
        "Keep this message. An operator saves it as a file and gives it to “flask audit verify --anchor FILE”, which "
        "shows whether anything up to this entry was cut off or written anew.",
    ),
    "answer_received": ("{reference}: an agency has answered", "An agency has answered what it was asked."),
}

PARTNERSHIP_PLAN = "Partnership action plan"


@dataclass(frozen=True, slots=True)
class Item:
    """One deadline in a digest. `late`: days past its date, negative before it, None without a date."""

    reference: str
    title: str
    due_on: date | None
    late: int | None
    href: str
    escalated: bool = False
    unled: bool = False

    @property
    def when(self) -> str:
        if self.due_on is None or self.late is None:
            return "No date is set for it. It is still open"
        day = spelled(self.due_on)
        if self.late > 0:
            return f"Due {day}, {days(self.late)} overdue"
        return f"Due {day}, today" if self.late == 0 else f"Due {day}, in {days(-self.late)}"

    @property
    def notes(self) -> list[str]:
        said = ["Sent to you as a manager because it is still overdue."] if self.escalated else []
        return [*said, "Nobody leads this case."] if self.unled else said


@dataclass(frozen=True, slots=True)
class Mail:
    """What is said: an opening, and links, each its words, its address on this site, and lines that say more."""

    subject: str
    opening: tuple[str, ...]
    links: tuple[tuple[str, ...], ...]

    @property
    def text(self) -> str:
        lines = [*self.opening, ""]
        for words, href, *more in self.links:
            lines += [words, *(f"  {line}" for line in more), f"  {site()}{href}", ""]
        return "\n".join([*lines, CLOSING]) + "\n"

    @property
    def html(self) -> str:
        """The same as the text."""
        parts = [f"<p>{escape(line)}</p>" for line in self.opening]
        for words, href, *more in self.links:
            said = "".join(f"<br>{escape(line)}" for line in more)
            parts.append(f'<p><a href="{escape(site() + href)}">{escape(words)}</a>{said}</p>')
        title, body = escape(self.subject), "".join([*parts, f"<p>{escape(CLOSING)}</p>"])
        return f'<!doctype html><html lang="en-GB"><head><title>{title}</title></head><body>{body}</body></html>'


def days(count: int) -> str:
    return "1 day" if count == 1 else f"{count} days"


def tell(
    kind: str, *, to: Iterable[User | str], case: Case | None = None, partnership_id: int | None = None, **about: Any
) -> list[Message]:
    """Queues one message to each person, or address without an account, in the open transaction.

    Args:
        kind: one of TOLD. about: `href`, the page to open (default: the case's), or more that the words name.
    """
    told = []
    for person in dict.fromkeys(to):
        user_id, address = (person.id, "") if isinstance(person, User) else (None, person)
        told.append(
            Message(
                kind=kind,
                user_id=user_id,
                address=address,
                case=case,
                partnership_id=case.partnership_id if case else partnership_id,
                about=about,
            )
        )
    db.session.add_all(told)
    return told


def told_mail(message: Message) -> Mail:
    """A message of one of the kinds of TOLD. Raises KeyError: there is no such kind."""
    subject, words = TOLD[message.kind]
    if seal := message.about.get("seal"):
        number = message.about["number"]
        noted = (f"Number: {number}", f"Seal: {seal}")
        return Mail(subject.format(reference=number), (message.about["says"], words, *noted), ())
    reference = message.case.reference if message.case else message.about.get("reference", "")
    if seed := message.about.get("seed"):  # the link itself is nowhere kept
        link = f"/item/{signed_token(seed, str(current_app.secret_key))}"
        return Mail(subject.format(reference=reference), (words,), ((reference, link),))
    href = message.about.get("href") or (f"/cases/{reference}" if reference else "/")
    return Mail(subject.format(reference=reference), (words,), ((reference or "Open it", href),))


def digest_item(reminder: Reminder, deadline: Deadline, case: Case | None, today: date, *, reads: bool) -> Item:
    """What a digest says of a deadline; to somebody who `reads` the case or the plan with the way to its working.

    Without a case it is of the partnership's own action plan.
    """
    return Item(
        reference=case.reference if case else PARTNERSHIP_PLAN,
        title=f"{deadline.label}, {deadline.subject}" if deadline.subject else deadline.label,
        due_on=deadline.due_on,
        late=(today - deadline.due_on).days if deadline.due_on else None,
        href=working_of(deadline, case) if reads else "/",
        escalated=reminder.rung.startswith("escalation"),
        unled=case is not None and case.lead_id is None,
    )


def working_of(deadline: Deadline, case: Case | None) -> str:
    """Where somebody reads how the date came about."""
    if case is None or deadline.action_id is not None:
        return f"/plans/actions/{deadline.action_id}"
    anchor = f"{deadline.key}-{deadline.position}".replace("_", "-")  # as the case's page has it
    return f"/cases/{case.reference}/deadlines#{anchor}"


def digest_mail(items: Sequence[Item]) -> Mail:
    """The reminders of a day: what is overdue first, each deadline once, with its date and where to see why."""
    escalated_last = sorted(items, key=lambda item: item.escalated)  # what is both one's own and escalated says so
    each = {(item.reference, item.title, item.due_on): item for item in escalated_last}
    in_order = sorted(each.values(), key=lambda item: -(item.late if item.late is not None else -10_000))
    return Mail(
        digest_subject(in_order),
        ("These deadlines need your attention. Each link shows the rule and how the date was worked out.",),
        tuple((f"{item.reference}: {item.title}", item.href, f"{item.when}.", *item.notes) for item in in_order),
    )


def digest_subject(items: Sequence[Item]) -> str:
    overdue = sum(item.late is not None and item.late > 0 for item in items)
    if len(items) == 1:
        title = items[0].title.partition(",")[0]
        return f"{items[0].reference}: {'overdue' if overdue else 'reminder'}, {uncapitalised(title)}"
    if overdue:
        return f"Overdue: {overdue} deadline{'s need' if overdue > 1 else ' needs'} action"
    return f"Reminder: {len(items)} deadlines are coming up"


def site() -> str:
    """The address people use, before the path of a page."""
    return str(current_app.config["SITE_URL"])
