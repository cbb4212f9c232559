"""What people do to a referral before it is a case: begin it, answer page by page, throw it away."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import delete, func, select

from tracker import clock
from tracker.emails import tell
from tracker.errors import NotFound, Refused
from tracker.extensions import db
from tracker.models.cases import Case
from tracker.models.drafts import EDITION, Draft, kept_since
from tracker.models.editions import editions_offered
from tracker.models.partnerships import Partnership
from tracker.models.users import User
from tracker.policy import Action, ensure
from tracker.procedures.referrals import referral_of, referred_on, unanswered
from tracker.queries.drafts import managers_to_tell
from tracker.services.cases import open_case
from tracker.services.use_case import use_case
from tracker.tokens import new_token


@use_case
def begin_draft(partnership: Partnership, *, by: User, case_type: str) -> Draft:
    """A referral without answers yet.

    Raises:
        NotPermitted: *by* may not log referrals for this partnership.
    """
    ensure(by, Action.LOG_REFERRAL, within=partnership.id)
    draft = Draft(key=new_token(), owner=by, partnership=partnership, case_type=case_type, answers={})
    db.session.add(draft)
    return draft


@use_case
def save_page(draft: Draft, *, by: User, page: str, answers: Mapping[str, Any]) -> None:
    """Replace what was answered on one page. Of two saves at once the later wins whole.

    Raises:
        NotFound: it is not theirs, or is no longer there.
    """
    held(draft, by)
    draft.answers = {**draft.answers, page: dict(answers)}
    draft.edition = settled_edition(draft)
    draft.saved_at = clock.now()


@use_case
def log_draft(draft: Draft, *, by: User) -> Case:
    """Make a case of what was answered, and tell the managers. The draft goes with it: sent again, it is one case.

    Raises:
        Refused: something is unanswered yet, or the procedure does not allow these days.
        NotFound: it is not theirs, or is no longer there: perhaps it is a case already.
    """
    kept = held(draft, by)
    referral = referral_of(kept.procedure, kept.answers)
    if referral is None or not kept.edition or unanswered(kept.procedure, kept.answers):
        raise Refused("Some questions are not answered yet")
    db.session.delete(kept)
    case = open_case(kept.partnership, referral, by=by, edition=kept.edition, submission_key=kept.key)
    tell("referral_logged", to=managers_to_tell(kept.partnership_id, by), case=case)
    return case


@use_case
def discard_draft(draft: Draft, *, by: User | None) -> None:
    """Throw a draft away. Raises NotFound: it is not theirs, or is no longer there."""
    db.session.delete(held(draft, by))


def drop_idle_drafts(today: date) -> int:
    """Throw away what nobody has saved for 30 days: how many there were. For the timetable; safe to run twice."""
    idle = select(func.count(Draft.id)).where(Draft.saved_at < kept_since(today))
    found = db.session.scalar(idle) or 0
    if found:
        drop_drafts(today, by=None)
    return found


@use_case
def drop_drafts(today: date, *, by: User | None) -> None:
    """Throw away whatever is idle on that day."""
    db.session.execute(delete(Draft).where(Draft.saved_at < kept_since(today)))


def settled_edition(draft: Draft) -> str:
    """The edition the day of the referral leaves no choice of, or that was chosen of several; else none."""
    on = referred_on(draft.procedure, draft.answers)
    offered = editions_offered(draft.case_type, on, draft.partnership_id) if on else []
    if len(offered) == 1:
        return offered[0].edition
    chosen = draft.answers.get(EDITION, {}).get(EDITION, "")
    return chosen if chosen in {procedure.edition for procedure in offered} else ""


def held(draft: Draft, by: User | None) -> Draft:
    """The draft as it is now, kept from everybody else until the transaction ends.

    Raises:
        NotFound: it is not of *by*, or is no longer there.
        NotPermitted: they may no longer log referrals for its partnership.
    """
    fresh = select(Draft).where(Draft.id == draft.id).with_for_update().execution_options(populate_existing=True)
    kept = db.session.scalar(fresh)
    if kept is None or (by is not None and kept.owner_id != by.id):
        raise NotFound
    ensure(by, Action.LOG_REFERRAL, within=kept.partnership_id)
    return kept
