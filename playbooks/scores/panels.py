"""The value score on the account's overview."""

from typing import Any

from csworkspace.tenancy.clock import today_of
from csworkspace.web import times
from csworkspace.web.urls import workspace_url
from playbooks.scores import pages
from playbooks.scores.queries import score_history, score_on
from playbooks.scores.weights import read_bands


def score_panel(request: Any, account: Any) -> dict[str, Any] | None:
    """Score, band, confidence, changes, and the components that matter most; two queries."""
    today = today_of(request.workspace)
    row = score_on(account.pk, today)
    if row is None or row.score is None:
        return None
    history = score_history(account.pk, today.replace(year=today.year - 1, day=1), today)
    best, worst = pages.extremes(row.components)
    return {
        "url": workspace_url(request, "account_score", account.pk),
        "score": pages.number(row.score),
        "band": pages.band_of(row.score, read_bands(row.model.bands)),
        "confidence": row.confidence,
        "changes": pages.changes_of(history, row.score, today),
        "best": best,
        "worst": worst,
        "weights": row.model.number,
        "since": times.day(row.day),
    }
