"""Segments by behaviours: met, not met, and what a new version of the framework does to them."""

from accounts.accounts.models import Account
from accounts.book.actions import refresh_book
from accounts.book.models import BookRow
from accounts.segments.actions import create_segment, refresh_segments
from accounts.segments.definition import read_definition
from accounts.segments.evaluate import accounts_in, read_segment
from accounts.segments.known import Known
from accounts.segments.words import sentence_of
from playbooks.frameworks.actions import draft_next_version, publish_framework
from playbooks.frameworks.assessing import assess_accounts
from playbooks.frameworks.editing import remove_behaviour
from playbooks.frameworks.models import Behaviour
from tests.kit import BY
from tests.playbooks.kit import TODAY, ago, make_framework, make_metric, measure


def of(behaviour, op="met"):
    one = {"field": "behaviour", "op": op, "value": None, "of": str(behaviour.lineage)}
    return read_definition({"match": "all", "groups": [{"match": "all", "conditions": [one]}]})


def found(segment):
    rows = BookRow.objects.filter(account_id__in=accounts_in(segment.pk))
    return sorted(rows.values_list("name", flat=True))


def make_world_with_levels(world):
    """Acme has 12 users, Big 30, New was never assessed."""
    metric = make_metric("users")
    framework = make_framework(metric)
    big = Account.objects.create(name="Big")
    measure(world.account, metric, {ago(3): 12})
    measure(big, metric, {ago(3): 30})
    assess_accounts([world.account.pk, big.pk], by=BY, on=TODAY)
    Account.objects.create(name="New")
    refresh_book()
    return framework


def test_met_and_not_met(here, elsewhere):
    for world in (elsewhere, here):
        world.open()
        make_world_with_levels(world)
    many = Behaviour.objects.get(name="Has 20 users")
    met = create_segment(by=BY, name="Met", definition=of(many))
    missed = create_segment(by=BY, name="Missed", definition=of(many, "not_met"))
    assert (found(met), found(missed)) == (["Big"], ["Acme Industries"])
    assert sentence_of(of(many), Known()) == "“2 · Has 20 users” is met."
    elsewhere.open()
    assert found(met) == []


def test_a_new_version_keeps_it_by_lineage(here):
    framework = make_world_with_levels(here)
    segment = create_segment(by=BY, name="Met", definition=of(Behaviour.objects.get(name="Has 20 users")))
    publish_framework(draft_next_version(framework, by=BY), by=BY)
    assert read_segment(segment, Known())[1] == []
    assert found(segment) == ["Big"]


def test_a_behaviour_that_is_gone_makes_the_segment_say_so(here):
    framework = make_world_with_levels(here)
    few = Behaviour.objects.get(name="Has 5 users")
    draft = draft_next_version(framework, by=BY)
    level = draft.levels.get(position=2)
    copied = Behaviour.objects.get(level=level)
    segment = create_segment(by=BY, name="Met", definition=of(copied))
    assert found(segment) == ["Big"], "a draft changes nothing"
    Behaviour.objects.create(
        level=level, position=2, name="Another", evidence="answer", question="Is there another one?"
    )
    remove_behaviour(copied, by=BY)
    publish_framework(draft, by=BY)
    refresh_segments(by=BY)
    segment.refresh_from_db()
    assert segment.problem == (
        "Group 1, condition 1 (Behaviour): “Has 20 users” is not part of the framework any more. "
        "Choose another one, or take the condition out."
    )
    assert found(segment) == []
    assert read_segment(create_segment(by=BY, name="Few", definition=of(few)), Known())[1] == []
