"""Routes."""

from django.urls import URLPattern

from accounts.book import views
from csworkspace.people.access import Needs
from csworkspace.web.routes import route

urlpatterns: list[URLPattern] = [
    route("book/", views.book, "book", needs=Needs.READ),
    route("book.csv", views.book_csv, "book_csv", needs=Needs.READ),
]
