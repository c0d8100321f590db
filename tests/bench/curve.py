"""The portfolio's curve for 10,000 accounts, a day's curve against bare SQL, and working all scores out."""

from datetime import timedelta
from time import process_time
from typing import Any

from tests.bench.books import client_of, make_book, queries_of
from tests.bench.ratios import Ratio, medians, seconds_of

ROUNDS = 7
INDICATORS = 10
DAYS = (200, 120, 60, 20, 3)
COMPONENTS = """
(select jsonb_agg(jsonb_build_object('key', 'indicator ' || i, 'kind', 'indicator', 'indicator', i,
    'name', 'Indicator ' || i, 'weight', 10, 'share', share, 'points', 100.0 * share / {count},
    'scale', jsonb_build_array(null, null, false), 'value', null, 'holds', share < 0.5, 'applies', true,
    'words', 'Indicator ' || i || ' is at ' || share || ' against what it was before'))
 from (select i, ((account.id * 37 + i * 11 + {back} * 3) % 100)::numeric / 100 as share
       from generate_series(1, {count}) i) part)
"""
ROWS = """
insert into playbooks_score (account_id, day, score, confidence, components, model_id, tier_then,
    owner_then, stage, recorded_at, superseded_at)
select account.id, %(day)s, (account.id * 37 + {back} * 13) %% 1000 / 10.0, 100, {components}, %(model)s,
    account.tier_id, account.owner_id, account.stage, now(), {superseded}
from accounts_account account where account.stage <> 'churned'
"""
BARE = """
select distinct on (score.account_id) score.account_id, score.id, score.score::float8, score.stage,
    score.tier_then, score.owner_then, row.arr_sort
from playbooks_score score join accounts_bookrow row on row.account_id = score.account_id
where score.day <= %s order by score.account_id, score.day desc
"""
READINGS = """
insert into playbooks_reading (account_id, indicator_id, number, day, holds, value, detail, recorded_at)
select account.id, indicator.id, 1, current_date, (account.id + indicator.id) % 4 = 0, account.id % 50,
    '{}', now()
from accounts_account account cross join playbooks_indicator indicator
"""


def run() -> list[Ratio]:
    """The page small and large, a day's curve, and a refresh."""
    small, large = furnished("curve-100", 100), furnished("curve-10000", 10_000)
    asked = [len(queries_of(client, url)) for _, client, url in (small, large)]
    return [
        Ratio("queries at 10,000 accounts against 100", asked[1], asked[0], "queries", 1),
        Ratio("queries at 10,000 accounts", asked[1], 1, "queries", 22),
        a_day(large[0]),
        Ratio("processor time of the page at 10,000", processor_seconds(large[1], large[2]), 1, "s", 2),
        *refreshing(),
    ]


def furnished(slug: str, count: int) -> tuple[Any, Any, str]:
    """A workspace with a history of scores; a client and the page."""
    from django.db import connection

    from csworkspace.tenancy.clock import today
    from csworkspace.tenancy.database import open_workspace
    from csworkspace.tenancy.owner import as_owner
    from playbooks.scores.models import ScoreModel

    workspace, member = make_book(slug, count)
    with open_workspace(workspace.pk), connection.cursor() as cursor:
        model, day = (
            ScoreModel.objects.create(number=1, since=today() - timedelta(400), actor="Bench"),
            today(),
        )
        for back in DAYS:
            components = COMPONENTS.format(count=INDICATORS, back=back).replace("%", "%%")
            superseded = "null" if back == DAYS[-1] else "now()"
            sql = ROWS.format(back=back, components=components, superseded=superseded)
            cursor.execute(sql, {"day": day - timedelta(back), "model": model.pk})
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("vacuum analyze playbooks_score, accounts_bookrow")
    return workspace, client_of(member), f"/w/{workspace.slug}/portfolio/"


def a_day(workspace: Any) -> Ratio:
    """Reading one past day, and the same rows by a plain distinct on."""
    from django.db import connection

    from csworkspace.tenancy.clock import today
    from csworkspace.tenancy.database import open_workspace
    from reports.curve.queries import curve_on
    from reports.curve.spec import CurveSpec

    def bare(day: Any) -> list[Any]:
        with connection.cursor() as cursor:
            cursor.execute(BARE, [day])
            return list(cursor.fetchall())

    with open_workspace(workspace.pk):
        spec, day = CurveSpec(today(), today()), today() - timedelta(40)
        if sorted(map(tuple, curve_on(spec, day))) != sorted(bare(day)):
            raise RuntimeError("the two sides read other rows")
        ours_taken, bare_taken = medians(lambda: curve_on(spec, day), lambda: bare(day), rounds=ROUNDS)
    return Ratio("a day's curve of 10,000 against distinct on", ours_taken * 1e3, bare_taken * 1e3, "ms", 2)


def processor_seconds(client: Any, url: str) -> float:
    """The least of three requests."""
    taken = []
    for _ in range(3):
        begun = process_time()
        client.get(url)
        taken.append(process_time() - begun)
    return min(taken)


def refreshing() -> list[Ratio]:
    """What an account costs among 10,000 against among 1,000: written for the first time, and unchanged."""
    small, large = worked_out(1_000), worked_out(10_000)
    names = ("a score worked out and written, of 10,000 against 1,000", "the same, nothing changed")
    return [
        Ratio(name, ours * 1e3, bare * 1e3, "ms", 1.5)
        for name, ours, bare in zip(names, large, small, strict=True)
    ]


def worked_out(count: int) -> list[float]:
    """Seconds for each account: written for the first time, and with nothing changed."""
    from django.db import connection

    from accounts.accounts.models import Account
    from csworkspace.tenancy.database import open_workspace
    from playbooks.frameworks.jobs import chunks
    from playbooks.indicators.models import Indicator
    from playbooks.scores.actions import keep_default_model, refresh_scores

    workspace, _ = make_book(f"curve-refresh-{count}", count)
    with open_workspace(workspace.pk), connection.cursor() as cursor:
        for n in range(INDICATORS):
            Indicator.objects.create(
                key=f"i{n}", name=f"I {n}", kind="risk", measure="none", explanation="x", actor="Bench"
            )
        cursor.execute("update accounts_account set stage = 'adopting'")
        cursor.execute(READINGS)
        keep_default_model()
        ids = list(Account.objects.order_by("pk").values_list("pk", flat=True))

    def work() -> None:
        for group in chunks(ids, 500):
            with open_workspace(workspace.pk):
                refresh_scores(group)

    return [seconds_of(work) / count, seconds_of(work) / count]
