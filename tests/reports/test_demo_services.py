"""How the demo companies keep their promises."""

from datetime import timedelta

from django.db.models import F

from accounts.accounts.models import Account
from csworkspace.people.models import Role
from csworkspace.tenancy.clock import today
from playbooks.services.generating import generate_occurrences
from playbooks.services.models import ServiceOccurrence
from reports.demo.cast import customers
from reports.demo.company import sign_customers
from reports.demo.services import by_report, keep_promises
from reports.demo.tiers import promise_services
from tests.kit import BY


def all_rows():
    return list(ServiceOccurrence.objects.order_by("id").values_list("id", "delivered_on", "deliverer"))


def test_a_year_is_delivered_once_within_its_days(here, elsewhere):
    day = today()
    Account.objects.all().delete()
    sign_customers([here.members[Role.CSM]] * 4, day, BY, cast=customers()[:4])
    promise_services(day, BY)
    ids = list(Account.objects.values_list("pk", flat=True))
    generate_occurrences(ids, until=day + timedelta(days=30), by=BY)
    keep_promises(BY)
    before = all_rows()
    keep_promises(BY)
    assert all_rows() == before
    done = ServiceOccurrence.objects.exclude(delivered_on=None)
    impossible = done.filter(delivered_on__gt=day) | done.filter(delivered_on__lt=F("starts_on"))
    assert (done.count() > 60, impossible.count()) == (True, 0)
    asked = ServiceOccurrence.objects.exclude(asked_at=None)
    assert (asked.count(), asked.filter(answered_at=None).count()) == (5, 1)
    issued = ServiceOccurrence.objects.filter(account__name="Brightwell Energy", due_on__gte=day)
    left = [one for one in issued.select_related("account", "service") if by_report(one, day)]
    assert {one.delivered_on for one in left} == {None}
    elsewhere.open()
    assert ServiceOccurrence.objects.count() == 0
