"""Routes under the workspace's address."""

from django.urls import URLPattern

from accounts.news import views
from csworkspace.people.access import Needs
from csworkspace.web.routes import route

urlpatterns: list[URLPattern] = [
    route("accounts/<int:pk>/news/", views.account_news, "account_news", needs=Needs.READ),
    route("accounts/<int:pk>/news/new/", views.news_new, "news_new", needs=Needs.WORK),
    route("news/<int:pk>/removals/", views.news_remove, "news_remove", needs=Needs.WORK),
]
