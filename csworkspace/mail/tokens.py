"""The signed text in an unsubscribe link: which mail, in which workspace, and no personal data."""

from django.conf import settings
from django.core import signing
from django.urls import reverse

SALT = "csworkspace.unsubscribe"
LONGEST = 200


def unsubscribe_link(workspace_id: int, mail_id: int) -> str:
    """The address of the public page; works for ever, because mails are kept for ever."""
    token = signing.dumps([workspace_id, mail_id], salt=SALT)
    return settings.SITE_URL + reverse("unsubscribe", args=[token])


def mail_in(token: str) -> tuple[int, int] | None:
    """(workspace id, mail id) of a token that we signed, or None."""
    if len(token) > LONGEST:
        return None
    try:
        workspace_id, mail_id = signing.loads(token, salt=SALT)
        return int(workspace_id), int(mail_id)
    except (signing.BadSignature, TypeError, ValueError):
        return None
