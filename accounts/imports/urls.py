"""Routes."""

from django.urls import URLPattern

from accounts.imports import views
from csworkspace.people.access import Needs
from csworkspace.web.routes import route

urlpatterns: list[URLPattern] = [
    route("imports/", views.imports, "imports", needs=Needs.READ),
    route("imports/new/", views.import_new, "import_new", needs=Needs.WORK),
    route("imports/<int:pk>/", views.import_page, "import", needs=Needs.READ),
    route("imports/<int:pk>/mapping/", views.import_mapping, "import_mapping", needs=Needs.WORK),
    route("imports/<int:pk>/runs/", views.import_run, "import_run", needs=Needs.WORK),
    route("imports/<int:pk>/rejects.csv", views.import_rejects, "import_rejects", needs=Needs.READ),
]
