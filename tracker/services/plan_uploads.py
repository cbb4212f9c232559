"""What people do with a spreadsheet before it is a plan: send it in, answer what is asked of it, throw it away."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import delete, func, select

from tracker import clock
from tracker.errors import NotFound, Refused
from tracker.extensions import db
from tracker.models.plan_uploads import PlanHeading, PlanUpload, uploads_since
from tracker.models.plans import Plan
from tracker.models.users import User
from tracker.policy import Action, ensure
from tracker.procedures.plan_columns import COLUMNS
from tracker.queries.plan_uploads import known_headings
from tracker.services.attachments import shown_name
from tracker.services.use_case import use_case
from tracker.tokens import new_token


@use_case
def keep_upload(plan: Plan, *, by: User, name: str, content: bytes) -> PlanUpload:
    """Keep a file while its owner answers what is asked of it. It begins with what earlier headings were said to be."""
    ensure(by, Action.KEEP_PLAN, plan.case, within=plan.partnership_id)
    answers: dict[str, Any] = {"columns": known_headings(plan.partnership_id)}
    upload = PlanUpload(key=new_token(), owner=by, plan=plan, name=shown_name(name), content=content, answers=answers)
    db.session.add(upload)
    return upload


@use_case
def answer_upload(upload: PlanUpload, *, by: User, answers: Mapping[str, Any]) -> None:
    """Keep answers about a file beside those given before.

    Args:
        answers: `quarters`, `review_by`, and `texts`, as `PlanUpload.answers` has them.
    """
    kept = held(upload, by)
    texts = {**kept.answers.get("texts", {}), **answers.get("texts", {})}
    kept.answers = {**kept.answers, **answers, "texts": texts}
    kept.saved_at = clock.now()


@use_case
def name_columns(upload: PlanUpload, *, by: User, columns: Mapping[str, str]) -> None:
    """Say which column each heading of a file is, for this file and, where it is one, for the partnership's next ones.

    Args:
        columns: by `heading_key`; "" for a heading that is left out.

    Raises:
        Refused: two headings for one column, or no such column; `field` is the heading.
    """
    kept = held(upload, by)
    chosen: set[str] = set()
    for heading, column in columns.items():
        if column and column not in COLUMNS:
            raise Refused("Choose one of the columns listed", field=heading)
        if column in chosen:
            raise Refused(f"Two headings are given for “{COLUMNS[column]}”: choose one", field=heading)
        chosen |= {column} - {""}
    kept.answers = {**kept.answers, "columns": {**kept.answers.get("columns", {}), **columns}}
    kept.saved_at = clock.now()
    known = kept.plan.partnership_id
    db.session.execute(delete(PlanHeading).where(PlanHeading.partnership_id == known, PlanHeading.heading.in_(columns)))
    named = {heading: column for heading, column in columns.items() if column}
    db.session.add_all(PlanHeading(partnership_id=known, heading=each, column=named[each]) for each in named)


@use_case
def discard_upload(upload: PlanUpload, *, by: User) -> None:
    """Throw a file away. Raises NotFound: it is not theirs, or is no longer there."""
    db.session.delete(held(upload, by))


def drop_idle_uploads() -> int:
    """Throw away what nobody has looked after for a day: how many. For the timetable; safe to run twice."""
    found = db.session.scalar(select(func.count(PlanUpload.id)).where(PlanUpload.saved_at < uploads_since())) or 0
    db.session.rollback()
    if found:
        drop_uploads("idle", by=None)
    return found


@use_case
def drop_uploads(which: str, *, by: User | None) -> None:
    """Throw away every idle file."""
    db.session.execute(delete(PlanUpload).where(PlanUpload.saved_at < uploads_since()))


def held(upload: PlanUpload, by: User) -> PlanUpload:
    """The file as it is now, kept from other requests until the transaction ends.

    Raises:
        NotFound: it is not of *by*, or is no longer there.
        NotPermitted: they may no longer keep its plan.
    """
    fresh = select(PlanUpload).where(PlanUpload.id == upload.id, PlanUpload.owner_id == by.id).with_for_update()
    kept = db.session.scalar(fresh.execution_options(populate_existing=True))
    if kept is None:
        raise NotFound
    ensure(by, Action.KEEP_PLAN, kept.plan.case, within=kept.plan.partnership_id)
    return kept
