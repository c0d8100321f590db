"""Value scores of the demo company: half a year of month ends and the last weeks, as of then."""

from datetime import date, timedelta

from accounts.accounts.models import Account
from csworkspace.tenancy.clock import today
from playbooks.indicators.days import days_between
from playbooks.indicators.evaluating import Known
from playbooks.scores.actions import keep_default_model, refresh_scores
from playbooks.scores.backfill import backfill_scores
from playbooks.scores.models import Score

MONTHS, WEEKS = 6, 6


def score_history(day: date) -> list[date]:
    """The days that are worked out: month ends, then Mondays; all before `day`."""
    yesterday = day - timedelta(days=1)
    ends = days_between(day - timedelta(days=31 * (MONTHS + 1)), yesterday, "month")
    mondays = days_between(day - timedelta(weeks=WEEKS), yesterday, "monday")
    return sorted({*ends[-MONTHS - 1 :], *mondays})


def keep_scores() -> None:
    """Decide on the default weights, and keep today's scores and those of the past, once."""
    model, day = keep_default_model(), today()
    # Those of today may be there already: the steps before this one have moved them.
    if Score.objects.filter(day__lt=day).exists():
        return
    ids = list(Account.objects.order_by("pk").values_list("pk", flat=True))
    backfill_scores(ids, score_history(day), Known.NOW, model=model)
    refresh_scores(ids, on=day)
