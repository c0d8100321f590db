"""Who the account is: tier, stage, owner, tags, attributes, group, contacts, how long a customer."""

from collections.abc import Sequence
from datetime import timedelta

from django.db import connection

from accounts.accounts.models import Stage
from accounts.segments.criteria.parts import (
    IN,
    KNOWN,
    NONE,
    NOT_IN,
    UNKNOWN,
    choice_of,
    days,
    numbers,
    of_account,
)
from accounts.segments.registry import Asked, Choice, Criterion, Need, Operator, Shape, Sql
from accounts.tiers.models import Tier
from csworkspace.people.models import Membership, Role

SECTION = "Account"
IN_USE = 200
TAGS = "select distinct tag from accounts_bookrow, unnest(tags) tag order by tag limit %s"
KEYS = "select distinct key from accounts_account, jsonb_object_keys(attributes) key order by key limit %s"
VALUE = "lower(account.attributes ->> %s)"


def tier_choices() -> list[Choice]:
    """The tiers, those out of use too, and none."""
    rows = Tier.objects.order_by("position").values_list("pk", "name", "retired_at")
    found = [Choice(str(pk), name, "is not in use any more" if gone else "") for pk, name, gone in rows]
    return [*found, Choice(NONE, "No tier")]


def stage_choices() -> list[Choice]:
    """The lifecycle stages."""
    return [Choice(value, label) for value, label in Stage.choices]


def owner_choices() -> list[Choice]:
    """The colleagues, those who have left too, and nobody."""
    team = Membership.objects.select_related("user").exclude(role=Role.VIEWER)
    found = [
        Choice(str(member.pk), str(member), "" if member.is_active else "has left")
        for member in team.order_by("user__name", "pk")
    ]
    return [*found, Choice(NONE, "Nobody")]


def tag_choices() -> list[Choice]:
    """The tags in use."""
    return in_use(TAGS)


def attribute_keys() -> list[Choice]:
    """The names of attributes in use."""
    return in_use(KEYS)


def in_use(statement: str) -> list[Choice]:
    """Words that accounts carry."""
    with connection.cursor() as cursor:
        cursor.execute(statement, [IN_USE])
        return [Choice(word, word) for (word,) in cursor.fetchall()]


def tags_sql(asked: Asked) -> Sql:
    """Any, all or none of some tags."""
    test = "row.tags @> %s::varchar[]" if asked.op == "all" else "row.tags && %s::varchar[]"
    return (f"not ({test})" if asked.op == "none" else test), [asked.value]


def needed_tags(asked: Asked) -> list[str]:
    """ "None of" a tag that nobody has would hold for everybody."""
    return list(asked.value) if asked.op == "none" else []


def missing_tags(tags: Sequence[str]) -> dict[str, str]:
    """The tags that no account has."""
    return not_found(
        "not exists (select from accounts_bookrow row where row.tags @> array[word])", tags, "tag"
    )


def attribute_sql(asked: Asked) -> Sql:
    """An attribute's text, whatever the case; comparisons hold only where it is known."""
    if asked.op == "unknown":
        return of_account("coalesce(account.attributes ->> %s, '') = ''", asked.of)
    if asked.op == "known":
        return of_account("account.attributes ->> %s <> ''", asked.of)
    if asked.op == "contains":
        return of_account(f"position(lower(%s) in {VALUE}) > 0", asked.value, asked.of)
    sign = "=" if asked.op == "is" else "<>"
    return of_account(
        f"{VALUE} {sign} lower(%s) and account.attributes ->> %s <> ''", asked.of, asked.value, asked.of
    )


def needed_attributes(asked: Asked) -> list[str]:
    """ "Is not known" of an attribute that nobody has would hold for everybody."""
    return [asked.of] if asked.op == "unknown" else []


def missing_attributes(names: Sequence[str]) -> dict[str, str]:
    """The attributes that no account has."""
    test = "not exists (select from accounts_account account where account.attributes ->> word <> '')"
    return not_found(test, names, "attribute")


def not_found(test: str, words: Sequence[str], kind: str) -> dict[str, str]:
    """The words for which a test holds, each with why a condition would hold for everybody."""
    with connection.cursor() as cursor:
        cursor.execute(f"select word from unnest(%s::varchar[]) word where {test}", [list(words)])
        return {
            word: f"No account has the {kind} “{word}”, so that this would hold for everybody. "
            "Take the condition out."
            for (word,) in cursor.fetchall()
        }


def group_sql(asked: Asked) -> Sql:
    """Whether the account belongs to another, or others belong to it."""
    if asked.op == "part":
        return of_account("account.parent_id is not null")
    children = "exists (select from accounts_account child where child.parent_id = row.account_id)"
    if asked.op == "parent":
        return children, []
    alone, values = of_account("account.parent_id is null")
    return f"({alone} and not {children})", values


def contacts_sql(asked: Asked) -> Sql:
    """How many people are known there, without those who have left."""
    many = (
        "row.account_id {} (select contact.account_id from accounts_contact contact "
        "where contact.left_on is null group by contact.account_id having count(*) >= %s)"
    )
    if asked.op == "at_least":
        return (many.format("in"), [asked.value]) if asked.value > 0 else ("true", [])
    if asked.op == "at_most":
        return many.format("not in"), [asked.value + 1]
    low, high = asked.value
    above = many.format("not in"), [high + 1]
    return (f"({many.format('in')} and {above[0]})", [low, high + 1]) if low > 0 else above


def since_sql(asked: Asked) -> Sql:
    """Since when it is a customer."""
    column = "account.customer_since"
    if asked.op == "unknown":
        return of_account(f"{column} is null")
    if asked.op in ("within", "longer"):
        sign = ">" if asked.op == "within" else "<="
        return of_account(
            f"{column} {sign} %s and {column} <= %s", asked.today - timedelta(int(asked.value)), asked.today
        )
    if asked.op == "between":
        return of_account(f"{column} between %s and %s", *asked.value)
    sign = ">=" if asked.op == "from" else "<"
    return of_account(f"{column} {sign} %s", asked.value)


CRITERIA = (
    Criterion("tier", "Tier", SECTION, (IN, NOT_IN), choice_of("tier_id", "bigint"), tier_choices),
    Criterion("stage", "Stage", SECTION, (IN, NOT_IN), choice_of("stage", "varchar"), stage_choices),
    Criterion("owner", "Owner", SECTION, (IN, NOT_IN), choice_of("owner_id", "bigint"), owner_choices),
    Criterion(
        "tags",
        "Tags",
        SECTION,
        (
            Operator("any", "include any of", Shape.CHOICES),
            Operator("all", "include all of", Shape.CHOICES),
            Operator("none", "include none of", Shape.CHOICES),
        ),
        tags_sql,
        tag_choices,
        open_choices=True,
        need=Need(needed_tags, missing_tags),
    ),
    Criterion(
        "attribute",
        "Attribute",
        SECTION,
        (
            Operator("is", "is", Shape.TEXT),
            Operator("is_not", "is not", Shape.TEXT),
            Operator("contains", "contains", Shape.TEXT),
            KNOWN,
            UNKNOWN,
        ),
        attribute_sql,
        subject="attribute",
        subjects=attribute_keys,
        open_subjects=True,
        need=Need(needed_attributes, missing_attributes),
        words="{of} {operator} {value}",
    ),
    Criterion(
        "group",
        "Group of companies",
        SECTION,
        (
            Operator("part", "belongs to another account"),
            Operator("parent", "has accounts below it"),
            Operator("alone", "stands alone"),
        ),
        group_sql,
        words="the account {operator}",
        is_local=False,
    ),
    Criterion("contacts", "Contacts", SECTION, numbers("people", highest=1_000_000), contacts_sql),
    Criterion(
        "since",
        "Customer since",
        SECTION,
        (
            days("within", "is within the last", 1),
            days("longer", "is at least", 1),
            Operator("from", "is on or after", Shape.DATE),
            Operator("before", "is before", Shape.DATE),
            Operator("between", "is between", Shape.DATES),
            UNKNOWN,
        ),
        since_sql,
    ),
)
