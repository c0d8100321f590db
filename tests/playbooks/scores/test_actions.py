"""Keeping scores: only what changes, the past never; versions of weights; the book's column."""

from datetime import timedelta
from decimal import Decimal

import pytest

from accounts.accounts.models import Account, Stage
from accounts.book.actions import refresh_book
from accounts.book.models import BookRow
from csworkspace.audit.models import AuditEntry
from csworkspace.jobs.actions import start_job
from csworkspace.jobs.models import Job
from csworkspace.jobs.runner import run_job
from csworkspace.web.versions import Conflict
from playbooks.indicators.models import Indicator
from playbooks.scores.actions import WeightsRefused, keep_default_model, refresh_scores
from playbooks.scores.formula import Band
from playbooks.scores.models import Score, ScoreModel
from playbooks.scores.preview import preview_of
from playbooks.scores.queries import model_on
from playbooks.scores.weights import Component, read_bands, read_components
from tests.kit import BY
from tests.playbooks.kit import TODAY, ago
from tests.playbooks.scores.kit import make_indicator, of, read, rows, weigh

D = Decimal
YESTERDAY, TOMORROW = ago(1), ago(-1)


@pytest.fixture
def silent(here, elsewhere):
    refresh_book()
    return make_indicator()


def test_a_score_with_all_its_parts(here, silent):
    deep = make_indicator("deep", measure="none")
    model = weigh(of(silent, 30), of(deep, 10, worst=D(40), best=D(0)), Component("maturity", D(10)))
    read(here.account, silent, False)
    read(here.account, deep, True, 30)
    assert refresh_scores([here.account.pk]) == [here.account.pk]
    row = Score.objects.get()
    assert (row.score, row.confidence, row.model, row.stage) == (D("81.3"), 80, model, here.account.stage)
    assert [(c["key"], c["share"], c["points"], c["applies"]) for c in row.components] == [
        (f"indicator {silent.pk}", 1.0, 75.0, True),
        (f"indicator {deep.pk}", 0.25, 6.25, True),
        ("maturity", None, None, True),
    ]
    assert [c["words"] for c in row.components] == ["No sign of it", "Deep", ""]
    assert BookRow.objects.get(account=here.account).score == 81


@pytest.mark.parametrize("measure", ["news", "contact_left", "incident_exposure", "service_missed"])
def test_that_nothing_was_seen_is_no_merit(here, silent, measure):
    rare = make_indicator("rare", measure=measure)
    weigh(of(silent), of(rare))
    read(here.account, silent, True)
    read(here.account, rare, False, 0)
    refresh_scores([here.account.pk])
    row = Score.objects.get()
    assert (row.score, row.confidence) == (0, 100)
    assert [(c["words"], c["applies"]) for c in row.components][1] == ("Nothing seen", False)
    read(here.account, silent, False)
    read(here.account, rare, True, 1)
    refresh_scores([here.account.pk])
    assert Score.objects.get().score == 50


def test_who_is_not_asked_counts_nowhere(here, silent):
    other = make_indicator("renewal")
    weigh(of(silent), of(other))
    read(here.account, silent, True)
    read(here.account, other, False, detail={"outside": "stage"})
    refresh_scores([here.account.pk])
    row = Score.objects.get()
    assert (row.score, row.confidence) == (0, 100)
    assert row.components[1]["words"] == "Not asked: the account is in another stage."


def test_a_paused_indicator_has_no_data_any_more(here, silent):
    weigh(of(silent), of(make_indicator("other")))
    read(here.account, silent, True)
    type(silent).objects.filter(pk=silent.pk).update(is_active=False)
    refresh_scores([here.account.pk])
    assert rows(here.account) == [(TODAY, None, 0, True)]


def test_todays_row_is_written_anew_and_those_of_past_days_never(here, silent):
    weigh(of(silent, 30), Component("maturity", D(10)))
    read(here.account, silent, False)
    pk = here.account.pk
    refresh_scores([pk], on=YESTERDAY)
    before = Score.objects.values().get()
    assert refresh_scores([pk], on=TODAY) == [], "nothing changed"
    read(here.account, silent, True)
    assert refresh_scores([pk], on=TODAY) == [pk]
    kept = Score.objects.values().get(day=YESTERDAY)
    assert kept.pop("superseded_at") is not None
    assert kept == {key: value for key, value in before.items() if key != "superseded_at"}
    read(here.account, silent, False)
    assert refresh_scores([pk], on=TODAY) == [pk]
    assert rows(here.account) == [(YESTERDAY, 100, 75, False), (TODAY, 100, 75, True)]
    assert Score.objects.values().get(day=YESTERDAY)["recorded_at"] == before["recorded_at"]


def test_the_frame_of_the_day_is_kept_and_churned_accounts_have_no_score(here, silent):
    weigh(of(silent))
    read(here.account, silent, False)
    refresh_scores([here.account.pk], on=YESTERDAY)
    Account.objects.update(stage=Stage.CHURNED)
    assert refresh_scores([here.account.pk]) == [here.account.pk]
    found = Score.objects.order_by("day").values_list("stage", "score", "owner_then")
    owner = here.account.owner_id
    assert list(found) == [(Stage.ONBOARDING, 100, owner), (Stage.CHURNED, None, owner)]
    assert BookRow.objects.get(account=here.account).score == -1


def test_the_statements_do_not_depend_on_the_number_of_accounts(here, silent, django_assert_num_queries):
    weigh(of(silent), Component("plan", D(1)), Component("maturity", D(1)))
    read(here.account, silent, False)
    with django_assert_num_queries(16):
        refresh_scores([here.account.pk])
    made = Account.objects.bulk_create([Account(name=f"A {n}") for n in range(2)])
    refresh_book()
    for account in made:
        read(account, silent, False)
    read(here.account, silent, True)
    ids = [here.account.pk, *(account.pk for account in made)]
    with django_assert_num_queries(16):
        assert refresh_scores(ids) == ids


def test_the_job_tells_the_book_only_of_what_moved(here, silent):
    def told():
        job = start_job("scores.refresh", "Refresh", by=BY, account_ids=[here.account.pk])
        assert run_job(here.workspace.pk, job.pk) == "succeeded"
        here.open()
        return list(Job.objects.filter(kind="segments.refresh").values_list("args", flat=True))

    read(here.account, silent, True)
    assert told() == [{"account_ids": [here.account.pk]}]
    assert len(told()) == 1, "nothing moved"
    assert Score.objects.get().score == 0


def test_default_weights_are_made_once_from_the_ready_made_set(here, elsewhere):
    make_indicator("own", severity=3)
    first = keep_default_model()
    assert [item.key for item in read_components(first.components)] == ["plan", "maturity"]
    silent = make_indicator()
    make_indicator("funding", kind="opportunity", severity=3)
    ScoreModel.objects.update(since=YESTERDAY)
    second = keep_default_model()
    weights = {item.key: item.weight for item in read_components(second.components)}
    assert (second.number, weights) == (2, {f"indicator {silent.pk}": 2, "plan": 2, "maturity": 2})
    ScoreModel.objects.update(since=YESTERDAY)
    make_indicator("users-fell", severity=3)
    assert keep_default_model() == second, "what joins later weighs nothing until somebody decides"
    third = weigh(of(silent))
    make_indicator("activity-fell")
    assert keep_default_model() == third


def test_the_scale_of_default_weights_follows_a_changed_threshold(here, elsewhere):
    begins = {"begins": "10", "when": "at_least"}
    deep = make_indicator("activity-fell", measure="metric", definition=begins)
    keep_default_model()
    ScoreModel.objects.update(since=YESTERDAY)
    Indicator.objects.filter(pk=deep.pk).update(definition={**begins, "begins": "20"}, severity=3)
    second = keep_default_model()
    assert [(c.weight, c.worst) for c in read_components(second.components)][:2] == [(2, 20), (2, None)]
    assert keep_default_model().number == second.number == 2, "nothing changed"


def test_without_indicators_plans_and_maturity_alone_count(here, elsewhere):
    assert [(i.key, i.weight) for i in read_components(keep_default_model().components)] == [
        ("plan", 30),
        ("maturity", 30),
    ]


def test_new_weights_take_over_on_their_day(here, silent):
    now, later = weigh(of(silent)), weigh(of(silent, 5), since=TOMORROW)
    days = (ago(400), TODAY, TOMORROW)
    assert [model_on(day) for day in days] == [now, now, later]
    replaced = weigh(of(silent, 7))
    assert [model_on(day) for day in days] == [now, replaced, replaced], "the newest decision counts"


def test_a_conflict_and_what_is_refused(here, silent):
    first = weigh(of(silent))
    weigh(of(silent, 5), seen=first.number)
    with pytest.raises(Conflict):
        weigh(of(silent, 6), seen=first.number)
    with pytest.raises(WeightsRefused):
        weigh(of(silent), since=YESTERDAY)
    with pytest.raises(WeightsRefused):
        weigh()
    wrong = [Band("a", D(0), ""), Band("b", D(50), ""), Band("c", D(50), ""), Band("d", D(80), "")]
    with pytest.raises(WeightsRefused):
        weigh(of(silent), bands=wrong)
    assert ScoreModel.objects.count() == 2
    entry = AuditEntry.objects.filter(object_type="scoremodel").latest("id")
    assert (entry.before["weights"], entry.after["weights"]) == (
        f"indicator {silent.pk} 10",
        f"indicator {silent.pk} 5",
    )


def test_new_weights_of_today_work_all_scores_out(here, silent):
    weigh(of(silent))
    assert Job.objects.filter(kind="scores.refresh").count() == 1
    weigh(of(silent, 3), since=TODAY + timedelta(days=3))
    assert Job.objects.filter(kind="scores.refresh").count() == 1


def test_the_other_workspace_has_its_own(here, elsewhere, silent):
    weigh(of(silent))
    read(here.account, silent, True)
    refresh_scores([here.account.pk])
    elsewhere.open()
    assert refresh_scores([here.account.pk, elsewhere.account.pk]) == []
    assert (Score.objects.count(), ScoreModel.objects.count()) == (0, 0)


def test_the_preview_says_what_the_score_will_be_for_what_most_never_meet(here):
    refresh_book()
    none = make_indicator("a1", measure="no_champion")
    missed = make_indicator("b1", measure="service_missed")
    read(here.account, none, True, 0)
    read(here.account, missed, False, 0)
    weigh(of(none, 10), since=TODAY)
    refresh_scores([here.account.pk])
    wanted = [of(none, 10), of(missed, 30)]
    assert preview_of(wanted, read_bands([]), read_bands([])).after == [0.0]
    weigh(*wanted, since=TODAY)
    refresh_scores([here.account.pk])
    assert Score.objects.get(superseded_at=None).score == 0
