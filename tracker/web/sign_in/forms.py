"""What is asked of somebody who signs in or chooses a password."""

from tracker.errors import Refused
from tracker.services.passwords import FEWEST_CHARACTERS
from tracker.web.forms import EmailField, Form, PasswordField, Submit


class SignInForm(Form):
    """Who are you?"""

    email = EmailField(required="Enter your email address", autocomplete="username", width=30)
    password = PasswordField(required="Enter your password", width=30)
    save = Submit("Sign in")


class PasswordForm(Form):
    """A new password, twice."""

    password = PasswordField(
        "New password",
        required="Enter a password",
        autocomplete="new-password",
        hint=f"{FEWEST_CHARACTERS} characters or more. Three random words that do not belong together do well.",
        width=30,
    )
    again = PasswordField("Type it again", required="Enter the password again", autocomplete="new-password", width=30)
    save = Submit("Save password")

    def chosen(self) -> str:
        """The password. Raises Refused where the two differ."""
        if self.password.data != self.again.data:
            raise Refused("Enter the same password twice", field="again")
        return str(self.password.data)
