"""How much slower than the floor a page is, and how a list grows with the caseload. Run by `make bench`."""

from collections.abc import Callable
from itertools import count

import pytest
from bs4 import BeautifulSoup

from tests.bench.caseload import reference
from tests.bench.conftest import LARGE, SMALL, Ground
from tests.bench.planload import PLANS
from tests.bench.timing import medians
from tracker import clock

GetGround = Callable[[int], Ground]
TIMES = 150
GROWTH = 1.3

_fresh = count(5_000)  # cases that no step has been recorded of yet


def case(number: int) -> str:
    return f"/cases/{reference(number * 37 % SMALL)}"


@pytest.mark.parametrize(
    ("page", "most"),
    [
        ("list", 5.0), ("overview", 6.0), ("deadlines", 6.0), ("timeline", 6.0),
        ("plan", 6.0), ("actions", 6.0), ("late actions", 6.0), ("scorecard", 6.0),
    ],
)  # fmt: skip
def test_a_page_beside_the_floor(ground: GetGround, page: str, most: float) -> None:
    here = ground(LARGE)
    addresses: dict[str, Callable[[int], str]] = {
        "list": lambda _: "/cases",
        "overview": case,
        "deadlines": lambda number: f"{case(number)}/deadlines",
        "timeline": lambda number: f"{case(number)}/timeline",
        "plan": lambda number: f"/cases/{reference(number % PLANS)}/plan",
        "actions": lambda _: "/actions",
        "late actions": lambda _: "/actions?kind=late",
        "scorecard": lambda _: "/actions/scorecard",
    }
    address = addresses[page]
    ours, floor = medians(
        [lambda n: here.tracker.ask(address(n))[0], lambda n: here.floor.ask(address(n))[0]], times=TIMES
    )
    tell(f"{page} of {LARGE} cases", ours, floor)
    assert ours <= most * floor


def test_recording_a_step_beside_the_floor(ground: GetGround) -> None:
    """From sending the form to the page that it leads to."""
    here = ground(LARGE)
    today = clock.today()
    sent: dict[str, object] = {"on": [str(today.day), str(today.month), str(today.year)]}

    def ours(_: int) -> float:
        case = f"/cases/{reference(next(_fresh))}"
        address = f"{case}/steps/family_engaged"
        form = hidden_in(here.tracker.ask(address)[1])
        answers = {"answer_how": "By telephone", "answer_advocacy": "yes"}
        return here.tracker.ask(address, form | answers | sent)[0] + here.tracker.ask(case)[0]

    def floor(_: int) -> float:
        case = f"/cases/{reference(next(_fresh))}"
        answers = {"version": "1", "how": "By telephone"}
        return here.floor.ask(f"{case}/steps/family_engaged", sent | answers)[0] + here.floor.ask(case)[0]

    taken = medians([ours, floor], times=TIMES)
    tell("a step recorded", *taken)
    assert taken[0] <= 5 * taken[1]


def test_the_list_hardly_grows_with_the_caseload(ground: GetGround) -> None:
    small, large = ground(SMALL), ground(LARGE)
    few, many = medians([lambda _: small.tracker.ask("/cases")[0], lambda _: large.tracker.ask("/cases")[0]], TIMES)
    tell(f"the list, {SMALL} to {LARGE} cases", many, few)
    assert many <= GROWTH * few


def hidden_in(page: str) -> dict[str, object]:
    """What the page's form sends by itself: its token, and the version it was drawn from."""
    form = BeautifulSoup(page, "html.parser").select_one("main form[method=post]")
    assert form, page[:500]
    return {str(field["name"]): field.get("value", "") for field in form.select("input[type=hidden]")}


def tell(what: str, ours: float, floor: float) -> None:
    print(f"\n{what}: {ours * 1000:.2f} ms, {floor * 1000:.2f} ms, ratio {ours / floor:.2f}")  # noqa: T201
