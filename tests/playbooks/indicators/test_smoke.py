"""Every measure can be asked in every way, of one account and of all."""

import itertools

from accounts.accounts.models import Account
from playbooks.frameworks.models import Behaviour
from playbooks.indicators.evaluating import Known, evaluate
from playbooks.indicators.explaining import evidence, explain
from playbooks.indicators.measures import measures
from tests.playbooks.indicators.makers import TODAY, ago, at, make_indicator
from tests.playbooks.kit import make_framework, make_metric

METRIC = ("metric", "metric_change", "metric_peers", "metric_share")


def test_every_measure_answers_for_every_account(here):
    names = [measure.name for measure in measures()]
    assert len(names) == 19
    metric, other = make_metric(), make_metric("seats")
    make_framework(metric)
    Account.objects.update(created_at=at(ago(50)))
    lineage = str(Behaviour.objects.get(name="Plans ahead").lineage)
    for name in names:
        params = {"metric": metric.pk} if name in METRIC else {}
        params |= {"of_metric": other.pk} if name == "metric_share" else {}
        params |= {"behaviour": lineage} if name == "behaviour_by_day" else {}
        indicator = make_indicator(name, params, stages=["onboarding"], tenure_days=1, renewal_days=30)
        ways = itertools.product((TODAY, ago(30)), (None, [here.account.pk]), Known)
        for day, ids, known in ways:
            found = evaluate([indicator], ids, day, known)
            assert [one.account_id for one in found] == [here.account.pk]
            assert explain(indicator, found[0], day)
            assert isinstance(evidence(indicator, found[0], day), list)
