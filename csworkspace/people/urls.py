"""Settings, members, invitations and API keys of a workspace."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
