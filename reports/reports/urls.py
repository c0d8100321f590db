"""Routes under the workspace's address."""

from csworkspace.people.access import Needs
from csworkspace.web.routes import route
from reports.reports import views

urlpatterns = [
    route("accounts/<int:pk>/reports/", views.account_reports, "account_reports", needs=Needs.READ),
    route("accounts/<int:pk>/reports/new/", views.report_new, "report_new", needs=Needs.WORK),
    route("reports/<int:pk>/", views.report_page, "report", needs=Needs.READ),
    route("reports/<int:pk>/pdf/", views.report_pdf, "report_pdf", needs=Needs.READ),
    route("reports/<int:pk>/commentary/", views.report_commentary, "report_commentary", needs=Needs.WORK),
    route("reports/<int:pk>/refreshes/", views.report_refresh, "report_refresh", needs=Needs.WORK),
    route("reports/<int:pk>/issues/", views.report_issue, "report_issue", needs=Needs.WORK),
    route("reports/<int:pk>/discards/", views.report_discard, "report_discard", needs=Needs.WORK),
]
