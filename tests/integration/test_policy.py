"""Who may do what, and who may see which case."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.builders import make_partnership, make_user
from tracker import clock
from tracker.errors import NotFound, NotPermitted
from tracker.models import Case, CaseAccess, CaseContributing, Partnership, Role, User
from tracker.policy import GRANTS, Action, ensure, may, roles_of, visible_cases

CASE_ROLES = (Role.OFFICER, Role.CHAIR, Role.MANAGER, Role.AUDITOR)
CHANGING = {
    Action.LOG_REFERRAL,
    Action.RECORD_STEP,
    Action.RECORD_DECISION,
    Action.RECORD_APPROVAL,
    Action.EXTEND_DEADLINE,
    Action.HOLD_CASE,
    Action.CORRECT_EVENT,
    Action.REOPEN_CASE,
    Action.REASSIGN_CASE,
}


def make_plain_case(reference: str, partnership: Partnership, *, restricted: bool = False) -> Case:
    from tracker.extensions import db  # noqa: PLC0415

    case = Case(
        reference=reference, case_type="dhr", edition="dhr-2016", partnership_id=partnership.id, restricted=restricted
    )
    db.session.add(case)
    db.session.commit()
    return case


def seen_by(viewer: User, session: Session) -> list[str]:
    return list(session.scalars(select(Case.reference).where(visible_cases(viewer)).order_by(Case.reference)))


def test_every_role_is_in_the_table() -> None:
    assert set(GRANTS) == set(Role)


def test_an_auditor_changes_nothing() -> None:
    assert not GRANTS[Role.AUDITOR] & CHANGING
    assert {Action.READ_CASE, Action.EXPORT_HISTORY} <= GRANTS[Role.AUDITOR]


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.PARTNER])
def test_an_administrator_and_a_partner_have_no_case_content(role: Role) -> None:
    assert not GRANTS[role] & (CHANGING | {Action.READ_CASE, Action.EXPORT_HISTORY, Action.READ_FIGURES})


def test_only_an_operator_adds_partnerships() -> None:
    assert all(Action.ADD_PARTNERSHIP not in granted for granted in GRANTS.values())


@pytest.mark.parametrize("role", list(Role))
def test_the_condition_and_the_question_agree(session: Session, role: Role) -> None:
    here, there = make_partnership("here"), make_partnership("there")
    viewer, named = make_user(role, partnership=here), make_user(role, partnership=here)
    cases = {
        "open": make_plain_case("open", here),
        "restricted": make_plain_case("restricted", here, restricted=True),
        "named": make_plain_case("named", here, restricted=True),
        "led": make_plain_case("led", here, restricted=True),
        "chaired": make_plain_case("chaired", here, restricted=True),
        "elsewhere": make_plain_case("elsewhere", there),
        "joint": make_plain_case("joint", there),
        "joint restricted": make_plain_case("joint restricted", there, restricted=True),
    }
    cases["led"].lead_id = cases["chaired"].chair_id = viewer.id
    session.add_all(
        [
            CaseAccess(case_id=cases["named"].id, user_id=viewer.id),
            CaseAccess(case_id=cases["restricted"].id, user_id=named.id),
            CaseContributing(case_id=cases["joint"].id, partnership_id=here.id),
            CaseContributing(case_id=cases["joint restricted"].id, partnership_id=here.id),
        ]
    )
    session.commit()
    expected = ["chaired", "joint", "led", "named", "open"] if role in CASE_ROLES else []
    assert seen_by(viewer, session) == expected
    assert sorted(name for name, case in cases.items() if may(viewer, Action.READ_CASE, case)) == expected


def test_a_joint_review_is_changed_only_by_who_leads_it(session: Session) -> None:
    here, there = make_partnership("here"), make_partnership("there")
    case = make_plain_case("joint", there)
    case.contributing.append(CaseContributing(partnership_id=here.id))
    officer = make_user(Role.OFFICER, partnership=here)
    assert may(officer, Action.READ_CASE, case)
    assert not any(may(officer, action, case) for action in CHANGING)
    with pytest.raises(NotPermitted):
        ensure(officer, Action.RECORD_STEP, case)


def test_a_case_one_may_not_see_is_not_found(session: Session) -> None:
    case = make_plain_case("there", make_partnership("there"))
    with pytest.raises(NotFound):
        ensure(make_user(Role.OFFICER), Action.RECORD_STEP, case)


def test_a_case_one_sees_and_may_not_change_says_so(session: Session) -> None:
    case = make_plain_case("here", make_partnership())
    with pytest.raises(NotPermitted):
        ensure(make_user(Role.AUDITOR), Action.RECORD_STEP, case)
    ensure(make_user(Role.OFFICER), Action.RECORD_STEP, case)
    ensure(None, Action.RECORD_STEP, case)


def test_roles_are_held_in_one_partnership(session: Session) -> None:
    here, there = make_partnership("here"), make_partnership("there")
    user = make_user(Role.OFFICER, Role.MANAGER, partnership=here)
    assert roles_of(user, here.id) == {Role.OFFICER, Role.MANAGER}
    assert roles_of(user, there.id) == frozenset()
    assert may(user, Action.LOG_REFERRAL)
    assert may(user, Action.LOG_REFERRAL, within=here.id)
    assert not may(user, Action.LOG_REFERRAL, within=there.id)


def test_somebody_disabled_may_nothing(session: Session) -> None:
    user = make_user(*Role)
    make_plain_case("here", make_partnership())
    user.disabled_at = clock.now()
    assert not any(may(user, action) for action in Action)
    assert seen_by(user, session) == []
    assert roles_of(user, make_partnership().id) == frozenset()


def test_nobody_may_nothing() -> None:
    assert not any(may(None, action) for action in Action)
