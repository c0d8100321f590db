"""Routes under the workspace's address."""

from django.urls import URLPattern

from csworkspace.people.access import Needs
from csworkspace.web.routes import route
from playbooks.benchmarks import views

urlpatterns: list[URLPattern] = [
    route("accounts/<int:pk>/benchmarks/new/", views.benchmark_new, "benchmark_new", needs=Needs.WORK),
    route("benchmarks/<int:pk>/", views.benchmark_page, "benchmark", needs=Needs.READ),
]
