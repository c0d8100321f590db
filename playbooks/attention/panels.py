"""Why an account needs attention, first on its overview."""

from typing import Any


def attention_panel(request: Any, account: Any) -> dict[str, Any] | None:
    """The reasons, the heaviest first; nothing for an account that is fine. `account` is of `get_account`."""
    reasons = account.attention_reasons
    return {"reasons": [str(reason["text"]) for reason in reasons]} if reasons else None
