"""Mail through GOV.UK Notify: `notify:TEMPLATE`, with the key in NOTIFY_API_KEY.

The template's subject is ((subject)) and its body ((body)). `?at=ADDRESS` names another server, as tests do.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tracker.mail import Later, Letter, Rejected, Send, Unavailable

AT = "https://api.notifications.service.gov.uk"
FORBIDDEN, TOO_MANY, OUR_FAULT = 403, 429, range(400, 500)
WITHIN = 20  # seconds
OF_THE_TEMPLATE = ("emplate", "ersonalisation")  # what is said where no message at all would do


@contextmanager
def through_notify(mail_url: str, key: str) -> Iterator[Send]:
    """Sends by Notify's own client. It keeps no second copy: `reference` is the letter's key."""
    from notifications_python_client.errors import APIError  # noqa: PLC0415
    from notifications_python_client.notifications import NotificationsAPIClient  # noqa: PLC0415 (slow to load)

    address = urlsplit(mail_url)
    client: Any = NotificationsAPIClient(key, base_url=parse_qs(address.query).get("at", [AT])[0], timeout=WITHIN)  # type: ignore[no-untyped-call]

    def send(letter: Letter) -> None:
        try:
            client.send_email_notification(
                email_address=letter.to,
                template_id=address.path,
                personalisation={"subject": letter.subject, "body": letter.text},
                reference=letter.key,
            )
        except APIError as fault:  # one without an answer counts as 503
            said = f"{fault.status_code} {words(fault.message)}"
            if fault.status_code == FORBIDDEN or any(part in said for part in OF_THE_TEMPLATE):
                raise Unavailable(said, wrongly_set=True) from None
            if fault.status_code == TOO_MANY:
                raise Later(said) from None
            if fault.status_code in OUR_FAULT:
                raise Rejected(said) from None
            raise Unavailable(said) from None

    yield send


def words(said: str | list[dict[str, str]]) -> str:
    """What Notify says is wrong: in one piece, or as a list of errors."""
    return said if isinstance(said, str) else "; ".join(each.get("message", "") for each in said)
