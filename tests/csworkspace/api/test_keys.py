"""API keys: what they open, and what a wrong one learns."""

import pytest
from django.test import RequestFactory
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from csworkspace.api.actions import create_key, revoke_key
from csworkspace.api.keys import ApiKeyAuthentication
from csworkspace.people.models import ApiKey
from csworkspace.tenancy.database import open_workspace, read_local, set_local
from tests.kit import BY


def authenticate(header: str):
    set_local(workspace="")
    return ApiKeyAuthentication().authenticate(Request(RequestFactory().get("/", HTTP_AUTHORIZATION=header)))


def test_a_key_opens_its_own_workspace(here, elsewhere):
    made = create_key("events", by=BY)
    with open_workspace(elsewhere.workspace.pk):
        create_key("events", by=BY)
    _, key = authenticate(f"Bearer {made.text}")
    assert (key.pk, read_local("workspace")) == (made.key.pk, str(here.workspace.pk))
    assert ApiKey.objects.get().last_used_on is not None


def test_wrong_keys_open_nothing_and_say_the_same(here, elsewhere):
    made = create_key("events", by=BY)
    other = made.text.replace(f"csw_{here.workspace.pk}_", f"csw_{elsewhere.workspace.pk}_")
    absent = made.text.replace(f"csw_{here.workspace.pk}_", "csw_999999_")
    revoked = create_key("old", by=BY)
    revoke_key(revoked.key, by=BY)
    said = set()
    for text in (other, absent, revoked.text, made.text[:-1] + ("a" if made.text[-1] != "a" else "b")):
        with pytest.raises(AuthenticationFailed) as error:
            authenticate(f"Bearer {text}")
        said.add(str(error.value))
        assert read_local("workspace") == ""
    assert said == {"This API key is unknown or revoked."}


@pytest.mark.parametrize(
    "text", ["", "x", "csw__", "csw_1_short", "csw_1" + "9" * 30 + "_" + "a" * 43, "csw_1_\x00"]
)
def test_what_is_no_key_is_refused_before_the_database(here, text):
    with pytest.raises(AuthenticationFailed, match="not an API key"):
        authenticate(f"Bearer {text}")


def test_no_header_is_nobody(here):
    assert authenticate("") is None
    assert authenticate("Basic abc") is None
