"""What an agency is asked about a request, whether its contact has signed in or opened a link."""

from tracker.web.file_fields import FileField, FileForm
from tracker.web.forms import Choice, DayField, LongTextField, Radios, RecordingForm, Submit


class AnswerForm(FileForm):
    """What is sent, or that there is nothing."""

    sent = Radios(
        "What is your answer?",
        choices=[
            Choice("sent", "We send what was asked for", "Attach it here, or say below how you have sent it."),
            Choice("nil", "We hold nothing", "A nil return: your agency had no contact."),
        ],
        required="Select your answer",
    )
    note = LongTextField("Anything to add", hint="No names of people.", rows=4, limit=4000, optional=True)
    file = FileField("Attach a file", optional=True)
    save = Submit("Send the answer")


class ReportForm(FileForm):
    """What was done about an action, how far it has come, and until when."""

    text = LongTextField(
        "What has been done?", hint="No names of people.", required="Enter what has been done", rows=4, limit=4000
    )
    state = Radios(
        "How far has it come?",
        choices=[
            Choice("not_started", "Not started"),
            Choice("in_progress", "In progress"),
            Choice("blocked", "Blocked", "Something that your agency cannot settle stands in the way."),
            Choice("complete", "Complete", "Somebody of another agency checks that. Attach what shows it."),
        ],
        required="Select how far it has come",
    )
    expected_on = DayField("When do you expect it to be done?", optional=True)
    file = FileField("Attach evidence", optional=True)
    save = Submit("Send the update")


class MoreTimeForm(RecordingForm):
    """A later day, and why."""

    until = DayField("Until when?", required="Enter until when")
    reason = LongTextField(
        "Why do you need more time?",
        hint="No names of people.",
        required="Enter why you need more time",
        rows=4,
        limit=4000,
    )
    save = Submit("Ask for more time")
