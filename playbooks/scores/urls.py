"""Routes under the workspace's address."""

from django.urls import URLPattern

from csworkspace.people.access import Needs
from csworkspace.web.routes import route
from playbooks.scores import views

WEIGHTS = "settings/score-weights/"

urlpatterns: list[URLPattern] = [
    route("accounts/<int:pk>/score/", views.account_score, "account_score", needs=Needs.READ),
    route("scores/method/", views.score_method, "score_method", needs=Needs.READ),
    route(WEIGHTS, views.score_weights, "score_weights", needs=Needs.MANAGE),
    route(f"{WEIGHTS}previews/", views.score_previews, "score_previews", needs=Needs.MANAGE),
    route(f"{WEIGHTS}versions/", views.score_versions, "score_versions", needs=Needs.MANAGE),
]
