"""One transaction around each request: what it keeps, what it leaves, what it refuses."""

import pytest
from django.db import connection
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.test import override_settings
from django.urls import path

from accounts.accounts.models import Account
from csworkspace import urls
from csworkspace.people.access import Needs
from csworkspace.tenancy.database import open_workspace
from csworkspace.tenancy.middleware import StreamingOutsideTransaction
from csworkspace.web.routes import route


def write(name: str) -> None:
    Account.objects.create(name=name)


def fine(request):
    write("fine")
    return HttpResponse("ok")


def crash(request):
    write("crash")
    raise RuntimeError("boom")


def missing(request):
    write("missing")
    raise Http404


def unwell(request):
    write("unwell")
    return HttpResponse("no", status=503)


def stream(request):
    return StreamingHttpResponse(str(Account.objects.count()) for _ in range(1))


def bare(request):
    return HttpResponse(str(Account.objects.count()))


VIEWS = {"fine": fine, "crash": crash, "missing": missing, "unwell": unwell, "stream": stream}
urlpatterns = [
    path("bare/", bare),
    *[
        route(f"w/<slug:workspace>/{name}/", view, f"t_{name}", needs=Needs.READ)
        for name, view in VIEWS.items()
    ],
    path("w/<slug:workspace>/undeclared/", bare),
    *urls.urlpatterns,
]
handler403, handler404, handler500 = urls.handler403, urls.handler404, urls.handler500
pytestmark = [pytest.mark.urls(__name__), pytest.mark.django_db(transaction=True)]


@pytest.fixture
def world():
    from django.db import transaction

    from tests.kit import make_world

    with transaction.atomic():
        return make_world("northwind")


@pytest.fixture
def client(world):
    from django.test import Client

    client = Client(raise_request_exception=False)
    client.force_login(
        world.members["csm"].user, backend="allauth.account.auth_backends.AuthenticationBackend"
    )
    return client


def names(world) -> list[str]:
    with open_workspace(world.workspace.pk):
        return sorted(Account.objects.values_list("name", flat=True))


@pytest.mark.parametrize(
    ("view", "status", "kept"),
    [("fine", 200, ["fine"]), ("crash", 500, []), ("missing", 404, []), ("unwell", 503, [])],
)
def test_what_a_request_leaves(world, client, view, status, kept):
    response = client.get(world.url(f"{view}/"))
    assert (response.status_code, names(world)) == (status, sorted(["Acme Industries", *kept]))
    assert not connection.in_atomic_block
    assert Account.objects.count() == 0, "the connection sees nothing after the request"


def test_nothing_is_visible_on_the_next_request(world, client):
    assert client.get(world.url("fine/")).text == "ok"
    assert client.get("/bare/").text == "0"
    assert client.get(world.url("crash/")).status_code == 500
    assert client.get("/bare/").text == "0"


def test_a_streamed_response_is_refused(world, client):
    """It would read rows after the transaction, where nothing is visible, and send an empty page."""
    client.raise_request_exception = True
    with pytest.raises(StreamingOutsideTransaction):
        client.get(world.url("stream/"))


def test_a_route_without_a_need_is_closed(world, client):
    assert client.get(world.url("undeclared/")).status_code == 404


def test_a_deactivated_member_is_out_at_once(world, client):
    assert client.get(world.url("fine/")).status_code == 200
    with open_workspace(world.workspace.pk):
        member = world.members["csm"]
        member.is_active = False
        member.save()
    assert client.get(world.url("fine/")).status_code == 404


@override_settings(DEBUG=False)
def test_the_500_page_says_nothing_of_the_cause(world, client):
    response = client.get(world.url("crash/"))
    assert "boom" not in response.text
    assert "Nothing was changed" in response.text


def api_error(request):
    from rest_framework.exceptions import ValidationError
    from rest_framework.views import APIView

    class Half(APIView):
        authentication_classes = permission_classes = ()

        def get(self, request):
            write("half")
            raise ValidationError("row 2")

    return Half.as_view()(request)


VIEWS["api_error"] = api_error
urlpatterns.insert(0, route("w/<slug:workspace>/api_error/", api_error, "t_api_error", needs=Needs.READ))


def test_an_error_of_the_api_leaves_nothing_half_written(world, client):
    assert client.get(world.url("api_error/")).status_code == 400
    assert names(world) == ["Acme Industries"]
