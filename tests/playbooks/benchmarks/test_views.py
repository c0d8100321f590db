"""The pages of benchmarks."""

import pytest

from playbooks.benchmarks.actions import take_benchmark
from playbooks.benchmarks.models import Benchmark
from playbooks.frameworks.actions import draft_next_version
from tests.kit import BY
from tests.playbooks.kit import TODAY, ago, make_framework, make_metric, measure


def test_benchmark_is_taken_with_answers(here, csm):
    url = here.url(f"accounts/{here.account.pk}/benchmarks/new/")
    assert csm.get(url).context["form"].initial == {"taken_on": TODAY}
    made = csm.post(url, {"taken_on": str(ago(2)), "job": "To be <quick>", "note": "N"})
    taken = Benchmark.objects.get()
    assert made["Location"] == here.url(f"benchmarks/{taken.pk}/")
    assert (taken.taken_on, taken.note, taken.actor) == (ago(2), "N", "Csm of Northwind")
    assert taken.answers == [
        {"question": "What made you look for a product like ours?", "answer": "To be <quick>"}
    ]
    assert "To be &lt;quick&gt;" in csm.get(made["Location"]).text


@pytest.mark.parametrize("day", ["2030-07-01", "", "yesterday", "0000-00-00", "0001-01-05", "0202-06-30"])
def test_impossible_days_are_refused(here, csm, day):
    url = here.url(f"accounts/{here.account.pk}/benchmarks/new/")
    refused = csm.post(url, {"taken_on": day, "job": "Kept"})
    assert (refused.status_code, refused.context["form"].errors.keys()) == (422, {"taken_on"})
    assert "Kept" in refused.text
    assert Benchmark.objects.count() == 0


def test_later_benchmark_is_shown_beside_the_first(here, csm):
    metric = make_metric()
    measure(here.account, metric, {ago(90): 40, ago(1): 50})
    make_metric("empty")
    take_benchmark(here.account, by=BY, on=ago(90))
    second = take_benchmark(here.account, by=BY)
    page = csm.get(here.url(f"benchmarks/{second.pk}/"))
    assert [(item["row"].first, item["row"].value, item["row"].change) for item in page.context["rows"]] == [
        ("No data", "No data", "–"),
        ("40\u00a0users", "50\u00a0users", "+10 (+25%)"),
    ]
    evidence = here.url(f"accounts/{here.account.pk}/evidence/users/")
    assert [item["first_url"] for item in page.context["rows"]] == ["", f"{evidence}?day={ago(90)}"]


def test_nobody_edits_a_benchmark(here, csm):
    taken = take_benchmark(here.account, by=BY)
    page = csm.post(here.url(f"benchmarks/{taken.pk}/"), {"note": "Changed"})
    taken.refresh_from_db()
    assert (taken.note, "<textarea" in page.text) == ("", False)


def test_evidence_is_shown_as_it_was_frozen(here, csm):
    metric = make_metric()
    framework = make_framework(metric)
    measure(here.account, metric, {ago(1): 12})
    taken = take_benchmark(here.account, by=BY)
    draft_next_version(framework, by=BY)
    measure(here.account, metric, {TODAY: 99})
    levels = csm.get(here.url(f"benchmarks/{taken.pk}/")).context["levels"]
    assert [(row["level"].name, row["met"]) for row in levels] == [
        ("Strategic", 0),
        ("Level 2", 0),
        ("Level 1", 1),
    ]
    assert levels[2]["behaviours"][0]["item"].detail == (
        "Users: 12\u00a0users on 30 Jun 2030; needs at least 5\u00a0users"
    )
