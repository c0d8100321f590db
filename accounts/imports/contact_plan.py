"""Which contact each row of an import means, at which account, and what it changes."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg

from accounts.contacts.models import Contact, ContactIdentity
from accounts.imports.finding import AccountFinder
from accounts.imports.plan import Change, Plan, Rejected, make_plan
from accounts.imports.rows import Row

COLUMNS = ("account_id", "name", "title", "role", "email", "phone", "left_on")
EMPTY: dict[str, Any] = {"title": "", "phone": "", "left_on": None}
BLANK: dict[str, Any] = {"title": "", "role": "user", "email": "", "phone": "", "left_on": None}


def plan_contacts(rows: Sequence[Row], *, options: dict[str, bool]) -> Plan:
    """Decide for each row."""
    return make_plan(rows, Planner(Accounts(rows), People(rows), options).decide)


def keys_of(row: Row) -> list[str]:
    """What a row's person is found by: the e-mail, then the other identities."""
    email = row.values.get("email")
    return list(dict.fromkeys([*([email] if email else []), *row.values.get("identities", ())]))


class Accounts:
    """The accounts that these rows could mean."""

    def __init__(self, rows: Iterable[Row]) -> None:
        told = {str(row.values["account"]) for row in rows if "account" in row.values}
        domains = {key.rpartition("@")[2] for row in rows for key in keys_of(row)}
        self.finder = AccountFinder(told, domains)

    def of(self, row: Row) -> int | None:
        """The account a row names, or that of its e-mail's domain; None without either. Raises Rejected."""
        told = row.values.get("account")
        if told is None:
            return self.finder.by_domain.get(str(row.values.get("email", "")).rpartition("@")[2])
        return self.finder.find(told, "account")


class People:
    """The contacts that these rows could mean, locked against other writers."""

    def __init__(self, rows: Iterable[Row]) -> None:
        keys = {key for row in rows for key in keys_of(row)}
        self.by_key = dict(ContactIdentity.objects.filter(value__in=keys).values_list("value", "contact_id"))
        found = Contact.objects.filter(pk__in=set(self.by_key.values())).order_by("pk")
        list(found.select_for_update().values_list("pk"))
        self.values = {values.pop("pk"): values for values in found.values("pk", *COLUMNS)}
        self.keys: dict[int, list[str]] = dict(
            ContactIdentity.objects.filter(contact__in=self.values)
            .values_list("contact_id")
            .annotate(all=ArrayAgg("value", order_by="value"))
        )


class Planner:
    """Matches rows to contacts, and sees to it that no two rows mean the same one."""

    def __init__(self, accounts: Accounts, people: People, options: dict[str, bool]) -> None:
        self.accounts, self.people, self.options = accounts, people, options
        self.row_of_key: dict[str, int] = {}
        self.row_of_contact: dict[int, int] = {}

    def decide(self, row: Row) -> Change:
        """What this row does. Raises Rejected."""
        pk, account_id = self.match(row), self.accounts.of(row)
        change = self.creation(row, account_id) if pk is None else self.change(row, pk, account_id)
        self.row_of_key |= dict.fromkeys(keys_of(row), row.number)
        if pk is not None:
            self.row_of_contact[pk] = row.number
        return change

    def match(self, row: Row) -> int | None:
        """The contact that has one of the row's identities. Raises Rejected."""
        keys = keys_of(row)
        if not keys:
            raise Rejected(
                "email",
                "The row has neither an e-mail nor an identity; give one, so that the next import finds the "
                "person again.",
            )
        for key in keys:
            if key in self.row_of_key:
                raise Rejected(
                    "email", f"Row {self.row_of_key[key]} has the identity {key} too; keep one of the two."
                )
        found = {self.people.by_key[key]: key for key in keys if key in self.people.by_key}
        if len(found) > 1:
            names = " and ".join(sorted(self.people.values[pk]["name"] for pk in found)[:3])
            raise Rejected(
                "identities", f"The row's identities belong to {names}; split the row, or remove one."
            )
        pk = next(iter(found), None)
        if pk in self.row_of_contact:
            raise Rejected(
                "email", f"Row {self.row_of_contact[pk]} means the same person; keep one of the two."
            )
        return pk

    def creation(self, row: Row, account_id: int | None) -> Change:
        """A new contact. Raises Rejected without a name or an account."""
        if account_id is None:
            raise Rejected("account", "No account has the domain of this e-mail; map or fill in the account.")
        if not row.values.get("name"):
            raise Rejected("name", "The person is new and needs a name; fill it in or map its column.")
        return Change(None, {}, {**BLANK, **self.columns(row), "account_id": account_id}, [], keys_of(row))

    def change(self, row: Row, pk: int, account_id: int | None) -> Change:
        """What the row changes about a contact."""
        before, keys = self.people.values[pk], self.people.keys.get(pk, [])
        after = {**before, **self.columns(row)}
        # The e-mail's domain places new people only; it does not move those who are there.
        if account_id is not None and "account" in row.values:
            after["account_id"] = account_id
        if self.options.get("erase_empty"):
            after |= {name: value for name, value in EMPTY.items() if name in row.empty}
        return Change(pk, before, after, keys, [*keys, *(key for key in keys_of(row) if key not in keys)])

    def columns(self, row: Row) -> dict[str, Any]:
        """The row's values by our columns."""
        return {name: value for name, value in row.values.items() if name not in ("account", "identities")}
