"""What the demo customers paid, and what was agreed with some of them."""

from decimal import Decimal

from accounts.accounts.models import Account
from accounts.book.models import BookRow
from accounts.revenue.models import ArrPoint
from accounts.tiering.models import ServiceOverride, TierPlacement
from accounts.tiering.revenue_rows import ranked_accounts
from csworkspace.people.models import Role
from csworkspace.tenancy.clock import today
from csworkspace.tenancy.models import Workspace
from reports.demo.company import sign_customers
from reports.demo.revenue import write_revenue
from reports.demo.tiers import promise_services
from tests.kit import BY


def test_the_demo_has_a_history_of_revenue_and_what_was_agreed(here):
    Workspace.objects.update(currency="EUR")
    Account.objects.all().delete()
    csms = [here.members[Role.CSM]] * 4
    for _ in range(2):
        sign_customers(csms, today(), BY)
        promise_services(today(), BY)
        write_revenue(today(), BY)
    names = Account.objects.order_by("name").values_list("name", flat=True)
    assert list(names.filter(parent__name="Fairhaven Hospitals")) == ["Ashgrove Care", "Juniper Medical"]
    assert list(names.filter(tier_pinned=True)) == ["Port of Valdane"]
    assert ServiceOverride.objects.get().account.name == "Calder Water"
    planned = TierPlacement.objects.get(is_planned=True)
    assert (planned.account.name, planned.tier.name) == ("Castellan Security", "Leveraged")
    # The newest point of everybody is what the account pays, and nothing is known before it was one.
    newest = ArrPoint.objects.order_by("account_id", "-as_of").distinct("account_id")
    paid = dict(Account.objects.values_list("pk", "arr"))
    assert dict(newest.values_list("account_id", "arr")) == paid
    assert BookRow.objects.filter(arr_sort=-1).count() == 0
    growth = {row.name: row.growth for row in ranked_accounts()}
    assert Decimal(30) < growth["Brightwell Energy"] < Decimal(34)
    assert growth["Meridian Lifts"] < -10
