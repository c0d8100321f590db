"""Routes under the workspace's address."""

from django.urls import URLPattern

from csworkspace.people.access import Needs
from csworkspace.web.routes import route
from playbooks.messages import message_views, review_views, views

READ, WORK, MANAGE = Needs.READ, Needs.WORK, Needs.MANAGE
TEMPLATES = "settings/email-templates/"
ONE = f"{TEMPLATES}<int:pk>/"

urlpatterns: list[URLPattern] = [
    route(TEMPLATES, views.email_templates, "email_templates", needs=WORK),
    route(f"{TEMPLATES}new/", views.email_template_new, "email_template_new", needs=MANAGE),
    route(f"{TEMPLATES}copies/", views.email_template_copies, "email_template_copies", needs=MANAGE),
    route(ONE, views.email_template, "email_template", needs=WORK),
    route(f"{ONE}edit/", views.email_template_edit, "email_template_edit", needs=MANAGE),
    route(f"{ONE}retirements/", views.email_template_retirements, "email_template_retirements", needs=MANAGE),
    route(f"{ONE}tests/", views.email_template_tests, "email_template_tests", needs=WORK),
    route("accounts/<int:pk>/messages/", message_views.account_messages, "account_messages", needs=READ),
    route("accounts/<int:pk>/messages/new/", message_views.message_new, "message_new", needs=WORK),
    route("steps/<int:pk>/review/", review_views.step_review, "step_review", needs=WORK),
    route("messages/<int:pk>/", message_views.message_page, "message", needs=READ),
]
