"""The pages: list, ready-made set, form with its preview, one indicator, and an account's readings."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.accounts.models import Account
from accounts.metrics.models import Metric, MetricState
from csworkspace.tenancy.database import open_workspace
from playbooks.indicators.actions import keep_readings
from playbooks.indicators.models import Indicator, Reading
from playbooks.indicators.readymade import Inputs, add
from playbooks.indicators.readymade_set import READY_MADE
from tests.kit import BY, client_of
from tests.playbooks.indicators.makers import TODAY, ago, at, make_indicator, use
from tests.playbooks.kit import make_framework, make_metric


def posted(metric, **more):
    """What a browser posts for "the metric is at most 5"."""
    return {
        "measure": "metric", "m-metric": metric.pk, "when": "at_most", "begins": "5", "ends": "7",
        "name": "Few users", "kind": "risk", "severity": "3", "explanation": "{metric} is only {value}",
        "description": "", "cool_down_days": "14", "tenure_days": "", "renewal_days": "", "playbook": "",
        "do": "save", **more,
    }  # fmt: skip


def few(world, metric, many=1):
    """Accounts with three users each."""
    for n in range(many):
        account = Account.objects.create(name=f"Small {n} <b>")
        MetricState.objects.create(account=account, metric=metric, day=TODAY, value=3)


def test_build_one_step_by_step(here, manager):
    metric = make_metric()
    few(here, metric)
    page = manager.get(here.url("indicators/new/")).text
    assert "?measure=metric_change" in page
    page = manager.get(here.url("indicators/new/?measure=metric")).text
    assert "You can use {metric}: the metric’s name, {value}: its value, with the unit." in page
    page = manager.post(here.url("indicators/new/"), posted(metric, do="preview", name="")).text
    assert "Would hold for 1 of 2 accounts today." in page
    assert "Users is only 3\u00a0users" in page
    assert "Small 0 &lt;b&gt;" in page
    assert not Indicator.objects.exists()
    response = manager.post(here.url("indicators/new/"), posted(metric))
    indicator = Indicator.objects.get()
    assert response.url == here.url(f"indicators/{indicator.pk}/")
    assert (indicator.key, indicator.severity, indicator.versions.count()) == ("few-users", 3, 1)
    assert indicator.definition["params"] == {"metric": metric.pk}


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"ends": "4"}, "It begins at 5 or less, so it must end at 5 or more."),
        ({"explanation": "{secret}"}, "There is no “{secret}” here."),
        ({"m-metric": ""}, "Metric: This field is required."),
        ({"begins": "x"}, "Enter a number."),
    ],
)
def test_a_wrong_form_says_what_to_do(here, manager, more, said):
    response = manager.post(here.url("indicators/new/"), posted(make_metric(), **more))
    assert response.status_code == 422
    assert said in response.text
    assert not Indicator.objects.exists()


def test_very_many_at_once_are_announced(here, manager):
    metric = make_metric()
    few(here, metric, 12)
    page = manager.post(here.url("indicators/previews/"), posted(metric)).text
    assert "It would raise 12 signals at once." in page


def test_edit_notices_somebody_else(here, manager):
    metric = make_metric()
    manager.post(here.url("indicators/new/"), posted(metric))
    indicator = Indicator.objects.get()
    url = here.url(f"indicators/{indicator.pk}/edit/")
    assert 'value="Few users"' in manager.get(url).text
    assert manager.post(url, posted(metric, name="Fewer", version=1)).status_code == 302
    response = manager.post(url, posted(metric, name="Fewest", version=1))
    assert response.status_code == 409
    assert "Somebody else changed this" in response.text
    assert Indicator.objects.get().name == "Fewer"


def test_pause_go_on_and_retire(here, manager):
    indicator = make_indicator("no_champion")
    keep_readings(by=BY)
    url = here.url(f"indicators/{indicator.pk}/")
    assert manager.post(f"{url}pauses/", {"active": "0", "version": "1"}).url == url
    assert "Paused" in manager.get(url).text
    assert not Reading.objects.filter(superseded_at=None).exists()
    assert manager.post(f"{url}pauses/", {"active": "1", "version": "1"}).status_code == 409
    manager.post(f"{url}retirements/", {"version": "2"})
    assert "Retired" in manager.get(url).text
    assert manager.get(f"{url}edit/").status_code == 404


def test_the_ready_made_set_is_added_with_the_metrics_it_needs(here, elsewhere, manager):
    url = here.url("indicators/ready-made/")
    page = manager.get(url).text
    assert "Also defines the metric 4-week activity." in page
    assert "Needs the metric NPS, which people enter." in page
    assert "No account has the attribute “seats” so far; without it there are no data. Also defines" in page
    assert "No account has a renewal date so far" in page
    assert "No event has a feature like paywall.* so far." in page
    manager.post(url, {"key": "activity-fell"})
    assert Indicator.objects.get().key == "activity-fell"
    assert Metric.objects.get().aggregation == "count"
    manager.post(url)
    missing = {"nps-low", "nps-high", "support-rose", "first-steps-late", "behaviour-lost"}
    assert set(Indicator.objects.values_list("key", flat=True)) == {one.key for one in READY_MADE} - missing
    assert Metric.objects.count() == 3
    make_metric("nps", kind="outcome", aggregation="")
    make_metric("support-cases", kind="outcome", aggregation="")
    make_framework(Metric.objects.first())
    manager.post(url)
    assert Indicator.objects.count() == len(READY_MADE) == 27
    assert keep_readings(by=BY) == 27
    assert not Indicator.objects.exclude(problem="").exists()
    with open_workspace(elsewhere.workspace.pk):
        assert not Indicator.objects.exists()


def test_what_the_data_can_give_is_not_called_missing(here, elsewhere):
    with open_workspace(elsewhere.workspace.pk):
        Account.objects.update(attributes={"seats": "5"}, renewal_on=TODAY)
    inputs, wanted = Inputs(), [one for one in READY_MADE if Inputs().lacking(one)]
    assert [one.key for one in wanted] == ["renewal-and-falling", "paywall-hit", "seats-near"]
    Account.objects.update(attributes={"seats": "5"}, renewal_on=TODAY)
    use(here.account, ago(1), "paywall.export")
    assert [one.key for one in wanted if inputs.lacking(one)] == []


def test_metrics_that_count_the_same_are_used(here):
    mine = make_metric("people", aggregation="users", window_days=28)
    (added,) = add(["users-fell"], by=BY)
    assert added.definition["params"]["metric"] == mine.pk
    assert add(["users-fell"], by=BY) == []


def test_one_indicator_shows_where_it_holds(here, elsewhere, manager):
    metric = make_metric()
    few(here, metric)
    manager.post(here.url("indicators/new/"), posted(metric))
    keep_readings(by=BY)
    indicator = Indicator.objects.get()
    Indicator.objects.update(created_at=at(ago(30)))
    page = manager.get(here.url(f"indicators/{indicator.pk}/")).text
    assert "Small 0 &lt;b&gt;" in page
    assert "Users: at most 5, until it is above 7." in page
    assert "Accounts where it held" in page


def test_an_accounts_readings_with_their_evidence(here, manager):
    metric = make_metric()
    few(here, metric)
    manager.post(here.url("indicators/new/"), posted(metric))
    make_indicator("no_champion")
    keep_readings(by=BY)
    account = Account.objects.get(name__startswith="Small")
    page = manager.get(here.url(f"accounts/{account.pk}/readings/")).text
    assert "2 hold now." in page
    page = manager.get(here.url(f"accounts/{account.pk}/readings/few-users/")).text
    assert "Users is only 3\u00a0users" in page
    assert here.url(f"accounts/{account.pk}/metrics/users/") in page or "?day=2024-06-28" in page
    page = manager.get(here.url(f"accounts/{here.account.pk}/readings/few-users/")).text
    assert "The metric has no value for this account." in page


def test_who_only_reads_changes_nothing(here):
    reader = client_of(here.members["executive"])
    indicator = make_indicator("no_champion")
    page = reader.get(here.url("indicators/")).text
    assert "New indicator" not in page
    assert reader.post(here.url(f"indicators/{indicator.pk}/pauses/")).status_code in (403, 404)


def test_pages_need_the_same_queries_for_one_and_for_three(here, manager):
    metric = make_metric()

    def queries(path):
        manager.get(here.url(path))
        with CaptureQueriesContext(connection) as found:
            assert manager.get(here.url(path)).status_code == 200
        return len(found)

    def all_of_them():
        keep_readings(by=BY)
        first = Indicator.objects.order_by("pk").first()
        pages = ("indicators/", f"indicators/{first.pk}/", f"accounts/{here.account.pk}/readings/")
        return [queries(page) for page in pages]

    make_indicator("metric", {"metric": metric.pk}, when="at_least", begins="1", ends="1")
    few(here, metric)
    one = all_of_them()
    for _ in range(2):
        make_indicator("metric", {"metric": metric.pk}, when="at_least", begins="1", ends="1")
    few(here, metric, 2)
    assert all_of_them() == one


def test_names_are_found_in_the_palette(here, elsewhere, manager):
    make_indicator("no_champion")
    with open_workspace(elsewhere.workspace.pk):
        make_indicator("no_champion")
    here.open()
    page = manager.get(here.url("find/?q=champion")).text
    assert len(re.findall(r"indicators/\d+/", page)) <= 1
