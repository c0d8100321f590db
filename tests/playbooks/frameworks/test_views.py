"""The pages of frameworks, and the maturity tab."""

import pytest

from accounts.imports.models import Batch
from playbooks.frameworks.actions import create_framework
from playbooks.frameworks.assessing import assess_accounts
from playbooks.frameworks.editing import add_behaviour, add_level
from playbooks.frameworks.models import Answer, Behaviour, Framework, Level
from tests.kit import BY, client_of
from tests.playbooks.frameworks.conftest import DAY
from tests.playbooks.kit import TODAY, make_framework, make_metric, measure


def test_first_framework_from_a_ready_made_one_to_publication(here, manager):
    assert "Choose a starting point" in manager.get(here.url("frameworks/")).text
    manager.post(here.url("frameworks/new/"), {"ready": "value"})
    framework = Framework.objects.get()
    assert (framework.name, framework.levels.count()) == ("Value realisation", 4)
    page = manager.post(here.url(f"frameworks/{framework.pk}/publications/"), follow=True)
    assert "Value realisation v1 is active" in page.text
    framework.refresh_from_db()
    assert framework.status == "active"


def test_publishing_an_unfinished_draft_says_what_is_missing(here, manager):
    draft = create_framework(by=BY, name="Growth")
    add_level(draft, by=BY, name="Only")
    refused = manager.post(here.url(f"frameworks/{draft.pk}/publications/"))
    assert refused.status_code == 422
    assert refused.context["problems"] == [
        "A framework has 3 to 7 levels; this one has 1.",
        "Level 1, Only, needs at least one behaviour.",
    ]


@pytest.mark.parametrize(
    ("typed", "missing"),
    [
        ({"evidence": "feature", "features": ""}, {"features", "uses", "window_days"}),
        ({"evidence": "feature", "features": "no*va", "uses": 1, "window_days": 28}, {"features"}),
        ({"evidence": "feature", "features": "a", "uses": 0, "window_days": 400}, {"uses", "window_days"}),
        ({"evidence": "metric"}, {"metric", "threshold"}),
        ({"evidence": "metric", "metric": "999999", "threshold": "NaN"}, {"metric", "threshold"}),
        ({"evidence": "answer", "question": " "}, {"question"}),
        ({}, {"evidence"}),
    ],
)
def test_behaviour_needs_what_its_evidence_needs(here, manager, typed, missing):
    level = add_level(create_framework(by=BY, name="G"), by=BY, name="L")
    refused = manager.post(here.url(f"levels/{level.pk}/behaviours/new/"), {"name": "<i>B</i>", **typed})
    assert refused.status_code == 422
    assert refused.context["form"].errors.keys() == missing
    assert "&lt;i&gt;B&lt;/i&gt;" in refused.text
    assert Behaviour.objects.count() == 0


def test_behaviours_are_added_and_edited(here, manager):
    metric = make_metric()
    level = add_level(create_framework(by=BY, name="G"), by=BY, name="L")
    url = here.url(f"levels/{level.pk}/behaviours/new/")
    manager.post(
        url,
        {"name": "A", "evidence": "feature", "features": "nova.*\r\n a \r\na", "uses": 3, "window_days": 14},
    )
    manager.post(
        url,
        {"name": "B", "evidence": "metric", "metric": metric.pk, "comparison": "lte", "threshold": "2.5"},
    )
    manager.post(url, {"name": "C", "evidence": "answer", "question": "Do\nthey?"})
    kept = Behaviour.objects.order_by("position").values_list(
        "features", "threshold", "window_days", "metric", "comparison", "question"
    )
    assert list(kept) == [
        (["nova.*", "a"], 3, 14, None, "gte", ""),
        ([], 2.5, 28, metric.pk, "lte", ""),
        ([], 1, 28, None, "gte", "Do they?"),
    ]
    first = Behaviour.objects.first()
    form = manager.get(here.url(f"behaviours/{first.pk}/")).context["form"]
    assert (form.initial["features"], form.initial["uses"]) == ("nova.*\na", 3)
    manager.post(here.url(f"behaviours/{first.pk}/moves/"), {"direction": "down"})
    assert [item.name for item in level.behaviours.all()] == ["B", "A", "C"]
    manager.post(here.url(f"behaviours/{first.pk}/removals/"))
    assert [item.name for item in level.behaviours.all()] == ["B", "C"]


def test_levels_are_added_moved_and_removed(here, manager):
    draft = create_framework(by=BY, name="G")
    for name in ("One", "Two"):
        manager.post(here.url(f"frameworks/{draft.pk}/levels/new/"), {"name": name})
    one = Level.objects.get(name="One")
    manager.post(here.url(f"levels/{one.pk}/moves/"), {"direction": "up"})
    assert [level.name for level in draft.levels.all()] == ["Two", "One"]
    manager.post(here.url(f"levels/{one.pk}/"), {"name": "Renamed", "description": ""})
    manager.post(here.url(f"levels/{Level.objects.get(name='Two').pk}/removals/"))
    assert [(level.position, level.name) for level in draft.levels.all()] == [(1, "Renamed")]


def test_published_version_is_edited_as_the_next(here, manager):
    framework = make_framework(make_metric())
    level = framework.levels.first()
    page = manager.get(here.url(f"frameworks/{framework.pk}/"))
    assert here.url(f"levels/{level.pk}/") not in page.text
    assert manager.post(here.url(f"levels/{level.pk}/"), {"name": "X"}).status_code == 422
    manager.post(here.url(f"frameworks/{framework.pk}/drafts/"))
    draft = Framework.objects.get(status="draft")
    assert (draft.name, draft.version, draft.levels.count()) == ("Growth", 2, 3)
    manager.post(here.url(f"frameworks/{draft.pk}/removals/"))
    assert Framework.objects.get() == framework


def test_csm_reads_frameworks_without_editing(here):
    draft = make_framework(make_metric(), publish=False)
    client = client_of(here.members["csm"])
    page = client.get(here.url(f"frameworks/{draft.pk}/"))
    assert (page.status_code, page.context["editable"]) == (200, False)
    assert client.post(here.url(f"frameworks/{draft.pk}/publications/")).status_code == 403


def test_maturity_tab_shows_evidence_and_takes_answers(here):
    metric = make_metric()
    make_framework(metric)
    measure(here.account, metric, {TODAY: 25})
    assess_accounts([here.account.pk], by=BY)
    client = client_of(here.members["csm"])
    url = here.url(f"accounts/{here.account.pk}/maturity/")
    page = client.get(url)
    assert [(row["level"].name, row["met"], row["is_next"]) for row in page.context["levels"]] == [
        ("Strategic", 0, True),
        ("Level 2", 1, False),
        ("Level 1", 1, False),
    ]
    assert page.text.count(here.url(f"accounts/{here.account.pk}/evidence/users/?day={TODAY}")) == 2
    asked = Behaviour.objects.get(evidence="answer")
    answers = here.url(f"accounts/{here.account.pk}/answers/{asked.pk}/")
    refused = client.post(answers, {"holds": "maybe", "note": "<b>x</b>"})
    assert refused.status_code == 422
    assert "&lt;b&gt;x&lt;/b&gt;" in refused.text
    client.post(answers, {"holds": "yes", "note": "At the review"})
    page = client.get(url)
    assert (page.context["maturity"].level, Answer.objects.get().note) == (3, "At the review")
    assert [item["title"] for item in page.context["history"]] == [
        "Reached level 3, from 2",
        "Assessed at level 2",
    ]
    executive = client_of(here.members["executive"])
    assert "Answer again" not in executive.get(url).text
    assert executive.post(answers, {"holds": "no"}).status_code == 403


def test_answers_only_to_the_active_framework(here):
    draft = make_framework(make_metric(), publish=False)
    asked = Behaviour.objects.get(evidence="answer")
    client = client_of(here.members["csm"])
    url = here.url(f"accounts/{here.account.pk}/answers/{asked.pk}/")
    assert client.post(url, {"holds": "yes"}).status_code == 404
    assert draft.status == "draft"


def test_without_framework_the_tab_says_what_to_do(here, manager):
    url = here.url(f"accounts/{here.account.pk}/maturity/")
    assert "Set up a framework" in manager.get(url).text
    assert "Once a manager publishes" in client_of(here.members["csm"]).get(url).text


@pytest.mark.parametrize("levels", [1, 3])
def test_pages_take_a_constant_number_of_queries(here, manager, django_assert_num_queries, levels):
    draft = create_framework(by=BY, name="G")
    for number in range(levels):
        add_level(draft, by=BY, name=str(number))
    manager.get(here.url("frameworks/"))
    with django_assert_num_queries(15):
        manager.get(here.url(f"frameworks/{draft.pk}/"))


def test_number_of_uses_leads_to_its_events_and_their_source(here, elsewhere, use):
    level = add_level(create_framework(by=BY, name="G"), by=BY, name="L")
    behaviour = add_behaviour(
        level, by=BY, name="Schedules", evidence="feature", features=["nova.*"], threshold=2, window_days=28
    )
    use(here.account, [40, 28, 27, 3])
    use(here.account, [2], feature="glance.api")
    client = client_of(here.members["executive"])
    url = here.url(f"accounts/{here.account.pk}/behaviours/{behaviour.pk}/")
    page = client.get(f"{url}?day={DAY}")
    assert page.context["sentence"] == "2 uses of nova.* in the 28 days to 30 Jun 2026; needs 2"
    assert [line.when for line in page.context["events"]] == ["27 Jun 2026, 12:00", "3 Jun 2026, 12:00"]
    assert here.url(f"sources/{Batch.objects.get().pk}/") in page.text
    assert [client.get(f"{url}?day={day}").context["events"] for day in ("nonsense", "0001-01-01")] == [
        [],
        [],
    ]
    stranger = client_of(elsewhere.members["admin"])
    path = f"accounts/{elsewhere.account.pk}/behaviours/{behaviour.pk}/"
    assert stranger.get(elsewhere.url(path)).status_code == 404
