"""E-mail addresses, in the one form in which they are kept."""

import re

from tracker.errors import Refused
from tracker.models.users import normalised_email

# Letters of any script, figures, and the signs that mail servers take: nothing unseen, nothing that turns a line round.
EMAIL = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]+@[\w-]+(\.[\w-]+)+")
LONGEST_EMAIL = 254  # characters


def checked_email(email: str) -> str:
    """The address in the form it is kept. Raises Refused where it is none."""
    email = normalised_email(email)
    if not EMAIL.fullmatch(email) or len(email) > LONGEST_EMAIL:
        raise Refused("Enter an email address, like name@example.gov.uk", field="email")
    return email
