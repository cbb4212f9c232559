"""Dates and times as exports print them, and what a history says about itself first. London time throughout."""

from datetime import date, datetime

from tracker import clock
from tracker.procedures.calendars import spelled
from tracker.procedures.vocabulary import Authority, Source
from tracker.queries.history_parts import History, Pairs
from tracker.queries.history_words import holder_in_words, quantity

NEVER_CHANGED = (
    "Events are added and never changed. A mistake is put right by a correction, which names the event it replaces."
)
NOT_CHECKED = "the paragraph is not checked: confirm with your legal adviser"


def short_day(on: date) -> str:
    """15 Sep 2025"""
    return f"{on.day} {on:%b} {on.year}"


def time_of_day(at: datetime) -> str:
    """10:24am"""
    local = clock.london(at)
    return f"{local:%I:%M}".removeprefix("0") + ("am" if local.hour < 12 else "pm")  # noqa: PLR2004


def moment(at: datetime) -> str:
    """18 September 2025, 10:24am"""
    return f"{spelled(clock.london(at).date())}, {time_of_day(at)}"


def short_moment(at: datetime) -> str:
    """18 Sep 2025, 10:24am"""
    return f"{short_day(clock.london(at).date())}, {time_of_day(at)}"


def cover(history: History) -> Pairs:
    """What the record is of, under which law, and who took it out, when and why."""
    procedure, answer, export = history.procedure, history.reckoning, history.export
    where = f"{procedure.title}, referred {spelled(history.opened_on)}, in the stage {history.stage}"
    holder = holder_in_words(answer.held_by)
    held = "Closed" if answer.is_closed else f"Held by {holder}" + (", on hold" if answer.on_hold else "")
    pairs = [
        ("Case", where + (". Restricted." if history.restricted else "")),
        ("Now", f"{held}. {next_due(history)}"),
        ("Law", about_source(procedure.law)),
        ("Edition", procedure.edition),
        ("Partnership", ", with ".join([history.partnership, *filter(None, [" and ".join(history.contributing)])])),
        ("Led by", history.lead or "Nobody is named"),
    ]
    if history.chair:
        pairs.append(("Chair", history.chair))
    if history.themes:
        pairs.append(("Themes", ", ".join(history.themes)))
    for death in history.deaths:
        pairs.append(("Death", death))
    pairs += [
        ("Logged", moment(history.logged_at)),
        ("Produced", f"{moment(export.at)}, London time, for {export.by}"),
        ("Reason", export.reason or "Not given"),
        ("Audit", f"The number of the last entry was {export.last_entry:,}"),
        ("Its seal", in_groups(export.last_seal) or "None"),
    ]
    return tuple(pairs)


def in_groups(seal: str) -> str:
    """A seal as it can be read out and broken over lines."""
    return " ".join(seal[start : start + 8] for start in range(0, len(seal), 8))


def next_due(history: History) -> str:
    """What is due next, in a sentence."""
    upcoming = history.reckoning.next_deadline
    if upcoming is None:
        return "Nothing is due."
    whose = f", {upcoming.subject}" if upcoming.subject else ""
    due = f"due {spelled(upcoming.due)}" if upcoming.due else "no date set"
    return f"Next: {upcoming.title}{whose}, {due}."


def about_corrections(history: History) -> str:
    """How mistakes are put right, and how many were."""
    number = history.corrections
    return f"{NEVER_CHANGED} This case has {quantity(number, 'correction') if number else 'no corrections'}."


def about_entries(history: History) -> str:
    """What the list of entries holds, and which is the last of all."""
    return (
        "Every change is one numbered entry, and so is every export. The numbers run through the whole tracker: "
        f"the last when this was produced was {history.export.last_entry:,}."
    )


def about_source(source: Source) -> str:
    """What a rule rests on: "Statute. Act, section. Confirm with your legal adviser"."""
    authority = source.authority.value
    said = source.authority is Authority.NONE or str(source).lower().startswith(authority)
    return (
        ("" if said else f"{authority.capitalize()}. ") + str(source) + ("" if source.verified else f" ({NOT_CHECKED})")
    )


def both_tests(history: History) -> Pairs:
    """What the two threshold tests come to."""
    threshold = history.reckoning.threshold
    if threshold is None:
        return ()
    statutory, local = threshold.statutory, threshold.local
    counted = f"{statutory.qualifying} qualifying, {statutory.needed} needed"
    limbs = "; ".join(f"{limb.label}: {limb.count} of {limb.needed}" for limb in local.limbs)
    return (
        ("Statutory test", f"{'Met' if statutory.met else 'Not met'}: {counted}"),
        ("Local test", f"{'Met' if local.met else 'Not met'}" + (f": {limbs}" if limbs else "")),
    )
