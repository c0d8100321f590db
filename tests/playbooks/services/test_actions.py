"""Delivering what is owed, taking it back, waiving it, giving it away."""

from datetime import UTC, date, datetime

import pytest

from accounts.accounts.history import history
from accounts.accounts.models import Account
from accounts.book.models import BookRow
from csworkspace.audit.models import AuditEntry
from csworkspace.web.versions import Conflict
from playbooks.services import actions, requests
from playbooks.services.actions import ServiceRefused
from playbooks.services.models import ServiceOccurrence
from playbooks.services.queries import with_status
from playbooks.services.status import status_of
from tests.kit import BY
from tests.playbooks.kit import TODAY, ago
from tests.playbooks.services.kit import make_occurrence, make_service, make_tier, place, promise

NOW = datetime(2030, 6, 30, 12, tzinfo=UTC)


@pytest.fixture
def qbr(here):
    """A QBR owed by today."""
    return make_occurrence(here.account, make_service())


def entries():
    """What the audit log tells of services."""
    found = AuditEntry.objects.filter(object_type="serviceoccurrence").order_by("id")
    return [(entry.verb, entry.before, entry.after) for entry in found]


def test_delivery_keeps_day_person_and_note(here, qbr):
    done = actions.deliver_service(qbr, by=BY, delivered_on=ago(2), deliverer="Ada", note="On site")
    qbr.refresh_from_db()
    assert (qbr.delivered_on, qbr.deliverer, qbr.note, done.pk) == (ago(2), "Ada", "On site", qbr.pk)
    assert entries() == [
        ("delivered", {}, {"delivered on": str(ago(2)), "by": "Ada", "note": "On site", "proof": ""})
    ]
    (entry,) = history(here.account.pk, "UTC")
    assert entry.title == "Delivered service QBR, Q2 2030"
    assert entry.summary == "by: Ada; note: On site; delivered on: 28 Jun 2030"
    assert BookRow.objects.get().attainment == 100


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2030, 7, 1), "That day is still to come."),
        (date(2030, 3, 31), "The period begins on 1 Apr 2030."),
    ],
)
def test_days_that_cannot_be_are_refused(qbr, day, words):
    with pytest.raises(ServiceRefused, match=words):
        actions.deliver_service(qbr, by=BY, delivered_on=day)
    assert (entries(), ServiceOccurrence.objects.get().delivered_on) == ([], None)


def test_who_comes_second_is_told_who_came_first(qbr):
    actions.deliver_service(qbr, by=BY, delivered_on=ago(2), deliverer="Ada")
    with pytest.raises(Conflict, match="Ada delivered this on 28 Jun 2030 already"):
        actions.deliver_service(qbr, by=BY, delivered_on=ago(1))
    with pytest.raises(Conflict):
        actions.waive_service(qbr, by=BY, reason="Too late")
    assert len(entries()) == 1


def test_reopening_takes_a_delivery_back(here, qbr):
    actions.deliver_service(qbr, by=BY, delivered_on=ago(2), proof=actions.Proof("report", 7, "QBR"))
    actions.reopen_service(qbr, by=BY)
    qbr.refresh_from_db()
    assert (qbr.delivered_on, qbr.deliverer, qbr.proof_page, qbr.proof_id) == (None, "", "", None)
    assert entries()[-1] == ("reopened", {"delivered on": str(ago(2)), "by": "Test", "note": ""}, {})
    row = BookRow.objects.get()
    assert (row.attainment, row.next_owed_on) == (-1, TODAY)
    with pytest.raises(Conflict):
        actions.reopen_service(qbr, by=BY)


def test_waiving_says_why_and_can_be_taken_back(qbr):
    with pytest.raises(ServiceRefused, match="Say why"):
        actions.waive_service(qbr, by=BY, reason="  ")
    actions.waive_service(qbr, by=BY, reason=" The sponsor is on leave. ")
    with pytest.raises(Conflict, match=r"waived meanwhile: The sponsor is on leave\."):
        actions.deliver_service(qbr, by=BY, delivered_on=TODAY)
    actions.reopen_service(qbr, by=BY)
    assert [entry[0] for entry in entries()] == ["waived", "reopened"]
    assert ServiceOccurrence.objects.get().waived_at is None


def test_a_colleague_keeps_what_was_given_to_them(here, qbr):
    actions.reassign_service(qbr, by=BY, owner=here.members["manager"])
    qbr.refresh_from_db()
    assert (qbr.owner, qbr.is_reassigned) == (here.members["manager"], True)
    actions.reassign_service(qbr, by=BY, owner=here.account.owner)
    actions.reassign_service(qbr, by=BY, owner=here.account.owner)
    qbr.refresh_from_db()
    assert (qbr.is_reassigned, len(entries())) == (False, 2)


def test_many_at_once_pass_over_what_cannot_be(here, elsewhere, qbr):
    call = make_service("Call", "other")
    owed = make_occurrence(here.account, call)
    done = make_occurrence(here.account, call, period="a", delivered_on=ago(9))
    later = make_occurrence(here.account, call, period="b", starts_on=ago(-1))
    waived = make_occurrence(here.account, call, period="c", waived_at=NOW)
    with elsewhere_open(here, elsewhere):
        theirs = make_occurrence(elsewhere.account, make_service())
    ids = [qbr.pk, owed.pk, done.pk, later.pk, waived.pk, theirs.pk, 10**12]
    assert actions.deliver_many(ids, by=BY, delivered_on=TODAY, note="Webinar") == 2
    assert actions.deliver_many(ids, by=BY, delivered_on=TODAY) == 0
    delivered = ServiceOccurrence.objects.filter(note="Webinar").order_by("id")
    assert list(delivered) == [qbr, owed]
    assert [entry[0] for entry in entries()] == ["delivered", "delivered"]
    with elsewhere_open(here, elsewhere):
        theirs.refresh_from_db()
        assert theirs.delivered_on is None


def elsewhere_open(here, elsewhere):
    """The other workspace for a moment."""
    from contextlib import contextmanager

    @contextmanager
    def opened():
        elsewhere.open()
        yield
        here.open()

    return opened()


def test_a_logged_delivery_completes_the_earliest_that_is_owed(here, qbr):
    before = make_occurrence(
        here.account, qbr.service, period="2030-Q1", starts_on=date(2030, 1, 1), due_on=date(2030, 3, 31)
    )
    first = actions.deliver_next(here.account, qbr.service, by=BY, delivered_on=ago(1), note="Call")
    second = actions.deliver_next(here.account, qbr.service, by=BY, delivered_on=ago(1))
    assert [first.pk, second.pk] == [before.pk, qbr.pk]
    with pytest.raises(ServiceRefused, match="No QBR was owed to Acme Industries on 29 Jun 2030"):
        actions.deliver_next(here.account, qbr.service, by=BY, delivered_on=ago(1))


def test_an_issued_report_delivers_one_service_once(here, qbr):
    later = make_occurrence(here.account, qbr.service, period="2030-Q3", due_on=date(2030, 9, 30))
    other = make_occurrence(here.account, make_service("Progress", "report"))

    def issue(kind="qbr", report=5):
        return actions.deliver_by_report(
            here.account.pk, by=BY, report_id=report, kind=kind, issued_on=TODAY, title="QBR, Q1 2030"
        )

    assert issue() == qbr
    assert (issue(), issue("nonsense", 6)) == (None, None)
    qbr.refresh_from_db()
    assert (qbr.proof_page, qbr.proof_id, qbr.proof_title) == ("report", 5, "QBR, Q1 2030")
    assert issue("progress", 6) == other
    assert issue("qbr", 7) == later
    assert issue("qbr", 8) is None


def test_a_report_does_not_deliver_what_was_missed(here, qbr):
    ServiceOccurrence.objects.update(missed_after=ago(1))
    done = actions.deliver_by_report(
        here.account.pk, by=BY, report_id=5, kind="qbr", issued_on=TODAY, title="QBR"
    )
    assert done is None


@pytest.fixture
def answers(here):
    """A response time of four hours, promised to the account."""
    service, tier = make_service("Answer", "response"), make_tier()
    promise(tier, date(2020, 1, 1), [(service, 10, "month")], response_hours=4)
    place(here.account, tier, date(2020, 1, 1))
    here.account.refresh_from_db()
    return service


def test_requests_are_numbered_and_due_by_their_hour(here, answers):
    here.workspace.timezone = "Pacific/Auckland"
    here.workspace.save()
    asked = datetime(2026, 6, 1, 9, 30, tzinfo=UTC)  # 21:30 in Auckland
    first = requests.log_request(here.account, answers, by=BY, asked_at=asked, subject="Where is it?")
    second = requests.log_request(here.account, answers, by=BY, asked_at=asked, subject="And this?")
    assert [first.period, second.period] == ["request 1", "request 2"]
    assert (first.answer_by, first.starts_on, first.due_on) == (
        datetime(2026, 6, 1, 13, 30, tzinfo=UTC),
        date(2026, 6, 1),
        date(2026, 6, 2),  # 01:30 in Auckland
    )
    done = requests.answer_request(first, by=BY, answered_at=datetime(2026, 6, 1, 13, 30, tzinfo=UTC))
    assert (done.delivered_on, status_of(done, TODAY, NOW)) == (date(2026, 6, 2), "on_time")
    late = requests.answer_request(second, by=BY, answered_at=datetime(2026, 6, 1, 13, 31, tzinfo=UTC))
    assert status_of(late, TODAY, NOW) == "delivered_late"
    assert list(with_status(TODAY, NOW).order_by("id").values_list("status", flat=True)) == [
        "on_time",
        "delivered_late",
    ]
    with pytest.raises(Conflict):
        requests.answer_request(first, by=BY, answered_at=asked)


def test_a_request_belongs_to_the_tier_that_promised_it(here, answers):
    was = here.account.tier
    place(here.account, make_tier("Later", 2), date(2026, 6, 2))
    here.account.refresh_from_db()
    asked = datetime(2026, 6, 1, 9, 30, tzinfo=UTC)
    assert requests.log_request(here.account, answers, by=BY, asked_at=asked, subject="x").tier == was


def test_moments_and_services_that_cannot_be_are_refused(here, answers, qbr):
    asked = datetime(2026, 6, 1, 9, 30, tzinfo=UTC)
    future = datetime(2999, 1, 1, tzinfo=UTC)
    for service, moment in (
        (qbr.service, asked),
        (answers, future),
        (make_service("New", "response"), asked),
    ):
        with pytest.raises(ServiceRefused):
            requests.log_request(here.account, service, by=BY, asked_at=moment, subject="x")
    one = requests.log_request(here.account, answers, by=BY, asked_at=asked, subject="x")
    for moment in (datetime(2026, 6, 1, 9, 29, tzinfo=UTC), future):
        with pytest.raises(ServiceRefused):
            requests.answer_request(one, by=BY, answered_at=moment)
    with pytest.raises(ServiceRefused, match="Answer a request"):
        actions.deliver_service(one, by=BY, delivered_on=TODAY)
    with pytest.raises(ServiceRefused, match="no request"):
        requests.answer_request(qbr, by=BY, answered_at=asked)


def test_an_account_without_the_promise_has_no_requests(here, answers):
    other = Account.objects.create(name="Other")
    with pytest.raises(ServiceRefused, match="promises Other no response time"):
        requests.log_request(other, answers, by=BY, asked_at=datetime(2026, 6, 1, tzinfo=UTC), subject="x")
