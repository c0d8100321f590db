"""Mails of the test's workspace, and a server to send them to."""

from datetime import timedelta

import pytest
from django.utils import timezone

from csworkspace.jobs.actions import jobs_inline
from csworkspace.mail.actions import queue_mail
from csworkspace.mail.models import OutgoingMail
from tests.csworkspace.mail.smtp import smtp_server
from tests.kit import BY


@pytest.fixture
def smtp(settings):
    """smtp(END="drop") starts a server and points Django at it."""
    opened = []

    def start(**answers):
        context = smtp_server(**answers)
        server = context.__enter__()
        opened.append(context)
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        settings.EMAIL_TIMEOUT = settings.EMAIL_DATA_TIMEOUT = 0.3
        settings.MAIL_CONFIGURED = True
        return server

    yield start
    for context in opened:
        context.__exit__(None, None, None)


@pytest.fixture
def send(here, django_capture_on_commit_callbacks):
    """Queue a mail and let its job run; the mail afterwards."""

    def act(key="k", to="ruth@customer.example", audience="customer", **fields) -> OutgoingMail:
        values = {"subject": "Hello", "text": "Good morning.\n", "from_name": "Priya Raman", **fields}
        with jobs_inline(), django_capture_on_commit_callbacks(execute=True):
            mail = queue_mail(
                key, to, values.pop("subject"), values.pop("text"), by=BY, audience=audience, **values
            )
        mail.refresh_from_db()
        return mail

    return act


def minutes_until(moment) -> int:
    """How many minutes from now, rounded."""
    return round((moment - timezone.now()) / timedelta(minutes=1))
