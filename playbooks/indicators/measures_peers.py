"""The measure of a metric among peers: accounts of the same tier, a segment, or all."""

from collections.abc import Mapping
from typing import Any

from accounts.metrics.models import Direction
from playbooks.indicators.asked import LINGER_DAYS, Asked, Known, Statement
from playbooks.indicators.measure_forms import PeersForm
from playbooks.indicators.measure_parts import is_fresh, points
from playbooks.indicators.measures import Measure, Told, When
from playbooks.indicators.measures_metric import NO_VALUE, SHARED, M, level_said, own_proofs
from playbooks.indicators.naming import Names
from playbooks.indicators.saying import in_unit, metric_name, percent
from playbooks.indicators.statements import STAGE_THEN

LEAST_PEERS = 5
PEERS = """
select account_id, value, case when others >= %(least)s then median end as compared,
    case when others >= %(least)s then {test} end as test,
    jsonb_build_object('test', round({test}, 2), 'others', others) as detail,
    case when cohort is null then %(nowhere)s else 'Fewer than 5 peers have a value.' end as why
from (
    select placed.*, n - 1 as others,
        case when n %% 2 = 0 then case when place > n / 2 then lo else mid end
            else ((case when place > n / 2 then lo else mid end)
                + (case when place > n / 2 + 1 then mid else hi end)) / 2 end as median
    from (
        select valued.*, rank() over (partition by cohort order by value) - 1 as below,
            count(*) over (partition by cohort, value) - 1 as equal,
            row_number() over (partition by cohort order by value) as place,
            count(*) over (partition by cohort) as n
        from valued
    ) placed left join lateral (
        select lo, mid, hi from middles where middles.cohort = placed.cohort
    ) middle on true
) peers
"""
# Taking one's own value out of the middle of the others needs the three values around it.
PEERS_WITH = """
with valued as materialized (
    select m.account_id, m.value, {cohort} as cohort from ({points}) m
    join scope on scope.account_id = m.account_id{living} where {fresh}
), middles as materialized (
    select cohort, max(value) filter (where place = n / 2) as lo,
        max(value) filter (where place = n / 2 + 1) as mid,
        max(value) filter (where place = n / 2 + 2) as hi
    from (select cohort, value, row_number() over (partition by cohort order by value) as place,
            count(*) over (partition by cohort) as n from valued) placed group by cohort
)
"""
ACTIVE = f"""exists (select from accounts_bookrow row where row.account_id = account.id
    and row.last_active_on >= %(day)s::date - {LINGER_DAYS})"""
IN_SEGMENT = """(select 1::bigint from accounts_segmentstay stay where stay.segment_id = %(segment)s
    and stay.account_id = m.account_id and {stay} limit 1)"""


def peers_sql(asked: Asked) -> Statement:
    """Percent of the median of the others, or the percentile among them; who has churned is no peer.

    The percentile is the share of the others that do worse. Of equal ones nobody does: with the middle
    of their ranks nobody could be among the last while many stand at 0. Who stands at the median or
    better is given that middle, so that what most have is neither the lowest nor the highest.
    """
    params, metric = asked.params, asked.metrics[int(asked.params["metric"])]
    everybody = Asked(params, asked.day, asked.known, asked.zone, asked.today, asked.metrics)
    inner, values = points(everybody, metric, 1)
    cohort, given, nowhere = _cohort(asked)
    is_down = metric.direction == Direction.DOWN
    below, behind = ("n - 1 - below - equal", ">") if is_down else ("below", "<")
    test = (
        f"100.0 * ({below} + case when value {behind} median then 0 else equal / 2.0 end) / nullif(others, 0)"
        if params["how"] == "rank"
        else "value * 100 / nullif(median, 0)"
    )
    begin = PEERS_WITH.format(cohort=cohort, points=inner, fresh=is_fresh(metric, "m"), living=_living(asked))
    text = begin + PEERS.format(test=f"(case when cohort is not null then {test} end)")
    values = {**values, **given, "least": LEAST_PEERS, "nowhere": nowhere}
    return Statement(text, values, why=NO_VALUE, needs_all=True)


def _living(asked: Asked) -> str:
    """A join that leaves out who has churned by the day, as far as that is known (LINGER_DAYS)."""
    condition = f"{STAGE_THEN if asked.is_past else 'account.stage'} <> 'churned'"
    if asked.is_past and asked.known == Known.RECEIVED:
        condition = f"(account.stage <> 'churned' or {ACTIVE})"
    return f" join accounts_account account on account.id = scope.account_id and {condition}"


def _cohort(asked: Asked) -> tuple[str, dict[str, Any], str]:
    """What the peers have in common, as SQL; of a past day only what has a history."""
    peers = str(asked.params["peers"])
    if peers == "all":
        return "1::bigint", {}, ""
    if peers == "tier":
        if asked.is_past:
            return "null::bigint", {}, "In which tier the account was on that day is not kept."
        return "scope.tier_id", {}, "The account has no tier."
    if asked.is_past and asked.known == Known.RECEIVED:
        return "null::bigint", {}, "Who was in the segment before it was made is not known."
    stay = "stay.left_at is null"
    if asked.is_past:
        stay = "stay.entered_at < %(until)s and (stay.left_at is null or stay.left_at >= %(until)s)"
    segment = int(peers.removeprefix("segment "))
    return IN_SEGMENT.format(stay=stay), {"segment": segment}, "The account is not in the segment."


def peers_said(told: Told) -> dict[str, str]:
    """Placeholders."""
    rank = told.params["how"] == "rank"
    test = told.test if "test" in told.detail else None
    return {
        **level_said(told),
        "median": in_unit(told, told.compared),
        "standing": f"better than {percent(test)}" if rank and test is not None else percent(test),
        "others": str(told.detail.get("others", "")),
    }


def peers_words(params: Mapping[str, Any], names: Names) -> str:
    """In words."""
    how = "percentile" if params["how"] == "rank" else "percent of the median"
    peers = {"tier": "the same tier", "all": "all accounts"}.get(params["peers"], "the segment")
    return f"{metric_name(params, names)} as {how} among {peers}"


MEASURES = (
    Measure(
        "metric_peers", "A metric among peers", help="Against accounts of the same tier, a segment, or all.",
        form=PeersForm, compile=peers_sql, words=peers_words, said=peers_said, proofs=own_proofs,
        placeholders={**M, "median": "the others’ median", "standing": "the place among them",
                      "others": "how many peers"},
        explanation="{metric} is {value}; half of {others} peers have {median} or more", when=When.CHOSEN,
        unit="%", begins="50", ends="60", **SHARED,
    ),
)  # fmt: skip
