"""When customers last looked into the portal."""

from datetime import date
from typing import Any

from django.db.models import OuterRef, Subquery
from django.db.models.functions import JSONObject

from accounts.visits.models import PortalVisit
from csworkspace.web import times


def last_visit() -> Subquery:
    """The latest visit of an account, for an annotation: {"day": "2026-03-14", "name": "Ruth Kessler"}."""
    rows = PortalVisit.objects.filter(account=OuterRef("pk")).order_by("-day", "-last_at")
    return Subquery(rows.values(found=JSONObject(day="day", name="visitor_name"))[:1])


def visit_words(found: Any, today: date) -> str:
    """ "3 days ago, on 11 Mar 2026 (Ruth Kessler)"; "never" without a visit."""
    if not found:
        return "never"
    day = date.fromisoformat(found["day"])
    return f"{times.relative_day(day, today)}, on {times.day(day)} ({found['name']})"
