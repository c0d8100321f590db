"""The pages of plans."""

from decimal import Decimal as D

import pytest

from accounts.book.models import BookRow
from accounts.segments.actions import create_segment
from accounts.segments.definition import read_definition
from playbooks.attention.actions import refresh_standing
from playbooks.benchmarks.actions import take_benchmark
from playbooks.frameworks.assessing import assess_accounts
from playbooks.frameworks.models import Behaviour
from playbooks.plans import actions, content
from playbooks.plans.models import Objective, Plan, Practice, Revision, Target
from tests.kit import BY, client_of
from tests.playbooks.kit import TODAY, ago, make_framework, make_metric, measure
from tests.playbooks.plans.test_queries import followed_accounts


def errors(response):
    return response.context["form"].errors.get_json_data()


def messages(response):
    return [error["message"] for found in errors(response).values() for error in found]


def test_the_way_from_benchmark_to_shared_plan(here, csm):
    metric = make_metric("users")
    measure(here.account, metric, {ago(3): 40})
    take_benchmark(here.account, by=BY)
    new = csm.get(here.url(f"accounts/{here.account.pk}/plans/new/"))
    assert new.context["form"].initial["owner"] == here.members["csm"]
    typed = {
        "title": "Faster close",
        "starts_on": "2030-06-30",
        "ends_on": "2030-12-31",
        "owner": here.members["csm"].pk,
    }
    made = csm.post(here.url(f"accounts/{here.account.pk}/plans/new/"), typed)
    plan = Plan.objects.get()
    assert (made.status_code, made["Location"]) == (302, here.url(f"plans/{plan.pk}/"))
    csm.post(here.url(f"plans/{plan.pk}/objectives/new/"), {"words": "Close sooner", "version": 1})
    objective = Objective.objects.get()
    form = csm.get(here.url(f"objectives/{objective.pk}/targets/users/")).context["form"]
    assert (form.initial["baseline"], form.initial["value"]) == ("40", "48")
    saved = csm.post(
        here.url(f"objectives/{objective.pk}/targets/users/"),
        {
            "baseline": "40",
            "value": "48",
            "starts_on": "2030-06-30",
            "due_on": "2030-12-31",
            "stop_1_on": "2030-09-30",
            "stop_1_value": "43.5",
            "version": 2,
        },
    )
    assert saved["Location"] == here.url(f"plans/{plan.pk}/#objective-{objective.pk}")
    target = Target.objects.get()
    assert (target.baseline_on, target.checkpoints) == (TODAY, [{"on": "2030-09-30", "value": "43.5"}])
    csm.post(here.url(f"plans/{plan.pk}/activations/"))
    csm.post(here.url(f"plans/{plan.pk}/sharings/"))
    plan.refresh_from_db()
    assert (plan.state, plan.shared_at is not None) == ("active", True)


def test_page_shows_numbers_links_rule_and_escapes(here, csm, active):
    content.edit_objective(active.objective, by=BY, words="<script>alert(1)</script>", reason="<b>why</b>")
    measure(here.account, active.metric, {ago(10): 48})
    page = csm.get(here.url(f"plans/{active.plan.pk}/"))
    figures = [(item.label, item.value) for item in page.context["objectives"][0]["targets"][0].figures]
    assert figures == [
        ("Baseline", "40\u00a0users"),
        ("Expected by now", "50\u00a0users"),
        ("Actual", "48\u00a0users"),
        ("Forecast", "68\u00a0users"),
        ("Target", "60\u00a0users"),
    ]
    html = page.text
    evidence = here.url(f"accounts/{here.account.pk}/evidence/users/")
    assert html.count(f'href="{evidence}?day={ago(10)}"') == 2
    assert html.count(f'href="{evidence}?day={ago(50)}"') == 1
    assert "no more than 10 points behind the path" in html
    assert "<script>alert(1)" not in html
    assert "<b>why</b>" not in html
    assert "&lt;b&gt;why&lt;/b&gt;" in html


def test_executive_reads_and_cannot_write(here, active):
    client = client_of(here.members["executive"])
    page = client.get(here.url(f"plans/{active.plan.pk}/"))
    assert page.status_code == 200
    assert here.url(f"targets/{active.target.pk}/") not in page.text
    assert "<button" not in page.text.split('id="main"')[1].split("<footer")[0]
    assert client.post(here.url(f"plans/{active.plan.pk}/sharings/")).status_code == 403


def test_invalid_target_keeps_what_was_typed(here, csm, draft):
    url = here.url(f"targets/{draft.target.pk}/")
    typed = {"baseline": "40", "value": "30", "starts_on": "2030-05-11", "due_on": "x", "stop_2_value": "9"}
    refused = csm.post(url, typed)
    assert refused.status_code == 422
    assert errors(refused).keys() == {"due_on", "stop_2_on"}
    assert 'value="30"' in refused.text
    typed |= {"due_on": "2030-08-19", "stop_2_value": ""}
    assert messages(csm.post(url, typed)) == [
        "Higher is better for Users, so that the target cannot be below the baseline. "
        "To hold a value, set the target equal to the baseline."
    ]


@pytest.mark.parametrize("number", ["1e400", "NaN", "Infinity", "1" * 30, "abc", ""])
def test_numbers_that_are_none_are_refused(here, csm, draft, number):
    typed = {"baseline": "40", "value": number, "starts_on": "2030-05-11", "due_on": "2030-08-19"}
    assert csm.post(here.url(f"targets/{draft.target.pk}/"), typed).status_code == 422


def test_change_without_reason_is_refused(here, csm, active):
    url = here.url(f"objectives/{active.objective.pk}/")
    refused = csm.post(url, {"words": "Other", "version": active.plan.version, "reason": " "})
    assert (refused.status_code, errors(refused).keys()) == (422, {"reason"})
    csm.post(url, {"words": "Other", "version": active.plan.version, "reason": "They said so"})
    assert Revision.objects.get().reason == "They said so"


def test_second_of_two_at_once_is_told(here, csm, active):
    url = here.url(f"objectives/{active.objective.pk}/")
    seen = csm.get(url).context["form"]["version"].value()
    content.edit_objective(active.objective, by=BY, words="First", reason="A")
    late = csm.post(url, {"words": "Second", "version": seen, "reason": "B"})
    assert late.status_code == 409
    assert late.content.decode().count("<h2>Not saved</h2>") == 1
    assert "Somebody else changed this plan" in messages(late)[0]
    assert "Second" in late.text
    active.objective.refresh_from_db()
    assert active.objective.words == "First"


def test_removal_asks_first(here, csm, active):
    url = here.url(f"targets/{active.target.pk}/removals/")
    assert csm.get(url).status_code == 200
    assert Target.objects.count() == 1
    csm.post(url, {"version": active.plan.version, "reason": "Not measured any more"})
    assert Target.objects.count() == 0


def test_practices_come_from_the_next_level_with_one_click(here, csm, active):
    make_framework(active.metric)
    measure(here.account, active.metric, {TODAY: 30})
    assess_accounts([here.account.pk], by=BY)
    page = csm.get(here.url(f"plans/{active.plan.pk}/"))
    behaviour = Behaviour.objects.get(name="Plans ahead")
    assert [(item["id"], item["level"]) for item in page.context["suggestions"]] == [
        (behaviour.pk, "Strategic")
    ]
    for _ in range(2):
        csm.post(here.url(f"plans/{active.plan.pk}/adoptions/"), {"behaviour": behaviour.pk})
    practice = Practice.objects.get()
    assert (practice.title, practice.behaviour, practice.due_on) == (
        "Plans ahead",
        behaviour,
        active.plan.ends_on,
    )
    assert Revision.objects.get().reason == "A step towards level 3, Strategic."
    csm.post(here.url(f"practices/{practice.pk}/completions/"), {"done": "yes"})
    practice.refresh_from_db()
    assert practice.done_on == TODAY
    page = csm.get(here.url(f"plans/{active.plan.pk}/"))
    assert (page.context["suggestions"], page.context["practices_done"]) == ([], 1)


def test_closing_asks_how_it_ended(here, csm, active):
    url = here.url(f"plans/{active.plan.pk}/closures/")
    assert csm.post(url, {"note": "", "version": active.plan.version}).status_code == 422
    csm.post(url, {"note": "Reached", "version": active.plan.version})
    page = csm.get(here.url(f"accounts/{here.account.pk}/plan/"))
    assert [item["title"] for item in page.context["others"]] == ["Faster close"]
    assert csm.get(here.url(f"plans/{active.plan.pk}/")).context["editable"] is False


def test_account_without_plan_says_what_to_do_next(here, csm):
    url = here.url(f"accounts/{here.account.pk}/plan/")
    assert "Take the day-1 benchmark" in csm.get(url).text
    take_benchmark(here.account, by=BY)
    assert here.url(f"accounts/{here.account.pk}/plans/new/") in csm.get(url).text


def test_plan_of_others_is_not_found(here, elsewhere, active):
    stranger = client_of(elsewhere.members["admin"])
    for path in (
        f"plans/{active.plan.pk}/",
        f"targets/{active.target.pk}/",
        "plans/987654321/",
        f"plans/{10**25}/",
    ):
        assert stranger.get(elsewhere.url(path)).status_code == 404


def test_list_filters_and_sorts_by_attention(here, csm, active):
    followed_accounts(active, 3)
    ids = list(Plan.objects.order_by("account_id").values_list("account_id", flat=True))
    refresh_standing(ids)

    def shown(query=""):
        return [(row.account, row.status) for row in csm.get(here.url(f"plans/{query}")).context["rows"]]

    assert shown() == [
        ("Acme Industries", "off_track"),
        ("Account 2", "off_track"),
        ("Account 0", "ahead"),
        ("Account 1", "on_track"),
    ]
    assert shown("?status=ahead") == [("Account 0", "ahead")]
    assert shown("?status=nonsense") == shown()
    assert shown("?owner=mine") == shown()
    BookRow.objects.filter(name="Account 2").update(attention=99)
    assert shown()[0] == ("Account 2", "off_track")
    after = csm.get(here.url("plans/")).context["rows"][1].cursor
    assert shown(f"?after={after}") == shown()[2:]
    assert [(tab["label"], tab["count"]) for tab in csm.get(here.url("plans/")).context["tabs"]] == [
        ("All", 4),
        ("Off track", 2),
        ("Slipping", 0),
        ("No data", 0),
        ("On track", 1),
        ("Ahead", 1),
    ]


def test_list_of_others_is_empty(here, elsewhere, active):
    page = client_of(elsewhere.members["csm"]).get(elsewhere.url("plans/"))
    assert page.context["rows"] == []
    assert "No active plans" in page.text


def test_pages_take_a_constant_number_of_queries(here, csm, active, django_assert_num_queries):
    measure(here.account, active.metric, {ago(10): 48})
    refresh_standing([here.account.pk])
    csm.get(here.url("plans/"))
    with django_assert_num_queries(PLAN_QUERIES):
        csm.get(here.url(f"plans/{active.plan.pk}/"))
    with django_assert_num_queries(LIST_QUERIES):
        csm.get(here.url("plans/"))
    for key in ("a", "b"):
        metric = make_metric(key)
        measure(here.account, metric, {ago(60): 1, ago(10): 2})
        objective = content.add_objective(active.plan, by=BY, words=key, reason=key)
        content.add_target(
            objective,
            metric,
            by=BY,
            baseline=D(1),
            value=D(3),
            starts_on=ago(50),
            due_on=TODAY,
            reason=key,
        )
    followed_accounts(active, 2)
    refresh_standing(list(Plan.objects.values_list("account_id", flat=True)))
    with django_assert_num_queries(PLAN_QUERIES):
        csm.get(here.url(f"plans/{active.plan.pk}/"))
    with django_assert_num_queries(LIST_QUERIES):
        assert len(csm.get(here.url("plans/")).context["rows"]) == 3


PLAN_QUERIES, LIST_QUERIES = 22, 18


def test_draft_is_discarded_from_its_page(here, csm, draft):
    gone = csm.post(here.url(f"plans/{draft.plan.pk}/removals/"))
    assert gone["Location"] == here.url(f"accounts/{here.account.pk}/plan/")
    assert Plan.objects.count() == 0


def test_unfinished_draft_is_not_activated(here, csm, draft):
    content.remove_target(draft.target, by=BY)
    page = csm.post(here.url(f"plans/{draft.plan.pk}/activations/"), follow=True)
    assert "Objective 1 has no target" in page.text
    with pytest.raises(actions.NotReady):
        actions.activate_plan(draft.plan, by=BY)


def test_account_page_reads_plan_and_maturity_in_few_queries(here, csm, active, django_assert_num_queries):
    from playbooks.frameworks.panels import maturity_panel
    from playbooks.plans.panels import plan_panel

    make_framework(active.metric)
    measure(here.account, active.metric, {ago(10): 48})
    assess_accounts([here.account.pk], by=BY)
    request = csm.get(here.url("plans/")).wsgi_request
    with django_assert_num_queries(4):
        plan = plan_panel(request, here.account)
        maturity = maturity_panel(request, here.account)
    assert (plan["status"], plan["targets"][0]["percent"], maturity["maturity"].level) == ("on_track", 40, 2)
    assert [item.name for item in maturity["missing"]] == ["Plans ahead"]


def test_list_of_one_segment(here, csm, active):
    followed_accounts(active, 3)
    refresh_standing(list(Plan.objects.order_by("account_id").values_list("account_id", flat=True)))
    ahead = {"field": "plan", "op": "in", "value": ["ahead"], "of": ""}
    data = {"match": "all", "groups": [{"match": "all", "conditions": [ahead]}]}
    segment = create_segment(by=BY, name="Ahead of it", definition=read_definition(data))
    page = csm.get(here.url(f"plans/?segment={segment.pk}"))
    assert [row.account for row in page.context["rows"]] == ["Account 0"]
    assert f'<option value="{segment.pk}" selected>Ahead of it</option>' in page.text
    assert [tab["count"] for tab in page.context["tabs"]] == [1, 0, 0, 0, 0, 1]
    assert page.context["tabs"][1]["url"] == f"?status=off_track&segment={segment.pk}"
    gone = csm.get(here.url("plans/?segment=987654321"))
    assert "No account of this segment follows a plan." in gone.text
