"""Groups, filters and places of the inbox."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from accounts.accounts.models import Account
from accounts.segments.models import Segment, SegmentStay
from accounts.tiers.models import Tier
from csworkspace.people.actions import deactivate_member
from playbooks.notes.models import Note
from playbooks.tasks.filters import TaskFilter, chosen, read_filter
from playbooks.tasks.lists import counts_of, group_of, page_of
from playbooks.tasks.models import Task
from tests.kit import BY
from tests.playbooks.kit import TODAY, ago
from tests.playbooks.tasks.kit import make_signal, make_step, make_task


@pytest.mark.parametrize(
    ("days", "group"),
    [(-400, "overdue"), (-1, "overdue"), (0, "today"), (1, "week"), (7, "week"), (8, "later")],
)
def test_groups_by_when_it_is_due(days, group):
    assert group_of(TODAY + timedelta(days=days), TODAY) == group
    assert group_of(None, TODAY) == "undated"


def titles(view, me):
    return [task.title for task in chosen(view, me)]


def test_whose_tasks(here, elsewhere):
    csm, manager = here.members["csm"], here.members["manager"]
    make_task(here.account, "Mine")
    make_task(here.account, "Theirs", owner=manager)
    make_task(here.account, "Nobody’s", owner=None)
    elsewhere.open()
    make_task(elsewhere.account, "Foreign")
    here.open()
    assert titles(TaskFilter(), csm) == ["Mine"]
    assert titles(TaskFilter("team"), csm) == ["Mine", "Theirs", "Nobody’s"]
    assert titles(TaskFilter(str(manager.pk)), csm) == ["Theirs"]
    assert titles(TaskFilter("nobody"), csm) == ["Nobody’s"]
    deactivate_member(manager, by=BY)
    assert titles(TaskFilter("nobody"), csm) == ["Theirs", "Nobody’s"]


def test_what_narrows_it(here):
    me, tier = here.members["csm"], Tier.objects.create(name="Top", position=1)
    other = Account.objects.create(name="Other", owner=me, tier=tier)
    segment = Segment.objects.create(name="S", actor="x")
    SegmentStay.objects.create(segment=segment, account=other, entered_at=timezone.now())
    SegmentStay.objects.create(
        segment=segment, account=here.account, entered_at=timezone.now(), left_at=timezone.now()
    )
    step, signal = make_step(here.account), make_signal(here.account)
    note = Note.objects.create(account=here.account, title="N", happened_at=timezone.now(), actor="x")
    make_task(here.account, "Play", step=step, signal=signal)
    make_task(here.account, "Signal", signal=signal)
    make_task(here.account, "Meeting", note=note)
    make_task(other, "Hand")
    assert titles(TaskFilter(playbook=step.play.playbook_id), me) == ["Play"]
    assert titles(TaskFilter(tier=tier.pk), me) == ["Hand"]
    assert titles(TaskFilter(tier=0), me) == ["Play", "Signal", "Meeting"]
    assert titles(TaskFilter(segment=segment.pk), me) == ["Hand"]
    assert titles(TaskFilter(account=other.pk), me) == ["Hand"]
    found = {
        origin: titles(TaskFilter(origin=origin), me) for origin in ("play", "signal", "meeting", "hand")
    }
    assert found == {"play": ["Play"], "signal": ["Signal"], "meeting": ["Meeting"], "hand": ["Hand"]}


def test_an_address_says_the_view_and_hostile_ones_say_nothing(here):
    csm, executive = here.members["csm"], here.members["executive"]
    view = read_filter({"whose": "team", "state": "done", "tier": "0", "origin": "play"}, csm)
    assert view == TaskFilter("team", "done", tier=0, origin="play")
    assert view.url() == "?whose=team&state=done&tier=0&origin=play"
    assert read_filter({}, csm) == TaskFilter()
    assert read_filter({}, executive) == TaskFilter("team")
    assert read_filter({"account": "5"}, csm) == TaskFilter("team", account=5)
    hostile = dict.fromkeys(("whose", "state", "tier", "origin", "playbook"), "\x00'9" + "9" * 40)
    assert read_filter(hostile, csm) == TaskFilter()


def all_pages(view, me, *, over=False):
    """Every title, two at a time."""
    found, after, more = [], "", True
    while more:
        rows, more = page_of(chosen(view, me), TODAY, "UTC", after, over=over, size=2)
        found += [row.title for row in rows]
        after = rows[-1].cursor if rows else ""
    return found


def test_pages_follow_each_other_without_gaps(here):
    me = here.members["csm"]
    days = [ago(1), None, TODAY, ago(1), None, date(2031, 1, 1), TODAY]
    for number, day in enumerate(days):
        make_task(here.account, f"T{number}", due_on=day)
    assert all_pages(TaskFilter(), me) == ["T0", "T3", "T2", "T6", "T5", "T1", "T4"]
    assert counts_of(chosen(TaskFilter(), me), TODAY) == {
        "overdue": 2,
        "today": 2,
        "week": 0,
        "later": 1,
        "undated": 2,
    }
    now = timezone.now()
    for number, task in enumerate(Task.objects.order_by("id")):
        ended = now - timedelta(days=number // 2)
        Task.objects.filter(pk=task.pk).update(state="done", ended_at=ended)
    assert all_pages(TaskFilter(state="done"), me, over=True) == ["T1", "T0", "T3", "T2", "T5", "T4", "T6"]


@pytest.mark.parametrize("after", ["", "x", "~", "~x", "2030-13-01~5", "2030-01-01~" + "9" * 40, "\x00~1"])
def test_hostile_places_begin_at_the_beginning(here, after):
    me = here.members["csm"]
    make_task(here.account)
    assert len(page_of(chosen(TaskFilter(), me), TODAY, "UTC", after, over=False)[0]) == 1
    over = chosen(TaskFilter(state="done"), me)
    assert page_of(over, TODAY, "UTC", after, over=True) == ([], False)
