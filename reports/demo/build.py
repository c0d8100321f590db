"""Building the demo workspaces with the product's own actions, step by step.

A step that was done is not done again, so that an interrupted build goes on;
`Workspace.is_demo` is set when everything is there.
"""

import gzip
import json
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import BinaryIO

from django.db import transaction

from accounts.accounts.models import Account
from accounts.metrics.actions import define_metric
from accounts.metrics.models import Metric
from accounts.usage.actions import ingest_file, open_batch, request_measuring
from accounts.usage.mapping import DEFAULT
from csworkspace.audit.actor import Actor
from csworkspace.jobs.actions import jobs_inline
from csworkspace.people.models import Role
from csworkspace.tenancy.actions import create_workspace
from csworkspace.tenancy.database import open_workspace
from csworkspace.tenancy.door import WorkspaceRef, find_workspace
from csworkspace.tenancy.models import Workspace
from playbooks.plans.models import Plan
from reports.demo.capacity import plan_capacity
from reports.demo.cast import COMPANY, OTHER_COMPANY, OTHER_SLUG, SLUG, customers, lookalikes
from reports.demo.company import USAGE, add_person, define_metrics, hire_team, invite_customer, sign_customers
from reports.demo.events import events_until
from reports.demo.indicators import watch_accounts
from reports.demo.maturity import publish_maturity
from reports.demo.messages import write_messages
from reports.demo.notes import write_notes
from reports.demo.papers import write_reports
from reports.demo.past import tell_past
from reports.demo.playbooks import use_playbooks
from reports.demo.plays import run_plays
from reports.demo.revenue import write_revenue
from reports.demo.scores import keep_scores
from reports.demo.segments import build_segments
from reports.demo.services import keep_promises
from reports.demo.signals import see_signals
from reports.demo.stories import agree, all_stories, answer_questions
from reports.demo.tasks import give_tasks
from reports.demo.tiers import promise_otherwise, promise_services
from reports.demo.views import save_views

BY = Actor(label="Ingrid Solberg", origin="demo")


def is_built() -> bool:
    """Whether the demo workspace is complete."""
    found = find_workspace(OTHER_SLUG, "demo: is it there")
    if found is None:
        return False
    with open_workspace(found.id):
        return Workspace.objects.get().is_demo


def build(today: date) -> None:
    """Build what is missing of the two demo workspaces, with usage up to yesterday."""
    with jobs_inline():
        build_company(today)
        build_lookalike(today)


def build_company(today: date) -> None:
    """The company that the demo is about."""
    workspace = ensure_workspace(COMPANY, SLUG, "Europe/Oslo")
    with open_workspace(workspace.id):
        csms = hire_team()
        define_metrics(BY)
    with open_workspace(workspace.id):
        sign_customers(csms, today, BY)
        promise_services(today, BY)
        write_revenue(today, BY)
        plan_capacity(today, BY)
        invite_customer()
        save_views(BY)
    load_usage(workspace, today)
    with open_workspace(workspace.id):
        publish_maturity(BY)
    with open_workspace(workspace.id):
        answer_questions(BY)
    for story in all_stories():
        with open_workspace(workspace.id):
            agree(story, today, BY)
    with open_workspace(workspace.id):
        keep_promises(BY)
    with open_workspace(workspace.id):
        build_segments(BY)
    see_and_act(workspace, today)
    write_reports(workspace, BY)
    finish(workspace)


def see_and_act(workspace: WorkspaceRef, today: date) -> None:
    """Indicators, signals, playbooks and plays, and what people did about them."""
    steps: list[Callable[[], None]] = [
        lambda: watch_accounts(BY),
        lambda: write_messages(BY),
        lambda: use_playbooks(BY),
        lambda: run_plays(BY),
        tell_past,
        lambda: see_signals(BY),
        lambda: write_notes(today),
        lambda: give_tasks(today, BY),
        keep_scores,
    ]
    for step in steps:
        with open_workspace(workspace.id):
            step()


def build_lookalike(today: date) -> None:
    """A second company with confusable names: nothing of the first may show up in it."""
    workspace = ensure_workspace(OTHER_COMPANY, OTHER_SLUG, "Europe/London")
    with open_workspace(workspace.id):
        owner = add_person(f"admin@{OTHER_SLUG}.example", "Ingrid Solbakken", Role.ADMIN)
        if not Metric.objects.exists():
            define_metric(by=BY, **USAGE[0])
        sign_customers([owner], today, BY, cast=lookalikes())
        promise_otherwise(today, BY)
    load_usage(workspace, today, lookalike=True)
    finish(workspace)


def ensure_workspace(name: str, slug: str, timezone: str) -> WorkspaceRef:
    """The workspace with this slug, made if it is missing."""
    with transaction.atomic():
        found = find_workspace(slug, "demo: build")
        if found is None:
            made = create_workspace(name, slug, timezone=timezone, currency="EUR")
            found = WorkspaceRef(made.pk, slug)
    return found


def finish(workspace: WorkspaceRef) -> None:
    """Mark the workspace as a complete demo."""
    with open_workspace(workspace.id):
        Workspace.objects.update(is_demo=True)


def load_usage(workspace: WorkspaceRef, today: date, *, lookalike: bool = False) -> None:
    """Ingest the invented log as a file, the way a customer's would come; twice does no harm."""
    with open_workspace(workspace.id):
        if Plan.objects.exists() or not Account.objects.exists():
            return
        batch = open_batch("usage_events.ndjson.gz", DEFAULT, by=BY)
    with usage_file(today, lookalike=lookalike) as file:
        ingest_file(batch, file)
    with open_workspace(workspace.id):
        request_measuring(BY)


@contextmanager
def usage_file(today: date, *, lookalike: bool = False) -> Iterator[BinaryIO]:
    """The invented log up to yesterday as an open gzip file."""
    with tempfile.TemporaryFile() as file:
        write_usage(file, today - timedelta(days=1), lookalike=lookalike)
        file.seek(0)
        yield file


def write_usage(file: BinaryIO, last_day: date, *, lookalike: bool = False) -> int:
    """Write the log as gzipped NDJSON in the order of time; the number of events."""
    events = sorted(
        events_until(last_day, lookalikes() if lookalike else customers()),
        key=lambda event: str(event["occurred_at"]),
    )
    with gzip.GzipFile(fileobj=file, mode="wb", mtime=0) as packed:
        for event in events:
            packed.write(json.dumps(event).encode() + b"\n")
    return len(events)


def write_files(folder: Path, today: date) -> list[Path]:
    """The demo's accounts and usage as files, to try the imports with."""
    folder.mkdir(parents=True, exist_ok=True)
    accounts, usage = folder / "accounts.csv", folder / "usage_events.ndjson.gz"
    lines = ["external_id,name,domains,tier,arr,currency,industry,region"]
    lines += [
        f"TW-{1001 + number},{one.name},{one.domain},,{one.arr},EUR,{one.industry},{one.region}"
        for number, one in enumerate(customers())
    ]
    accounts.write_text("\n".join(lines) + "\n")
    with usage.open("wb") as file:
        write_usage(file, today - timedelta(days=1))
    return [accounts, usage]
