"""What an agency does about a request for information: answer it."""

from collections.abc import Sequence

from tracker import clock
from tracker.emails import tell
from tracker.errors import NotFound, Refused
from tracker.models.cases import Deadline, Event
from tracker.models.item_links import ItemLink
from tracker.models.users import User
from tracker.services.attachments import Kept, attachment_rows
from tracker.services.cases import claim, only_once, reproject
from tracker.services.events import add_event, known_step
from tracker.services.item_links import ensure_opens, use_up
from tracker.services.use_case import use_case

BY_LINK = "Answered by the agency, by the link it was sent"
SIGNED_IN = "Answered by the agency’s contact, signed in"


@use_case
@only_once
def answer_request(
    request: Deadline,
    *,
    by: User | None,
    nil: bool,
    note: str,
    files: Sequence[Kept] = (),
    link: ItemLink | None = None,
    submission_key: str | None = None,
) -> Event:
    """Record an agency's own answer, as the step that meets the request. Today's, with the files it sent.

    Args:
        nil: the agency holds nothing. *link*: by which somebody without an account came.

    Raises:
        NotFound: neither *by* nor the link opens this request.
        Refused: nothing is sent and nothing said. Resent: the same form again.
    """
    case, subject = request.case, request.subject
    ensure_opens(request, by, link)
    if case is None:
        raise NotFound
    if not nil and not files and not note.strip():
        raise Refused("Choose a file, or enter how you have sent what was asked for", field="note")
    claim(case, None)
    answers = {"nil": "yes" if nil else "no", "note": note, "how": BY_LINK if link else SIGNED_IN}
    step = known_step(case, case.procedure.known_deadline(request.key).met_by[0].step)
    event = add_event(
        case, step, by=by, on=clock.today(), answers=answers, subject=subject, submission_key=submission_key
    )
    attachment_rows(files, case=case, event=event, by=by, agency=subject)
    if link:
        use_up(link)
    reproject(case, new=[event])
    if case.lead is not None:
        tell("answer_received", to=[case.lead], case=case)
    return event
