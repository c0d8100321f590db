"""Which account each row of an import means, and what it changes there."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Q

from accounts.accounts.groups import lock_groups
from accounts.accounts.models import Account, AccountDomain
from accounts.imports.parents import place_parents
from accounts.imports.plan import Change, Plan, Rejected, make_plan
from accounts.imports.rows import Row

COLUMNS = (
    "external_id",
    "name",
    "tier_id",
    "stage",
    "owner_id",
    "arr",
    "currency",
    "customer_since",
    "renewal_on",
    "reason_bought",
    "attributes",
    "parent_id",
    "tags",
    "tier_pinned",
    "tier_pin_reason",
)
# What a new account has where its row says nothing.
BLANK: dict[str, Any] = {
    "stage": "onboarding",
    "reason_bought": "",
    "attributes": {},
    "tags": [],
    "tier_pinned": False,
    "tier_pin_reason": "",
}
OF_FIELD = {"tier": "tier_id", "owner": "owner_id", "parent": "parent_id"}
# What an empty cell means when empty cells are asked to erase; name and id are never erased.
EMPTY: dict[str, Any] = {
    "tier_id": None,
    "owner_id": None,
    "arr": None,
    "customer_since": None,
    "renewal_on": None,
    "reason_bought": "",
    "attributes": {},
    "parent_id": None,
    "tags": [],
}


@dataclass
class Known:
    """An account as it is."""

    pk: int
    values: dict[str, Any]
    domains: list[str]


def plan_accounts(rows: Sequence[Row], *, currency: str, options: dict[str, bool]) -> Plan:
    """Decide for each row; `currency` is what new accounts get by default."""
    if has_parents := any("parent" in row.values for row in rows):
        lock_groups()
    planner = Planner(Existing(rows), currency, options)
    decided = {row.number: planner.answer(row) for row in rows if not row.errors}
    if has_parents:
        place_parents([row for row in rows if not row.errors], decided)
    return make_plan(rows, lambda row: accepted(decided[row.number]))


def accepted(answer: Change | Rejected) -> Change:
    """The change. Raises the Rejected that stands in its place."""
    if isinstance(answer, Rejected):
        raise answer
    return answer


class Existing:
    """The workspace's accounts that these rows could mean, locked against other writers."""

    def __init__(self, rows: Sequence[Row]) -> None:
        domains = {domain for row in rows for domain in row.values.get("domains", ())}
        self.by_domain = dict(
            AccountDomain.objects.filter(domain__in=domains).values_list("domain", "account_id")
        )
        found = Account.objects.filter(self.condition(rows)).order_by("pk")
        list(found.select_for_update().values_list("pk"))
        self.accounts = {values.pop("pk"): values for values in found.values("pk", *COLUMNS)}
        self.by_external_id = {values["external_id"]: pk for pk, values in self.accounts.items()}
        self.by_name: dict[str, list[int]] = {}
        for pk, values in self.accounts.items():
            self.by_name.setdefault(values["name"], []).append(pk)
        self.domains: dict[int, list[str]] = dict(
            AccountDomain.objects.filter(account__in=self.accounts)
            .values_list("account_id")
            .annotate(all=ArrayAgg("domain", order_by=["-is_main", "domain"]))
        )

    def condition(self, rows: Iterable[Row]) -> Q:
        """Accounts with one of the ids or domains; by name for rows that have neither."""
        external_ids, names = set(), set()
        for row in rows:
            if row.values.get("external_id"):
                external_ids.add(row.values["external_id"])
            elif not row.values.get("domains"):
                names.add(row.values.get("name", ""))
        by_key = Q(external_id__in=external_ids) | Q(pk__in=set(self.by_domain.values()))
        return by_key | Q(name__in=names)

    def known(self, pk: int) -> Known:
        """One of them."""
        return Known(pk, self.accounts[pk], self.domains.get(pk, []))

    def name(self, pk: int) -> str:
        """Its name, for a message."""
        return str(self.accounts[pk]["name"])


class Planner:
    """Matches rows to accounts, and sees to it that no two rows mean the same one."""

    def __init__(self, existing: Existing, currency: str, options: dict[str, bool]) -> None:
        self.existing, self.currency, self.options = existing, currency, options
        self.row_of_account: dict[int, int] = {}
        self.row_of_id: dict[str, int] = {}
        self.row_of_domain: dict[str, int] = {}

    def answer(self, row: Row) -> Change | Rejected:
        """What this row does, or why it cannot be used."""
        try:
            return self.decide(row)
        except Rejected as error:
            return error

    def decide(self, row: Row) -> Change:
        """What this row does. Raises Rejected."""
        self.refuse_repeats(row)
        known = self.match(row)
        change = self.change(row, known) if known else self.creation(row)
        self.claim(row, known)
        return change

    def refuse_repeats(self, row: Row) -> None:
        """No id and no domain may come twice in a file."""
        external_id = row.values.get("external_id")
        if external_id in self.row_of_id:
            raise Rejected(
                "external_id", f"Row {self.row_of_id[external_id]} has the id {external_id} too; keep one."
            )
        for domain in row.values.get("domains", ()):
            if domain in self.row_of_domain:
                raise Rejected(
                    "domains", f"Row {self.row_of_domain[domain]} claims {domain} too; leave it in one."
                )

    def match(self, row: Row) -> Known | None:
        """The account that a row means: by external id, else by domain. Raises Rejected."""
        external_id, domains = row.values.get("external_id"), row.values.get("domains", [])
        if not external_id and not domains:
            return self.existing.known(self.match_by_name(row))
        owners = {self.existing.by_domain[d]: d for d in domains if d in self.existing.by_domain}
        pk = self.existing.by_external_id.get(external_id) if external_id else None
        if pk is None:
            pk = self.match_by_domain(external_id, owners)
        for other, domain in owners.items():
            if other != pk:
                name = self.existing.name(other)
                advice = "remove it from the row, or from that account first."
                raise Rejected("domains", f"{domain} belongs to {name} already; {advice}")
        return None if pk is None else self.existing.known(self.once(pk))

    def once(self, pk: int) -> int:
        """The same account. Raises Rejected if an earlier row means it."""
        if pk in self.row_of_account:
            name = self.existing.name(pk)
            raise Rejected(
                "external_id", f"Row {self.row_of_account[pk]} means {name} too; keep one of the two."
            )
        return pk

    def match_by_name(self, row: Row) -> int:
        """The only account of exactly this name, for rows with nothing else to go by. Raises Rejected."""
        found = self.existing.by_name.get(row.values.get("name", ""), [])
        if len(found) != 1:
            advice = "give one, so that the next import finds the account again."
            raise Rejected("external_id", f"The row has neither an external id nor a domain; {advice}")
        return self.once(found[0])

    def match_by_domain(self, external_id: str | None, owners: dict[int, str]) -> int | None:
        """The one account that has the row's domains. Raises Rejected for several."""
        if len(owners) > 1:
            names = " and ".join(sorted(self.existing.name(pk) for pk in owners)[:3])
            raise Rejected(
                "domains", f"The row's domains belong to {names}; split the row, or merge the accounts."
            )
        for pk, domain in owners.items():
            theirs = self.existing.accounts[pk]["external_id"]
            if external_id and theirs and theirs != external_id:
                raise Rejected(
                    "external_id",
                    f"{domain} belongs to {self.existing.name(pk)}, whose id is {theirs}, "
                    f"not {external_id}; correct one of them.",
                )
            return pk
        return None

    def creation(self, row: Row) -> Change:
        """A new account. Raises Rejected without a name."""
        if not row.values.get("name"):
            raise Rejected("name", "The account is new and needs a name; fill it in or map its column.")
        blank: dict[str, Any] = {**dict.fromkeys(COLUMNS), **BLANK, "currency": self.currency}
        return Change(None, {}, {**blank, **self.columns(row)}, [], row.values.get("domains", []))

    def change(self, row: Row, known: Known) -> Change:
        """What the row changes about an account."""
        after = {**known.values, **self.columns(row)}
        # What the file does not name stays.
        after["attributes"] = {**known.values["attributes"], **row.values.get("attributes", {})}
        domains = known.domains
        if "domains" in row.values:
            kept = [] if self.options.get("replace_domains") else known.domains
            domains = [*kept, *(d for d in row.values["domains"] if d not in kept)]
            # Only which ones there are counts, not the order in which a file names them.
            domains = known.domains if set(domains) == set(known.domains) else domains
        if self.options.get("erase_empty"):
            erased = {OF_FIELD.get(name, name) for name in row.empty}
            after |= {name: value for name, value in EMPTY.items() if name in erased}
            domains = [] if "domains" in row.empty else domains
        return Change(known.pk, known.values, after, known.domains, domains)

    def columns(self, row: Row) -> dict[str, Any]:
        """The row's values by our columns. Raises Rejected if two of them disagree about the currency."""
        # Parents are found when it is known what every row does.
        values = {
            OF_FIELD.get(name, name): value
            for name, value in row.values.items()
            if name not in ("domains", "parent")
        }
        if "arr" in values:
            values["arr"], beside = values["arr"]
            if beside and values.get("currency", beside) != beside:
                raise Rejected(
                    "arr",
                    f"The amount is in {beside}, the row's currency is {values['currency']}; "
                    "make them agree.",
                )
            if beside:
                values["currency"] = beside
        return values

    def claim(self, row: Row, known: Known | None) -> None:
        """Remember what this row stands for."""
        if known:
            self.row_of_account[known.pk] = row.number
        if row.values.get("external_id"):
            self.row_of_id[row.values["external_id"]] = row.number
        self.row_of_domain |= dict.fromkeys(row.values.get("domains", ()), row.number)
