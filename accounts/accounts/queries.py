"""Reads about one account, as its pages show them."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet, Subquery
from django.shortcuts import get_object_or_404

from accounts.accounts.models import Account, AccountDomain, PortalViewer, Stage
from accounts.book.models import BookRow
from accounts.visits.queries import last_visit, visit_words
from csworkspace.people.models import Membership
from csworkspace.web import formats, times


def with_domains() -> QuerySet[Any]:
    """Accounts with tier, owner and `domain_list` (the main one first), in one query."""
    domains = AccountDomain.objects.filter(account=OuterRef("pk")).order_by("-is_main", "domain")
    return Account.objects.select_related("tier", "owner__user").annotate(
        domain_list=ArraySubquery(domains.values("domain"))
    )


def get_account(pk: int) -> Any:
    """The account with tier, owner, `domain_list`, `last_visit` to the portal and, from its row in the
    book, `last_active_on` and `attention_reasons`; or 404. One query."""
    row = BookRow.objects.filter(account=OuterRef("pk"))
    found = with_domains().annotate(
        last_active_on=Subquery(row.values("last_active_on")),
        attention_reasons=Subquery(row.values("reasons")),
        last_visit=last_visit(),
    )
    return get_object_or_404(found, pk=pk)


def accounts_of_viewer(membership: Membership) -> list[int]:
    """The ids of the accounts that a customer's membership is bound to."""
    bindings = PortalViewer.objects.filter(membership=membership)
    return list(bindings.order_by("account_id").values_list("account_id", flat=True))


@dataclass(frozen=True)
class Fact:
    """A labelled value as a page prints it."""

    label: str
    value: str
    url: str = ""


@dataclass(frozen=True)
class Header:
    """What every page of an account shows on top, ready to print."""

    name: str
    facts: list[Fact]
    renewal: str
    renewal_tone: str
    reason_bought: str


def header_of(account: Any, today: date) -> Header:
    """The header of an account from `get_account`."""
    facts = [
        Fact("Tier", account.tier.name if account.tier else "No tier"),
        Fact("Stage", Stage(account.stage).label),
        Fact("Owner", str(account.owner) if account.owner else "Nobody"),
        Fact("ARR", formats.money(account.arr, account.currency)),
        Fact("Renewal", renewal_in_words(account.renewal_on, today)),
    ]
    return Header(
        account.name, facts, facts[-1].value, renewal_tone(account.renewal_on, today), account.reason_bought
    )


def renewal_in_words(renewal_on: date | None, today: date) -> str:
    """ "in 43 days, on 14 Mar 2026", "12 days ago, on 2 Jan 2026" or "no date yet"."""
    if renewal_on is None:
        return "no date yet"
    return f"{times.relative_day(renewal_on, today)}, on {times.day(renewal_on)}"


def renewal_tone(renewal_on: date | None, today: date) -> str:
    """ "late" when the day has passed, "soon" within 90 days, else nothing."""
    if renewal_on is None:
        return ""
    days = (renewal_on - today).days
    return "late" if days < 0 else "soon" if days <= 90 else ""


def overview_facts(account: Any, zone: str, today: date) -> list[Fact]:
    """The facts panel: what is known about the account besides its header."""
    facts = [
        Fact("Domains", ", ".join(account.domain_list) or "None: its users' events cannot find it"),
        Fact("External id", account.external_id or formats.DASH),
        Fact("Customer since", times.day(account.customer_since)),
        Fact("Last looked into the portal", visit_words(account.last_visit, today)),
    ]
    facts += [Fact("Tags", ", ".join(account.tags))] if account.tags else []
    facts += [Fact(str(name), _shown(value)) for name, value in sorted(account.attributes.items())]
    return [*facts, Fact("Last edited", times.moment(account.updated_at, zone))]


def _shown(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
