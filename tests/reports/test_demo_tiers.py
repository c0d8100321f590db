"""What the demo companies promise."""

from datetime import date, timedelta
from decimal import Decimal

from accounts.accounts.models import Account
from accounts.tiering.models import TierPlacement
from accounts.tiering.queries import tiers_on
from accounts.tiers.models import Tier, TierVersion
from accounts.tiers.terms import hours_a_quarter, next_quarter, terms_of_tiers
from csworkspace.people.models import Role
from csworkspace.tenancy.clock import today
from reports.demo.cast import customers, lookalikes
from reports.demo.company import sign_customers
from reports.demo.tiers import promise_otherwise, promise_services
from tests.kit import BY


def hours(on):
    names = dict(Tier.objects.values_list("pk", "name"))
    return {names[pk]: hours_a_quarter(terms.values()) for pk, terms in terms_of_tiers(on).items()}


def test_the_demo_promises_for_a_year_and_plans_a_change(here):
    day = today()
    csms = [here.members[Role.CSM]] * 4
    Account.objects.all().delete()
    for _ in range(2):
        sign_customers(csms, day, BY, cast=customers()[:3])
        promise_services(day, BY)
    looks = {
        name: (colour, entry) for name, colour, entry in Tier.objects.values_list("name", "colour", "entry")
    }
    assert looks == {
        "Top": ("petrol", "share"),
        "Leveraged": ("amber", "value"),
        "Scalable": ("slate", "rest"),
    }
    assert hours(day - timedelta(days=365)) == {"Top": 16, "Leveraged": 5, "Scalable": Decimal("0.5")}
    assert hours(next_quarter(day))["Leveraged"] == Decimal("5.25")
    assert TierVersion.objects.count() == 4
    since = {placement.account_id: placement.since for placement in TierPlacement.objects.all()}
    assert since == dict(Account.objects.values_list("pk", "customer_since"))
    assert len(tiers_on(day - timedelta(days=365))) == 3


def test_the_second_company_promises_otherwise(here):
    day = today()
    sign_customers([here.members[Role.CSM]], day, BY, cast=lookalikes())
    promise_otherwise(day, BY)
    promise_otherwise(day, BY)
    assert hours(day) == {"Top": Decimal("1.5"), "Leveraged": Decimal("1.25")}
    assert TierVersion.objects.count() == 2


def test_the_first_day_of_the_next_quarter():
    assert next_quarter(date(2026, 3, 14)) == date(2026, 4, 1)
    assert next_quarter(date(2026, 10, 1)) == date(2027, 1, 1)
    assert next_quarter(date(2026, 12, 31)) == date(2027, 1, 1)
