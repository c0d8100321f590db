"""What the pages of segments show, ready to print."""

from typing import Any

from accounts.segments import queries
from accounts.segments.definition import Complaint, Definition
from accounts.segments.evaluate import NOBODY, Count, count_of, examples_of, prepare, read_segment, where_of
from accounts.segments.known import Known
from accounts.segments.models import Segment
from accounts.segments.registry import Sql
from accounts.segments.uses import Use, uses_of
from accounts.segments.words import groups_of, sentence_of
from csworkspace.charts import Series, line_chart
from csworkspace.web import formats, times
from csworkspace.web.urls import workspace_url

MEMBERS = 10
MOVEMENTS = 12
MATCH_HEADS = {"all": "All of these groups", "any": "At least one of these groups"}
MATCH_JOINS = {"all": "and", "any": "or"}


def list_rows(request: Any, known: Known) -> list[dict[str, Any]]:
    """A row for each segment, those with a problem first; queries do not depend on their number."""
    found = list(queries.segments())
    ids = [segment.pk for segment in found]
    prepare(found, known)
    moved, uses = queries.moved_lately(ids), uses_of(ids)
    rows = [_list_row(request, segment, known, moved, uses) for segment in found]
    return sorted(rows, key=lambda row: not row["problem"])


def _list_row(
    request: Any,
    segment: Segment,
    known: Known,
    moved: dict[int, tuple[int, int]],
    uses: dict[int, list[Use]],
) -> dict[str, Any]:
    definition, complaints = read_segment(segment, known)
    entered, left = moved.get(segment.pk, (0, 0))
    used = uses[segment.pk]
    return {
        "id": segment.pk,
        "name": segment.name,
        "text": segment.description or (sentence_of(definition, known) if definition else ""),
        "problem": str(complaints[0]) if complaints else "",
        "size": formats.DASH if complaints else formats.number(segment.size),
        "book_url": book_url(request, segment),
        "entered": formats.signed(entered) if entered else "",
        "left": f"{formats.MINUS}{formats.number(left)}" if left else "",
        "uses": formats.plural(len(used), "use") if used else formats.DASH,
    }


def detail_context(request: Any, segment: Segment, known: Known) -> dict[str, Any]:
    """One segment: its definition in words, who is in it, how it changed, and what uses it."""
    definition, complaints = read_segment(segment, known)
    where = NOBODY if definition is None or complaints else where_of(definition, known)
    count = count_of(where)
    return {
        "segment": segment,
        "problems": [str(complaint) for complaint in complaints],
        "match_head": MATCH_HEADS[definition.match] if definition else "",
        "match_join": MATCH_JOINS[definition.match] if definition else "",
        "groups": groups_of(definition, known) if definition else [],
        "figures": figures(request, segment, count, known),
        "notes": notes_of(definition, count, known),
        "members": member_rows(request, where, MEMBERS),
        "book_url": book_url(request, segment),
        "more": count.accounts > MEMBERS,
        "all_of_them": formats.plural(count.accounts, "account"),
        "uses": use_rows(request, uses_of([segment.pk])[segment.pk]),
        **history(request, segment, known),
    }


def figures(request: Any, segment: Segment, count: Count, known: Known) -> list[dict[str, str]]:
    """The key figures on top of its page."""
    entered, left = queries.moved_lately([segment.pk]).get(segment.pk, (0, 0))
    return [
        {"label": "Accounts", "value": formats.number(count.accounts), "url": book_url(request, segment)},
        {"label": "ARR", "value": formats.money_compact(count.arr, known.workspace.currency)},
        {"label": "Entered in 28 days", "value": formats.number(entered)},
        {"label": "Left in 28 days", "value": formats.number(left)},
    ]


def history(request: Any, segment: Segment, known: Known) -> dict[str, Any]:
    """Its size over time, and who moved last."""
    zone = known.workspace.timezone
    points = queries.size_by_day(segment, known.today, zone)
    chart = None
    if len(points) > 1:
        series = Series("Accounts", points)
        chart = line_chart(series, title=f"Accounts in {segment.name}", unit="accounts", today=known.today)
    moved = [
        {
            "name": item.account,
            "url": workspace_url(request, "account", item.account_id),
            "word": "Entered" if item.entered else "Left",
            "at": times.moment(item.at, zone),
        }
        for item in queries.movements(segment, MOVEMENTS)
    ]
    return {"chart": chart, "moved": moved, "began": times.moment(segment.created_at, zone)}


def preview(
    request: Any, definition: Definition | None, complaints: list[Complaint], known: Known
) -> dict[str, Any]:
    """What a definition finds, before it is saved; else what is still missing."""
    if definition is None:
        return {"missing": str(complaints[0]) if complaints else "Choose a field to begin."}
    where = where_of(definition, known)
    count = count_of(where)
    return {
        "sentence": sentence_of(definition, known),
        "accounts": formats.plural(count.accounts, "account"),
        "arr": formats.money_compact(count.arr, known.workspace.currency),
        "notes": notes_of(definition, count, known),
        "examples": member_rows(request, where),
        "none": count.accounts == 0,
    }


def notes_of(definition: Definition | None, count: Count, known: Known) -> list[str]:
    """What one should know about the figures."""
    if definition is None or not count.without_rate:
        return []
    many = formats.plural(count.without_rate, "account has", "accounts have")
    currency = known.workspace.currency
    return [f"{many} ARR in a currency without a stated rate to {currency}: not in the sum."]


def member_rows(request: Any, where: Sql, limit: int = 5) -> list[dict[str, str]]:
    """The largest accounts that a condition finds."""
    return [
        {
            "name": item.name,
            "url": workspace_url(request, "account", item.account_id),
            "arr": formats.money_compact(item.arr, item.currency) if item.arr >= 0 else formats.DASH,
        }
        for item in examples_of(where, limit)
    ]


def use_rows(request: Any, uses: list[Use]) -> list[dict[str, str]]:
    """What uses it, with where that is; what is private to others is counted, without names."""
    mine = [use for use in uses if use.private_to in (None, request.membership.pk)]
    rows = [
        {
            "label": use.label[:1].upper() + use.label[1:],
            "url": workspace_url(request, use.route, *use.args) + use.query,
        }
        for use in mine
    ]
    others = len(uses) - len(mine)
    if others:
        text = formats.plural(others, "private view of a colleague", "private views of colleagues")
        rows.append({"label": text, "url": ""})
    return rows


def book_url(request: Any, segment: Segment) -> str:
    """Everybody's accounts of the segment in the book."""
    return f"{workspace_url(request, 'book')}?owner=all&segment={segment.pk}"
