"""What the matrix needs: all routes from the resolver, and an object of any model with the least it takes."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.apps import apps
from django.db import models
from django.urls import URLPattern, get_resolver
from django.utils import timezone

from csworkspace.people.access import Needs
from csworkspace.tenancy.models import TenantModel, Workspace
from tests.kit import World, make_person

PREFIX = "w/<slug:workspace>/"
# The word before an id in an address → the model, where it is not simply the model's name with an s.
SEGMENTS = {
    "portal": "account",
    "launches": "launch",
    "links": "sharelink",
    "members": "membership",
    "api-keys": "apikey",
    "imports": "batch",
    "sources": "batch",
    "answers": "behaviour",
    "evidence": "metric",
    "occurrences": "serviceoccurrence",
    "csms": "membership",
    "views": "savedview",
    "changes": "changeset",
    "versions": "tierversion",
    "catalogue": "service",
    "moves": "tierplacement",
    "overrides": "serviceoverride",
    "currencies": "currencyrate",
    "outbox": "outgoingmail",
    "webhooks": "webhookendpoint",
    "deliveries": "webhookdelivery",
    "email-templates": "emailtemplate",
    "news": "news",
    "steps": "playstep",
}
# Words before a key that is not a metric's.
SLUGS = {"readings": ("playbooks", "indicator")}
PARAMETER = re.compile(r"(?:([\w.-]+)/)?<(\w+):(\w+)>")


@dataclass(frozen=True)
class Route:
    name: str
    path: str
    needs: Needs | None

    @property
    def parameters(self) -> list[tuple[str, str, str]]:
        """(segment before it, converter, name) of each parameter below the workspace."""
        return PARAMETER.findall(self.path.removeprefix(PREFIX))

    def url(self, world: World, values: dict[str, Any]) -> str:
        path = self.path.replace("<slug:workspace>", world.workspace.slug)
        return "/" + re.sub(r"<\w+:(\w+)>", lambda match: str(values[match[1]]), path)


def _walk(patterns: list[Any], prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    for pattern in patterns:
        if isinstance(pattern, URLPattern):
            yield prefix + str(pattern.pattern), pattern
        else:
            yield from _walk(pattern.url_patterns, prefix + str(pattern.pattern))


def all_routes() -> list[Route]:
    return [
        Route(str(pattern.name), path, getattr(pattern.callback, "needs", None))
        for path, pattern in _walk(get_resolver().url_patterns)
    ]


def workspace_routes() -> list[Route]:
    return [route for route in all_routes() if route.path.startswith(PREFIX)]


def model_of(segment: str, converter: str) -> type[models.Model]:
    """Which objects the parameter after this word names."""
    if converter == "slug":
        return apps.get_model(*SLUGS.get(segment, ("accounts", "metric")))
    wanted = SEGMENTS.get(segment, segment.removesuffix("s"))
    found = [m for m in apps.get_models() if issubclass(m, TenantModel) and m._meta.model_name == wanted]
    assert found, f"no model for /{segment}/<id>/: name the model in tests/csworkspace/routes/kit.py"
    return found[0]


def identify(thing: models.Model, converter: str) -> Any:
    """What stands in the address for this object."""
    return thing.pk if converter == "int" else thing.key


def least(model: type[models.Model], world: World, **values: Any) -> Any:
    """An object of the open workspace with nothing but what the database insists on."""
    ready = {"account": world.account, "membership": world.members["csm"]}.get(str(model._meta.model_name))
    if ready is not None:
        return ready
    for field in model._meta.local_fields:
        optional = field.null or field.has_default() or field.has_db_default() or field.primary_key
        automatic = getattr(field, "auto_now_add", False) or getattr(field, "auto_now", False)
        if field.name not in values and not (optional or automatic or field.blank):
            values[field.name] = _value(field, world)
    return model._default_manager.create(**values)


def _value(field: models.Field, world: World) -> Any:
    if field.is_relation:
        related: Any = field.related_model
        if related is Workspace:
            return world.workspace
        if related._meta.model_name == "user":
            return make_person(f"{field.name}-{world.workspace.slug}@x.example")
        # A play's version and the play itself name one playbook, whose name is unique.
        known = related._default_manager.first() if related._meta.model_name == "playbook" else None
        return known or least(related, world)
    if field.choices:
        return field.choices[0][0]
    if isinstance(field, models.DateTimeField):
        return timezone.now()
    if isinstance(field, models.DateField):
        return date(2026, 12, 31) if re.match("due|end|until|expires", field.name) else date(2026, 1, 31)
    if isinstance(field, models.DecimalField):
        return Decimal(1)
    if isinstance(field, models.IntegerField):
        return 1
    return {} if isinstance(field, models.JSONField) else "x"
