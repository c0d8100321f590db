"""Routes of jobs."""

from csworkspace.jobs import views
from csworkspace.people.access import Needs
from csworkspace.web.routes import route

urlpatterns = [
    route("jobs/", views.jobs_page, "jobs", needs=Needs.READ),
    route("jobs/<int:pk>/", views.job_page, "job", needs=Needs.READ),
    route("jobs/<int:pk>/progress/", views.job_progress, "job_progress", needs=Needs.READ),
    route("jobs/<int:pk>/retries/", views.retry, "job_retry", needs=Needs.WORK),
]
