"""The account page: its queries, and its time against its bare SQL and templates without a view."""

from typing import Any

from tests.bench.books import bare_client, client_of, make_book, queries_of
from tests.bench.ratios import Ratio, medians

ROUNDS = 25
CONTROL = ("BEGIN", "COMMIT")


def run() -> list[Ratio]:
    """The overview of an account with people, changes and a measured metric."""
    workspace, member = make_book("accounts", 1000)
    account_id = furnish(workspace)
    client, url = client_of(member), f"/w/{workspace.slug}/accounts/{account_id}/"
    client.get(url)
    statements = [q["sql"] for q in queries_of(client, url) if q["sql"] not in CONTROL]
    bare = bare_client(client, bare_view(statements, ready_context(client, url)))
    if len(bare.get(url).content) < 0.98 * len(client.get(url).content):
        raise RuntimeError("the bare view prints another page")
    ours, plain = medians(lambda: client.get(url), lambda: bare.get(url), rounds=ROUNDS)
    return [
        Ratio("queries of the overview", len(statements), 1, "queries", 20),
        Ratio("overview against its bare SQL and ready values", ours, plain, "s", 1.75),
    ]


def furnish(workspace: Any) -> int:
    """Give an account why they bought, people and a history: its id."""
    from accounts.accounts.actions import edit_account
    from accounts.accounts.models import Account
    from accounts.contacts.actions import create_contact
    from csworkspace.tenancy.database import open_workspace
    from tests.kit import BY

    with open_workspace(workspace.pk):
        account = Account.objects.order_by("pk")[500]
        for n in range(6):
            create_contact(
                account, by=BY, name=f"Person {n}", title="Head of depots", email=f"p{n}@x.example"
            )
            edit_account(account, by=BY, reason_bought=f"See slow depots the same day, {n}.")
    return account.pk


def ready_context(client: Any, url: str) -> dict[str, Any]:
    """Everything that the page's templates print, as the page's own view made it."""
    from django.test.utils import setup_test_environment, teardown_test_environment

    setup_test_environment(debug=False)
    try:
        contexts = client.get(url).context
    finally:
        teardown_test_environment()
    # The first is the page's; the others are those of its parts, with their own names in them.
    names = ("label", "data", "panel", "forloop", "text", "source", "facts", "name", "person", "block")
    return {name: value for name, value in contexts[0].flatten().items() if name not in names}


def bare_view(statements: list[str], context: dict[str, Any]) -> Any:
    """The page's own statements as they are, and its templates with ready values."""
    from django.db import connection, transaction
    from django.http import HttpResponse
    from django.template import Context
    from django.template.loader import get_template
    from django.urls import set_urlconf

    template = get_template("accounts/overview.html").template  # type: ignore[attr-defined]
    # Django's session and sign-in run on both sides, in front of the page's own statements.
    own = [sql for sql in statements if "django_session" not in sql and '_user"."password"' not in sql]

    def view(request: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            raise RuntimeError("not signed in")
        # The templates ask for addresses of the product, not of the bare project.
        set_urlconf(None)
        with transaction.atomic(), connection.cursor() as cursor:
            for sql in own:
                cursor.execute(sql)
                cursor.fetchall()
            return HttpResponse(template.render(Context(dict(context))))

    return view
