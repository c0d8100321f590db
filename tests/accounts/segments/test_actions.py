"""Making, changing, deleting, and who is in a segment since when."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.accounts.models import Account
from accounts.book.actions import refresh_book
from accounts.book.models import BookRow
from accounts.segments import actions
from accounts.segments.actions import SegmentInUse, create_segment, edit_segment, refresh_segments
from accounts.segments.definition import BadDefinition
from accounts.segments.evaluate import condition_of, count_of
from accounts.segments.models import Segment, SegmentStay
from accounts.segments.queries import moved_lately, movements, size_by_day
from accounts.segments.uses import Use
from accounts.tiers.models import Tier
from csworkspace.audit.models import AuditEntry
from csworkspace.tenancy.clock import today
from csworkspace.web.versions import Conflict
from tests.accounts.segments.makers import condition, definition, make_book, make_metric, measure, stand
from tests.kit import BY

SLIPPING = definition(condition("plan", "in", ["slipping", "off_track"]))


@pytest.fixture
def told(monkeypatch):
    """What "segments.changed" tells, as (entered, left)."""
    heard = []
    monkeypatch.setattr(actions, "announce", lambda event, **args: heard.append((event, args)))

    def read():
        assert {event for event, _ in heard} <= {"segments.changed"}
        return [(names_of(args["entered"]), names_of(args["left"])) for _, args in heard]

    return read


def names_of(ids):
    return sorted(Account.objects.filter(pk__in=ids).values_list("name", flat=True))


def inside(segment):
    rows = SegmentStay.objects.filter(segment=segment, left_at=None)
    return sorted(rows.values_list("account__name", flat=True))


@pytest.fixture
def book(here, elsewhere):
    for world in (elsewhere, here):
        world.open()
        make_book(world)
    return here


def test_a_new_segment_is_filled_at_once(book, told):
    segment = create_segment(by=BY, name="Slipping", definition=SLIPPING)
    segment.refresh_from_db()
    assert (segment.size, segment.problem, inside(segment)) == (2, "", ["Bo", "Ed"])
    assert told() == [(["Bo", "Ed"], [])]
    assert moved_lately([segment.pk]) == {segment.pk: (0, 0)}
    assert AuditEntry.objects.get(object_type="segment").verb == "made"


def test_accounts_enter_and_leave(book, told):
    segment = create_segment(by=BY, name="Slipping", definition=SLIPPING)
    stand("Ada", plan_status="slipping")
    stand("Bo", plan_status="ahead")
    ids = list(Account.objects.filter(name__in=("Ada", "Bo")).values_list("pk", flat=True))
    assert refresh_segments(ids, by=BY) == 2
    assert refresh_segments(ids, by=BY) == 0
    assert refresh_segments(by=BY) == 0
    segment.refresh_from_db()
    assert (segment.size, inside(segment)) == (2, ["Ada", "Ed"])
    assert told()[1:] == [(["Ada"], ["Bo"])]
    assert moved_lately([segment.pk]) == {segment.pk: (1, 1)}
    assert {(item.account, item.entered) for item in movements(segment, 9)} == {("Ada", True), ("Bo", False)}
    stand("Bo", plan_status="slipping")
    refresh_segments(by=BY)
    assert SegmentStay.objects.filter(segment=segment, account__name="Bo").count() == 2


def test_only_the_given_accounts_are_looked_at(book):
    segment = create_segment(by=BY, name="Slipping", definition=SLIPPING)
    BookRow.objects.update(plan_status="slipping")
    refresh_segments([Account.objects.get(name="Cy").pk], by=BY)
    assert inside(segment) == ["Bo", "Cy", "Ed"]
    refresh_segments([], by=BY)
    assert inside(segment) == ["Bo", "Cy", "Ed"]


def test_a_group_of_companies_is_not_decided_by_the_account_alone(book):
    segment = create_segment(by=BY, name="Parents", definition=definition(condition("group", "parent")))
    child = Account.objects.get(name="Bo")
    Account.objects.filter(pk=child.pk).update(parent=Account.objects.get(name="Cy"))
    refresh_segments([child.pk], by=BY)
    assert inside(segment) == ["Cy"]


def test_the_statements_do_not_depend_on_the_accounts(book):
    create_segment(by=BY, name="Slipping", definition=SLIPPING)

    def count():
        with CaptureQueriesContext(connection) as captured:
            refresh_segments(by=BY)
        return len(captured)

    stand("Ada", plan_status="slipping")
    few = count()
    BookRow.objects.update(plan_status="ahead")
    assert count() == few


def test_an_edit_moves_at_once_and_counts_versions(book):
    segment = create_segment(by=BY, name="Slipping", definition=SLIPPING)
    churned = definition(condition("stage", "in", ["churned"]))
    edited = edit_segment(segment, by=BY, name="Gone", definition=churned, version=1)
    assert (edited.version, edited.name, inside(segment)) == (2, "Gone", ["Cy"])
    with pytest.raises(Conflict):
        edit_segment(segment, by=BY, name="Mine", definition=SLIPPING, version=1)
    same = edit_segment(segment, by=BY, name="Gone", definition=churned, version=2)
    assert (same.version, inside(segment)) == (2, ["Cy"])


def test_a_retired_metric_makes_it_say_so_and_match_nobody(book):
    metric = make_metric()
    measure(metric, Ada=(50, 100), Bo=(10, 10))
    few = definition(condition("metric", "at_most", "20", metric.pk))
    segment = create_segment(by=BY, name="Few", definition=few)
    assert inside(segment) == ["Bo"]
    metric.retired_at = timezone.now()
    metric.save()
    refresh_segments(by=BY)
    segment.refresh_from_db()
    assert segment.problem == (
        "Group 1, condition 1 (Metric): “Users” is retired. Choose another one, or take the condition out."
    )
    assert (segment.size, condition_of(segment.pk)) == (0, ("false", []))
    assert inside(segment) == ["Bo"], "its history is kept as it was"
    metric.retired_at = None
    metric.save()
    measure(metric, Ed=(1, 1))
    refresh_segments([Account.objects.get(name="Ada").pk], by=BY)
    segment.refresh_from_db()
    assert (segment.problem, segment.size, inside(segment)) == ("", 2, ["Bo", "Ed"])


def test_what_is_gone_is_refused_at_once(book):
    tier = Tier.objects.get(name="Low")
    tier.retired_at = timezone.now()
    tier.save()
    book.members["csm"].is_active = False
    book.members["csm"].save()
    wanted = definition(
        condition("tier", "not_in", [str(tier.pk)]),
        condition("tier", "in", ["987654321"]),
        condition("owner", "in", [str(book.members["csm"].pk)]),
        condition("metric", "unknown", of="12345"),
        condition("metric", "unknown", of="1; drop table x"),
        condition("headline", "unknown"),
        condition("tags", "none", ["unheard-of"]),
        condition("attribute", "unknown", of="unheard-of"),
    )
    with pytest.raises(BadDefinition) as caught:
        create_segment(by=BY, name="Broken", definition=wanted)
    said = [complaint.text.partition(".")[0] for complaint in caught.value.complaints]
    assert said == [
        "“Low” is not in use any more",
        "The tier that it names does not exist any more",
        "“Csm of Northwind” has left",
        "The metric that it names does not exist any more",
        "The metric that it names does not exist any more",
        "There is no headline metric any more",
        "No account has the tag “unheard-of”, so that this would hold for everybody",
        "No account has the attribute “unheard-of”, so that this would hold for everybody",
    ]
    assert Segment.objects.count() == 0


@pytest.mark.parametrize("stored", [{}, [], {"match": "all", "groups": []}, {"groups": [{"conditions": 7}]}])
def test_a_definition_that_cannot_be_read_matches_nobody(book, stored):
    segment = Segment.objects.create(name="Odd", definition=stored, actor="Test")
    assert condition_of(segment.pk) == ("false", [])
    refresh_segments(by=BY)
    segment.refresh_from_db()
    assert segment.problem != ""
    assert condition_of(segment.pk + 1) == ("false", [])


def test_money_without_a_rate_is_counted_apart(book):
    segment = create_segment(by=BY, name="Churned", definition=definition(condition("arr", "known")))
    count = count_of(condition_of(segment.pk))
    assert (count.accounts, count.arr, count.without_rate) == (4, 1600, 1)


def test_deleting(book, monkeypatch):
    segment = create_segment(by=BY, name="Slipping", definition=SLIPPING)
    use = Use("the play “Rescue”", "segments")
    monkeypatch.setattr(actions, "uses_of", lambda ids: {pk: [use] for pk in ids})
    with pytest.raises(SegmentInUse, match="still used by the play “Rescue”"):
        actions.delete_segment(segment, by=BY)
    monkeypatch.undo()
    with pytest.raises(Conflict):
        actions.delete_segment(segment, by=BY, version=7)
    actions.delete_segment(segment, by=BY, version=1)
    assert (Segment.objects.count(), SegmentStay.objects.count()) == (0, 0)


def test_an_account_that_is_deleted_leaves_no_stay(book):
    segment = create_segment(by=BY, name="Slipping", definition=SLIPPING)
    Account.objects.get(name="Bo").delete()
    refresh_segments(by=BY)
    segment.refresh_from_db()
    assert (segment.size, inside(segment)) == (1, ["Ed"])


def test_size_by_day(book):
    segment = create_segment(by=BY, name="Slipping", definition=SLIPPING)
    now, day = timezone.now(), today()
    stays = SegmentStay.objects.filter(segment=segment)
    stays.update(entered_at=now - timedelta(days=300))
    stays.filter(account__name="Bo").update(left_at=now - timedelta(days=2))
    points = size_by_day(segment, day, "UTC")
    assert len(points) == 181
    assert points[0] == (day - timedelta(180), 2)
    assert points[-3:] == [(day - timedelta(2), 1), (day - timedelta(1), 1), (day, 1)]


def test_announcements_come_in_parts(book, told, monkeypatch):
    monkeypatch.setattr(actions, "PART", 4)
    for number in range(5):
        Account.objects.create(name=f"More {number}")
    refresh_book()
    create_segment(by=BY, name="Unplanned", definition=definition(condition("plan", "in", ["none"])))
    assert [len(entered) for entered, _ in told()] == [2, 2, 2, 2]


def test_the_lookalike_workspace_stays_as_it_is(book, elsewhere):
    elsewhere.open()
    other = create_segment(by=BY, name="Slipping", definition=SLIPPING)
    BookRow.objects.update(plan_status="ahead")
    book.open()
    segment = create_segment(by=BY, name="Slipping", definition=SLIPPING)
    refresh_segments(by=BY)
    assert inside(segment) == ["Bo", "Ed"]
    assert condition_of(other.pk) == ("false", [])
    elsewhere.open()
    assert inside(other) == ["Bo", "Ed"]
