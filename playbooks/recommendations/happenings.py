"""Recommendations on an account's timeline: when they were shared, and what the customer answered."""

from datetime import datetime
from typing import Any

from csworkspace.web.urls import workspace_url
from playbooks.recommendations.models import Recommendation, RecommendationState
from playbooks.timeline.sources import Happening, TimelineSource

STATE = RecommendationState
# The column of a happening's moment → its words by state; what is not named did not happen.
ENDS = {
    STATE.TAKEN_UP: ("closed_at", "Taken up", "good"),
    STATE.WITHDRAWN: ("closed_at", "Withdrawn", ""),
    STATE.EXPIRED: ("closed_at", "Not taken up in time", "warn"),
    STATE.DECLINED: ("answered_at", "Declined", "warn"),
    STATE.ACCEPTED: ("answered_at", "Accepted", "good"),
}


def find(request: Any, account_id: int, before: tuple[datetime, str] | None, limit: int) -> list[Happening]:
    """The newest before a point of the timeline; one query.

    An account has few recommendations, so that all of them are put in order here.
    """
    told: list[Happening] = []
    for one in Recommendation.objects.filter(account_id=account_id).order_by("-id")[:500]:
        url = workspace_url(request, "recommendation", one.pk)
        told.append(
            Happening(
                one.shared_at,
                f"recommendation {one.pk} a",
                f"Recommended: {one.title}",
                one.why,
                one.actor,
                url,
            )
        )
        told += _ends(one, url)
    told = [one for one in told if before is None or (one.at, one.key) < before]
    return sorted(told, key=lambda one: (one.at, one.key), reverse=True)[:limit]


def _ends(one: Recommendation, url: str) -> list[Happening]:
    column, word, tone = ENDS.get(STATE(one.state), ("", "", ""))
    at = getattr(one, column) if column else None
    if at is None:
        return []
    by = one.answered_by if column == "answered_at" else ""
    text = one.taken_up_by if one.state == STATE.TAKEN_UP else one.answer_note
    return [Happening(at, f"recommendation {one.pk} b", f"{word}: {one.title}", text, by, url, tone)]


SOURCE = TimelineSource("recommendations", "Recommendations", find, order=45)
