"""How sign-in behaves here: people are invited, they do not sign up by themselves."""

from typing import Any
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings

from csworkspace.people.addresses import client_address


class AccountAdapter(DefaultAccountAdapter):
    """Closes open sign-up, leaves wrong passwords to django-axes, and writes links with SITE_URL."""

    def is_open_for_signup(self, request: Any) -> bool:
        """Nobody signs up without an invitation, which makes the account itself."""
        return False

    def pre_authenticate(self, request: Any, **credentials: Any) -> None:
        """Axes counts wrong passwords, and says when to come back; a second counter would hide that."""

    def get_client_ip(self, request: Any) -> str:
        """The address that the lockout and the audit log use too."""
        return client_address(request)

    def get_reset_password_from_key_url(self, key: str) -> str:
        """The link in the mail: never with a host that the visitor chose."""
        return on_site(super().get_reset_password_from_key_url(key))

    def get_email_confirmation_url(self, request: Any, emailconfirmation: Any) -> str:
        """The link in the mail: never with a host that the visitor chose."""
        return on_site(super().get_email_confirmation_url(request, emailconfirmation))


def on_site(url: str) -> str:
    """The same path under SITE_URL."""
    return f"{settings.SITE_URL}{urlsplit(url).path}"
