"""Page-shaped reads of the job ledger."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme

from csworkspace.jobs.models import UNFINISHED, Job, JobStatus
from csworkspace.jobs.registry import background_kinds
from csworkspace.web.times import duration, moment, relative_moment

PAGE = 50
STATES = [
    ("", "All that people follow"),
    ("unfinished", "Waiting or running"),
    (JobStatus.SUCCEEDED.value, "Done"),
    (JobStatus.DEAD.value, "Failed"),
    ("all", "All, the automatic ones too"),
]
# A job's state in the words of the kit's status marks.
MARKS = {"queued": "no_data", "running": "ahead", "succeeded": "on_track", "dead": "off_track"}


@dataclass(frozen=True)
class JobView:
    """A job as lists and pages print it."""

    id: int
    title: str
    status: str
    label: str
    mark: str
    percent: int
    message: str
    error: str
    started_by: str
    created: str
    age: str
    took: str
    attempts: str
    is_finished: bool
    is_dead: bool
    result: list[tuple[str, str]]
    result_url: str


@dataclass(frozen=True)
class JobList:
    """One page of jobs, newest first; `next_before` is the id to go on from, or None."""

    jobs: list[JobView]
    next_before: int | None


def list_jobs(zone: str, state: str = "", before: int | None = None) -> JobList:
    """Jobs with ids below `before`, in one of STATES, as times of `zone`.

    Without a state, what the workspace does by itself is left out once it is done.
    """
    chosen = Job.objects.order_by("-id")
    if state == "unfinished":
        chosen = chosen.filter(status__in=UNFINISHED)
    elif not state:
        chosen = chosen.exclude(kind__in=background_kinds(), status=JobStatus.SUCCEEDED)
    elif state != "all":
        chosen = chosen.filter(status=state)
    if before is not None:
        chosen = chosen.filter(id__lt=before)
    found = list(chosen.defer("args", "result")[: PAGE + 1])
    shown = found[:PAGE]
    return JobList(
        [job_view(job, zone, with_result=False) for job in shown], shown[-1].pk if len(found) > PAGE else None
    )


def job_view(job: Job, zone: str, *, with_result: bool = True) -> JobView:
    """One job, ready to print."""
    result: dict[str, Any] = job.result if with_result else {}
    now = timezone.now()
    ended = job.finished_at or now
    return JobView(
        id=job.pk,
        title=job.title,
        status=job.status,
        label=_label(job),
        mark=MARKS[job.status],
        percent=job.percent,
        message=job.message or _label(job),
        error=job.error,
        started_by=job.actor,
        created=moment(job.created_at, zone),
        age=relative_moment(job.created_at, now),
        took=duration(max(0.0, (ended - job.started_at).total_seconds())) if job.started_at else "",
        attempts=f"{job.attempts} of {job.max_attempts}" if job.attempts else "",
        is_finished=job.is_finished,
        is_dead=job.status == JobStatus.DEAD,
        result=[(key.replace("_", " "), str(value)) for key, value in result.items() if key != "url"],
        result_url=safe_url(result.get("url")),
    )


def _label(job: Job) -> str:
    if job.status == JobStatus.QUEUED and job.attempts:
        return "Waiting to try again"
    return "Waiting" if job.status == JobStatus.QUEUED else job.get_status_display()


def safe_url(url: object) -> str:
    """An address on this site that a finished job names in its result; '' for anything else."""
    if not isinstance(url, str) or not url.startswith("/"):
        return ""
    return url if url_has_allowed_host_and_scheme(url, allowed_hosts=None) else ""


def jobs_about(kind: str, **args: Any) -> Job | None:
    """The newest job of a kind with these arguments, for a page that shows its progress; None if none."""
    return Job.objects.filter(Q(kind=kind, args__contains=args)).order_by("-id").first()
