"""Briefings and training: what was taught about a theme, to whom, and how many came."""

from datetime import date

from sqlalchemy import select

from tracker import clock
from tracker.errors import Refused
from tracker.extensions import db
from tracker.models.briefings import Briefing, BriefingKind
from tracker.models.themes import Theme
from tracker.models.users import User
from tracker.policy import Action, ensure
from tracker.services.submissions import done_once, take_version
from tracker.services.texts import line, link_of, words
from tracker.services.use_case import use_case

MOST_ATTENDED = 100_000
KINDS = tuple(kind.value for kind in BriefingKind)


class BriefingResent(Refused):
    """This form was sent before: what it says is already recorded"""


@use_case
def record_briefing(
    theme: Theme,
    *,
    by: User | None,
    kind: str,
    title: str,
    held_on: date,
    audience: str,
    attended: int | None = None,
    link: str = "",
    note: str = "",
    submission_key: str | None = None,
) -> Briefing:
    """What was taught about *theme* on a day.

    Args:
        kind: briefing or training.
        audience: which agencies or teams it was for.
        attended: how many people came, where somebody counted.

    Raises:
        NotPermitted: *by* does not keep plans in the theme's partnership.
        Refused: no such kind, no title or audience, a day to come, a number out of range, or a link that is none.
        BriefingResent: the same form again.
    """
    ensure(by, Action.KEEP_PLAN, within=theme.partnership_id)

    def record() -> Briefing:
        briefing = Briefing(theme_id=theme.id, submission_key=submission_key, recorded_by_id=by.id if by else None)
        describe(briefing, kind, title, held_on, audience, attended, link, note)
        db.session.add(briefing)
        return briefing

    return done_once(record, lambda: refuse_resent(submission_key))


@use_case
def change_briefing(
    briefing: Briefing,
    *,
    by: User | None,
    kind: str,
    title: str,
    held_on: date,
    audience: str,
    attended: int | None = None,
    link: str = "",
    note: str = "",
    version: int | None = None,
    submission_key: str | None = None,
) -> Briefing:
    """Puts right what was recorded. Raises as `record_briefing`; Stale: somebody else changed it meanwhile."""
    ensure(by, Action.KEEP_PLAN, within=briefing.partnership_id)

    def change() -> Briefing:
        take_version(briefing, version)
        describe(briefing, kind, title, held_on, audience, attended, link, note)
        briefing.submission_key = submission_key
        return briefing

    return done_once(change, lambda: refuse_resent(submission_key))


@use_case
def remove_briefing(briefing: Briefing, *, by: User | None) -> None:
    """Takes away what was recorded by mistake. Raises NotPermitted as `record_briefing`."""
    ensure(by, Action.KEEP_PLAN, within=briefing.partnership_id)
    db.session.delete(briefing)


def describe(
    briefing: Briefing,
    kind: str,
    title: str,
    held_on: date,
    audience: str,
    attended: int | None,
    link: str,
    note: str,
) -> None:
    if kind not in KINDS:
        raise Refused("Choose whether it was a briefing or training", field="kind")
    if held_on > clock.today():
        raise Refused("The date must be today or in the past", field="held_on")
    if attended is not None and not 0 <= attended <= MOST_ATTENDED:
        raise Refused(f"The number of people must be between 0 and {MOST_ATTENDED:,}", field="attended")
    briefing.kind, briefing.held_on, briefing.attended = BriefingKind(kind), held_on, attended
    briefing.title = line("title", title, required="Enter what was taught")
    briefing.audience = line("audience", audience, required="Enter who it was for")
    briefing.link, briefing.note = link_of("link", link), words("note", note)


def refuse_resent(submission_key: str | None) -> None:
    same = select(Briefing.id).where(Briefing.submission_key == submission_key)
    if submission_key is not None and db.session.scalar(same):
        raise BriefingResent
