"""Every route × every role × own, foreign and absent ids. A route that is not listed fails."""

import re

import pytest
from django.test import Client

from csworkspace.people.access import COVERED, Needs
from csworkspace.people.models import Role
from csworkspace.tenancy.database import open_workspace
from tests.csworkspace.routes.kit import Route, all_routes, identify, least, model_of, workspace_routes
from tests.csworkspace.routes.listed import LISTED, OPEN
from tests.kit import World, client_of

ABSENT = {"int": 987_654_321, "slug": "no-such-thing", "str": "no-such-thing"}
STAFF = [role for role in Role.values if role != Role.VIEWER]


def body(response) -> str:
    """The answer without what differs between any two requests."""
    return re.sub(r'X-CSRFToken": "\w+"|name="csrfmiddlewaretoken" value="\w+"', "", response.text)


def ask(client: Client, url: str):
    """GET, or POST where that is all there is."""
    response = client.get(url)
    return client.post(url) if response.status_code == 405 else response


def ids(route: Route, world: World) -> dict[str, object]:
    """Ids of this world's own objects for all parameters of a route."""
    with open_workspace(world.workspace.pk):
        return {
            name: identify(least(model_of(segment, converter), world), converter)
            for segment, converter, name in route.parameters
        }


def test_all_routes_are_listed_with_what_they_need():
    """Run `python -m tests.csworkspace.routes.listed` and read what it changes."""
    found = {route.name: route.needs.name if route.needs else "" for route in workspace_routes()}
    assert found == LISTED


def test_names_are_used_once():
    names = [route.name for route in all_routes()]
    assert sorted({name for name in names if names.count(name) > 1}) == []


def test_what_is_open_outside_of_workspaces_is_listed_with_a_reason():
    outside = {
        route.path: route.needs.name if route.needs else ""
        for route in all_routes()
        if route not in workspace_routes() and not route.path.startswith("sign-in/")
    }
    assert outside == {path: needs for path, (needs, _) in OPEN.items()}


@pytest.mark.parametrize("route", workspace_routes(), ids=lambda route: route.name)
def test_route(here, elsewhere, route: Route):
    own, foreign = ids(route, here), ids(route, elsewhere)
    url = route.url(here, own)
    assert route.needs is not None
    check_anonymous(url)
    check_roles(here, route, url)
    check_ids(here, route, own, foreign)
    check_another_workspace(here, elsewhere, route, own)
    check_csrf(here, url)


def check_anonymous(url: str) -> None:
    for response in (Client().get(url), Client().post(url)):
        assert (response.status_code, response["Location"].split("?")[0]) == (302, "/sign-in/login/")


def check_roles(here: World, route: Route, url: str) -> None:
    for role in Role.values:
        if route.needs in COVERED[role]:
            continue
        refused = 404 if role == Role.VIEWER else 403
        client = client_of(here.members[role])
        assert [client.get(url).status_code, client.post(url).status_code] == [refused, refused], role


def check_ids(here: World, route: Route, own: dict, foreign: dict) -> None:
    """What belongs to another workspace answers as what does not exist, to everybody who may ask."""
    asking = [role for role in Role.values if route.needs in COVERED[role]]
    for _, converter, name in route.parameters:
        if foreign[name] == own[name]:  # keys that both workspaces use
            continue
        for role in asking[-2:]:
            client = client_of(here.members[role])
            theirs = ask(client, route.url(here, {**own, name: foreign[name]}))
            absent = ask(client, route.url(here, {**own, name: ABSENT[converter]}))
            assert (theirs.status_code, absent.status_code) == (404, 404), (role, name)
            assert body(theirs) == body(absent)


def check_another_workspace(here: World, elsewhere: World, route: Route, own: dict) -> None:
    """A workspace that the person is no member of answers as one that does not exist."""
    client = client_of(here.members[Role.ADMIN])
    theirs = client.get(route.url(elsewhere, own))
    absent = client.get(route.url(here, own).replace("/w/northwind/", "/w/no-such-workspace/"))
    assert (theirs.status_code, absent.status_code) == (404, 404)
    assert body(theirs) == body(absent)


def check_csrf(here: World, url: str) -> None:
    client = client_of(here.members[Role.ADMIN])
    client.handler.enforce_csrf_checks = True
    assert client.post(url).status_code == 403


def test_needs_grow_with_the_role():
    assert COVERED[Role.ADMIN] > COVERED[Role.MANAGER] > COVERED[Role.CSM] > COVERED[Role.EXECUTIVE]
    assert COVERED[Role.EXECUTIVE] > COVERED[Role.VIEWER] == {Needs.PORTAL}
