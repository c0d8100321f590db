"""What scores add to segments: the score, its band, and how it moved in four weeks."""

from datetime import timedelta
from decimal import Decimal

from accounts.segments.criteria.parts import IN, NOT_IN, compared, numbers
from accounts.segments.registry import Asked, Choice, Criterion, Operator, Shape, Sql
from csworkspace.tenancy.clock import today
from playbooks.scores.queries import bands_on, loaded
from playbooks.scores.weights import read_bands

SECTION = "Value score"
KNOWN = "row.score >= 0"
DAYS = 28
# Against the score that was kept four weeks ago; nothing where there was none, or where history that was
# loaded later had ended long before (see `queries.score_before`).
MOVED = f"""exists (select from (
    select kept.score, kept.day, {loaded("kept")} as is_loaded from playbooks_score kept
    where kept.account_id = row.account_id and kept.day <= %s order by kept.day desc limit 1
) earlier join playbooks_score latest on latest.account_id = row.account_id and latest.superseded_at is null
where latest.score - earlier.score {{}} %s and (not is_loaded or earlier.day >= %s or exists (
    select from playbooks_score later where later.account_id = row.account_id
        and later.day > %s and {loaded("later")})))"""
POINTS = {"unit": "points", "lowest": 0, "highest": 100, "places": 0}


def band_choices() -> list[Choice]:
    """The bands of today; one query and the day's."""
    return [Choice(band.status, band.name) for band in bands_on(today())]


def band_sql(asked: Asked) -> Sql:
    """Whether the score lies in one of the bands; an account without a score is in none."""
    bands = bands_on(asked.today) or read_bands([])
    ends = [band.start for band in bands[1:]] + [Decimal(101)]
    tests, values = [], []
    for band, end in zip(bands, ends, strict=True):
        if band.status in asked.value:
            tests.append("(row.score >= %s and row.score < %s)")
            values += [int(band.start), int(end)]
    inside = f"({' or '.join(tests)})" if tests else "false"
    return f"({KNOWN} and {'' if asked.op == 'in' else 'not '}{inside})", values


def change_sql(asked: Asked) -> Sql:
    """The change against the score that was kept four weeks before."""
    day = asked.today - timedelta(days=DAYS)
    limit, rose = day - timedelta(days=DAYS), asked.op == "rose"
    return MOVED.format(">=" if rose else "<="), [day, asked.value if rose else -asked.value, limit, day]


CRITERIA = (
    Criterion(
        "score",
        "Value score",
        SECTION,
        (*numbers("points", highest=100), Operator("unknown", "is not known")),
        compared("row.score", "smallint", known=KNOWN),
    ),
    Criterion("score_band", "Band", SECTION, (IN, NOT_IN), band_sql, choices=band_choices),
    Criterion(
        "score_change",
        "Score in 4 weeks",
        SECTION,
        (
            Operator("rose", "rose by at least", Shape.NUMBER, **POINTS),  # type: ignore[arg-type]
            Operator("fell", "fell by at least", Shape.NUMBER, **POINTS),  # type: ignore[arg-type]
        ),
        change_sql,
        words="Value score {operator} {value} in 4 weeks",
    ),
)
