"""Accounts and contacts as CSV; the files can be imported again and change nothing."""

import json
from collections.abc import Iterator
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef

from accounts.accounts.queries import with_domains
from accounts.contacts.models import Contact, ContactIdentity
from csworkspace.exports.registry import Exporter, Span

ACCOUNTS_HEADER = [
    "external_id", "name", "domains", "tier", "stage", "owner", "arr", "currency", "customer_since",
    "renewal_on", "reason_bought", "parent", "tags", "tier_pinned", "tier_pin_reason", "attributes",
]  # fmt: skip
CONTACTS_HEADER = ["account", "name", "email", "title", "role", "phone", "identities", "left_on"]
CHUNK = 2000


def account_rows(span: Span) -> Iterator[list[object]]:
    """Every account by id: domains and tags split by ";", owner by e-mail, attributes as a JSON object.

    A parent by its external id, else its main domain, else its name.
    """
    parents = {one.pk: key_of(one) for one in with_domains().filter(children__isnull=False).distinct()}
    for account in with_domains().order_by("pk").iterator(chunk_size=CHUNK):
        yield [
            account.external_id,
            account.name,
            ";".join(account.domain_list),
            account.tier.name if account.tier else None,
            account.stage,
            account.owner.user.email if account.owner else None,
            account.arr,
            account.currency,
            account.customer_since,
            account.renewal_on,
            account.reason_bought,
            parents.get(account.parent_id),
            ";".join(account.tags),
            "yes" if account.tier_pinned else "no",
            account.tier_pin_reason,
            json.dumps(account.attributes, ensure_ascii=False) if account.attributes else None,
        ]


def key_of(account: Any) -> str:
    """What an import finds an account of `with_domains` by."""
    return str(account.external_id or next(iter(account.domain_list), account.name))


def contact_rows(span: Span) -> Iterator[list[object]]:
    """Every contact by id: the account by its external id, else its main domain, else its name."""
    identities = ContactIdentity.objects.filter(contact=OuterRef("pk")).order_by("value")
    found = Contact.objects.select_related("account").annotate(
        identity_list=ArraySubquery(identities.values("value"))
    )
    accounts = {account.pk: account for account in with_domains()}
    for contact in found.order_by("pk").iterator(chunk_size=CHUNK):
        account = accounts[contact.account_id]
        others = [value for value in contact.identity_list if value != contact.email]
        yield [
            key_of(account),
            contact.name,
            contact.email or None,
            contact.title,
            contact.role,
            contact.phone,
            ";".join(others),
            contact.left_on,
        ]


ACCOUNTS = Exporter("accounts", ACCOUNTS_HEADER, account_rows)
CONTACTS = Exporter("contacts", CONTACTS_HEADER, contact_rows)
