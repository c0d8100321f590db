"""What is shown once, after a redirect."""

from types import SimpleNamespace

import pytest
from django.contrib.sessions.backends.db import SessionStore

from csworkspace.web.once import keep_once, take_once


@pytest.fixture
def ask(here, elsewhere):
    """Requests of one session, in either workspace."""
    session, workspaces = SessionStore(), {"here": here.workspace, "elsewhere": elsewhere.workspace}
    return lambda where="here", method="GET": SimpleNamespace(
        session=session, workspace=workspaces[where], method=method
    )


def test_it_is_shown_once_and_then_gone_from_the_session(ask):
    keep_once(ask(method="POST"), "key", {"text": "secret"})
    assert take_once(ask(), "key") == {"text": "secret"}
    assert take_once(ask(), "key") is None
    assert list(ask().session.keys()) == []


def test_others_do_not_take_it(ask):
    keep_once(ask(method="POST"), "key", "secret")
    for other in (ask("elsewhere"), ask(method="HEAD"), ask(method="POST")):
        assert take_once(other, "key") is None
    assert take_once(ask(), "link") is None
    assert take_once(ask(), "key") == "secret"
