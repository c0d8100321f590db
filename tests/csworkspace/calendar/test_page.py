"""The settings page of the working calendar."""

from datetime import date, time

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from pytest_django.asserts import assertNumQueries

from csworkspace.audit.models import AuditEntry
from csworkspace.calendar.actions import add_holidays, set_calendar
from csworkspace.calendar.models import Holiday, WorkCalendar
from csworkspace.calendar.pasting import Named
from csworkspace.calendar.queries import work_week
from csworkspace.web.versions import Conflict
from tests.kit import BY

WEEK = {"weekdays": ["0", "1", "2", "3"], "opens_at": "08:00", "closes_at": "16:00", "version": "0"}


def test_without_a_word_it_is_monday_to_friday(here, manager):
    page = manager.get(here.url("settings/calendar/"))
    assert page.context["forms"]["week"].initial["weekdays"] == [0, 1, 2, 3, 4]
    assert work_week().weekdays == frozenset(range(5))


def test_the_week_is_saved_once_as_it_was_seen(here, elsewhere, manager):
    saved = manager.post(here.url("settings/calendar/"), WEEK)
    assert (saved.status_code, saved["Location"]) == (302, here.url("settings/calendar/"))
    week = work_week()
    assert (week.weekdays, week.opens_at, week.closes_at) == (frozenset(range(4)), time(8), time(16))
    again = manager.post(here.url("settings/calendar/"), {**WEEK, "weekdays": ["0"]})
    assert again.status_code == 409
    assert "Not saved" in again.text
    assert WorkCalendar.objects.get().weekdays == [0, 1, 2, 3]
    elsewhere.open()
    assert work_week().weekdays == frozenset(range(5))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"weekdays": []}, "Choose at least one working day."),
        ({"closes_at": "07:00"}, "ends before it begins"),
        ({"opens_at": "late"}, "Enter a valid time."),
        ({"weekdays": ["9"]}, "not one of the available choices"),
    ],
)
def test_a_week_that_cannot_be_is_refused(here, manager, change, words):
    page = manager.post(here.url("settings/calendar/"), {**WEEK, **change})
    assert page.status_code == 422
    assert words in page.text
    assert not WorkCalendar.objects.exists()


def test_the_action_refuses_it_too(here):
    for days, closes in (([], time(17)), ([7], time(17)), ([0], time(8))):
        with pytest.raises(ValueError):
            set_calendar(days, time(9), closes, by=BY)
    set_calendar([0], time(9), time(17), by=BY, seen=0)
    with pytest.raises(Conflict):
        set_calendar([1], time(9), time(17), by=BY, seen=0)


def test_holidays_are_added_one_by_one_pasted_and_imported(here, elsewhere, manager):
    url = here.url("settings/calendar/holidays/")
    manager.post(url, {"day": "2031-05-17", "name": "Constitution Day"})
    manager.post(url, {"lines": "2031-12-25 Christmas Day\n2031-05-17 Syttende mai"})
    file = SimpleUploadedFile(
        "no.ics",
        b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\nSUMMARY:New Year\r\n"
        b"DTSTART;VALUE=DATE:20320101\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n",
    )
    page = manager.post(url, {"import": "1", "file": file}, follow=True)
    assert "1 holiday added." in page.text
    found = [(row["name"], row["day"], row["weekday"]) for row in page.context["coming"]]
    assert found == [
        ("Syttende mai", "17 May 2031", "Saturday"),
        ("Christmas Day", "25 Dec 2031", "Thursday"),
        ("New Year", "1 Jan 2032", "Thursday"),
    ]
    assert AuditEntry.objects.filter(verb="added holidays").count() == 3
    elsewhere.open()
    assert not Holiday.objects.exists()


def test_pasting_is_all_or_nothing_with_an_error_for_each_line(here, manager):
    page = manager.post(
        here.url("settings/calendar/holidays/"), {"lines": "2031-12-25 Christmas\nsoon\n2031-1-1 X"}
    )
    assert page.status_code == 422
    assert page.context["forms"]["lines"].errors["lines"] == [
        "Line 2: “soon” is no day. Write it as 2026-12-25.",
        "Line 3: “2031-1-1” is no day. Write it as 2026-12-25.",
    ]
    assert not Holiday.objects.exists()


@pytest.mark.parametrize("data", [{"import": "1"}, {"lines": ""}, {"day": "", "name": ""}, {}])
def test_nothing_to_add_is_told(here, manager, data):
    assert manager.post(here.url("settings/calendar/holidays/"), data).status_code == 422


def test_a_holiday_is_removed(here, manager):
    add_holidays([Named(date(2031, 12, 25), "Christmas"), Named(date(2031, 12, 26), "Boxing Day")], by=BY)
    one = Holiday.objects.get(day=date(2031, 12, 25))
    manager.post(here.url(f"settings/calendar/holidays/{one.pk}/removals/"))
    assert [str(day) for day in Holiday.objects.all()] == ["Boxing Day, 2031-12-26"]


def test_adding_tells_what_was_new(here):
    christmas = Named(date(2031, 12, 25), "Christmas")
    assert add_holidays([christmas], by=BY) == (1, 0, 0)
    assert add_holidays([christmas], by=BY) == (0, 0, 1)
    assert add_holidays([christmas._replace(name="Yule")], by=BY) == (0, 1, 0)


def test_the_page_costs_the_same_for_any_number_of_holidays(here, manager):
    url = here.url("settings/calendar/")
    manager.get(url)
    for number in (1, 3):
        add_holidays([Named(date(2031, 1, day + 1), "x") for day in range(number)], by=BY)
        with assertNumQueries(14):
            manager.get(url)
