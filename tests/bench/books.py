"""Workspaces with books of many accounts, and people signed in to them."""

from typing import Any

ACCOUNTS = """
insert into accounts_account (name, external_id, stage, owner_id, tier_id, arr, currency, renewal_on,
    reason_bought, attributes, created_at, updated_at)
select 'Customer ' || substr(md5(n::text), 1, 10), 'c-' || n,
    (array['trial', 'onboarding', 'adopting', 'established', 'churned'])[1 + n %% 5], %(owner)s,
    (select id from accounts_tier where position = 1 + n %% 3), n * 7919 %% 100000,
    (array['USD', 'EUR'])[1 + n %% 2], date '2026-01-01' + n * 31 %% 700, '', '{}', now(), now()
from generate_series(1, %(count)s) n
"""
DOMAINS = """
insert into accounts_accountdomain (account_id, domain, is_main)
select id, 'd' || id || '.example', true from accounts_account
"""
STANDING = """
update accounts_bookrow set
    attention = case when account_id % 10 = 0 then account_id % 100 else 0 end,
    reasons = case when account_id % 10 = 0
        then '[{"text": "Nobody has used it for 30 days", "weight": 60}]'::jsonb else '[]' end,
    level = account_id % 6 - 1, last_active_on = date '2026-01-01' + (account_id * 17 % 300)::int,
    headline = account_id * 13 % 500, headline_sort = account_id * 13 % 500,
    headline_before = account_id * 11 % 500,
    plan_status = (array['none', 'ahead', 'on_track', 'slipping', 'off_track'])[1 + account_id % 5]
"""


def make_book(slug: str, count: int) -> tuple[Any, Any]:
    """A workspace with so many accounts and a manager: the workspace and the membership."""
    from django.db import connection, transaction

    from accounts.book.actions import refresh_book
    from accounts.tiers.models import Tier
    from csworkspace.people.models import Membership, Role, User
    from csworkspace.tenancy.actions import create_workspace
    from csworkspace.tenancy.owner import as_owner

    with transaction.atomic():
        workspace = create_workspace(slug.title(), slug)
        person = User.objects.create_user(f"manager@{slug}.example", name="Manager")
        member = Membership.objects.create(user=person, role=Role.MANAGER)
        for position, name in enumerate(("Top", "Leveraged", "Scalable"), 1):
            Tier.objects.create(name=name, position=position)
        with connection.cursor() as cursor:
            cursor.execute(ACCOUNTS, {"owner": member.pk, "count": count})
            cursor.execute(DOMAINS)
            refresh_book()
            cursor.execute(STANDING)
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("vacuum analyze accounts_bookrow, accounts_account, accounts_accountdomain")
    return workspace, member


def client_of(member: Any) -> Any:
    """A client signed in as this member."""
    from django.test import Client

    client = Client(SERVER_NAME="localhost")
    client.force_login(member.user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def queries_of(client: Any, url: str) -> list[dict[str, str]]:
    """The statements of one request, BEGIN and COMMIT included. Raises if it is not answered by 200."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as captured:
        response = client.get(url)
    if response.status_code != 200:
        raise RuntimeError(f"{url} answered {response.status_code}")
    return list(captured.captured_queries)


def bare_client(client: Any, view: Any) -> Any:
    """A client of a new Django project with one view, signed in with the same session.

    Its middleware is what `startproject` gives; every address leads to the view.
    """
    from types import ModuleType

    from django.conf import settings
    from django.test import Client
    from django.test.client import ClientHandler
    from django.test.utils import override_settings
    from django.urls import re_path

    urls = ModuleType("bare_urls")
    urls.urlpatterns = [re_path("", view)]  # type: ignore[attr-defined]

    class BareHandler(ClientHandler):
        def get_response(self, request: Any) -> Any:
            request.urlconf = urls
            return super().get_response(request)

    usual = [name for name in settings.MIDDLEWARE if name.startswith("django.")]
    with override_settings(MIDDLEWARE=usual):
        handler = BareHandler()
        handler.load_middleware()
    bare = Client(SERVER_NAME="localhost")
    bare.handler, bare.cookies = handler, client.cookies
    return bare
