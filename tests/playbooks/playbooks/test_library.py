"""The library: every ready-made playbook is whole, readable, and starts on what it says."""

import pytest

from playbooks.indicators.readymade_set import READY_MADE
from playbooks.messages.library import LIBRARY as MAILS
from playbooks.messages.models import EmailTemplate
from playbooks.playbooks import checking
from playbooks.playbooks.definition import definition_json, read_definition
from playbooks.playbooks.library import LIBRARY
from playbooks.playbooks.models import Playbook
from playbooks.playbooks.names import Names
from playbooks.playbooks.resolving import resolve, use_ready
from playbooks.playbooks.words import success_words
from tests.kit import BY
from tests.playbooks.playbooks.kit import make_indicator


def test_there_are_eleven_with_names_of_their_own():
    assert len(LIBRARY) == 11
    assert len({ready.name for ready in LIBRARY.values()}) == 11


@pytest.fixture
def indicators(here):
    keys = [key for ready in LIBRARY.values() for key in ready.trigger.get("keys", [])]
    for key in dict.fromkeys(keys):
        make_indicator(key, key)


@pytest.mark.parametrize("key", LIBRARY)
def test_each_is_ready_to_be_published_once_its_indicators_are_there(here, indicators, key):
    ready, names = LIBRARY[key], Names()
    resolved = resolve(ready, names)
    assert resolved.hints == []
    assert [str(one) for one in checking.problems_of(resolved.definition, names)] == []
    assert resolved.definition.trigger.kind == ready.trigger["kind"]
    assert success_words(resolved.definition, names)
    again = read_definition(definition_json(resolved.definition))
    assert again == resolved.definition


@pytest.mark.parametrize("key", LIBRARY)
def test_each_task_says_who_does_it_by_when_how_and_when_it_is_done(key):
    tasks = [step["params"] for step in LIBRARY[key].steps if step["kind"] == "task"]
    assert len(tasks) >= 4
    for params in tasks:
        assert params["owner_role"] in ("owner", "manager")
        assert 0 < params["due_days"] <= 20
        assert len(params["how_to"]) > 80
        assert 20 < len(params["done_when"]) <= 300
        assert all(len(one) <= 40 for one in params["outcomes"])
        assert len(params["outcomes"]) != 1


@pytest.mark.parametrize("key", LIBRARY)
def test_each_can_be_looked_at_and_used_without_any_indicator(here, key):
    playbook = use_ready(LIBRARY[key], by=BY)
    version = playbook.versions.get()
    if LIBRARY[key].trigger.get("keys"):
        assert version.trigger["kind"] == "manual"
        assert version.trigger["hint"].startswith("It is meant to start by itself:")
    wanted = {step["params"]["template"] for step in version.steps if step["kind"] == "email"}
    assert set(EmailTemplate.objects.values_list("key", flat=True)) == wanted
    assert wanted <= set(MAILS)


def test_using_one_twice_keeps_the_templates_as_they_were_edited(here, elsewhere):
    use_ready(LIBRARY["adoption-drop"], by=BY)
    EmailTemplate.objects.update(subject="Ours")
    second = use_ready(LIBRARY["adoption-drop"], by=BY)
    assert (second.name, EmailTemplate.objects.get().subject) == ("Adoption drop 2", "Ours")
    elsewhere.open()
    assert (Playbook.objects.count(), EmailTemplate.objects.count()) == (0, 0)


def test_the_safe_switch_meets_and_trains_the_new_team(here):
    titles = [step["title"] for step in LIBRARY["safe-switch"].steps]
    assert "Meet the new contact" in titles
    assert "Train the new team on its own work" in titles


@pytest.mark.parametrize("key", LIBRARY)
def test_the_indicators_that_it_names_are_in_the_ready_made_set(key):
    ready = LIBRARY[key]
    named = {*ready.trigger.get("keys", []), *(one for m in ready.measures for one in m.get("keys", []))}
    assert named - {one.key for one in READY_MADE} == set()
