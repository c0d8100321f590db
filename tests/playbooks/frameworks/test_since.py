"""Since when a behaviour has held without a break."""

from datetime import timedelta
from decimal import Decimal

import pytest

from accounts.accounts.models import Account
from playbooks.frameworks.models import Behaviour
from playbooks.frameworks.since import holding_since
from tests.playbooks.frameworks.conftest import DAY
from tests.playbooks.kit import make_metric, measure


def ago(days):
    return DAY - timedelta(days=days)


@pytest.mark.parametrize(
    ("values", "comparison", "since"),
    [
        ({10: 7}, "gte", 10),
        ({30: 7, 20: 4, 10: 5, 2: 9}, "gte", 10),
        ({30: 7, 20: 6}, "gte", 30),
        ({30: 7, 20: 4, 10: 5, 2: 5}, "lte", 20),
        ({10: 7, -3: 1}, "gte", 10),
        ({10: 3}, "gte", None),
    ],
)
def test_metric_holds_since_the_first_row_after_the_last_failing_one(here, values, comparison, since):
    metric = make_metric()
    measure(here.account, metric, {ago(days): value for days, value in values.items()})
    behaviour = Behaviour(evidence="metric", metric=metric, comparison=comparison, threshold=Decimal(5))
    found = holding_since(behaviour, [here.account.pk], DAY)
    assert found == ({} if since is None else {here.account.pk: ago(since)})


@pytest.mark.parametrize(
    ("days", "least", "since"),
    [
        ([5], 1, 5),
        ([40, 20, 5], 1, 40),  # never more than 28 days apart
        ([40, 12, 5], 1, 40),  # the first leaves on the day the second comes
        ([41, 12, 5], 1, 12),
        ([100, 20, 10, 5], 2, 10),
        ([30, 29, 10, 5], 2, 29),
        ([60, 59, 10, 5], 2, 5),
        ([5], 2, None),
    ],
)
def test_feature_use_holds_while_the_window_is_full_enough(here, use, days, least, since):
    use(here.account, days)
    use(here.account, [3, 60], feature="other.api")
    behaviour = Behaviour(evidence="feature", features=["nova.*"], threshold=Decimal(least), window_days=28)
    found = holding_since(behaviour, [here.account.pk], DAY)
    assert found == ({} if since is None else {here.account.pk: ago(since)})


def test_any_feature_and_many_accounts(here, use):
    other = Account.objects.create(name="Other")
    use(here.account, [9])
    use(other, [4], feature="b")
    behaviour = Behaviour(evidence="feature", features=["*"], threshold=Decimal(1), window_days=28)
    assert holding_since(behaviour, [here.account.pk, other.pk], DAY) == {
        here.account.pk: ago(9),
        other.pk: ago(4),
    }


def test_answers_are_not_looked_up(here):
    assert holding_since(Behaviour(evidence="answer", question="?"), [here.account.pk], DAY) == {}
