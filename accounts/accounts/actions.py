"""Every write to accounts: in one transaction with its audit entry and its row in the book."""

import json
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q

from accounts.accounts.domains import normalise_domains
from accounts.accounts.groups import ParentRefused, lock_groups, refuse_circle
from accounts.accounts.models import Account, AccountDomain, Stage
from accounts.accounts.settling import settle_accounts
from accounts.tiers.models import Tier
from accounts.tiers.queries import tiers_in_use
from csworkspace.audit import actions as audit
from csworkspace.audit.actor import Actor
from csworkspace.people.models import Membership
from csworkspace.web.versions import CONFLICT, Conflict

FIELDS = (
    "name",
    "external_id",
    "tier",
    "stage",
    "owner",
    "arr",
    "currency",
    "customer_since",
    "renewal_on",
    "reason_bought",
    "attributes",
    "parent",
    "tags",
    "tier_pinned",
    "tier_pin_reason",
)


class AccountConflict(ValueError):
    """A domain or external id that another account has, or a parent in a circle; `field` says which."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


def snapshot(account: Account) -> dict[str, Any]:
    """What the audit log keeps of an account."""
    domains = account.domains.order_by("-is_main", "domain").values_list("domain", flat=True)
    return {**audit.values_of(account, FIELDS), "domains": list(domains)}


def fingerprint(account: Account) -> str:
    """Equal for two looks at an account between which nothing of it was changed; forms carry it."""
    return sha256(json.dumps(snapshot(account), sort_keys=True).encode()).hexdigest()[:32]


@transaction.atomic
def create_account(
    *, by: Actor, name: str, domains: Sequence[str] = (), reason: str = "", **fields: Any
) -> Account:
    """Make an account with its domains; the first is the main one.

    `fields` are names of FIELDS; `reason` is kept with its tier. Raises DomainError, AccountConflict.
    """
    check_external_id(fields.get("external_id"), account_id=None)
    check_tier(fields.get("tier"))
    account = Account.objects.create(name=name, **fields)
    set_domains(account, domains)
    audit.record("created", account, by=by, after=snapshot(account))
    settle_accounts([account.pk], by=by, reason=reason)
    return account


@transaction.atomic
def edit_account(
    account: Account,
    *,
    by: Actor,
    verb: str = "edited",
    domains: Sequence[str] | None = None,
    reason: str = "",
    seen: str = "",
    **fields: Any,
) -> bool:
    """Change the given fields of an account, and its domains when given; False if nothing differs.

    `reason` is kept with a change of tier; `seen` is the fingerprint that the person saw.
    Raises DomainError, AccountConflict, and Conflict if somebody else changed the account since.
    """
    if fields.get("parent"):
        lock_groups()
    account = Account.objects.select_for_update(of=("self",)).get(pk=account.pk)
    if seen and seen != fingerprint(account):
        raise Conflict(CONFLICT)
    before = snapshot(account)
    if fields.get("tier") != account.tier:
        check_tier(fields.get("tier"))
    check_parent(account, fields.get("parent"))
    check_external_id(fields.get("external_id"), account_id=account.pk)
    for name, value in fields.items():
        setattr(account, name, value)
    account.save()
    if domains is not None:
        set_domains(account, domains)
    after = snapshot(account)
    if after == before:
        return False
    audit.record(verb, account, by=by, before=before, after=after)
    settle_accounts([account.pk], by=by, reason=reason)
    return True


@transaction.atomic
def change_standing(
    account: Account,
    *,
    by: Actor,
    stage: Stage | str,
    tier: Tier | None,
    owner: Membership | None,
    reason: str = "",
    seen: str = "",
) -> bool:
    """Stage, tier and owner, each with an audit entry of its own; False if nothing differs. Raises as
    `edit_account`."""
    changed = [
        edit_account(account, by=by, verb="changed stage", seen=seen, stage=Stage(stage)),
        change_tier(account, by=by, tier=tier, reason=reason),
        change_owner(account, by=by, owner=owner),
    ]
    return any(changed)


def change_stage(account: Account, *, by: Actor, stage: Stage | str) -> bool:
    """Move an account to a stage of its life."""
    return edit_account(account, by=by, verb="changed stage", stage=Stage(stage))


def change_owner(account: Account, *, by: Actor, owner: Membership | None) -> bool:
    """Give an account to a colleague, or to nobody."""
    return edit_account(account, by=by, verb="changed owner", owner=owner)


def change_tier(account: Account, *, by: Actor, tier: Tier | None, reason: str = "") -> bool:
    """Put an account into a service tier, or into none."""
    return edit_account(account, by=by, verb="changed tier", reason=reason, tier=tier)


def set_domains(account: Account, domains: Sequence[str]) -> list[str]:
    """Replace an account's domains; the first is the main one. Raises DomainError, AccountConflict."""
    wanted = normalise_domains(domains)
    taken = {row.domain: row.account for row in owners_of_domains(wanted) if row.account_id != account.pk}
    for domain in wanted:
        if domain in taken:
            raise AccountConflict("domains", f"{domain} belongs to the account {taken[domain].name} already.")
    account.domains.exclude(domain__in=wanted).delete()
    have = set(account.domains.values_list("domain", flat=True))
    try:
        with transaction.atomic():
            AccountDomain.objects.bulk_create(
                AccountDomain(account=account, domain=domain) for domain in wanted if domain not in have
            )
    except IntegrityError as error:
        # Somebody took one of them between the look and the write.
        raise AccountConflict("domains", "Another account has just taken one of these domains.") from error
    account.domains.update(is_main=Q(domain=wanted[0] if wanted else ""))
    return wanted


def owners_of_domains(domains: Sequence[str]) -> Any:
    """The rows of these domains with their accounts."""
    return AccountDomain.objects.select_related("account").filter(domain__in=domains)


def check_tier(tier: Tier | None) -> None:
    """Raise AccountConflict for a tier that is out of use; one in use stays so until the commit."""
    if tier and not tiers_in_use([tier.pk]):
        raise AccountConflict("tier", f"{tier} is out of use. Choose another tier.")


def check_external_id(external_id: str | None, *, account_id: int | None) -> None:
    """Raise AccountConflict if another account has this external id."""
    if not external_id:
        return
    other = Account.objects.filter(external_id=external_id).exclude(pk=account_id or 0).first()
    if other:
        raise AccountConflict("external_id", f"The account {other.name} has the id {external_id} already.")


def check_parent(account: Account, parent: Account | None) -> None:
    """Raise AccountConflict if the account would belong to itself by this parent."""
    try:
        if parent:
            refuse_circle(account, parent)
    except ParentRefused as error:
        raise AccountConflict("parent", str(error)) from error


def attributes_from_text(text: str) -> Mapping[str, str]:
    """ "kind: small" a line → {"kind": "small"}. Raises ValueError with the line's number."""
    found: dict[str, str] = {}
    for number, line in enumerate(text.splitlines(), 1):
        name, colon, value = (part.strip() for part in line.partition(":"))
        if not line.strip():
            continue
        if not colon or not name:
            raise ValueError(f"Line {number} has no name: write it as “kind: small”.")
        if name in found:
            raise ValueError(f"Line {number} says {name[:60]} a second time; keep one of the two.")
        found[name[:60]] = value[:500]
    return found
