"""`flask reckon`: a what-if that touches no database."""

from datetime import datetime

import click

from tracker import clock
from tracker.commands.answers import answer, refuse, rows_in, text_of
from tracker.procedures.calendars import ENGLAND_AND_WALES
from tracker.procedures.case_file import reckoning_fault
from tracker.procedures.facts import NotAllowed
from tracker.procedures.reckoning import reckon


@click.command("reckon")
@click.argument("file", default="-")
@click.option("--today", type=click.DateTime(["%Y-%m-%d"]), help="The day to reckon on, in place of the file's.")
def command(file: str, today: datetime | None) -> None:
    """What the procedure makes of a case file, or a list of them."""
    text = text_of(file)
    reckonings = []
    for name, case in rows_in(file, text):
        day = today.date() if today else case.today or clock.today()
        try:
            reckoned = reckon(case.procedure, case.facts, case.settings, ENGLAND_AND_WALES, day)
        except NotAllowed as refused:
            raise refuse(f"{name}: {reckoning_fault(refused)}") from None
        reckonings.append(reckoned.as_json())
    answer(reckonings if text.lstrip().startswith("[") else reckonings[0])


commands = (command,)
