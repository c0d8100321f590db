"""Drafts, publication and versions."""

from decimal import Decimal

import pytest

from csworkspace.audit.models import AuditEntry
from csworkspace.jobs.models import Job
from playbooks.frameworks import actions, editing
from playbooks.frameworks.models import Behaviour, Framework
from playbooks.frameworks.queries import levels_of
from playbooks.frameworks.readymade_onboarding import ALL_READY_MADE
from tests.kit import BY
from tests.playbooks.kit import make_framework, make_metric


def names(framework):
    return [(level.position, level.name) for level in levels_of(framework.pk)]


def behaviours(framework):
    return [
        (level.position, item.position, item.name)
        for level in levels_of(framework.pk)
        for item in level.behaviours.all()
    ]


def test_blank_draft_says_everything_that_is_missing(here):
    draft = actions.create_framework(by=BY, name="Growth")
    editing.add_level(draft, by=BY, name="One")
    two = editing.add_level(draft, by=BY, name="Two")
    editing.add_behaviour(two, by=BY, name="A", evidence="feature", features=[])
    editing.add_behaviour(two, by=BY, name="B", evidence="metric", metric=None)
    editing.add_behaviour(two, by=BY, name="C", evidence="answer", question="")
    with pytest.raises(actions.Incomplete) as refused:
        actions.publish_framework(draft, by=BY)
    assert refused.value.problems == [
        "A framework has 3 to 7 levels; this one has 2.",
        "Level 1, One, needs at least one behaviour.",
        "“A”: name the features that show it.",
        "“B”: choose the metric that shows it.",
        "“C”: write the question that is asked.",
    ]
    assert Framework.objects.get().status == "draft"


def test_publishing_retires_the_former_and_starts_assessing(here):
    metric = make_metric()
    first = make_framework(metric)
    second = make_framework(metric, name="Other")
    first.refresh_from_db()
    assert (first.status, second.status) == ("retired", "active")
    jobs = Job.objects.filter(kind="frameworks.assess").order_by("id")
    assert list(jobs.values_list("key", flat=True)) == [
        f"all:{first.pk}",
        f"all:{second.pk}",
    ]
    verbs = AuditEntry.objects.filter(verb__in=["published", "retired"]).order_by("id")
    assert list(verbs.values_list("verb", "object_id")) == [
        ("published", first.pk),
        ("retired", first.pk),
        ("published", second.pk),
    ]


def test_published_framework_stays_as_it_is(here):
    framework = make_framework(make_metric())
    level = framework.levels.first()
    behaviour = level.behaviours.first()
    for change in (
        lambda: actions.edit_framework(framework, by=BY, name="X", description=""),
        lambda: actions.discard_framework(framework, by=BY),
        lambda: actions.publish_framework(framework, by=BY),
        lambda: editing.add_level(framework, by=BY, name="X"),
        lambda: editing.edit_level(level, by=BY, name="X", description=""),
        lambda: editing.remove_level(level, by=BY),
        lambda: editing.move_level(level, by=BY, up=True),
        lambda: editing.add_behaviour(level, by=BY, name="X", evidence="answer", question="?"),
        lambda: editing.edit_behaviour(behaviour, by=BY, name="X"),
        lambda: editing.remove_behaviour(behaviour, by=BY),
        lambda: editing.move_behaviour(behaviour, by=BY, up=False),
    ):
        with pytest.raises(actions.NotEditable):
            change()
    assert names(framework) == [(1, "Level 1"), (2, "Level 2"), (3, "Strategic")]


def test_next_version_copies_and_keeps_the_lineage(here):
    framework = make_framework(make_metric())
    draft = actions.draft_next_version(framework, by=BY)
    assert (draft.version, draft.status) == (2, "draft")
    assert names(draft) == names(framework)
    assert behaviours(draft) == behaviours(framework)

    def lineages(of):
        return [item.lineage for level in levels_of(of.pk) for item in level.behaviours.all()]

    assert lineages(draft) == lineages(framework)
    assert actions.draft_next_version(framework, by=BY) == draft
    assert Behaviour.objects.count() == 6


def test_new_question_leaves_old_answers_behind(here):
    draft = make_framework(make_metric(), publish=False)
    asked, counted = Behaviour.objects.get(evidence="answer"), Behaviour.objects.filter(evidence="metric")[0]
    before = asked.lineage, counted.lineage
    editing.edit_behaviour(counted, by=BY, threshold=Decimal(7))
    editing.edit_behaviour(asked, by=BY, description="More words")
    assert (asked.lineage, counted.lineage) == before
    editing.edit_behaviour(asked, by=BY, question="Another question?")
    assert asked.lineage != before[0]
    assert draft.status == "draft"


def test_levels_move_and_close_ranks(here):
    draft = make_framework(make_metric(), publish=False)
    one, two, three = draft.levels.all()
    editing.move_level(one, by=BY, up=True)
    assert names(draft) == [(1, "Level 2"), (2, "Level 1"), (3, "Strategic")]
    editing.move_level(three, by=BY, up=True)
    editing.remove_level(two, by=BY)
    assert names(draft) == [(1, "Level 1"), (2, "Strategic")]


def test_behaviours_move_within_and_between_levels(here):
    draft = make_framework(make_metric(), publish=False)
    level = draft.levels.first()
    second = editing.add_behaviour(level, by=BY, name="Second", evidence="answer", question="?")
    editing.move_behaviour(second, by=BY, up=True)
    assert behaviours(draft)[:2] == [(1, 1, "Second"), (1, 2, "Has 5 users")]
    second.refresh_from_db()
    editing.move_behaviour(second, by=BY, up=True)
    assert behaviours(draft)[:2] == [(1, 1, "Second"), (1, 2, "Has 5 users")]
    last = level.behaviours.last()
    editing.move_behaviour(last, by=BY, up=False)
    assert behaviours(draft)[:3] == [(1, 1, "Second"), (2, 1, "Has 5 users"), (2, 2, "Has 20 users")]


def test_no_eighth_level(here):
    draft = actions.create_framework(by=BY, name="Tall")
    for number in range(7):
        editing.add_level(draft, by=BY, name=str(number))
    with pytest.raises(ValueError, match="at most 7 levels"):
        editing.add_level(draft, by=BY, name="8")


def test_renaming_a_draft_to_a_taken_name_continues_its_versions(here):
    make_framework(make_metric())
    draft = actions.create_framework(by=BY, name="Other")
    assert actions.edit_framework(draft, by=BY, name="Growth", description="").version == 2


@pytest.mark.parametrize("key", ["adoption", "value", "onboarding"])
def test_ready_made_frameworks_publish_once_their_metrics_exist(here, key):
    for aggregation in ("users", "features", "days"):
        make_metric(aggregation, aggregation=aggregation)
    draft = actions.create_from_ready_made(ALL_READY_MADE[key], by=BY)
    assert actions.problems_of(levels_of(draft.pk)) == []
    assert actions.publish_framework(draft, by=BY).status == "active"


def test_ready_made_framework_asks_for_metrics_that_are_missing(here):
    draft = actions.create_from_ready_made(ALL_READY_MADE["adoption"], by=BY)
    assert actions.problems_of(levels_of(draft.pk)) == [
        f"“{name}”: choose the metric that shows it."
        for name in (
            "Comes back every week",
            "Has a first team",
            "Uses several features",
            "Reaches beyond the first team",
            "Works in it daily",
        )
    ]


def test_frameworks_of_others_are_not_seen(here, elsewhere):
    make_framework(make_metric())
    elsewhere.open()
    assert list(Framework.objects.all()) == []
