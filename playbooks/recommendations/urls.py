"""Routes under the workspace's address."""

from django.urls import URLPattern

from csworkspace.people.access import Needs
from csworkspace.web.routes import route
from playbooks.recommendations import views

READ, WORK = Needs.READ, Needs.WORK
OF_ACCOUNT, ONE = "accounts/<int:pk>/recommendations/", "recommendations/<int:pk>/"

urlpatterns: list[URLPattern] = [
    route(OF_ACCOUNT, views.account_recommendations, "account_recommendations", needs=READ),
    route(f"{OF_ACCOUNT}new/", views.recommendation_new, "recommendation_new", needs=WORK),
    route(ONE, views.recommendation, "recommendation", needs=READ),
    route(f"{ONE}withdrawals/", views.withdrawals, "recommendation_withdrawals", needs=WORK),
    route(f"{ONE}uptakes/", views.uptakes, "recommendation_uptakes", needs=WORK),
]
