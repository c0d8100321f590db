"""The export "scores": one row for each kept score."""

from csworkspace.exports.registry import Exporter, Rows, Span
from csworkspace.exports.stream import stream

HEADER = ["account", "day", "score", "confidence", "weights", "stage", "tier", "csm", "recorded_at"]
ROWS = """
select row.name, score.day, score.score, score.confidence, model.number, score.stage, tier.name,
    coalesce(nullif(person.name, ''), person.email), score.recorded_at
from playbooks_score score
join accounts_bookrow row on row.account_id = score.account_id
join playbooks_scoremodel model on model.id = score.model_id
left join accounts_tier tier on tier.id = score.tier_then
left join csworkspace_membership member on member.id = score.owner_then
left join csworkspace_user person on person.id = member.user_id
where (%(since)s::date is null or score.day >= %(since)s)
    and (%(until)s::date is null or score.day <= %(until)s)
order by row.name_sort, score.account_id, score.day
"""


def rows(span: Span) -> Rows:
    """Every row by account and day; `span` limits the days."""
    return stream(ROWS, {"since": span.since, "until": span.until})


SCORES = Exporter("scores", HEADER, rows)
