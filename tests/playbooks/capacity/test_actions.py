"""People's time: settings, absences, and two who change them at once."""

from datetime import date

import pytest

from csworkspace.audit.models import AuditEntry
from csworkspace.web.versions import Conflict
from playbooks.capacity.actions import add_absence, clean_words, remove_absence, set_capacity
from playbooks.capacity.models import Absence, CsmCapacity
from tests.kit import BY
from tests.playbooks.capacity.kit import D


@pytest.fixture
def member(here):
    return here.members["csm"]


def entries():
    return list(AuditEntry.objects.order_by("id").values_list("verb", "object_type"))


def test_settings_are_made_changed_and_audited(member):
    row = set_capacity(member, by=BY, version=0, hours_per_week=D(32), languages=["german"])
    assert (row.version, row.meeting_share, row.languages) == (1, D("0.25"), ["german"])
    again = set_capacity(member, by=BY, version=1, hours_per_week=D(32), languages=["german"])
    assert again.version == 1
    assert set_capacity(member, by=BY, version=1, hours_per_week=D(24)).version == 2
    assert entries() == [("set the capacity of", "membership")] * 2
    assert AuditEntry.objects.latest("id").after["hours_per_week"] == "24"


def test_second_of_two_is_told(member):
    set_capacity(member, by=BY, version=0, hours_per_week=D(32))
    for seen in (0, 7):
        with pytest.raises(Conflict):
            set_capacity(member, by=BY, version=seen, hours_per_week=D(10))
    assert CsmCapacity.objects.get().hours_per_week == 32


def test_absences_come_and_go(member):
    with pytest.raises(ValueError, match="cannot end before"):
        add_absence(member, by=BY, starts_on=date(2030, 7, 2), ends_on=date(2030, 7, 1))
    absence = add_absence(member, by=BY, starts_on=date(2030, 7, 1), ends_on=date(2030, 7, 1), note="Move")
    remove_absence(absence, by=BY)
    remove_absence(absence, by=BY)
    assert Absence.objects.count() == 0
    assert entries() == [("noted an absence of", "membership"), ("removed an absence of", "membership")]


def test_words_are_lower_case_and_once():
    assert clean_words([" German ", "german", "", "  Old  Norse "]) == ["german", "old norse"]
