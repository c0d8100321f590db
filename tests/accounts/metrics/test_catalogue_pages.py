"""The catalogue: look, define, preview, edit, retire."""

from datetime import timedelta

import pytest

from accounts.accounts.models import Account
from accounts.metrics.actions import define_metric
from accounts.metrics.models import Metric, MetricState
from csworkspace.jobs.actions import jobs_inline
from csworkspace.jobs.models import Job
from csworkspace.tenancy.clock import today_of
from tests.accounts.metrics.makers import event, give_domain, measure_all, send, users
from tests.kit import BY, client_of

HOSTILE = "<b onclick=alert(1)>"
# 7 of them are the test client's own and the transaction.
LIST_QUERIES = 13
PREVIEW_QUERIES = 16
DEFINITION = {
    "name": "Planners",
    "key": "planners",
    "kind": "usage",
    "aggregation": "users",
    "features": "jobs.*\n\n  schedule.week \n",
    "window_days": "28",
    "unit": "people",
    "direction": "up",
}


@pytest.fixture
def today(here):
    return today_of(here.workspace)


@pytest.fixture
def run_jobs(django_capture_on_commit_callbacks):
    def run(act):
        with jobs_inline(), django_capture_on_commit_callbacks(execute=True):
            return act()

    return run


def post(client, here, path="metrics/new/", **changes):
    return client.post(here.url(path), {**DEFINITION, **changes})


def test_an_empty_catalogue_says_what_to_do_next(here, manager):
    text = manager.get(here.url("metrics/")).content.decode()
    assert here.url("metrics/new/") in text
    executive = client_of(here.members["executive"]).get(here.url("metrics/")).content.decode()
    assert "A CS manager defines" in executive
    assert here.url("metrics/new/") not in executive


def test_the_catalogue_says_what_is_counted(here, manager):
    users(features=["jobs.*", HOSTILE])
    Metric.objects.create(key="hours", name=HOSTILE, unit="h", kind="outcome", direction="down")
    text = manager.get(here.url("metrics/")).content.decode()
    assert "How many different people used “&lt;b onclick=alert(1)&gt;” or any feature of “jobs”" in text
    assert "in the 28 days that end with the day" in text
    assert "entered by people" in text
    assert "Lower is better" in text
    assert "being measured" in text
    assert HOSTILE not in text


def test_the_catalogue_takes_as_many_queries_for_three_as_for_one(here, manager, django_assert_num_queries):
    for number in range(3):
        metric = users(key=f"users-{number}", is_headline=not number)
        MetricState.objects.create(account=here.account, metric=metric, day="2026-03-01", value=3)
        if number in (0, 2):
            with django_assert_num_queries(LIST_QUERIES):
                manager.get(here.url("metrics/"))


def test_a_saved_metric_is_measured_by_a_job_whose_progress_shows(here, manager, run_jobs, today):
    give_domain(here.account)
    send(event(1, today, feature="jobs.plan"), event(2, today, "bob", feature="other"))
    response = post(manager, here)
    metric = Metric.objects.get()
    assert response["Location"] == here.url(f"metrics/{metric.pk}/")
    assert (metric.features, metric.window_days) == (["jobs.*", "schedule.week"], 28)
    text = manager.get(response["Location"]).content.decode()
    job = Job.objects.get(kind="measure metric")
    assert here.url(f"jobs/{job.pk}/progress/") in text
    job.delete()
    run_jobs(lambda: post(manager, here, f"metrics/{metric.pk}/edit/", window_days="7"))
    text = manager.get(response["Location"]).content.decode()
    assert "1 account with values" in text
    assert here.url(f"accounts/{here.account.pk}/evidence/planners/") in text


@pytest.mark.parametrize(
    ("changes", "field", "error"),
    [
        ({"key": "No Key!"}, "key", "Write the key with small letters"),
        ({"key": "taken"}, "key", "Another metric has the key taken already."),
        ({"aggregation": ""}, "aggregation", "Choose how the events are counted."),
        ({"aggregation": "median"}, "aggregation", "Select a valid choice"),
        ({"window_days": "0"}, "window_days", "The window has 1 to 366 days."),
        ({"window_days": "99999999999999999999"}, "window_days", "The window has 1 to 366 days."),
        ({"window_days": "many"}, "window_days", "Enter a whole number"),
        ({"features": "a*b"}, "features", "only a prefix may end in .*"),
        ({"features": "\n".join(f"f{n}" for n in range(60))}, "features", "At most 50 features"),
        ({"name": "  "}, "name", "This field is required"),
    ],
)
@pytest.mark.parametrize("more", [{}, {"preview": "1"}])
def test_what_cannot_be_is_refused_beside_its_field(here, manager, changes, field, error, more):
    define_metric(by=BY, key="taken", name="Taken", aggregation="count")
    response = post(manager, here, **{**changes, **more, "description": "kept"})
    assert response.status_code == 422
    assert error in response.context["form"].errors[field][0]
    assert 'value="kept"' in response.content.decode()
    assert Metric.objects.count() == 1


def test_a_preview_counts_and_saves_nothing(here, manager, today):
    give_domain(here.account)
    users()
    send(
        event(1, today, "ann"),
        event(2, today, "bob"),
        event(3, today, "cid", feature="other"),
        event(4, today - timedelta(days=3), "ann", feature=HOSTILE),
    )
    measure_all()
    response = post(manager, here, preview="1")
    text = response.content.decode()
    assert response.status_code == 200
    assert response.context["preview"]["rows"] == [{"account": "Acme Industries", "value": "2\xa0people"}]
    assert HOSTILE not in text
    assert "Nothing is saved yet" in text
    assert Metric.objects.count() == 1


def test_a_preview_takes_as_many_queries_for_three_accounts_as_for_one(
    here, manager, today, django_assert_num_queries
):
    post(manager, here, preview="1")
    give_domain(here.account)
    users()
    send(event(1, today))
    measure_all()
    with django_assert_num_queries(PREVIEW_QUERIES):
        post(manager, here, preview="1")
    for number in range(2):
        other = Account.objects.create(name=f"Other {number}")
        give_domain(other, f"o{number}.example")
        send(event(number + 5, today, f"ann@o{number}.example"))
    measure_all()
    with django_assert_num_queries(PREVIEW_QUERIES):
        response = post(manager, here, preview="1")
    assert len(response.context["preview"]["rows"]) == 3


def test_a_metric_that_people_enter_needs_no_counting(here, manager):
    response = post(manager, here, kind="outcome", aggregation="", window_days="", features="")
    assert response.status_code == 302
    metric = Metric.objects.get()
    assert (metric.kind, metric.aggregation) == ("outcome", "")
    assert "Enter the first one" in manager.get(response["Location"]).content.decode()
    assert not Job.objects.exists()


def test_kind_cannot_be_changed(here, manager):
    metric = users()
    post(manager, here, f"metrics/{metric.pk}/edit/", kind="outcome")
    metric.refresh_from_db()
    assert (metric.kind, metric.name) == ("usage", "Planners")


def test_a_retired_metric_is_looked_at_only(here, manager):
    metric = users()
    response = manager.post(here.url(f"metrics/{metric.pk}/retirements/"))
    assert response["Location"] == here.url("metrics/")
    metric.refresh_from_db()
    assert metric.retired_at
    assert "This metric is retired" in manager.get(here.url(f"metrics/{metric.pk}/")).content.decode()
    assert manager.get(here.url(f"metrics/{metric.pk}/edit/")).status_code == 404
    assert manager.get(here.url(f"metrics/{metric.pk}/retirements/")).status_code == 405
    assert "Retired metrics" in manager.get(here.url("metrics/")).content.decode()


def test_who_may_what(here, elsewhere):
    metric = users()
    csm, viewer = client_of(here.members["csm"]), client_of(here.members["viewer"])
    assert csm.get(here.url("metrics/")).status_code == 200
    assert csm.get(here.url(f"metrics/{metric.pk}/")).status_code == 200
    for path in ("metrics/new/", f"metrics/{metric.pk}/edit/"):
        assert [csm.get(here.url(path)).status_code, post(csm, here, path).status_code] == [403, 403]
    assert csm.post(here.url(f"metrics/{metric.pk}/retirements/")).status_code == 403
    assert viewer.get(here.url("metrics/")).status_code == 404
    theirs = client_of(elsewhere.members["manager"])
    assert theirs.get(elsewhere.url(f"metrics/{metric.pk}/")).status_code == 404
    assert "Monthly users" not in theirs.get(elsewhere.url("metrics/")).content.decode()
