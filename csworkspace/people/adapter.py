"""How sign-in behaves here: people are invited, they do not sign up by themselves."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter


class AccountAdapter(DefaultAccountAdapter):
    """Closes open sign-up; everything else is as allauth does it."""

    def is_open_for_signup(self, request: Any) -> bool:
        """Nobody signs up without an invitation, which makes the account itself."""
        return False
