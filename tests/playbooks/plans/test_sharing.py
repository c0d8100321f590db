"""Hiding a plan from the customer when it is closed already."""

import pytest

from csworkspace.audit.models import AuditEntry
from playbooks.plans import actions
from playbooks.plans.models import Plan
from tests.kit import BY, client_of


@pytest.fixture
def closed(active):
    """A plan that was shared, and closed since."""
    actions.share_plan(active.plan, by=BY)
    return actions.close_plan(active.plan, by=BY, note="Reached in June")


def test_a_closed_plan_is_hidden_but_stays_history(closed):
    assert actions.stop_sharing(closed, by=BY).shared_at is None
    assert actions.stop_sharing(closed, by=BY).shared_at is None
    kept = Plan.objects.get()
    assert (kept.state, kept.shared_at, kept.version) == ("closed", None, closed.version)
    assert AuditEntry.objects.filter(verb="stopped sharing").count() == 1


def test_the_page_of_a_closed_plan_offers_it_while_it_is_shared(here, closed):
    csm, url = client_of(here.members["csm"]), here.url(f"plans/{closed.pk}/")
    executive = client_of(here.members["executive"])
    for client, offered in ((csm, True), (executive, False)):
        text = client.get(url).text
        assert (f'action="{url}sharings/end/"' in text, "Shared with the customer since" in text) == (
            offered,
            True,
        )
    assert here.url(f"plans/{closed.pk}/closures/") not in csm.get(url).text
    page = csm.post(f"{url}sharings/end/", follow=True)
    assert "The customer does not see this plan any more." in page.text
    assert f'action="{url}sharings/' not in page.text
    assert Plan.objects.get().shared_at is None
