"""What is asked about how the pages look."""

from typing import Any

from tracker.models.branding import USUAL_COLOUR
from tracker.models.partnerships import Partnership
from tracker.services.colours import LEAST_CONTRAST
from tracker.services.logos import MOST_BYTES, MOST_PIXELS
from tracker.services.partnerships import LONGEST_NAME
from tracker.web.admin.forms import AskForm
from tracker.web.file_fields import FileField, UploadForm
from tracker.web.forms import Checkboxes, Submit, TextField


class BrandingForm(AskForm, UploadForm):
    """The name, the colour and the logo of every page."""

    name = TextField("Name of the partnership", required="Enter a name", limit=LONGEST_NAME)
    colour = TextField(
        "Colour",
        hint=f"As your designers write it, like {USUAL_COLOUR}. "
        f"Its contrast with white must be {LEAST_CONTRAST}:1 or more.",
        required="Enter a colour",
        limit=20,
        width=10,
    )
    file = FileField(
        "Logo",
        hint=f"A PNG picture of at most {MOST_BYTES // 1024} KB and {MOST_PIXELS} pixels each way. "
        "It stands on white, 40 pixels high.",
        accept=".png",
        optional=True,
    )
    without = Checkboxes("Present logo", [("without", "Take the logo away")], optional=True)
    save = Submit("See how it looks")

    @classmethod
    def about(cls, partnership: Partnership) -> "BrandingForm":
        """Filled in with what holds now."""
        current = partnership.branding
        form = cls(name=partnership.name, colour=current.colour if current else USUAL_COLOUR)
        if current and current.has_logo:
            form.file.hint += " Choose none to keep the one there is."
        else:
            del form.without
        return form

    def look(self) -> dict[str, Any]:
        """What was chosen, as the use-case takes it."""
        return {
            "name": self.name.data,
            "colour": self.colour.data,
            "logo": self.file.content if self.file.data else None,
            "without_logo": "without" in self and bool(self.without.data),
        }
