"""Making recommendations, what customers answer, what their use shows, and how they end."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from accounts.accounts.models import Account
from csworkspace.audit.models import AuditEntry
from csworkspace.notifications.models import Notification
from csworkspace.tenancy.clock import day_in
from csworkspace.tenancy.database import confine_to_accounts, open_workspace, set_local
from csworkspace.web.times import day
from csworkspace.web.versions import Conflict
from playbooks.frameworks.assessing import assess_accounts, record_answer
from playbooks.frameworks.models import Behaviour
from playbooks.playbooks.steps import Ended, Failed, Waits, step_kind
from playbooks.recommendations import actions
from playbooks.recommendations.actions import (
    Advice,
    answer_recommendation,
    make_recommendation,
    mark_seen,
    take_up,
    withdraw_recommendation,
)
from playbooks.recommendations.happenings import find
from playbooks.recommendations.models import Recommendation
from playbooks.recommendations.queries import rows_of
from playbooks.recommendations.steps import RECOMMENDATION
from playbooks.recommendations.uptake import GRACE_DAYS, check_uptake, expire_late
from tests.kit import BY, client_of
from tests.playbooks.kit import TODAY, ago, make_framework, make_metric
from tests.playbooks.messages.kit import make_step
from tests.playbooks.recommendations.kit import advise, use


@pytest.fixture
def told(monkeypatch):
    """What is announced."""
    found = []
    monkeypatch.setattr(actions, "announce", lambda event, *, by, **args: found.append((event, args)))
    return found


def state(one: Recommendation) -> str:
    return Recommendation.objects.get(pk=one.pk).state


def test_a_recommendation_belongs_to_the_owner_of_the_account(here, elsewhere, told):
    one = advise(here.account, features=["a.b", "a.b", "c.*"])
    assert (one.owner, one.features, one.state) == (here.members["csm"], ["a.b", "c.*"], "open")
    assert told == [("recommendations.changed", {"account_ids": [here.account.pk]})]
    with open_workspace(elsewhere.workspace.pk):
        assert Recommendation.objects.count() == 0


@pytest.mark.parametrize(
    ("answer", "becomes", "title"),
    [
        ("accept", "accepted", "Test accepted “Let rules plan visits”"),
        ("decline", "declined", "Test declined “Let rules plan visits”"),
        ("done", "taken_up", "Test has done “Let rules plan visits”"),
    ],
)
def test_an_answer_is_kept_and_the_owner_learns_of_it(here, answer, becomes, title):
    one = answer_recommendation(advise(here.account), answer, by=BY, note="Because")
    assert (state(one), one.answered_by, one.answer_note) == (becomes, "Test", "Because")
    assert list(Notification.objects.values_list("member__role", "title", "text")) == [
        ("csm", title, "Acme Industries. Because")
    ]
    assert (one.closed_at is None) == (becomes == "accepted")


def test_an_answer_to_what_has_ended_or_changed_is_a_conflict(here):
    one = advise(here.account)
    with pytest.raises(Conflict):
        answer_recommendation(one, "accept", by=BY, seen=99)
    withdraw_recommendation(one, by=BY, reason="Not theirs")
    with pytest.raises(Conflict):
        answer_recommendation(one, "accept", by=BY)
    with pytest.raises(Conflict):
        withdraw_recommendation(one, by=BY, reason="Again")
    assert take_up(one, by=BY, shown_by="x", on=TODAY) is False


def test_an_accepted_one_may_be_done_later(here):
    one = answer_recommendation(advise(here.account), "accept", by=BY)
    done = answer_recommendation(one, "done", by=BY)
    assert (done.state, done.taken_up_by, done.taken_up_on) == ("taken_up", "Test said so", TODAY)
    assert AuditEntry.objects.filter(object_type="recommendation").count() == 3


def test_use_of_a_feature_after_it_was_shared_shows_it(here, elsewhere, told):
    now = timezone.now()
    one, prefix = (
        advise(here.account, features=["automation.rules"]),
        advise(here.account, features=["api.*"]),
    )
    like = advise(here.account, features=["automation_rules", "apis", "api"])
    with open_workspace(elsewhere.workspace.pk):
        theirs = advise(elsewhere.account, features=["automation.rules"])
        use(elsewhere.account, "api.sync", at=now)
    use(here.account, "automation.rules", at=now - timedelta(days=11))
    assert check_uptake([here.account.pk], by=BY) == 0, "that was before"
    first = now - timedelta(days=2)
    use(here.account, "automation.rules", at=first)
    use(here.account, "automation.rules", at=now - timedelta(days=1), user="bob@acme.example")
    use(Account.objects.create(name="Other"), "api.sync", at=now)
    assert check_uptake([here.account.pk], by=BY) == 1
    one.refresh_from_db()
    on = day_in(here.workspace, first)
    assert (one.state, one.taken_up_on) == ("taken_up", on)
    assert one.taken_up_by == f"automation.rules was used on {day(on)}; by 2 people so far"
    assert [state(prefix), state(like)] == ["open", "open"]
    use(here.account, "api.sync", at=now)
    assert check_uptake(None, by=BY) == 1
    assert [state(prefix), state(like)] == ["taken_up", "open"]
    with open_workspace(elsewhere.workspace.pk):
        assert state(theirs) == "open"


def test_uptake_is_looked_for_in_a_fixed_number_of_queries(here, django_assert_num_queries):
    for number in range(3):
        advise(here.account, f"No {number}", features=["never.used"])
    with django_assert_num_queries(3):
        check_uptake(None, by=BY)


def test_a_behaviour_that_holds_shows_it(here):
    make_framework(make_metric())
    behaviour = Behaviour.objects.get(name="Plans ahead")
    one = advise(here.account, behaviour=behaviour)
    assess_accounts([here.account.pk], by=BY)
    assert check_uptake(None, by=BY) == 0
    record_answer(here.account, behaviour, by=BY, holds=True)
    assert check_uptake(None, by=BY) == 1
    one.refresh_from_db()
    assert (one.state, one.taken_up_by) == ("taken_up", "“Plans ahead” holds by the maturity assessment")


def test_what_is_not_taken_up_in_time_expires_after_a_grace(here):
    late = advise(here.account, due_on=ago(GRACE_DAYS + 1))
    grace = advise(here.account, due_on=ago(GRACE_DAYS))
    without = advise(here.account)
    done = answer_recommendation(advise(here.account, due_on=ago(100)), "done", by=BY)
    assert expire_late(TODAY, by=BY) == 1
    assert [state(one) for one in (late, grace, without, done)] == ["expired", "open", "open", "taken_up"]


def test_what_the_customer_has_not_answered_is_said_in_days(here):
    on = day_in(here.workspace, timezone.now())
    one = advise(here.account)
    row = rows_of(here.account.pk, here.workspace, on)[0]
    assert (row.so_far, row.is_ignored) == ("Not seen for 10 days", False)
    later = rows_of(here.account.pk, here.workspace, on + timedelta(days=4))[0]
    assert (later.so_far, later.is_ignored) == ("Not seen for 14 days", True)
    assert mark_seen(here.account.pk) == 1
    assert mark_seen(here.account.pk) == 0
    assert rows_of(here.account.pk, here.workspace, on)[0].so_far == "Seen today"
    answer_recommendation(one, "accept", by=BY)
    assert rows_of(here.account.pk, here.workspace, on)[0].so_far.startswith("Accepted by Test, ")


def test_a_confined_customer_sees_their_own_accounts_only(here):
    advise(here.account)
    other = advise(Account.objects.create(name="Other"))
    confine_to_accounts([here.account.pk])
    assert Recommendation.objects.count() == 1
    assert Recommendation.objects.filter(pk=other.pk).update(title="x") == 0
    set_local(accounts="")
    with connection.cursor() as cursor:
        cursor.execute("select title from playbooks_recommendation where id = %s", [other.pk])
        assert cursor.fetchone() == ("Let rules plan visits",)


def test_a_step_advises_once_and_goes_on_or_waits(here, told):
    assert step_kind("recommendation") == RECOMMENDATION
    step = make_step(here.account, "recommendation", title="Do it", features=["a.b"], due_days=10)
    first, again = RECOMMENDATION.begin(step), RECOMMENDATION.begin(step)
    one = Recommendation.objects.get()
    assert first == again == Ended(result={"recommendation": one.pk})
    assert (one.due_on, one.features) == (TODAY + timedelta(days=10), ["a.b"])
    waiting = make_step(here.account, "recommendation", title="Do that", answer="wait")
    assert isinstance(RECOMMENDATION.begin(waiting), Waits)
    told.clear()
    answer_recommendation(Recommendation.objects.get(step=waiting.step), "accept", by=BY)
    assert [event for event, _ in told] == ["recommendations.changed"], "accepting is no end"
    answer_recommendation(Recommendation.objects.get(step=waiting.step), "decline", by=BY, note="No time")
    event, args = told[-1]
    assert (event, args["step_id"], args["outcome"], args["note"]) == (
        "plays.step_ended", waiting.step.pk, "declined", "No time",
    )  # fmt: skip
    assert RECOMMENDATION.begin(waiting).outcome == "declined"
    assert isinstance(RECOMMENDATION.begin(make_step(here.account, "recommendation")), Failed)


def test_stopping_a_play_withdraws_what_is_unanswered(here):
    left = make_step(here.account, "recommendation", title="A", answer="wait")
    kept = make_step(here.account, "recommendation", title="B", answer="wait")
    for step in (left, kept):
        RECOMMENDATION.begin(step)
    answer_recommendation(Recommendation.objects.get(title="B"), "accept", by=BY)
    for step in (left, kept):
        RECOMMENDATION.cancel(step)
    assert dict(Recommendation.objects.values_list("title", "state")) == {"A": "withdrawn", "B": "accepted"}


def test_a_stop_that_comes_after_the_customer_s_yes_leaves_it(here):
    one = advise(here.account)
    answer_recommendation(one, "accept", by=BY)
    with pytest.raises(Conflict):
        withdraw_recommendation(one, by=BY, reason="Stopped", is_accepted_kept=True)
    assert state(one) == "accepted"


def test_the_step_s_form_keeps_plain_values(here):
    form = RECOMMENDATION.form(
        {"title": "T", "features": " a.b \n\nc.*\na.b", "due_days": "30", "answer": "wait"}
    )
    assert form.is_valid(), form.errors
    params = form.params()
    assert params == {
        "title": "T",
        "text": "",
        "why": "",
        "features": ["a.b", "c.*"],
        "due_days": 30,
        "answer": "wait",
    }
    assert (
        RECOMMENDATION.words(params) == "“T” to the customer, due in 30 days, and wait for what comes of it"
    )
    assert [value for value, _ in RECOMMENDATION.outcomes({})] == ["done"]
    assert RECOMMENDATION.form(params).is_valid(), "what is stored can be read again"
    bad = RECOMMENDATION.form({"title": "T", "features": "a*b", "due_days": "0"})
    assert sorted(bad.errors) == ["due_days", "features"]


def test_the_team_makes_withdraws_and_marks(here, elsewhere):
    csm = client_of(here.members["csm"])
    url = here.url(f"accounts/{here.account.pk}/recommendations/")
    assert "Nothing was recommended yet" in csm.get(url).text
    assert csm.post(f"{url}new/", {"title": ""}).status_code == 422
    csm.post(f"{url}new/", {"title": "<b>Try</b>", "features": "a.b"})
    one = Recommendation.objects.get()
    page = csm.get(here.url(f"recommendations/{one.pk}/"))
    assert "&lt;b&gt;Try&lt;/b&gt;" in page.text
    assert "<b>Try</b>" not in page.text
    assert csm.post(here.url(f"recommendations/{one.pk}/withdrawals/"), {"reason": ""}).status_code == 422
    csm.post(here.url(f"recommendations/{one.pk}/uptakes/"), {"shown_by": "Showed us"})
    one.refresh_from_db()
    assert (one.state, one.taken_up_by) == ("taken_up", "Showed us (Csm of Northwind)")
    assert [row.title for row in csm.get(url).context["rows"]] == ["<b>Try</b>"]


def test_a_list_takes_a_fixed_number_of_queries(here, django_assert_num_queries):
    csm = client_of(here.members["csm"])
    url = here.url(f"accounts/{here.account.pk}/recommendations/")
    advise(here.account)
    with django_assert_num_queries(14):
        csm.get(url)
    advise(here.account, "B")
    advise(here.account, "C")
    with django_assert_num_queries(14):
        csm.get(url)


def test_they_are_on_the_timeline(rf, here, elsewhere):
    with open_workspace(elsewhere.workspace.pk):
        advise(elsewhere.account)
    one = advise(here.account, why="Saves an hour")
    answer_recommendation(one, "decline", by=BY, note="No")
    request = rf.get("/")
    request.workspace = here.workspace
    newest = find(request, here.account.pk, None, 1)
    older = find(request, here.account.pk, (newest[0].at, newest[0].key), 5)
    assert [(h.title, h.text) for h in [*newest, *older]] == [
        ("Declined: Let rules plan visits", "No"),
        ("Recommended: Let rules plan visits", "Saves an hour"),
    ]


def test_make_recommendation_takes_another_owner(here):
    made = make_recommendation(here.account, Advice("T"), by=BY, owner=here.members["manager"])
    assert made.owner == here.members["manager"]
