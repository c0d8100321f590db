"""Routes under the workspace's address."""

from csworkspace.people.access import Needs
from csworkspace.web.routes import route
from reports.portal import link_views, views
from reports.portal import recommendation_views as advice
from reports.portal.evidence_views import evidence_page

PORTAL = "portal/<int:pk>/"

urlpatterns = [
    route("portal/", views.portal_home, "portal", needs=Needs.PORTAL),
    route(PORTAL, views.overview, "portal_account", needs=Needs.PORTAL),
    route(f"{PORTAL}plan/", views.plan_page, "portal_plan", needs=Needs.PORTAL),
    route(f"{PORTAL}progress/", views.progress_page, "portal_progress", needs=Needs.PORTAL),
    route(f"{PORTAL}maturity/", views.maturity_page, "portal_maturity", needs=Needs.PORTAL),
    route(f"{PORTAL}evidence/<slug:key>/", evidence_page, "portal_evidence", needs=Needs.PORTAL),
    route(f"{PORTAL}recommendations/", advice.page, "portal_recommendations", needs=Needs.PORTAL),
    route(
        f"{PORTAL}recommendations/<int:recommendation>/answers/",
        advice.answers,
        "portal_recommendation_answers",
        needs=Needs.PORTAL,
    ),
    route(f"{PORTAL}reports/", views.reports_page, "portal_reports", needs=Needs.PORTAL),
    route(f"{PORTAL}reports/<int:report>/", views.report_page, "portal_report", needs=Needs.PORTAL),
    route(f"{PORTAL}reports/<int:report>/pdf/", views.report_pdf, "portal_report_pdf", needs=Needs.PORTAL),
    route("accounts/<int:pk>/links/new/", link_views.link_new, "share_link_new", needs=Needs.WORK),
    route("links/<int:pk>/revocations/", link_views.link_revoke, "share_link_revoke", needs=Needs.WORK),
]
