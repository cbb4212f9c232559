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


@contextmanager
def through_notify(mail_url: str, key: str) -> Iterator[Send]:
    """Sends by Notify's own client. It keeps no second copy: `reference` is the letter's key."""
    from notifications_python_client.errors import HTTPError  # noqa: PLC0415
    from notifications_python_client.notifications import NotificationsAPIClient  # noqa: PLC0415 (slow to load)

    address = urlsplit(mail_url)
    client: Any = NotificationsAPIClient(key, base_url=parse_qs(address.query).get("at", [AT])[0], timeout=20)  # type: ignore[no-untyped-call]

    def send(letter: Letter) -> None:
        try:
            client.send_email_notification(
                email_address=letter.to,
                template_id=address.path,
                personalisation={"subject": letter.subject, "body": letter.text},
                reference=letter.key,
            )
        except HTTPError as fault:
            said = f"{fault.status_code} {fault.message}"
            if fault.status_code == FORBIDDEN:
                raise Unavailable(said, wrongly_set=True) from None
            if fault.status_code == TOO_MANY:
                raise Later(said) from None
            if fault.status_code in OUR_FAULT:
                raise Rejected(said) from None
            raise Unavailable(said) from None

    yield send
