"""What this concept puts into the slots of the floors below."""

from importlib import import_module

from accounts.accounts.history import add_history
from csworkspace.events.registry import on_event
from csworkspace.notifications.models import EmailWhen
from csworkspace.notifications.registry import NotificationKind, add_notification_kind
from csworkspace.web.slots import Panel, Tab, add_panel, add_tab
from playbooks.messages.days import mails_to_review
from playbooks.messages.happenings import SOURCE
from playbooks.messages.models import Message
from playbooks.messages.panels import mail_panel, messages_panel
from playbooks.messages.steps import EMAIL, TO_REVIEW
from playbooks.messages.webhook_steps import WEBHOOK
from playbooks.myday.providers import Provider, add_provider
from playbooks.playbooks.steps import register_step
from playbooks.timeline.sources import add_timeline


def register() -> None:
    """Fill the slots; called once at start."""
    jobs = import_module("playbooks.messages.jobs")
    on_event("mail.ended", kind="messages.mail_ended", title="Go on after an e-mail")
    on_event("mail.doubted", kind="messages.mail_doubted", title="Tell of a doubtful e-mail")
    on_event("contacts.changed", kind="messages.contacts", title="Look after e-mails that wait")
    on_event("webhooks.ended", kind="messages.webhook_ended", title="Go on after a webhook")
    register_step(EMAIL)
    register_step(WEBHOOK)
    add_timeline(SOURCE)
    add_tab("settings", Tab("E-mail templates", "email_templates", 45))
    add_panel("account.aside", Panel("messages", "Messages", "messages/_panel.html", messages_panel, 60))
    add_panel("mail", Panel("message", "Account", "messages/_mail_panel.html", mail_panel, 10))
    add_history("message", lambda account_id: Message.objects.filter(account_id=account_id).values_list("pk"))
    add_provider(Provider("reviews", mails_to_review))
    add_notification_kind(
        NotificationKind(
            TO_REVIEW, "E-mails of a play wait for my look", EmailWhen.AT_ONCE, "Look at e-mails"
        )
    )
    add_notification_kind(
        NotificationKind(jobs.CAME_BACK, "An e-mail of yours did not arrive", EmailWhen.AT_ONCE)
    )
