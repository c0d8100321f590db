"""Routes under the workspace's address."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
