"""`serve`: the whole product in one terminal (what `make run` calls)."""

import os
import sys
from typing import Any

import redis
from django.conf import settings
from django.core.cache import cache
from django.core.management.base import BaseCommand
from django.db import Error, connection

from csworkspace.embedded import supervisor
from csworkspace.jobs.tasks import PULSE_KEY
from csworkspace.tenancy.owner import as_owner


class Command(BaseCommand):
    """Start web, worker and clock, and the embedded services where no server is named."""

    help = (
        "Run web server, worker and clock until Ctrl-C, with embedded services where no URL names a server."
    )
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        """Hand over to the supervisor; its exit code is the command's."""
        sys.exit(
            supervisor.run(supervisor.Site(settings.SITE_URL, _host_header(), (_database, _owner, _broker)))
        )


def _host_header() -> str:
    """A host name that ALLOWED_HOSTS lets through, for asking /healthz."""
    local = {"127.0.0.1", "*"} & set(settings.ALLOWED_HOSTS)
    return "127.0.0.1" if local or not settings.ALLOWED_HOSTS else settings.ALLOWED_HOSTS[0].lstrip(".")


def _database() -> str | None:
    try:
        connection.ensure_connection()
    except Error as error:
        return f"The database that DATABASE_URL names does not answer: {str(error).strip()}"
    finally:
        connection.close()
    return None


def _owner() -> str | None:
    if os.environ.get("DATABASE_URL") and not os.environ.get("OWNER_DATABASE_URL"):
        return "Set OWNER_DATABASE_URL beside DATABASE_URL: migrations need the role that owns the tables."
    try:
        with as_owner():
            connection.ensure_connection()
    except Error as error:
        return f"The database that OWNER_DATABASE_URL names does not answer: {str(error).strip()}"
    return None


def _broker() -> str | None:
    addresses = {
        "BROKER_URL": settings.BROKER_URL.replace("redis+socket:", "unix:"),
        "CACHE_URL": settings.CACHE_URL,
    }
    for name, url in addresses.items():
        try:
            if url.startswith(("unix:", "redis")):
                redis.Redis.from_url(url, socket_connect_timeout=5).ping()
        except (redis.RedisError, ValueError) as error:
            return f"The server that {name} names does not answer: {error}"
    cache.delete(PULSE_KEY)  # /healthz must not take the last run's worker for this one's
    return None
