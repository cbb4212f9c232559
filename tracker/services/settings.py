"""Local settings: each holds from a day on, until a later one. What held before stays recorded."""

from datetime import date

from sqlalchemy import select, update

from tracker import clock
from tracker.errors import Refused
from tracker.extensions import db
from tracker.models.cases import Deadline
from tracker.models.facts import reckoned, settings_of
from tracker.models.partnerships import LADDER, LocalSetting, Partnership, standing
from tracker.models.projection import project
from tracker.models.setting_changes import cases_touched, new_setting, still_reminded
from tracker.models.users import User
from tracker.policy import Action, ensure
from tracker.procedures import PROCEDURES
from tracker.services.use_case import use_case


@use_case
def change_setting(
    partnership: Partnership, *, by: User | None, key: str, value: object, takes_effect_on: date
) -> LocalSetting:
    """A local choice that holds from a day on; the dates of the cases it touches are derived again with it.

    Args:
        value: as JSON can hold it; what each key takes is checked.

    Raises:
        NotPermitted: *by* does not manage the partnership.
        Refused: there is no such setting, the value does not suit it, or exactly that was chosen for that day already.
    """
    ensure(by, Action.MANAGE_PARTNERSHIP, within=partnership.id)
    setting = new_setting(partnership.id, key, value, takes_effect_on, by.id if by else None)
    if any(row.choice == value for row in chosen_for(setting)[-1:]):
        raise Refused("Exactly that has been chosen for that day already", field="takes_effect_on")
    db.session.add(setting)
    db.session.flush()
    derive_again(setting)
    return setting


@use_case
def withdraw_setting(partnership: Partnership, *, by: User | None, key: str, takes_effect_on: date) -> LocalSetting:
    """Takes back what was chosen for a day that has not come. Both stay on record.

    Raises:
        NotPermitted: *by* does not manage the partnership.
        Refused: the day has come, or nothing is chosen for it.
    """
    ensure(by, Action.MANAGE_PARTNERSHIP, within=partnership.id)
    withdrawal = new_setting(partnership.id, key, None, takes_effect_on, by.id if by else None)
    if takes_effect_on <= clock.today():
        raise Refused("It holds already. Choose what is to hold instead, and from when")
    if not chosen_for(withdrawal):
        raise Refused("Nothing is chosen for that day any more")
    db.session.add(withdrawal)
    return withdrawal


def chosen_for(setting: LocalSetting) -> list[LocalSetting]:
    """What stands for the same key and day, in the order of recording."""
    same = (
        LocalSetting.partnership_id == setting.partnership_id,
        LocalSetting.key == setting.key,
        LocalSetting.takes_effect_on == setting.takes_effect_on,
    )
    return standing(db.session.scalars(select(LocalSetting).where(*same).order_by(LocalSetting.id)).all())


def derive_again(setting: LocalSetting) -> None:
    """Brings the stored dates of the cases it touches into line, in the same transaction."""
    if setting.key == LADDER:
        look_again(setting)
    editions = {
        key: settings_of(setting.partnership_id, procedure)
        for key, procedure in PROCEDURES.items()
        if procedure.case_type == setting.key.partition(".")[0]
    }
    for case in db.session.scalars(cases_touched(setting)):
        project(case, reckoned(case, clock.today(), settings=editions[case.edition]))


def look_again(ladder: LocalSetting) -> None:
    """Has a sweep look at every open deadline on the day from which another ladder holds."""
    day = max(ladder.takes_effect_on, clock.today())
    waiting = still_reminded(ladder.partnership_id), Deadline.remind_on > day
    db.session.execute(update(Deadline).where(*waiting).values(remind_on=day))
