"""Every measure can be asked in every way, of one account and of all."""

import pytest

from playbooks.frameworks.models import Behaviour
from playbooks.indicators.evaluating import Known, evaluate
from playbooks.indicators.explaining import evidence, explain
from playbooks.indicators.measures import measures
from tests.playbooks.indicators.makers import make_indicator
from tests.playbooks.kit import TODAY, ago, make_framework, make_metric

METRIC = ("metric", "metric_change", "metric_peers", "metric_share")


@pytest.mark.parametrize("known", list(Known))
@pytest.mark.parametrize("name", [measure.name for measure in measures()])
def test_every_measure_answers_for_every_account(here, name, known):
    metric, other = make_metric(), make_metric("seats")
    params = {"metric": metric.pk} if name in METRIC else {}
    params |= {"of_metric": other.pk} if name == "metric_share" else {}
    make_framework(metric)
    lineage = str(Behaviour.objects.get(name="Plans ahead").lineage)
    params |= {"behaviour": lineage} if name == "behaviour_by_day" else {}
    indicator = make_indicator(name, params)
    for day in (TODAY, ago(30)):
        for ids in (None, [here.account.pk]):
            found = evaluate([indicator], ids, day, known)
            assert [one.account_id for one in found] == [here.account.pk]
            assert explain(indicator, found[0], day)
            assert isinstance(evidence(indicator, found[0], day), list)
