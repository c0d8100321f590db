"""My day: what is on it, for whom, in how many queries."""

from datetime import timedelta

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.accounts.actions import create_account
from accounts.accounts.models import Account
from accounts.book.actions import refresh_book
from csworkspace.tenancy.database import open_workspace
from playbooks.plans.content import add_practice, mark_practice
from playbooks.plans.models import Side
from reports.reports.models import Report
from tests.kit import BY, client_of
from tests.playbooks.kit import TODAY, ago, make_metric, measure
from tests.playbooks.myday.makers import ask, figures, follow_plan, in_book, listed, owe, reasons


def test_an_empty_day_is_calm(here):
    response = ask(here)
    assert listed(response) == {}
    assert "Nothing is waiting" in response.text
    assert "stat-value" not in response.text


def test_services_late_due_and_soon(here):
    acme = here.account
    owe(acme, -3)
    owe(acme, -1, "Training", grace=3)
    owe(acme, 6, "Health check")
    owe(acme, 8, "Not yet")
    owe(acme, 3, "Not begun", starts_on=TODAY + timedelta(days=1))
    owe(acme, -3, "Automated", delivered_by="automated")
    owe(acme, -3, "Delivered", delivered_on=TODAY)
    owe(acme, -3, "Waived", waived_at=timezone.now())
    owe(acme, -100, "Missed")
    owe(acme, -3, "A colleague's", owner=here.members["manager"])
    response = ask(here)
    assert {heading: [row[1] for row in rows] for heading, rows in listed(response).items()} == {
        "Late": ["QBR was due 3 days ago"],
        "Today": ["Training was due yesterday, within its grace until 2 Jul"],
        "Next 7 days": ["Health check is due in 6 days"],
    }
    assert [row.item.when for part in response.context["parts"] for row in part.rows] == [
        "27 Jun",
        "29 Jun",
        "6 Jul",
    ]
    assert figures(response) == {
        "Late": "1",
        "Today and the next 7 days": "2",
        "Signals to look at": "0",
        "Targets slipping or off track": "0",
        "New accounts": "0",
    }
    assert 'href="#late"' in response.text


def test_practices_are_ours_within_the_week_and_the_customers_when_late(here):
    plan = follow_plan(here.account, make_metric())
    for title, side, due in (
        ("Ours late", Side.US, ago(18)),
        ("Ours soon", Side.US, ago(-7)),
        ("Ours later", Side.US, ago(-8)),
        ("Theirs late", Side.CUSTOMER, ago(1)),
        ("Theirs today", Side.CUSTOMER, TODAY),
        ("No date", Side.US, None),
    ):
        add_practice(plan, by=BY, title=title, side=side, due_on=due, reason="x")
    mark_practice(
        add_practice(plan, by=BY, title="Done", side=Side.US, due_on=ago(3), reason="x"), by=BY, done_on=TODAY
    )
    response = ask(here)
    assert listed(response) == {
        "Late": [
            ("Acme Industries", "Ours late was due on 12 Jun (yours)", "Mark as done"),
            ("Acme Industries", "Theirs late was due on 29 Jun (the customer’s)", "Mark as done"),
        ],
        "Next 7 days": [("Acme Industries", "Ours soon is due on 7 Jul (yours)", "Mark as done")],
    }


def test_a_practice_belongs_to_its_owner_before_the_plans(here):
    plan = follow_plan(here.account, make_metric())
    add_practice(
        plan, by=BY, title="Hers", side=Side.US, due_on=TODAY, owner=here.members["manager"], reason="x"
    )
    assert reasons(ask(here)) == []
    named = f"?who={here.members['csm'].pk}"
    assert reasons(ask(here, "manager", named)) == []
    assert reasons(ask(here, "manager", "?who=all")) == ["Hers is due today (Manager of Northwind’s)"]


def test_drafts_of_plans_owe_nothing(here):
    plan = follow_plan(here.account, make_metric(), active=False)
    add_practice(plan, by=BY, title="Draft", side=Side.US, due_on=TODAY)
    assert reasons(ask(here)) == []


def test_targets_behind_say_by_how_much_and_lead_to_them(here):
    metric = make_metric()
    measure(here.account, metric, {ago(60): 40, ago(1): 44})
    plan = follow_plan(here.account, metric)
    in_book(here.account, plan_status="off_track")
    response = ask(here)
    assert listed(response) == {
        "Keep an eye on": [("Acme Industries", "Users is off track: 44 of 50 expected", "Open the target")]
    }
    (row,) = response.context["parts"][0].rows
    target = plan.objectives.get().targets.get()
    assert row.item.step.url == here.url(f"plans/{plan.pk}/#target-{target.pk}")
    assert figures(response)["Targets slipping or off track"] == "1"


def test_renewals_without_a_plan(here):
    metric = make_metric()
    fields = {"by": BY, "owner": here.members["csm"]}
    near = create_account(name="Near", renewal_on=ago(-43), **fields)
    drafted = create_account(name="Drafted", renewal_on=ago(-30), **fields)
    create_account(name="Far", renewal_on=ago(-91), **fields)
    create_account(name="Gone", renewal_on=ago(-10), stage="churned", **fields)
    planned = create_account(name="Planned", renewal_on=ago(-10), **fields)
    passed = create_account(name="Passed", renewal_on=ago(12), **fields)
    follow_plan(drafted, metric, active=False)
    in_book(planned, plan_status="on_track")
    in_book(passed, plan_status="on_track")
    rows = listed(ask(here))["Keep an eye on"]
    assert rows == [
        ("Passed", "Renewal was due 12 days ago", "Set the next date"),
        ("Drafted", "Renews in 30 days and its plan is a draft", "Open the draft"),
        ("Near", "Renews in 43 days and has no plan", "Make a plan"),
    ]
    assert near.pk


def test_attention_that_no_other_row_tells(here):
    in_book(here.account, attention=40, reasons=[{"text": "No activity for <30> days", "weight": 40}])
    response = ask(here)
    assert reasons(response) == ["Needs attention: No activity for <30> days"]
    assert "No activity for &lt;30&gt; days" in response.text


def test_three_rows_of_an_account_and_the_others_folded(here):
    for number in range(5):
        owe(here.account, -9 + number, f"S{number}")
    (part,) = ask(here).context["parts"]
    assert [len(row.more) for row in part.rows] == [0, 0, 2]
    assert [row.item.reason[:2] for row in part.rows[2].more] == ["S3", "S4"]
    assert part.count == "5"
    assert "and 2 more for this account" in ask(here).text


def test_headings_and_figures_count_what_stands_beneath_them(here):
    metric = make_metric()
    measure(here.account, metric, {ago(60): 40, ago(1): 44})
    follow_plan(here.account, metric)
    in_book(here.account, plan_status="off_track")
    for number in range(4):
        owe(here.account, -9 + number, f"S{number}")
    owe(here.account, 0, "Today")
    owe(here.account, 5, "Soon")
    Report.objects.create(
        account=here.account, kind="qbr", period="2030-Q1", starts_on=ago(180), ends_on=ago(91),
        generated_at=timezone.now(),
    )  # fmt: skip
    response = ask(here)
    parts = response.context["parts"]
    assert [(part.heading, part.count, len(part.rows), len(part.rows[-1].more)) for part in parts] == [
        ("Late", "4", 3, 1),
        ("Today", "1", 1, 0),
        ("Next 7 days", "2", 2, 0),
        ("Keep an eye on", "1", 1, 0),
    ]
    assert figures(response) == {
        "Late": "4",
        "Today and the next 7 days": "3",
        "Signals to look at": "0",
        "Targets slipping or off track": "1",
        "New accounts": "0",
    }
    urls = [figure["url"] for figure in response.context["figures"]]
    assert urls == ["#late", "#today", "", "#watch", ""]


def test_whose_day_it_is(here):
    theirs = create_account(by=BY, name="Manager's own", owner=here.members["manager"])
    owe(here.account, -1)
    owe(theirs, -2)
    csm, manager = (str(here.members[role].pk) for role in ("csm", "manager"))

    def names(role, query=""):
        return [row[0] for rows in listed(ask(here, role, query)).values() for row in rows]

    assert names("csm") == names("csm", "?who=all") == names("csm", f"?who={manager}") == ["Acme Industries"]
    assert names("manager") == ["Manager's own"]
    assert names("manager", f"?who={csm}") == ["Acme Industries"]
    both = ["Manager's own", "Acme Industries"]
    for query in ("?who=all", "", "?who=99999999999999999999", "?who=x", f"?who={here.members['viewer'].pk}"):
        assert names("executive", query) == both, query
    page = ask(here, "executive", f"?who={csm}")
    assert "<h1>The day of Csm of Northwind</h1>" in page.text
    assert [value for value, _ in page.context["chosen"].options] == ["all", csm, manager]


def test_what_a_churned_account_did_not_get_is_nobodys_work(here):
    owe(here.account, -3)
    here.account.stage = "churned"
    here.account.save()
    response = ask(here, "csm")
    assert [row.item.reason for part in response.context["parts"] for row in part.rows] == []


def test_executives_read_and_change_nothing(here):
    plan = follow_plan(here.account, make_metric())
    add_practice(plan, by=BY, title="Ours", side=Side.US, due_on=TODAY, reason="x")
    in_book(here.account, renewal_on=ago(-20), plan_status="none")
    owe(here.account, 0)
    response = ask(here, "executive")
    steps = [row.item.step for part in response.context["parts"] for row in part.rows]
    assert [(step.label, step.posts) for step in steps] == [
        ("Open the plan", False),
        ("Open the service", False),
        ("Open the account", False),
    ]


def test_nothing_of_another_workspace(here, elsewhere):
    with open_workspace(elsewhere.workspace.pk):
        refresh_book()
        metric = make_metric()
        measure(elsewhere.account, metric, {ago(1): 41})
        plan = follow_plan(elsewhere.account, metric)
        add_practice(plan, by=BY, title="Theirs", side=Side.US, due_on=TODAY, reason="x")
        in_book(
            elsewhere.account, plan_status="off_track", attention=50, reasons=[{"text": "X", "weight": 50}]
        )
        owe(elsewhere.account, -3)
    assert listed(ask(here)) == {}
    assert listed(ask(here, "executive")) == {}
    theirs = ask(elsewhere, "csm")
    assert [row[0] for rows in listed(theirs).values() for row in rows] == ["Acme Industries"] * 4


def fill(account, metric):
    measure(account, metric, {ago(60): 40, ago(1): 44})
    plan = follow_plan(account, metric)
    add_practice(plan, by=BY, title="Ours", side=Side.US, due_on=TODAY, reason="x")
    told = [{"text": "Silent", "weight": 50}]
    in_book(account, plan_status="off_track", attention=50, reasons=told, renewal_on=ago(3))
    owe(account, -3)


def count(here, query=""):
    client = client_of(here.members["csm"])
    with CaptureQueriesContext(connection) as queries:
        assert client.get(here.url(f"day/{query}")).status_code == 200
    return len(queries)


def test_the_number_of_queries_is_constant(here):
    metric = make_metric()
    fill(here.account, metric)
    one = count(here)
    for name in ("B", "C"):
        fill(create_account(by=BY, name=name, owner=here.members["csm"]), metric)
    assert (one, count(here)) == (27, 27)


def test_a_large_book_shows_the_most_urgent_and_says_what_is_left(here):
    Account.objects.bulk_create(
        Account(name=f"A{number:04}", owner=here.members["csm"]) for number in range(200)
    )
    refresh_book()
    for account in Account.objects.exclude(pk=here.account.pk):
        owe(account, -1)
    response = ask(here)
    (part,) = response.context["parts"]
    assert (len(part.rows), part.count) == (50, "200")
    assert part.rows[0].account == "A0000"
    assert "Another 150 rows, less urgent" in response.text
