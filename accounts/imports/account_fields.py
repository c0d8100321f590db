"""The fields of an accounts import, and how their cells are read."""

import json
from typing import Any

from accounts.accounts.domains import normalise_domains
from accounts.accounts.models import Stage
from accounts.accounts.tags import read_tags
from accounts.imports import cells
from accounts.imports.cells import CellError, quoted
from accounts.imports.mapping import Source
from accounts.imports.registry import Field
from accounts.imports.rows import MAX_ATTRIBUTE, Read

YES = ("yes", "true", "1")
YES_NO = {value: value for value in (*YES, "no", "false", "0")}
SEPARATORS = ";,| \t\n"
FIELDS = (
    Field(
        "external_id",
        "External id",
        "The id in your own systems; rows are matched by it first.",
        synonyms=("account", "account_id", "customer_id", "company_id", "id", "key"),
    ),
    Field(
        "name",
        "Name",
        "Needed for accounts that are new.",
        synonyms=(
            "account_name",
            "company",
            "company_name",
            "customer",
            "customer_name",
            "organisation",
            "organization",
        ),
    ),
    Field(
        "domains",
        "Domains",
        "Rows without a known external id are matched by them.",
        synonyms=("domain", "email_domain", "email_domains", "website"),
        options=("separator",),
    ),
    Field("tier", "Tier", "By name.", synonyms=("service_tier", "class")),
    Field("stage", "Stage", ", ".join(Stage.values), synonyms=("lifecycle_stage", "lifecycle", "status")),
    Field("owner", "Owner", "By a colleague's e-mail.", synonyms=("owner_email", "csm", "csm_email")),
    Field(
        "arr",
        "ARR",
        "Thousands separators and a currency beside it are read.",
        synonyms=("arr_current", "annual_recurring_revenue", "recurring_revenue", "acv"),
        options=("decimal",),
    ),
    Field("currency", "Currency", "Three letters.", synonyms=("arr_currency", "currency_code")),
    Field(
        "customer_since",
        "Customer since",
        "A date.",
        synonyms=("onboarded_on", "start_date", "customer_from"),
        options=("format",),
    ),
    Field(
        "renewal_on",
        "Renews on",
        "A date.",
        synonyms=("renewal", "renewal_date", "renews_on", "contract_end", "end_date"),
        options=("format",),
    ),
    Field(
        "reason_bought",
        "Why they bought",
        "In the customer's words.",
        synonyms=("why_they_bought", "reason", "goal"),
    ),
    Field(
        "parent",
        "Belongs to",
        "The account that it is a part of: external id, domain or name; also of the same file.",
        synonyms=("parent_account", "parent_id", "belongs_to", "group"),
    ),
    Field("tags", "Tags", "Words split by ; or commas.", synonyms=("tag", "labels")),
    Field("tier_pinned", "Pinned to its tier", "yes or no.", synonyms=("pinned", "strategic")),
    Field("tier_pin_reason", "Why it is pinned", synonyms=("pin_reason",)),
    Field("attributes", "Attributes", "One cell with a JSON object, as the accounts export writes it."),
)
SETTINGS = {
    "create_tiers": "Make tiers that do not exist yet",
    "erase_empty": "Empty cells erase what is there",
    "replace_domains": "The file's domains replace the others, instead of being added",
}


def read_domains(text: str, source: Source) -> list[str]:
    """Domains split by the declared separator, or by any usual one."""
    separator = source.settings.get("separator", "")
    if separator:
        return normalise_domains(text.split(separator))
    for other in SEPARATORS[1:]:
        text = text.replace(other, SEPARATORS[0])
    return normalise_domains(text.split(SEPARATORS[0]))


def read_attributes(text: str, source: Source) -> dict[str, Any]:
    """A JSON object of short values."""
    try:
        found = json.loads(text)
    except (json.JSONDecodeError, RecursionError) as error:
        raise CellError(f'{quoted(text)} is not a JSON object like {{"kind": "small"}}.') from error
    if not isinstance(found, dict) or "\\u0000" in text:
        raise CellError(f'{quoted(text)} is not a JSON object like {{"kind": "small"}}.')
    if any(len(str(value)) > MAX_ATTRIBUTE for value in found.values()):
        raise CellError(f"One of the attributes has more than {MAX_ATTRIBUTE} characters; shorten it.")
    return found


def readers(people: dict[str, int], tiers: dict[str, int], *, create_tiers: bool) -> dict[str, Read]:
    """A reader for each field. `people` are memberships by e-mail in lower case, `tiers` ids by name.

    A tier that is to be made is read as its name.
    """

    folded = {name.casefold(): pk for name, pk in tiers.items()}

    def read_owner(text: str, source: Source) -> int:
        found = people.get(text.strip().casefold())
        if found is None:
            raise CellError(
                f"No colleague here has the e-mail {quoted(text)}; invite them, or leave it empty."
            )
        return found

    def read_tier(text: str, source: Source) -> int | str:
        name = cells.read_text(text, 60)
        if name.casefold() in folded or create_tiers:
            return folded.get(name.casefold(), name)
        known = ", ".join(tiers) or "none yet"
        raise CellError(
            f"There is no tier {quoted(name)}; the tiers are: {known}. Or let the import make them."
        )

    return {
        "external_id": lambda text, source: cells.read_text(text, 120),
        "name": lambda text, source: cells.read_text(text, 200),
        "domains": read_domains,
        "tier": read_tier,
        "stage": lambda text, source: cells.read_choice(text, dict(Stage.choices), "stage"),
        "owner": read_owner,
        "arr": lambda text, source: cells.read_money(text, source.settings.get("decimal", "")),
        "currency": lambda text, source: cells.read_currency(text),
        "customer_since": lambda text, source: cells.read_date(text, source.settings.get("format", "")),
        "renewal_on": lambda text, source: cells.read_date(text, source.settings.get("format", "")),
        "reason_bought": lambda text, source: cells.read_text(text, 2000, lines=True),
        "parent": lambda text, source: cells.read_text(text, 253),
        "tags": lambda text, source: read_tags(text),
        "tier_pinned": lambda text, source: cells.read_choice(text, YES_NO, "answer") in YES,
        "tier_pin_reason": lambda text, source: cells.read_text(text, 300),
        "attributes": read_attributes,
    }
