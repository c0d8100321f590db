"""Noting who of a customer looked into the portal."""

from datetime import date

import pytest

from accounts.accounts.models import PortalViewer
from accounts.accounts.queries import get_account
from accounts.visits.actions import Visitor, note_visit
from accounts.visits.models import PortalVisit
from accounts.visits.queries import visit_words
from tests.kit import BY, client_of

RUTH = Visitor("member 12", "Ruth Kessler")


@pytest.fixture
def announced(monkeypatch):
    found = []
    monkeypatch.setattr(
        "accounts.visits.actions.announce", lambda event, *, by, **args: found.append((event, args))
    )
    return found


def look(here, page="portal_account", visitor=RUTH):
    return note_visit(here.account.pk, visitor, page, by=BY, workspace=here.workspace)


def test_only_the_first_look_of_a_day_is_news(here, elsewhere, announced):
    assert [look(here), look(here), look(here, "portal_plan")] == [True, False, False]
    assert look(here, visitor=Visitor("link 7", "Board (link)")) is True
    rows = PortalVisit.objects.order_by("pk").values_list("visitor", "page", "views")
    assert list(rows) == [
        ("member 12", "portal_account", 2), ("member 12", "portal_plan", 1), ("link 7", "portal_account", 1),
    ]  # fmt: skip
    assert announced == [("visits.changed", {"account_ids": [here.account.pk]})] * 2
    elsewhere.open()
    assert PortalVisit.objects.count() == 0


def test_one_statement_for_a_look(here, announced, django_assert_num_queries):
    with django_assert_num_queries(1):
        look(here)


def test_the_account_tells_when_they_last_looked_in(here):
    assert get_account(here.account.pk).last_visit is None
    look(here)
    found = get_account(here.account.pk).last_visit
    day = date.fromisoformat(found["day"])
    assert visit_words(found, day) == f"today, on {day.day} {day:%b} {day.year} (Ruth Kessler)"
    assert visit_words(None, day) == "never"
    page = client_of(here.members["csm"]).get(here.url(f"accounts/{here.account.pk}/"))
    assert "(Ruth Kessler)" in page.content.decode()


def test_customers_are_noted_and_the_team_is_not(here):
    viewer = here.members["viewer"]
    PortalViewer.objects.create(membership=viewer, account=here.account)
    for path in ("", "plan/", "plan/"):
        assert client_of(viewer).get(here.url(f"portal/{here.account.pk}/{path}")).status_code == 200
        client_of(here.members["csm"]).get(here.url(f"portal/{here.account.pk}/{path}"))
    rows = PortalVisit.objects.order_by("page").values_list("visitor", "visitor_name", "page", "views")
    name = f"member {viewer.pk}", str(viewer)
    assert list(rows) == [(*name, "portal_account", 1), (*name, "portal_plan", 2)]
