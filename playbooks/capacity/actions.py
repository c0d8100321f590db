"""Changing how much time people have."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import transaction

from csworkspace.audit.actions import record, values_of
from csworkspace.audit.actor import Actor
from csworkspace.people.models import Membership
from csworkspace.web import times
from csworkspace.web.versions import check_version
from playbooks.capacity.models import Absence, CsmCapacity

FIELDS = ["hours_per_week", "meeting_share", "leave_share", "languages", "regions", "skills"]


@transaction.atomic
def set_capacity(member: Membership, *, by: Actor, version: int | None = None, **values: Any) -> CsmCapacity:
    """Set a CSM's working time and whom they can serve (any of FIELDS). Raises Conflict if the settings
    are not at `version` any more; 0: there were none."""
    lock_member(member)
    row = CsmCapacity.objects.filter(membership=member).first() or CsmCapacity(membership=member, version=0)
    check_version(row, version)
    before = values_of(row, FIELDS) if row.pk else {}
    for field in FIELDS:
        setattr(row, field, values.get(field, getattr(row, field)))
    after = values_of(row, FIELDS)
    if before != after:
        row.version += 1
        row.save()
        record("set the capacity of", member, by=by, before=before, after=after)
    return row


def lock_member(member: Membership) -> None:
    """Two who set somebody's time at once come one after the other."""
    Membership.objects.select_for_update(no_key=True).get(pk=member.pk)


@transaction.atomic
def add_absence(member: Membership, *, by: Actor, starts_on: date, ends_on: date, note: str = "") -> Absence:
    """Note days on which somebody is away, both included. Raises ValueError when they end before they
    start."""
    if ends_on < starts_on:
        raise ValueError("An absence cannot end before it starts.")
    absence = Absence.objects.create(membership=member, starts_on=starts_on, ends_on=ends_on, note=note)
    record("noted an absence of", member, by=by, after=_said(absence))
    return absence


@transaction.atomic
def remove_absence(absence: Absence, *, by: Actor) -> None:
    """Take days out of the calendar again; twice does no harm."""
    removed, _ = Absence.objects.filter(pk=absence.pk).delete()
    if removed:
        record("removed an absence of", absence.membership, by=by, before=_said(absence))


def _said(absence: Absence) -> dict[str, str]:
    return {"days": times.day_range(absence.starts_on, absence.ends_on), "note": absence.note}


def clean_words(words: Iterable[str]) -> list[str]:
    """Lower-case words in their order, each once."""
    found = (" ".join(word.split()).lower() for word in words)
    return list(dict.fromkeys(word for word in found if word))
