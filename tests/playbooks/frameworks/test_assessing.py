"""Levels from evidence, for many accounts at once."""

from datetime import timedelta
from decimal import Decimal

import pytest

from accounts.accounts.models import Account
from playbooks.frameworks import actions, editing
from playbooks.frameworks.assessing import assess_accounts, record_answer
from playbooks.frameworks.evidence import level_of
from playbooks.frameworks.models import Assessment, Behaviour
from playbooks.frameworks.queries import account_maturity
from tests.kit import BY
from tests.playbooks.kit import TODAY, ago, make_framework, make_metric, measure


@pytest.mark.parametrize(
    ("levels", "reached"),
    [
        ([], 0),
        ([(1, [False])], 0),
        ([(1, [True, True]), (2, [False])], 1),
        ([(1, [True]), (2, [True, False]), (3, [True])], 1),
        ([(1, [True]), (2, [True]), (3, [True])], 3),
        ([(1, [False]), (2, [True])], 0),
    ],
)
def test_level_is_the_highest_with_all_below(levels, reached):
    assert level_of(levels) == reached


@pytest.fixture
def metric(here):
    return make_metric()


def level_at(account):
    maturity = account_maturity(account.pk)
    return maturity.level if maturity else None


def test_assessment_names_level_evidence_and_number(here, metric):
    make_framework(metric)
    measure(here.account, metric, {ago(3): 12})
    assert assess_accounts([here.account.pk], by=BY) == [here.account.pk]
    maturity = account_maturity(here.account.pk)
    assert (maturity.framework_name, maturity.version, maturity.level) == ("Growth", 1, 1)
    shown = [(item.holds, item.detail, item.since) for level in maturity.levels for item in level.behaviours]
    assert shown == [
        (True, "Users: 12\u00a0users on 30 Jun 2030; needs at least 5\u00a0users", ago(3)),
        (False, "Users: 12\u00a0users on 30 Jun 2030; needs at least 20\u00a0users", None),
        (False, "Nobody has answered this yet", None),
    ]
    assert maturity.next_level.name == "Level 2"
    assert [item.name for item in maturity.next_level.missing] == ["Has 20 users"]


def test_only_a_change_of_truth_makes_a_new_row(here, metric):
    make_framework(metric)
    account = here.account
    measure(account, metric, {ago(60): 12, ago(30): 14, ago(10): 3})
    assess_accounts([account.pk], by=BY, on=ago(60))
    assert assess_accounts([account.pk], by=BY, on=ago(30)) == []
    row = Assessment.objects.get()
    assert row.evidence[0]["number"] == "14"
    assert row.evidence[0]["since"] == ago(60).isoformat()
    assert assess_accounts([account.pk], by=BY, on=ago(5)) == [account.pk]
    rows = [(row.level, row.superseded_at is None) for row in Assessment.objects.order_by("id")]
    assert rows == [(1, False), (0, True)]


def test_since_survives_a_new_version(here, metric):
    framework = make_framework(metric)
    account = here.account
    measure(account, metric, {ago(60): 12})
    assess_accounts([account.pk], by=BY, on=ago(60))
    record_answer(account, Behaviour.objects.get(evidence="answer"), by=BY, holds=True)
    draft = actions.draft_next_version(framework, by=BY)
    second = Behaviour.objects.get(level__framework=draft, name="Has 20 users")
    editing.edit_behaviour(second, by=BY, threshold=Decimal(10))
    actions.publish_framework(draft, by=BY)
    assess_accounts([account.pk], by=BY)
    maturity = account_maturity(account.pk)
    assert (maturity.version, maturity.level) == (2, 3)
    assert maturity.levels[0].behaviours[0].since == ago(60)


def test_newest_answer_counts(here, metric):
    make_framework(metric)
    account, asked = here.account, Behaviour.objects.get(evidence="answer")
    measure(account, metric, {TODAY: 30})
    assess_accounts([account.pk], by=BY)
    assert level_at(account) == 2
    record_answer(account, asked, by=BY, holds=True, note="Said at the review")
    assert level_at(account) == 3
    record_answer(account, asked, by=BY, holds=False)
    assert level_at(account) == 2
    with pytest.raises(ValueError, match="shown by data"):
        record_answer(account, Behaviour.objects.filter(evidence="metric")[0], by=BY, holds=True)


def test_down_is_good_and_missing_data_does_not_hold(here, metric):
    framework = make_framework(metric, publish=False)
    level = framework.levels.first()
    days = make_metric("days-to-close", direction="down", unit="days")
    editing.add_behaviour(
        level,
        by=BY,
        name="Closes fast",
        evidence="metric",
        metric=days,
        comparison="lte",
        threshold=Decimal(5),
    )
    actions.publish_framework(framework, by=BY)
    measure(here.account, metric, {TODAY: 12})
    assess_accounts([here.account.pk], by=BY)
    fast = account_maturity(here.account.pk).levels[0].behaviours[1]
    assert (fast.holds, fast.detail) == (
        False,
        "Days to close: not measured yet; needs at most 5\u00a0days",
    )
    measure(here.account, days, {TODAY: "4.5"})
    assess_accounts([here.account.pk], by=BY)
    assert level_at(here.account) == 1


def test_queries_do_not_depend_on_the_number_of_accounts(here, metric, django_assert_num_queries):
    make_framework(metric)
    accounts = [here.account, *(Account.objects.create(name=f"Account {n}") for n in range(30))]
    ids = [account.pk for account in accounts]
    for account in accounts:
        measure(account, metric, {ago(40): 6, ago(2): 25})
    for some in (ids[:1], ids):
        Assessment.objects.all().delete()
        # savepoint (2), framework, levels, behaviours, metrics, answers, current, since, insert (4), 4 jobs
        with django_assert_num_queries(25):
            assert assess_accounts(some, by=BY, on=ago(40)) == some


def test_accounts_of_others_are_not_assessed(here, elsewhere, metric):
    make_framework(metric)
    assert assess_accounts([here.account.pk], by=BY) == [here.account.pk]
    elsewhere.open()
    assert assess_accounts([here.account.pk, elsewhere.account.pk], by=BY) == []
    assert list(Assessment.objects.all()) == []


def test_without_framework_nothing_happens(here):
    assert assess_accounts([here.account.pk], by=BY) == []
    assert account_maturity(here.account.pk) is None


def test_feature_usage_is_counted_in_its_window(here, metric, monkeypatch):
    from accounts.usage.queries import FeatureUse
    from playbooks.frameworks import evidence

    asked = []

    def feature_use(account_ids, features, since, until):
        asked.append((list(features), since, until))
        return {here.account.pk: FeatureUse(4, since, until)}

    monkeypatch.setattr(evidence, "feature_use", feature_use)
    framework = make_framework(metric, publish=False)
    level = framework.levels.first()
    for name, features, least in (("Any", ["*"], 1), ("Same", ["*"], 5), ("One", ["nova.*", "glance"], 4)):
        editing.add_behaviour(
            level,
            by=BY,
            name=name,
            evidence="feature",
            features=features,
            threshold=Decimal(least),
            window_days=14,
        )
    actions.publish_framework(framework, by=BY)
    assess_accounts([here.account.pk], by=BY)
    since = TODAY - timedelta(days=13)
    assert sorted(asked) == [([], since, TODAY), (["glance", "nova.*"], since, TODAY)]
    found = account_maturity(here.account.pk).levels[0].behaviours[1:]
    assert [(item.holds, item.detail) for item in found] == [
        (True, "4 uses of any feature in the 14 days to 30 Jun 2030; needs 1"),
        (False, "4 uses of any feature in the 14 days to 30 Jun 2030; needs 5"),
        (True, "4 uses of nova.* or glance in the 14 days to 30 Jun 2030; needs 4"),
    ]
