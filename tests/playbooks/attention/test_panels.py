from accounts.book.actions import Standing, refresh_book, set_standing
from accounts.book.models import PlanStatus
from tests.kit import client_of

REASONS = [{"text": "The plan is off track", "weight": 35}, {"text": "Fell <b>62 %</b>", "weight": 20}]


def overview(world):
    return client_of(world.members["csm"]).get(world.url(f"accounts/{world.account.pk}/")).content.decode()


def test_the_overview_gives_every_reason_escaped_and_only_its_own(here, elsewhere):
    refresh_book()
    assert "Why it needs attention" not in overview(here)
    set_standing([Standing(here.account.pk, 1, PlanStatus.OFF_TRACK, 55, REASONS)])
    page = overview(here)
    assert "<li>The plan is off track</li><li>Fell &lt;b&gt;62 %&lt;/b&gt;</li>" in page
    elsewhere.open()
    refresh_book()
    assert "Why it needs attention" not in overview(elsewhere)
