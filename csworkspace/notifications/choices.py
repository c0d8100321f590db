"""When a member is told of what: their own choice, or the kind's usual."""

from collections.abc import Collection
from typing import NamedTuple

from csworkspace.notifications.models import DigestSetting, EmailWhen, NotificationPreference
from csworkspace.notifications.registry import notification_kinds


class Choice(NamedTuple):
    """Whether a kind rings the bell, and when it is mailed."""

    in_app: bool
    email: EmailWhen


class Choices:
    """The choices of some members; one query."""

    def __init__(self, member_ids: Collection[int]) -> None:
        rows = NotificationPreference.objects.filter(member_id__in=member_ids)
        self.made = {
            (row[0], row[1]): Choice(row[2], EmailWhen(row[3]))
            for row in rows.values_list("member_id", "kind", "in_app", "email")
        }
        self.usual = {kind.name: Choice(True, kind.email) for kind in notification_kinds()}

    def of(self, member_id: int, kind: str) -> Choice:
        """A member's choice for a kind. Raises KeyError for a kind that nobody registered."""
        usual = self.usual[kind]
        return self.made.get((member_id, kind), usual)


def digest_setting(member_id: int) -> DigestSetting:
    """A member's digest as they set it, or the usual one, which is not stored."""
    kept = DigestSetting.objects.filter(member_id=member_id).first()
    return kept or DigestSetting(member_id=member_id)
