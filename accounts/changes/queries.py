"""Change sets as pages print them."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from accounts.changes.fields import FIELDS, words_of
from accounts.changes.models import MADE, ChangedValue, ChangeSet
from csworkspace.audit.models import AuditEntry
from csworkspace.web import formats, times

SETS = 50
VALUES = 100
# What the audit entry of a part says beside the reasons.
TOTALS = ("changes", "passed over")
# Attention is worked out from these, in a job.
MOVES_ATTENTION = ("renewal_on", "stage")
FOLLOWS = "Attention follows in a moment."
KINDS = {
    "inline": "One value in the book",
    "bulk": "Several accounts at once",
    "suggestion": "Suggested tiers",
    "scenario": "Scenario applied",
}


@dataclass(frozen=True)
class SetView:
    """A change set, formatted."""

    pk: int
    title: str
    kind: str
    reason: str
    by: str
    when: str
    made: str
    passed_over: int
    is_undone: bool
    undone: str


@dataclass(frozen=True)
class ValueView:
    """One changed value in words."""

    pk: int
    account_id: int
    account: str
    field: str
    before: str
    after: str


def set_view(found: ChangeSet, zone: str) -> SetView:
    """One change set with the times of a zone."""
    undone = ""
    if found.undone_at:
        undone = (
            f"Undone by {found.undone_by}, {times.moment(found.undone_at, zone)}: "
            f"{formats.number(found.undone)} of {formats.plural(found.made, 'change')} set back"
        )
    return SetView(
        pk=found.pk,
        title=found.title,
        kind=KINDS.get(found.kind, found.kind.capitalize()),
        reason=found.reason,
        by=found.actor,
        when=times.moment(found.created_at, zone),
        made=formats.number(found.made),
        passed_over=found.asked - found.made,
        is_undone=found.undone_at is not None,
        undone=undone,
    )


def reasons_of(change_set: ChangeSet) -> str:
    """Who was passed over, by the reason: "3 already so, 2 pinned to the tier"; one query."""
    parts = AuditEntry.objects.filter(object_type="changeset", object_id=change_set.pk, verb=MADE)
    counts: Counter[str] = Counter()
    for after in parts.values_list("after", flat=True):
        counts.update({reason: number for reason, number in after.items() if reason not in TOTALS})
    return ", ".join(f"{formats.number(number)} {reason}" for reason, number in counts.most_common())


def what_follows(change_set: ChangeSet) -> str:
    """What else changes because of it, a little later; one query."""
    return FOLLOWS if change_set.values.filter(field__in=MOVES_ATTENTION).exists() else ""


def list_sets(zone: str, before: int | None = None) -> tuple[list[SetView], int | None]:
    """Change sets, newest first, with ids below `before`; and the id to go on from. One query."""
    chosen = ChangeSet.objects.order_by("-id")
    if before is not None:
        chosen = chosen.filter(pk__lt=before)
    found = list(chosen[: SETS + 1])
    shown = [set_view(one, zone) for one in found[:SETS]]
    return shown, shown[-1].pk if len(found) > SETS else None


def list_values(change_set: ChangeSet, after: int | None = None) -> tuple[list[ValueView], int | None]:
    """What a set changed, from an id on, in words; and the id to go on from. At most three queries."""
    chosen = ChangedValue.objects.filter(change_set=change_set).select_related("account").order_by("id")
    if after is not None:
        chosen = chosen.filter(pk__gt=after)
    found = list(chosen[: VALUES + 1])
    shown = in_words(found[:VALUES])
    return shown, shown[-1].pk if len(found) > VALUES else None


def in_words(values: Sequence[ChangedValue]) -> list[ValueView]:
    """Values as a table prints them."""
    words = words_of({value.field for value in values})
    return [
        ValueView(
            pk=value.pk,
            account_id=value.account_id,
            account=value.account.name,
            field=FIELDS[value.field].label.capitalize(),
            before=words[value.field](value.before),
            after=words[value.field](value.after),
        )
        for value in values
    ]
