"""Migrations: they build what the models say, go back, and lose nothing on the way, on both databases."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask_migrate import check, downgrade, upgrade
from sqlalchemy import inspect, text
from sqlalchemy.exc import IntegrityError

from config import ROOT
from tests.databases import make_app
from tracker.extensions import Base, db
from tracker.models.search_index import is_of_search_index

HEAD = """import sqlalchemy as sa
from alembic import op

revision = "{revision}"
down_revision = {before}
branch_labels = None
depends_on = None


def upgrade() -> None:
    {change}


def downgrade() -> None:
    pass
"""

PARENT_AND_CHILD = """op.create_table("parent", sa.Column("id", sa.Integer, primary_key=True),
                    sa.Column("name", sa.String))
    op.create_table("child", sa.Column("id", sa.Integer, primary_key=True),
                    sa.Column("parent_id", sa.Integer, sa.ForeignKey("parent.id", ondelete="CASCADE")))
    op.execute("INSERT INTO parent (id, name) VALUES (1, 'a')")
    op.execute("INSERT INTO child (id, parent_id) VALUES (1, 1)")"""
REBUILD = """with op.batch_alter_table("parent") as parent:
        parent.alter_column("name", existing_type=sa.String(), nullable=False)"""
ORPHAN = """op.execute("CREATE TABLE other (id INTEGER)")
    op.execute("INSERT INTO child (id, parent_id) VALUES (2, 99)")"""


@pytest.fixture
def empty_app(empty_database: str, tmp_path: Path) -> Iterator[Flask]:
    """The application on a database without tables."""
    app = make_app(empty_database, tmp_path / "instance")
    yield app
    with app.app_context():
        db.engine.dispose()


def tables() -> set[str]:
    return {name for name in inspect(db.engine).get_table_names() if not is_of_search_index(name)}


def answer(question: str) -> list[tuple[Any, ...]]:
    with db.engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text(question))]


def scratch(folder: Path, *changes: str) -> str:
    """A folder of migrations that make *changes* one after the other, run as ours are."""
    (folder / "versions").mkdir(parents=True, exist_ok=True)
    for name in ("env.py", "alembic.ini", "script.py.mako"):
        shutil.copy(ROOT / "migrations" / name, folder)
    for number, change in enumerate(changes, start=1):
        before = f'"{number - 1:04}"' if number > 1 else None
        migration = HEAD.format(revision=f"{number:04}", before=before, change=change)
        (folder / "versions" / f"{number:04}.py").write_text(migration)
    return str(folder)


def test_the_migrations_build_exactly_what_the_models_say(own_app: Flask) -> None:
    with own_app.app_context():
        check()
        assert tables() == {*Base.metadata.tables, "alembic_version"}


def test_a_difference_between_models_and_migrations_is_found(own_app: Flask) -> None:
    with own_app.app_context(), db.engine.begin() as connection:
        connection.execute(text("ALTER TABLE agency ADD COLUMN surplus INTEGER"))
    with own_app.app_context(), pytest.raises(SystemExit):
        check()


def test_every_migration_goes_back_and_forth(empty_app: Flask) -> None:
    with empty_app.app_context():
        upgrade()
        built = tables()
        downgrade(revision="base")
        assert tables() == {"alembic_version"}
        upgrade()
        assert tables() == built
        check()


def test_rebuilding_a_table_keeps_the_rows_that_refer_to_it(empty_app: Flask, tmp_path: Path) -> None:
    with empty_app.app_context():
        upgrade(directory=scratch(tmp_path / "scratch", PARENT_AND_CHILD, REBUILD))
        assert answer("SELECT id, parent_id FROM child") == [(1, 1)]
        assert inspect(db.engine).get_columns("parent")[1]["nullable"] is False
        if db.engine.dialect.name == "sqlite":
            assert answer("PRAGMA foreign_keys") == [(1,)]


def test_a_migration_that_breaks_a_reference_is_undone_whole(
    empty_app: Flask, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with empty_app.app_context():
        upgrade(directory=scratch(tmp_path / "scratch", PARENT_AND_CHILD))
        sqlite = db.engine.dialect.name == "sqlite"
        with pytest.raises(SystemExit if sqlite else IntegrityError):
            upgrade(directory=scratch(tmp_path / "scratch", PARENT_AND_CHILD, ORPHAN))
        assert "left rows that refer to nothing" in caplog.text or not sqlite
        assert "other" not in tables()
        assert answer("SELECT count(*) FROM child") == [(1,)]
        assert answer("SELECT version_num FROM alembic_version") == [("0001",)]


def test_migrations_are_numbered_without_gaps_and_import_nothing_of_ours() -> None:
    files = sorted((ROOT / "migrations" / "versions").glob("*.py"))
    assert [file.name[:5] for file in files] == [f"{number:04}_" for number in range(1, len(files) + 1)]
    for file in files:
        assert "tracker" not in file.read_text(), f"{file.name} imports what may change after it"
