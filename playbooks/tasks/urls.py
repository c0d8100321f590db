"""Routes under the workspace's address."""

from django.urls import URLPattern

from csworkspace.people.access import Needs
from csworkspace.web.routes import route
from playbooks.tasks import account_views, feed_views, views
from playbooks.tasks import task_views as one

READ, WORK = Needs.READ, Needs.WORK

urlpatterns: list[URLPattern] = [
    route("tasks/", views.tasks, "tasks", needs=READ),
    route("tasks/new/", account_views.task_begin, "task_begin", needs=WORK),
    route("tasks/export/", views.tasks_csv, "tasks_csv", needs=READ),
    route("tasks/without-owner/", views.tasks_unowned, "tasks_unowned", needs=READ),
    route("tasks/completions/", views.tasks_completions, "tasks_completions", needs=WORK),
    route("tasks/assignments/", views.tasks_assignments, "tasks_assignments", needs=WORK),
    route("tasks/dates/", views.tasks_dates, "tasks_dates", needs=WORK),
    route("tasks/calendar/", feed_views.calendar_feed, "calendar_feed", needs=READ),
    route("tasks/calendar/addresses/", feed_views.calendar_feeds, "calendar_feeds", needs=READ),
    route(
        "tasks/calendar/revocations/",
        feed_views.calendar_feed_revocations,
        "calendar_feed_revocations",
        needs=READ,
    ),
    route("tasks/<int:pk>/", one.task, "task", needs=READ),
    route("tasks/<int:pk>/edit/", one.task_edit, "task_edit", needs=WORK),
    route("tasks/<int:pk>/completions/", one.task_completions, "task_completions", needs=WORK),
    route("tasks/<int:pk>/skips/", one.task_skips, "task_skips", needs=WORK),
    route("tasks/<int:pk>/reopenings/", one.task_reopenings, "task_reopenings", needs=WORK),
    route("tasks/<int:pk>/assignments/", one.task_assignments, "task_assignments", needs=WORK),
    route("tasks/<int:pk>/dates/", one.task_dates, "task_dates", needs=WORK),
    route("accounts/<int:pk>/tasks/", account_views.account_tasks, "account_tasks", needs=READ),
    route("accounts/<int:pk>/tasks/new/", account_views.task_new, "task_new", needs=WORK),
]
