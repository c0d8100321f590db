"""What the tests of notifications build on: a kind of their own."""

import pytest

from csworkspace.notifications import registry
from csworkspace.notifications.models import EmailWhen, NotificationPreference
from csworkspace.notifications.registry import NotificationKind

CALM = NotificationKind("calm", "Something calm")
LOUD = NotificationKind("loud", "Something loud", EmailWhen.AT_ONCE)


@pytest.fixture(autouse=True)
def kinds(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two kinds, and no parts of the digest but what a test adds."""
    monkeypatch.setattr(registry, "_kinds", {"calm": CALM, "loud": LOUD})
    monkeypatch.setattr(registry, "_parts", {})


def prefer(member, kind: str, *, in_app: bool = True, email: str = "digest") -> None:
    NotificationPreference.objects.create(member=member, kind=kind, in_app=in_app, email=email)
