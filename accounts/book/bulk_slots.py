"""The jobs that can be started for a selection of accounts; the floors above register theirs here."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms

from csworkspace.jobs.models import Job


class NoParams(forms.Form):
    """For jobs that ask nothing."""


def nobody(ids: Sequence[int], **params: Any) -> dict[str, list[int]]:
    """For jobs that take every account."""
    return {}


@dataclass(frozen=True)
class BulkJob:
    """A job over many accounts.

    name: in addresses, lower case. label: the verb and its object. note: one sentence on what it does.
    form: asks for parameters, its cleaned_data must be JSON. start(ids, by=…, **cleaned_data) starts it.
    passed(ids, **cleaned_data): which of them would be passed over, by the reason.
    """

    name: str
    label: str
    note: str
    start: Callable[..., Job]
    form: Callable[..., forms.Form] = NoParams
    passed: Callable[..., dict[str, list[int]]] = nobody


_jobs: dict[str, BulkJob] = {}


def add_bulk_job(job: BulkJob) -> None:
    """Offer a job in the book's bulk actions."""
    _jobs[job.name] = job


def bulk_jobs() -> dict[str, BulkJob]:
    """The jobs by name, in the order they were registered."""
    return dict(_jobs)
