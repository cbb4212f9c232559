"""The benchmark's ground: a filled database of each kind and size, the tracker and the floor served on it."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from socket import socket

import pytest

from tests.bench.caseload import OFFICER, fill
from tests.bench.timing import Server, served
from tests.builders import sign_in_as
from tests.databases import Databases, make_app
from tracker.extensions import db
from tracker.queries.users import find_user

SMALL, LARGE = 1_000, 20_000


@dataclass(frozen=True)
class Ground:
    """The same database behind two servers: the tracker, signed in as its officer, and the floor."""

    cases: int
    tracker: Server
    floor: Server


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def kind(request: pytest.FixtureRequest) -> Databases:
    """Both kinds of database, each measured by itself."""
    source: Databases = request.getfixturevalue(f"{request.param}_databases")
    return source


@pytest.fixture(scope="session")
def ground(kind: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[int], Ground]]:
    """`ground(cases)`: filled and served; the same one whenever it is asked for again."""
    made: dict[int, Ground] = {}
    with ExitStack() as stack:

        def get(cases: int) -> Ground:
            if cases not in made:
                made[cases] = stack.enter_context(GroundOf(kind.copy(), cases, tmp_path_factory.mktemp("bench")))
            return made[cases]

        yield get


class GroundOf(ExitStack):
    """Fills the database and serves both applications until it is left."""

    def __init__(self, url: str, cases: int, folder: Path) -> None:
        super().__init__()
        self.url, self.cases, self.folder = url, cases, folder

    def __enter__(self) -> Ground:  # type: ignore[override]
        app = make_app(self.url, self.folder)
        fill(app, self.cases)
        client = app.test_client()
        with app.app_context():
            officer = find_user(OFFICER)
            assert officer
            sign_in_as(client, officer)
            db.engine.dispose()
        cookie = client.get_cookie("tracker")
        assert cookie
        ports = free_port(), free_port()
        environ = {"DATABASE_URL": self.url, "INSTANCE_PATH": str(self.folder)}
        self.enter_context(served("wsgi:app", ports[0], **environ))
        self.enter_context(served("tests.bench.floor:app()", ports[1], **environ))
        tracker, floor = Server(ports[0], f"tracker={cookie.value}"), Server(ports[1])
        self.callback(tracker.connection.close)
        self.callback(floor.connection.close)
        return Ground(self.cases, tracker, floor)


def free_port() -> int:
    with socket() as trial:
        trial.bind(("127.0.0.1", 0))
        port: int = trial.getsockname()[1]
        return port
