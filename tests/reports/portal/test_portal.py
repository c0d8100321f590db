"""What customers see of their account, and that they see nothing else."""

from datetime import UTC, datetime

import pytest
from django.urls import get_resolver

from accounts.accounts.models import Account, PortalViewer
from accounts.visits.models import PortalVisit
from csworkspace.people.access import Needs
from csworkspace.people.models import Role
from csworkspace.tenancy.clock import today_of
from csworkspace.tenancy.models import Workspace
from playbooks.frameworks.assessing import assess_accounts
from playbooks.frameworks.models import Assessment
from playbooks.plans.models import Plan, Revision
from reports.reports import actions
from reports.reports.models import Report
from tests.kit import BY, client_of
from tests.reports.kit import make_snapshot, without_tokens
from tests.reports.story import make_events, make_story

PAGES = ("", "plan/", "progress/", "maturity/", "reports/", "evidence/active-users/")


@pytest.fixture
def customer(here, elsewhere):
    """A viewer bound to the account, whose plan is shared."""
    make_story(here.account)
    Account.objects.create(name="Acme Industries Ltd", reason_bought="secret of the other")
    PortalViewer.objects.create(membership=here.members[Role.VIEWER], account=here.account)
    return client_of(here.members[Role.VIEWER])


def make_report(account: Account, *, issued: bool) -> Report:
    report = Report.objects.create(
        account=account,
        kind="progress",
        period="2026-Q3" if issued else "2026-Q2",
        starts_on="2026-07-01",
        ends_on="2026-09-30",
        actor="Test",
        snapshot=make_snapshot("progress", account.name),
    )
    return actions.freeze_report(report, by=BY) if issued else report


def page(world, account: Account, path: str = "") -> str:
    return world.url(f"portal/{account.pk}/{path}")


def test_the_front_door_leads_to_the_only_account(here, customer):
    response = customer.get(here.url("portal/"))
    assert (response.status_code, response.url) == (302, page(here, here.account))


def test_the_front_door_lists_several_accounts(here, customer):
    other = Account.objects.get(name="Acme Industries Ltd")
    PortalViewer.objects.create(membership=here.members[Role.VIEWER], account=other)
    response = customer.get(here.url("portal/"))
    assert [a.name for a in response.context["accounts"]] == ["Acme Industries", "Acme Industries Ltd"]


@pytest.mark.parametrize("path", PAGES)
def test_customers_see_their_pages_without_anything_internal(here, customer, path):
    here.account.arr = 48_123
    here.account.save()
    text = customer.get(page(here, here.account, path)).content.decode()
    assert "Acme Industries" in text
    for internal in ("48,123", "Attention", "secret of the other", "Book of business", "csm@northwind"):
        assert internal not in text


def test_the_overview_says_how_the_plan_stands(here, customer):
    text = customer.get(page(here, here.account)).content.decode()
    assert "Same numbers for all." in text
    assert "Monthly active users" in text


def test_days_are_those_of_the_workspace_s_time_zone(here, customer):
    Workspace.objects.update(timezone="America/New_York")
    late = datetime(2026, 10, 1, 2, tzinfo=UTC)
    Revision.objects.update(revised_at=late)
    assess_accounts([here.account.pk], by=BY)
    Assessment.objects.update(assessed_at=late)
    (revision,) = customer.get(page(here, here.account, "plan/")).context["revisions"]
    assert (revision["when"], revision["iso"]) == ("30 Sep 2026", "2026-09-30")
    assert customer.get(page(here, here.account, "maturity/")).context["assessed"] == "30 Sep 2026"


def test_another_account_another_workspace_and_none_answer_the_same(here, elsewhere, customer):
    other = Account.objects.get(name="Acme Industries Ltd")
    found = {
        (response.status_code, without_tokens(response))
        for path in PAGES
        for pk in (other.pk, elsewhere.account.pk, 2**40)
        for response in [customer.get(here.url(f"portal/{pk}/{path}"))]
    }
    assert [status for status, _ in found] == [404]
    assert customer.get(elsewhere.url(f"portal/{elsewhere.account.pk}/")).status_code == 404


def test_a_plan_that_is_not_shared_is_not_shown(here, customer):
    Plan.objects.update(shared_at=None)
    for path in ("", "plan/", "progress/"):
        text = customer.get(page(here, here.account, path)).content.decode()
        assert "No plan is shared yet" in text
        assert "Same numbers for all." not in text
    assert customer.get(page(here, here.account, "evidence/active-users/")).status_code == 404


def test_drafts_are_not_shown_and_issued_reports_are(here, customer):
    draft, issued = make_report(here.account, issued=False), make_report(here.account, issued=True)
    listed = customer.get(page(here, here.account, "reports/")).context["reports"]
    assert [row.id for row in listed] == [issued.pk]
    assert customer.get(page(here, here.account, f"reports/{issued.pk}/")).status_code == 200
    pdf = customer.get(page(here, here.account, f"reports/{issued.pk}/pdf/"))
    assert pdf["Content-Type"] == "application/pdf"
    assert pdf["Content-Disposition"] == 'attachment; filename="acme-industries-progress-2026-Q3.pdf"'
    assert pdf.content == bytes(issued.pdf.content)
    for path in (f"reports/{draft.pk}/", f"reports/{draft.pk}/pdf/"):
        assert customer.get(page(here, here.account, path)).status_code == 404


def test_a_report_of_another_account_is_not_reached_through_ones_own(here, customer):
    other = Account.objects.get(name="Acme Industries Ltd")
    theirs = make_report(other, issued=True)
    for path in (f"reports/{theirs.pk}/", f"reports/{theirs.pk}/pdf/"):
        assert customer.get(page(here, here.account, path)).status_code == 404


def test_the_evidence_shows_counts_and_nobody_s_address(here, customer):
    make_events(Account.objects.get(name="Acme Industries Ltd"), here.account.plans.get().starts_on, 3)
    response = customer.get(page(here, here.account, "evidence/active-users/?day=2026-09-28"))
    assert response.context["uses"]["rows"] == [{"feature": "report.view", "times": "6", "people": "6"}]
    assert response.context["value"] == "150\u00a0users"
    assert [(row.day, row.value) for row in response.context["rows"]] == [
        ("28 Sep 2026", "150\u00a0users"),
        ("1 Jul 2026", "100\u00a0users"),
        ("20 Jun 2026", "90\u00a0users"),
    ]
    assert "@acme.example" not in response.content.decode()


@pytest.mark.parametrize(
    "day",
    ["2026-13-01", "", "2999-01-01", "\x00", "x" * 5000, "20260928", "0001-01-01", "1999-12-31"],
)
def test_a_day_that_is_none_or_long_ago_means_today(here, customer, day):
    response = customer.get(page(here, here.account, "evidence/active-users/"), {"day": day})
    assert response.status_code == 200
    assert response.context["on"]["iso"] == today_of(here.workspace).isoformat()


def workspace_routes():
    """(pattern, view) of every route under a workspace."""

    def walk(patterns, prefix=""):
        for item in patterns:
            path = prefix + str(item.pattern)
            if hasattr(item, "url_patterns"):
                yield from walk(item.url_patterns, path)
            else:
                yield path, item.callback

    return [(path, view) for path, view in walk(get_resolver().url_patterns) if path.startswith("w/<")]


def test_a_customer_reaches_no_route_of_the_staff(here, customer):
    import re

    reached = set()
    for path, view in workspace_routes():
        if view.needs is Needs.PORTAL:
            continue
        address = "/" + path.replace("<slug:workspace>", here.workspace.slug)
        address = re.sub(r"<int:\w+>", str(here.account.pk), address)
        address = re.sub(r"<\w+:\w+>", "x", address)
        for response in (customer.get(address), customer.post(address)):
            if response.status_code != 404:
                reached.add((path, response.status_code))
    assert reached == set()


def test_staff_see_the_pages_with_a_banner_and_the_book_instead_of_the_front_door(here, customer):
    staff = client_of(here.members[Role.CSM])
    text = staff.get(page(here, here.account)).content.decode()
    assert "You are looking at what Acme Industries sees." in text
    assert staff.get(here.url("portal/")).url == here.url("book/")


@pytest.mark.parametrize(("path", "queries"), [("progress/", 23), ("reports/", 17)])
def test_pages_take_a_fixed_number_of_queries(here, customer, path, queries, django_assert_num_queries):
    # The first look of a day is news, and starts jobs of whoever listens; any look is noted by one statement.
    customer.get(page(here, here.account, path))
    with django_assert_num_queries(queries):
        customer.get(page(here, here.account, path))


def test_reading_the_pdf_is_reading_the_report(here, customer):
    report = make_report(here.account, issued=True)
    assert customer.get(page(here, here.account, f"reports/{report.pk}/pdf/")).status_code == 200
    here.open()
    assert list(PortalVisit.objects.values_list("page", flat=True)) == [f"portal_report {report.pk}"]
