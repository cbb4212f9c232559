"""Mail by SMTP: one connection for a run, TLS with a checked certificate, and the server's answers told apart."""

import smtplib
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Timer
from typing import NoReturn
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from tracker.mail import Later, Letter, Rejected, Send, Unavailable

GREETS_WITHIN = 20  # seconds for each answer until we are signed in
SIGNS_IN_WITHIN = 40  # seconds for all of them
TAKES_WITHIN = 100  # seconds for a message: one that gives up sooner may send again what was taken after all
READY = 220
TEMPORARY, FOR_EVER = range(400, 500), range(500, 600)
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
            with suppress(OSError, smtplib.SMTPException), at_most(GREETS_WITHIN, self.open):
                self.open.quit()
            self.open.close()
            self.open = None


def connected(address: SplitResult) -> smtplib.SMTP:
    """A server that has let us in. Raises what smtplib and ssl raise, and OSError where it takes too long."""
    query = parse_qs(address.query)
    context = ssl.create_default_context()
    if query.get("verify", ["1"])[-1] in OFF:  # which the configuration refuses in production
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    host = address.hostname or ""
    if address.scheme == "smtps":
        server: smtplib.SMTP = smtplib.SMTP_SSL(timeout=GREETS_WITHIN, context=context)
    else:
        server = smtplib.SMTP(timeout=GREETS_WITHIN)
    server._host = host  # type: ignore[attr-defined]  # which is compared with the certificate
    try:
        with at_most(SIGNS_IN_WITHIN, server):
            said = server.connect(host, address.port or (465 if address.scheme == "smtps" else 25))
            if said[0] != READY:
                raise smtplib.SMTPConnectError(*said)
            if query.get("tls") == ["starttls"]:
                server.starttls(context=context)
            if address.username:
                server.login(unquote(address.username), unquote(address.password or ""))
    except BaseException:
        server.close()
        raise
    if server.sock:
        server.sock.settimeout(TAKES_WITHIN)
    return server


@contextmanager
def at_most(seconds: float, server: smtplib.SMTP) -> Iterator[None]:
    """Breaks the connection off when the time is up: one that says a letter now and then would hold us for ever."""

    def break_off() -> None:
        if server.sock:
            with suppress(OSError):  # it has ended already
                socket.socket.shutdown(server.sock, socket.SHUT_RDWR)

    timer = Timer(seconds, break_off)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


@contextmanager
def by_smtp(mail_url: str) -> Iterator[Send]:
    """Sends over one connection, renewed where the server ends it."""
    connection = Connection(mail_url)

    def send(letter: Letter) -> None:
        email = letter.as_email()
        server = connection.server()
        try:
            with at_most(TAKES_WITHIN, server):
                server.send_message(email, from_addr=letter.sender, to_addrs=[letter.to])
        except smtplib.SMTPSenderRefused as fault:
            if fault.smtp_code not in FOR_EVER:
                answer(connection, fault.smtp_code, fault.smtp_error)
            connection.close()  # whom we write as is refused, whatever we write
            raise Unavailable(words(fault.smtp_code, fault.smtp_error), wrongly_set=True) from None
        except smtplib.SMTPRecipientsRefused as fault:
            code, said = next(iter(fault.recipients.values()))
            answer(connection, code, said)
        except smtplib.SMTPResponseException as fault:
            answer(connection, fault.smtp_code, fault.smtp_error)
        except smtplib.SMTPNotSupportedError as fault:
            raise Rejected(str(fault)) from None
        except (OSError, smtplib.SMTPException) as fault:
            connection.close()
            raise Later(f"The connection broke: {fault}") from None

    try:
        yield send
    finally:
        connection.close()


def answer(connection: Connection, code: int, said: bytes | str) -> NoReturn:
    """Turns the server's no into ours."""
    if code == CLOSING or code not in (*TEMPORARY, *FOR_EVER):  # else it broke off in the middle of its answer
        connection.close()
    elif connection.open is not None:
        with suppress(OSError, smtplib.SMTPException):
            connection.open.rset()
    raise (Rejected if code in FOR_EVER else Later)(words(code, said))


def words(code: int, said: bytes | str) -> str:
    return f"{code} {said.decode(errors='replace') if isinstance(said, bytes) else said}"
