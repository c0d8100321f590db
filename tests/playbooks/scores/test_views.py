"""The pages that explain a score, and the form of the weights."""

from datetime import timedelta
from decimal import Decimal

import pytest

from accounts.accounts.models import Account
from accounts.book.actions import refresh_book
from csworkspace.people.models import Role
from playbooks.indicators import evaluating
from playbooks.indicators.evaluating import Judged
from playbooks.scores.actions import refresh_scores
from playbooks.scores.models import Score, ScoreModel
from playbooks.scores.panels import score_panel
from playbooks.scores.preview import preview_of
from playbooks.scores.weights import Component, read_bands, read_components
from tests.kit import client_of
from tests.playbooks.kit import TODAY, ago
from tests.playbooks.scores.kit import make_indicator, of, read, weigh
from tests.playbooks.signals.kit import make_signal

WEIGHTS = "settings/score-weights/"


@pytest.fixture
def silent(here, elsewhere, monkeypatch):
    refresh_book()
    found = make_indicator(name="Silent <b>")

    def holds(some, ids, day, known):
        return [Judged(pk, one.pk, True, None, None) for one in some for pk in ids]

    monkeypatch.setattr(evaluating, "evaluate", holds)
    return found


@pytest.fixture
def manager(here):
    return client_of(here.members[Role.MANAGER])


@pytest.fixture
def scored(here, silent):
    """100 on a day a week ago, by weights 1; maturity has no data."""
    weigh(of(silent, 30), Component("maturity", Decimal(10)))
    read(here.account, silent, False)
    refresh_scores([here.account.pk], on=ago(7))
    return here.account


def test_the_account_page_shows_every_component(here, scored, manager):
    shown = manager.get(here.url(f"accounts/{scored.pk}/score/"))
    assert shown.status_code == 200
    lines = shown.context["lines"]
    assert [(one.name, one.share, one.weight, one.points, one.state) for one in lines] == [
        ("Silent <b>", "100%", "30", "100.0", ""),
        ("Maturity", "–", "10", "–", "No data"),
    ]
    assert (shown.context["all_points"], shown.context["all_lost"]) == ("100.0", "0.0")
    assert lines[1].wanted == "A published framework, and the next assessment, would give it."
    assert (shown.context["score"], shown.context["band"].name, shown.context["again"]) == (
        "100.0",
        "Advocate",
        None,
    )
    assert b"Silent &lt;b&gt;" in shown.content
    assert b"Silent <b>" not in shown.content


def test_signals_by_people_are_told_as_no_part_of_it(here, scored, manager):
    url = here.url(f"accounts/{scored.pk}/score/")
    assert manager.get(url).context["raised"] is None
    make_signal(scored)
    make_signal(scored, "They want more", kind="opportunity")
    make_signal(scored, "It was mended", state="resolved")
    words = "1 open signal raised by people is not part of the score."
    assert manager.get(url).context["raised"]["words"] == words
    assert manager.get(f"{url}?on={ago(3)}").context["raised"] is None


def test_the_page_of_the_weights_names_what_does_not_count(here, silent, manager):
    weigh(of(silent))
    make_indicator("late")
    make_indicator("chance", kind="opportunity")
    form = manager.get(here.url(WEIGHTS)).context["form"]
    assert form.undecided() == ["Late"]
    assert [row.part for row in form.rows() if row.part] == ["100%"]


def test_a_past_day_as_kept_beside_todays_weights(here, silent, scored, manager):
    shown = manager.get(here.url(f"accounts/{scored.pk}/score/?on={ago(3)}"))
    assert (shown.context["score"], shown.context["again_score"]) == ("100.0", "0.0")
    assert [(one.points, one.compared) for one in shown.context["lines"]] == [("100.0", "0.0"), ("–", "–")]
    before = manager.get(here.url(f"accounts/{scored.pk}/score/?on={ago(30)}"))
    assert (before.context["row"], before.context["again_score"]) == (None, "0.0")
    assert b"No score was kept for this day" in before.content
    for wrong in (ago(-3), "0001-01-01"):
        assert manager.get(here.url(f"accounts/{scored.pk}/score/?on={wrong}")).status_code == 422
    assert Score.objects.count() == 1


def test_what_was_kept_on_its_day_there_is_no_later_addition(here, scored, manager):
    here.workspace.timezone = "America/Los_Angeles"
    here.workspace.save()
    Score.objects.update(recorded_at=f"{ago(6)}T02:00Z")
    url = here.url(f"accounts/{scored.pk}/score/?on={ago(3)}")
    assert manager.get(url).context["is_later"] is False
    Score.objects.update(recorded_at=f"{ago(6)}T12:00Z")
    assert manager.get(url).context["is_later"] is True


def test_a_preview_takes_what_each_account_was_scored_by(here, silent, scored):
    late = make_indicator("late")
    other = Account.objects.create(name="Other", arr=90_000_000, currency=here.workspace.currency)
    refresh_book()
    weigh(of(silent, 30), of(late))
    for account in (scored, other):
        read(account, silent, False)
        read(account, late, False)
    refresh_scores([other.pk])
    found = preview_of([of(late)], read_bands([]), read_bands([]))
    assert (sorted(found.before), sorted(found.after)) == ([100, 100], [100, 100])


def test_changes_and_extremes_of_the_panel(here, silent, scored, rf):
    read(scored, silent, True)
    Score.objects.update(day=ago(200))
    refresh_scores([scored.pk])
    request = rf.get("/")
    request.workspace = here.workspace
    found = score_panel(request, scored)
    assert (found["score"], found["band"].name, found["confidence"]) == ("0.0", "At risk", 75)
    assert [(one["text"], one["tone"]) for one in found["changes"]] == [("\u2212100.0", "bad")] * 2
    assert (found["best"], found["worst"]) == ([], ["Silent <b>: Silent <b>"])


def test_accounts_of_others_and_without_a_score(here, elsewhere, manager, silent):
    assert manager.get(here.url(f"accounts/{elsewhere.account.pk}/score/")).status_code == 404
    empty = manager.get(here.url(f"accounts/{here.account.pk}/score/"))
    assert b"No score on this day" in empty.content


def test_the_method_page_says_what_counts(here, scored, manager):
    shown = manager.get(here.url("scores/method/"))
    assert [(line["name"], line["weight"], line["part"]) for line in shown.context["lines"]] == [
        ("Silent <b>", "30", "75%"),
        ("Maturity", "10", "25%"),
    ]
    assert [line["state"] for line in shown.context["versions"]] == ["In effect"]


def form_of(silent, **more):
    values = {
        "version": 1,
        "reason": "Less noise",
        "since": TODAY.isoformat(),
        "weight plan": "0",
        "weight maturity": "10",
        f"weight indicator {silent.pk}": "5",
        f"worst indicator {silent.pk}": "30",
        f"best indicator {silent.pk}": "0",
        **{f"band {n}": name for n, name in enumerate(("Red", "Yellow", "Green", "Gold"))},
        **{f"from {n}": start for n, start in ((1, 30), (2, 50), (3, 90))},
    }
    return {**values, **more}


def test_weights_are_saved_as_a_new_version(here, silent, scored, manager):
    response = manager.post(here.url(f"{WEIGHTS}versions/"), form_of(silent))
    assert (response.status_code, response["Location"]) == (302, here.url(WEIGHTS))
    newest = ScoreModel.objects.get(number=2)
    assert read_components(newest.components) == [
        Component("maturity", Decimal(10)),
        Component("indicator", Decimal(5), silent.pk, Decimal(30), Decimal(0)),
    ]
    assert [(band["name"], band["from"]) for band in newest.bands] == [
        ("Red", "0"),
        ("Yellow", "30"),
        ("Green", "50"),
        ("Gold", "90"),
    ]
    assert (newest.reason, newest.since, newest.actor) == ("Less noise", TODAY, "Manager of Northwind")
    shown = manager.get(here.url(WEIGHTS))
    assert b"Less noise" in shown.content


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"version": 0}, 409),
        ({"reason": ""}, 422),
        ({"since": (TODAY - timedelta(days=1)).isoformat()}, 422),
        ({"from 2": 30}, 422),
        ({"weight maturity": "-1"}, 422),
        ({"best": ""}, 422),
        ({"weight maturity": "0", "weight": "0"}, 422),
    ],
)
def test_what_is_wrong_stays_in_the_form(here, silent, scored, manager, change, status):
    named = {
        f"{key} indicator {silent.pk}" if key in ("best", "weight") else key: v for key, v in change.items()
    }
    response = manager.post(here.url(f"{WEIGHTS}versions/"), form_of(silent, **named))
    assert response.status_code == status
    assert ScoreModel.objects.count() == 1
    assert b'role="alert"' in response.content
    assert b"Yellow" in response.content


def test_a_preview_shows_who_would_change_band_and_saves_nothing(here, silent, scored, manager):
    read(scored, silent, True, 15)
    refresh_scores([scored.pk])
    response = manager.post(here.url(f"{WEIGHTS}previews/"), form_of(silent, reason=""))
    preview = response.context["preview"]
    assert (response.status_code, preview["moved"]) == (200, 1)
    assert [
        (m["name"], m["before"], m["after"], m["was"].name, m["becomes"].name) for m in preview["movers"]
    ] == [(scored.name, "0.0", "50.0", "At risk", "Green")]
    assert ScoreModel.objects.count() == 1


def test_only_managers_decide(here, silent, scored):
    csm = client_of(here.members[Role.CSM])
    assert csm.get(here.url(WEIGHTS)).status_code == 403
    assert csm.post(here.url(f"{WEIGHTS}versions/"), form_of(silent)).status_code == 403
    assert csm.get(here.url("scores/method/")).status_code == 200


def test_pages_take_a_constant_number_of_queries(here, silent, scored, manager, django_assert_num_queries):
    url = here.url(f"accounts/{scored.pk}/score/")
    manager.get(url)
    with django_assert_num_queries(18):
        manager.get(url)
    for number in range(3):
        read(scored, make_indicator(f"more-{number}"), True)
    weigh(*(of(one) for one in type(silent).objects.all()))
    refresh_scores([scored.pk])
    with django_assert_num_queries(18):
        manager.get(url)
