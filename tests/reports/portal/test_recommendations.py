"""What customers see of recommendations, and who may answer."""

from datetime import date

import pytest

from accounts.accounts.models import Account, PortalViewer
from csworkspace.people.models import Role
from csworkspace.tenancy.database import open_workspace
from playbooks.recommendations.actions import take_up
from playbooks.recommendations.models import Recommendation
from reports.portal.actions import create_link
from tests.kit import BY, WalledClient, client_of
from tests.playbooks.recommendations.kit import advise


@pytest.fixture
def customer(here, elsewhere):
    """A viewer of one account; another account and another workspace have recommendations, too."""
    with open_workspace(elsewhere.workspace.pk):
        advise(elsewhere.account, "Of the lookalike")
    advise(Account.objects.create(name="Other"), "Of another account")
    PortalViewer.objects.create(membership=here.members[Role.VIEWER], account=here.account)
    return client_of(here.members[Role.VIEWER])


def url_of(world, one: Recommendation | None = None) -> str:
    base = world.url(f"portal/{world.account.pk}/recommendations/")
    return f"{base}{one.pk}/answers/" if one else base


def titles(page) -> list[str]:
    return [row.title for row in [*page.context["open"], *page.context["over"]]]


def state(one: Recommendation) -> tuple[str, str]:
    one.refresh_from_db()
    return one.state, one.answered_by


def test_a_customer_looks_and_answers(here, customer):
    one = advise(here.account, why="It saves <an hour>")
    Recommendation.objects.filter(pk=advise(here.account, "Withdrawn").pk).update(state="withdrawn")
    page = customer.get(url_of(here))
    assert titles(page) == ["Let rules plan visits"]
    assert "It saves &lt;an hour&gt;" in page.text
    one.refresh_from_db()
    assert one.seen_at is not None
    answer = customer.post(url_of(here, one), {"answer": "accept", "note": "Gladly", "version": one.version})
    assert (answer.status_code, answer["Location"]) == (302, url_of(here))
    assert state(one) == ("accepted", "Viewer of Northwind")
    assert "It is done" in customer.get(url_of(here)).text


@pytest.mark.parametrize("data", [{}, {"answer": "steal"}, {"answer": "accept", "note": "x" * 501}])
def test_what_is_no_answer_changes_nothing(here, customer, data):
    one = advise(here.account)
    customer.post(url_of(here, one), data)
    assert state(one) == ("open", "")


def test_an_answer_to_an_older_version_is_not_taken(here, customer):
    one = advise(here.account)
    customer.post(url_of(here, one), {"answer": "accept", "version": one.version + 1})
    assert state(one) == ("open", "")


def test_other_accounts_and_workspaces_answer_as_if_there_were_nothing(here, elsewhere, customer):
    other = Recommendation.objects.get(title="Of another account")
    with open_workspace(elsewhere.workspace.pk):
        theirs = Recommendation.objects.get()
    withdrawn = advise(here.account)
    Recommendation.objects.filter(pk=withdrawn.pk).update(state="withdrawn")
    for one in (other, theirs, withdrawn):
        assert customer.post(url_of(here, one), {"answer": "accept"}).status_code == 404
    assert customer.get(here.url(f"portal/{other.account_id}/recommendations/")).status_code == 404
    assert state(other) == ("open", "")


def test_the_team_and_holders_of_a_link_only_read(here, customer):
    from csworkspace.audit.actor import Actor

    one = advise(here.account)
    csm = client_of(here.members[Role.CSM])
    page = csm.get(url_of(here))
    assert (page.status_code, page.context["may_answer"]) == (200, False)
    one.refresh_from_db()
    assert one.seen_at is None, "the team's look is not the customer's"
    assert csm.post(url_of(here, one), {"answer": "accept"}).status_code == 403
    by = Actor("Csm", "test", membership_id=here.members[Role.CSM].pk)
    _, token = create_link(here.account, "Board", 3, by=by)
    guest = WalledClient()
    guest.get(f"/s/{token}")
    page = guest.get(url_of(here))
    assert (page.status_code, titles(page), page.context["may_answer"]) == (200, [one.title], False)
    assert "We will do it" not in page.text
    assert guest.post(url_of(here, one), {"answer": "accept"}).status_code == 403
    assert state(one) == ("open", "")
    assert one.seen_at is not None


def test_the_overview_shows_what_is_open(here, customer):
    advise(here.account)
    text = customer.get(here.url(f"portal/{here.account.pk}/")).text
    assert "Recommended next" in text
    assert "Let rules plan visits" in text
    assert "Of another account" not in text


def test_the_page_takes_a_fixed_number_of_queries(here, customer, django_assert_num_queries):
    advise(here.account)
    customer.get(url_of(here))
    with django_assert_num_queries(20):
        customer.get(url_of(here))
    advise(here.account, "B")
    advise(here.account, "C")
    with django_assert_num_queries(20):
        customer.get(url_of(here))


def test_what_the_overview_shows_has_been_seen_by_customers_only(here, customer):
    shown = [advise(here.account, f"Advice {n}") for n in range(4)]
    overview = here.url(f"portal/{here.account.pk}/")
    unseen = Recommendation.objects.filter(account=here.account, seen_at=None)
    client_of(here.members["csm"]).get(overview)
    assert unseen.count() == 4
    page = customer.get(overview)
    assert [row.id for row in page.context["advice"]] == [one.pk for one in reversed(shown[1:])]
    assert list(unseen) == [shown[0]]


def test_customers_do_not_read_what_showed_it_to_us(here, customer):
    one = advise(here.account)
    take_up(one, by=BY, shown_by="Boss is annoyed", on=date(2026, 3, 2))
    text = customer.get(url_of(here)).text
    assert ("Boss" in text, "Taken up, 2 Mar 2026" in text) == (False, True)
