"""Who is involved in a case, as far as its facts say."""

from tracker.web.case_words import plural, subject_word
from tracker.web.cases.opened import OpenedCase


def people(opened: OpenedCase) -> list[tuple[str, str]]:
    """Terms and names: who leads, who chairs, whose partnership, and how many of those asked have replied."""
    case = opened.case
    pairs = [
        ("Lead", case.lead.name if case.lead else "Nobody yet"),
        ("Panel chair", case.chair.name if case.chair else "Nobody yet"),
        ("Partnership", case.partnership.name),
    ]
    if case.contributing:
        pairs.append(("Also takes part", ", ".join(other.partnership.name for other in case.contributing)))
    return pairs + replies(opened)


def replies(opened: OpenedCase) -> list[tuple[str, str]]:
    """Of each kind of clock that runs for several bodies: how many of them have done what it asks."""
    reckoning, pairs = opened.reckoning, []
    running = [each for each in reckoning.deadlines if each.subject and each.due and each.status != "cancelled"]
    for key in dict.fromkeys(deadline.key for deadline in running):
        latest = {deadline.subject: deadline for deadline in running if deadline.key == key}
        done = sum(1 for deadline in latest.values() if deadline.met_on)
        noun = plural(subject_word(reckoning.procedure, key))
        many = next(iter(latest.values())).name.many or "replies"
        pairs.append((f"{noun[:1].upper()}{noun[1:]}", f"{done} of {len(latest)} {many} in"))
    return pairs
