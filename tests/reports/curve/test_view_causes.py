"""Why the curve of a part of the portfolio moved: what comes from elsewhere is not new."""

from datetime import date, timedelta

from accounts.accounts.models import Account
from accounts.book.actions import refresh_book
from playbooks.scores.weights import read_bands
from reports.curve.pages import Curves, movement_of
from reports.curve.queries import curve_before, curve_on
from reports.curve.spec import CurveSpec
from tests.reports.curve.kit import TODAY, keep, make_accounts

SPRING = date(2030, 3, 1)


def told(spec):
    """Cause → number of accounts."""
    now, (then, _) = curve_on(spec, spec.on), curve_before(spec, spec.before)
    curves = Curves(spec, read_bands([]), now, then, [])
    moved = movement_of(curves, curves.counted(now), curves.counted(then))
    assert abs(sum(cause.points for cause in moved.causes) - moved.net) < 1e-6
    return {cause.name: cause.accounts for cause in moved.causes if cause.key != "plan"}


def test_an_account_that_is_handed_over_leaves_one_view_and_comes_into_another(here, elsewhere):
    make_accounts(3)
    csm, manager = here.members["csm"].pk, here.members["manager"].pk
    first, *rest = Account.objects.order_by("pk")
    for account in (first, *rest[:2]):
        keep(account, SPRING, 0.3, owner_then=csm)
    keep(rest[2], SPRING, 0.9, owner_then=manager)
    Account.objects.update(owner_id=csm)
    Account.objects.filter(pk__in=[first.pk, rest[2].pk]).update(owner_id=manager)
    refresh_book()
    assert told(CurveSpec(TODAY, TODAY, owner=csm)) == {"Left this view": 1}
    assert told(CurveSpec(TODAY, TODAY, owner=manager)) == {"Came into this view": 1}
    assert told(CurveSpec(TODAY, TODAY)) == {}


def test_who_churned_and_who_came_back_are_named_in_a_narrow_view_too(here):
    make_accounts(3)
    csm = here.members["csm"].pk
    gone, back, *stay = Account.objects.order_by("pk")
    keep(gone, SPRING, 0.2, owner_then=csm)
    keep(back, SPRING, 0.2, owner_then=csm, stage="churned")
    for account in stay:
        keep(account, SPRING, 0.5, owner_then=csm)
    keep(back, TODAY - timedelta(days=3), 0.6, owner_then=csm)
    Account.objects.update(owner_id=csm)
    Account.objects.filter(pk=gone.pk).update(stage="churned", owner=None)
    refresh_book()
    for spec in (CurveSpec(TODAY, TODAY), CurveSpec(TODAY, TODAY, owner=csm)):
        assert told(spec) == {"Churned accounts": 1, "Came back": 1}


def test_where_loaded_history_ends_is_asked_of_each_account(here):
    make_accounts(1)
    kept, loaded = Account.objects.order_by("pk")
    keep(kept, SPRING, 0.5, recorded_at=f"{SPRING} 12:00+00:00")
    keep(loaded, date(2016, 12, 26), 0.9)
    keep(loaded, TODAY, 0.1, recorded_at=f"{TODAY} 12:00+00:00")
    spec = CurveSpec(TODAY, TODAY)
    spots, ended = curve_before(spec, spec.before)
    assert ({spot.account_id: spot.score for spot in spots}, ended) == (
        {kept.pk: 50.0, loaded.pk: None},
        date(2016, 12, 26),
    )
    assert told(spec) == {"First scores": 1}
