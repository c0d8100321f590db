"""What this concept puts into the slots of the floors below."""

from accounts.accounts.history import add_history
from accounts.news.models import News


def register() -> None:
    """Fill the slots; called once at start."""
    add_history("news", lambda account_id: News.objects.filter(account_id=account_id).values("pk"))
