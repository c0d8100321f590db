"""Starting a playbook on many accounts from the book."""

from collections.abc import Sequence
from typing import Any

from accounts.book.bulk_slots import BulkJob
from csworkspace.audit.actor import Actor
from csworkspace.jobs.actions import start_job
from csworkspace.jobs.models import Job
from csworkspace.jobs.registry import JobRefused, job
from csworkspace.jobs.runner import Run
from csworkspace.tenancy.clock import today
from csworkspace.tenancy.models import Workspace
from csworkspace.web.formats import plural
from csworkspace.web.times import day
from playbooks.playbooks.audience import in_audience
from playbooks.playbooks.models import Playbook
from playbooks.plays.candidates import audience_of
from playbooks.plays.forms import ManyForm
from playbooks.plays.launching import ASK_ABOVE, open_launch
from playbooks.plays.models import ACTIVE, Play
from playbooks.plays.refusals import StartRefused
from playbooks.plays.starting import Wanted, lock_startable, start_many

MANY_JOB = "plays.start_many"


def start_playbook(account_ids: Sequence[int], *, by: Actor, playbook: str) -> Job:
    """Start the job that starts it, or asks the managers if the accounts are many."""
    name = Playbook.objects.get(pk=playbook).name
    title = f"Start {name} on {plural(len(account_ids), 'account')}"
    return start_job(MANY_JOB, title, by=by, playbook=int(playbook), account_ids=list(account_ids))


def passed(account_ids: Sequence[int], *, playbook: str) -> dict[str, list[int]]:
    """The accounts that would be passed over, under the reason."""
    found = Playbook.objects.get(pk=playbook)
    version = found.versions.get(number=found.current or 0)
    runs = Play.objects.filter(playbook=found, account_id__in=account_ids, state__in=ACTIVE)
    running = set() if found.is_parallel else set(runs.values_list("account_id", flat=True))
    outside = set(account_ids) - in_audience(audience_of(version), account_ids) - running
    reasons = {
        "it runs there already": sorted(running),
        "not in the playbook’s audience": sorted(outside),
    }
    return {reason: ids for reason, ids in reasons.items() if ids}


@job(MANY_JOB)
def start_on_many(run: Run, playbook: int, account_ids: list[int], **_: Any) -> dict[str, Any]:
    """Up to 25 are started at once; more become a launch that asks."""
    try:
        locked, version = lock_startable(playbook)
    except StartRefused as refusal:
        raise JobRefused(str(refusal)) from refusal
    over = {pk for ids in passed(account_ids, playbook=str(playbook)).values() for pk in ids}
    ids = [pk for pk in account_ids if pk not in over]
    slug = Workspace.objects.get().slug
    if len(ids) > ASK_ABOVE:
        words = f"Asked for by {run.by.label} from the book, on {day(today())}"
        launch = open_launch(
            locked, version, ids, by=run.by, cause=f"by hand {run.job.pk}", words=words, asks=True
        )
        return {"url": f"/w/{slug}/launches/{launch.pk}/", "asked": len(ids)}
    wanted = [Wanted(pk, f"by hand {run.job.pk}", "Started from the book") for pk in ids]
    plays, refused = start_many(locked, version, wanted, by=run.by)
    passed_over = len(account_ids) - len(ids) + len(refused)
    return {
        "url": f"/w/{slug}/plays/?playbook={playbook}",
        "started": len(plays),
        "passed over": passed_over,
    }


START_PLAYBOOK = BulkJob(
    name="playbook",
    label="Start a playbook",
    note=f"More than {ASK_ABOVE} accounts wait for a manager’s yes, and then start day by day.",
    start=start_playbook,
    form=ManyForm,
    passed=passed,
)
