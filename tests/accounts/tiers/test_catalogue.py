"""The catalogue of services: whose names and kinds may change, and two people at once."""

import threading
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection, transaction

from accounts.tiering.overrides import add_override
from accounts.tiers import actions
from accounts.tiers.checks import TierRefused
from accounts.tiers.models import Service, Tier
from csworkspace.tenancy.actions import create_workspace
from csworkspace.tenancy.clock import today
from csworkspace.tenancy.database import open_workspace
from csworkspace.web.versions import Conflict
from tests.kit import BY

TERMS = {
    "is_owed": True, "times": 4, "per": "quarter", "hours": Decimal(1), "delivered_by": "person",
    "grace_days": 0, "response_hours": Decimal(4), "reason": "Agreed", "ends_on": None,
}  # fmt: skip


def test_a_service_is_not_edited_when_somebody_else_was_faster(here):
    service = actions.add_service(by=BY, name="Call", kind="health")
    seen = ["Call", "health", ""]
    actions.edit_service(service, by=BY, name="Check", kind="health", seen=seen)
    with pytest.raises(Conflict, match="Somebody else changed this"):
        actions.edit_service(service, by=BY, name="Talk", kind="health", seen=seen)
    assert Service.objects.get().name == "Check"


def test_a_retired_service_is_not_edited(here):
    service = actions.add_service(by=BY, name="Call", kind="health")
    actions.retire_service(service, by=BY)
    with pytest.raises(TierRefused, match=r"Call is retired\. Bring it back first\."):
        actions.edit_service(service, by=BY, name="Check", kind="health")


@pytest.mark.parametrize("starts_in", [-30, 30])
def test_an_accounts_own_terms_keep_the_kind_of_a_response_time(here, starts_in):
    service = actions.add_service(by=BY, name="Answer", kind="response")
    starts = today() + timedelta(days=starts_in)
    add_override(here.account, by=BY, service=service, starts_on=starts, **TERMS)
    with pytest.raises(TierRefused, match="Response times are counted otherwise"):
        actions.edit_service(service, by=BY, name="Answer", kind="health")
    assert Service.objects.get().kind == "response"


def add_tier(name):
    return actions.add_tier(by=BY, name=name)


def add_service(name):
    return actions.add_service(by=BY, name=name, kind="other")


def rename_tier(row):
    actions.edit_tier(row, by=BY, name="Taken")


def rename_service(row):
    actions.edit_service(row, by=BY, name="Taken", kind="other")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("model", "add", "rename"), [(Tier, add_tier, rename_tier), (Service, add_service, rename_service)]
)
def test_a_name_is_given_once_when_two_want_it_at_once(model, add, rename):
    with transaction.atomic():
        home = create_workspace("Home", "home").pk
        row, first = add("Mine"), add("Other")
    said = []
    with open_workspace(home):
        rename(first)
        other = threading.Thread(target=lambda: said.append(refusal_of(home, lambda: rename(row))))
        other.start()
        other.join(0.5)
        assert said == [], "the other one waits for this transaction"
    other.join(5)
    assert [("Taken" in text, "Choose another name." in text) for text in said] == [(True, True)]
    with open_workspace(home):
        assert sorted(model.objects.values_list("name", flat=True)) == ["Mine", "Taken"]


def refusal_of(home, act):
    try:
        with open_workspace(home):
            act()
    except TierRefused as error:
        return str(error)
    finally:
        connection.close()
    return ""
