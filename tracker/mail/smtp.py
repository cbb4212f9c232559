"""Mail by SMTP: one connection for a run, TLS with a checked certificate, and the server's answers told apart."""

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from tracker.mail import Later, Letter, Rejected, Send, Unavailable

WAIT = 20  # seconds for each answer of the server
TEMPORARY = range(400, 500)
CLOSING = 421
OFF = {"0", "false", "no", "off"}


class Connection:
    """The connection to one server, made when it is first needed and again after it breaks."""

    def __init__(self, mail_url: str) -> None:
        self.address = urlsplit(mail_url)
        self.open: smtplib.SMTP | None = None

    def server(self) -> smtplib.SMTP:
        """Raises Unavailable: it cannot be reached, trusted or signed in to."""
        if self.open is None:
            try:
                self.open = connected(self.address)
            except smtplib.SMTPAuthenticationError as fault:
                raise Unavailable(words(fault.smtp_code, fault.smtp_error), wrongly_set=True) from None
            except (ssl.SSLError, smtplib.SMTPNotSupportedError) as fault:
                raise Unavailable(f"TLS failed: {fault}", wrongly_set=True) from None
            except smtplib.SMTPResponseException as fault:
                raise Unavailable(words(fault.smtp_code, fault.smtp_error)) from None
            except (OSError, smtplib.SMTPException) as fault:
                raise Unavailable(f"The mail server does not answer: {fault}") from None
        return self.open

    def close(self) -> None:
        if self.open is not None:
            with suppress(OSError, smtplib.SMTPException):
                self.open.quit()
            self.open.close()
            self.open = None


def connected(address: SplitResult) -> smtplib.SMTP:
    query = parse_qs(address.query)
    context = ssl.create_default_context()
    if query.get("verify", ["1"])[-1] in OFF:  # which the configuration refuses in production
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    host = address.hostname or ""
    if address.scheme == "smtps":
        server: smtplib.SMTP = smtplib.SMTP_SSL(host, address.port or 465, timeout=WAIT, context=context)
    else:
        server = smtplib.SMTP(host, address.port or 25, timeout=WAIT)
    try:
        if query.get("tls") == ["starttls"]:
            server.starttls(context=context)
        if address.username:
            server.login(unquote(address.username), unquote(address.password or ""))
    except BaseException:
        server.close()
        raise
    return server


@contextmanager
def by_smtp(mail_url: str) -> Iterator[Send]:
    """Sends over one connection, renewed where the server ends it."""
    connection = Connection(mail_url)

    def send(letter: Letter) -> None:
        email = letter.as_email()
        server = connection.server()
        try:
            server.send_message(email, from_addr=letter.sender, to_addrs=[letter.to])
        except smtplib.SMTPRecipientsRefused as fault:
            code, said = next(iter(fault.recipients.values()))
            answer(connection, code, said)
        except smtplib.SMTPResponseException as fault:
            answer(connection, fault.smtp_code, fault.smtp_error)
        except (OSError, smtplib.SMTPException) as fault:
            connection.close()
            raise Later(f"The connection broke: {fault}") from None

    try:
        yield send
    finally:
        connection.close()


def answer(connection: Connection, code: int, said: bytes | str) -> None:
    """Turns the server's no into ours."""
    if code == CLOSING:
        connection.close()
    elif connection.open is not None:
        with suppress(OSError, smtplib.SMTPException):
            connection.open.rset()
    raise (Later if code in TEMPORARY else Rejected)(words(code, said))


def words(code: int, said: bytes | str) -> str:
    return f"{code} {said.decode(errors='replace') if isinstance(said, bytes) else said}"
