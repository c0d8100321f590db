"""Routes outside a workspace's address."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
