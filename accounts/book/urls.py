"""Routes."""

from django.urls import URLPattern

from accounts.book import bulk_views, inline_views, view_views, views
from csworkspace.people.access import Needs
from csworkspace.web.routes import route

urlpatterns: list[URLPattern] = [
    route("book/", views.book, "book", needs=Needs.READ),
    route("book.csv", views.book_csv, "book_csv", needs=Needs.READ),
    route("views/new/", view_views.view_new, "view_new", needs=Needs.READ),
    route("views/<int:pk>/edit/", view_views.view_edit, "view_edit", needs=Needs.READ),
    route("views/<int:pk>/contents/", view_views.view_contents, "view_contents", needs=Needs.READ),
    route("views/<int:pk>/removals/", view_views.view_removal, "view_removal", needs=Needs.READ),
    route("accounts/<int:pk>/values/", inline_views.account_value, "account_value", needs=Needs.WORK),
    route("book/bulk/", bulk_views.book_bulk, "book_bulk", needs=Needs.WORK),
    route("book/bulk/preview/", bulk_views.book_bulk_preview, "book_bulk_preview", needs=Needs.WORK),
    route("book/bulk/runs/", bulk_views.book_bulk_run, "book_bulk_run", needs=Needs.WORK),
]
