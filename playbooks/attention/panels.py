"""Why an account needs attention, first on its overview."""

from typing import Any

from accounts.book.models import BookRow


def attention_panel(request: Any, account: Any) -> dict[str, Any] | None:
    """The reasons, the heaviest first; nothing for an account that is fine. One query."""
    reasons = BookRow.objects.filter(account=account).values_list("reasons", flat=True).first()
    return {"reasons": [str(reason["text"]) for reason in reasons]} if reasons else None
