"""In the background: reminders, and the tasks of somebody who has left."""

from typing import Any

from csworkspace.jobs.models import Job
from csworkspace.jobs.registry import job
from csworkspace.jobs.runner import Run
from csworkspace.notifications.actions import notify
from csworkspace.people.models import Membership, Role
from csworkspace.people.queries import team
from csworkspace.tenancy.clock import day_in, today
from csworkspace.tenancy.models import Workspace
from csworkspace.web.formats import plural
from playbooks.tasks.models import Task, TaskState
from playbooks.tasks.reminding import remind

REMINDERS = "tasks.reminders"


@job(REMINDERS, background=True)
def send_reminders(run: Run) -> dict[str, Any]:
    """Remind of what is due today and what became overdue."""
    done = Job.objects.filter(kind=REMINDERS, status="succeeded", pk__lt=run.job.pk).order_by("-pk").first()
    last = day_in(Workspace.objects.get(), done.created_at) if done else None
    return {"told": remind(today(), last)}


@job("tasks.owner_left", background=True)
def owner_left(run: Run, membership_id: int, **_: Any) -> dict[str, Any]:
    """Tell managers and admins that somebody's open tasks need another owner."""
    count = Task.objects.filter(owner_id=membership_id, state=TaskState.OPEN).count()
    member = Membership.objects.select_related("user").get(pk=membership_id)
    if not count or member.is_active:
        return {"tasks": 0}
    leaders = team().filter(role__in=[Role.MANAGER, Role.ADMIN]).values_list("pk", flat=True)
    notify(
        leaders,
        "task_unowned",
        f"{member} has left {plural(count, 'open task')}",
        # Once for each time that they leave.
        key=f"member {membership_id} left, job {run.job.pk}",
        text="Give them to somebody else: they are listed as without owner until then.",
        page="tasks_unowned",
    )
    return {"tasks": count}
