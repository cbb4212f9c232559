"""Tables: facts, and the links between them. Importing this package makes every table known."""

from tracker.models.addressee_changes import AddresseeChange
from tracker.models.attachments import Attachment, FileState
from tracker.models.audit import AuditEntry, AuditHead
from tracker.models.branding import Branding, Standing
from tracker.models.briefings import Briefing, BriefingKind
from tracker.models.calendar_feeds import CalendarFeed
from tracker.models.cases import Case, CaseAccess, CaseConflict, CaseContributing, Complaint, Deadline, Event
from tracker.models.drafts import Draft
from tracker.models.health import CheckResult
from tracker.models.item_links import ItemLink, ItemLinkUse, LinkAsk, TimeRequest
from tracker.models.messages import Message, MessageState
from tracker.models.partnerships import Agency, AgencyContact, LocalSetting, Partnership
from tracker.models.people import Person, PersonKind
from tracker.models.plan_uploads import PlanHeading, PlanUpload
from tracker.models.plans import (
    ActionEvent,
    Addressee,
    Evidence,
    Finding,
    FindingTheme,
    Plan,
    PlannedAction,
    PlanSubmission,
    Recommendation,
)
from tracker.models.references import ReferenceNumber
from tracker.models.reminder_choices import ReminderChoice, Sending, TimeAway
from tracker.models.reminders import Heartbeat, Reminder
from tracker.models.saved_views import SavedView
from tracker.models.themes import Theme
from tracker.models.users import Membership, PasswordLink, Role, SignInTry, User, UserSession

__all__ = [
    "ActionEvent",
    "Addressee",
    "AddresseeChange",
    "Agency",
    "AgencyContact",
    "Attachment",
    "AuditEntry",
    "AuditHead",
    "Branding",
    "Briefing",
    "BriefingKind",
    "CalendarFeed",
    "Case",
    "CaseAccess",
    "CaseConflict",
    "CaseContributing",
    "CheckResult",
    "Complaint",
    "Deadline",
    "Draft",
    "Event",
    "Evidence",
    "FileState",
    "Finding",
    "FindingTheme",
    "Heartbeat",
    "ItemLink",
    "ItemLinkUse",
    "LinkAsk",
    "LocalSetting",
    "Membership",
    "Message",
    "MessageState",
    "Partnership",
    "PasswordLink",
    "Person",
    "PersonKind",
    "Plan",
    "PlanHeading",
    "PlanSubmission",
    "PlanUpload",
    "PlannedAction",
    "Recommendation",
    "ReferenceNumber",
    "Reminder",
    "ReminderChoice",
    "Role",
    "SavedView",
    "Sending",
    "SignInTry",
    "Standing",
    "Theme",
    "TimeAway",
    "TimeRequest",
    "User",
    "UserSession",
]
