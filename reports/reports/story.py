"""The parts of a snapshot that tell what happened: use, deliveries, next steps, data.

Each reads what it needs as of the period's end and returns plain JSON with its words ready to print.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet

from accounts.usage.queries import bounds, local_day
from csworkspace.web.formats import DASH, number, plural, signed, signed_percent, with_unit
from csworkspace.web.times import day, moment
from playbooks.plans.models import Practice
from playbooks.plans.queries import PlanProgress
from reports.reports import facts
from reports.reports.models import Report
from reports.reports.parts import Part, tidy
from reports.reports.periods import Period

ISSUED_LIMIT = 20
MOST_SOURCES = 8


def usage_part(use: facts.Usage, top: Sequence[Mapping[str, Any]]) -> Part:
    """People, events and features against the period before, and the most used features."""
    most = max((row["times"] for row in top), default=1)
    return {
        "people": _change(*use.people),
        "events": _change(*use.events),
        "features": _change(*use.features, relative=False),
        "top": [
            {
                "feature": row["feature"],
                "count_text": number(row["times"]),
                "people_text": number(row["people"]),
                "share": round(row["times"] / most, 4),
            }
            for row in top
        ],
    }


def _change(now: int, before: int, *, relative: bool = True) -> Part:
    by = now - before
    text = signed_percent(by / before) if relative and before else signed(by)
    return {
        "now_text": number(now),
        "before_text": number(before),
        "change_text": "unchanged" if by == 0 else text,
        "tone": "good" if by > 0 else "bad" if by < 0 else "same",
    }


def delivered_part(account_id: int, progress: PlanProgress | None, period: Period, zone: str) -> Part:
    """Practices done, revisions made and reports issued within the period."""
    done = [p for p in (progress.practices if progress else ()) if _within(p.done_on, period)]
    revised = progress.revisions if progress else ()
    revisions = [r for r in revised if _within(local_day(r.revised_at, zone), period)]
    return {
        "practices": [
            {"title": p.title, "who": who(p), "done_text": day(p.done_on)}
            for p in sorted(done, key=lambda p: (p.done_on or date.min, p.pk))
        ],
        "revisions": [
            {"number": r.number, "reason": r.reason, "on_text": _day_text(r.revised_at, zone)}
            for r in sorted(revisions, key=lambda r: r.number)
        ],
        "reports": [
            {"title": f"{r.get_kind_display()}, {r.period}", "on_text": _day_text(r.issued_at, zone)}
            for r in _issued(account_id, period, zone)
        ],
    }


def _issued(account_id: int, period: Period, zone: str) -> QuerySet[Report]:
    begin, after = bounds(period.starts_on, period.as_of, zone)
    issued = Report.objects.filter(account_id=account_id, issued_at__gte=begin, issued_at__lt=after)
    return issued.defer("snapshot", "commentary").order_by("issued_at")[:ISSUED_LIMIT]


def next_part(progress: PlanProgress | None, period: Period) -> Part:
    """Practices open at the period's end by due date, and the checkpoints and due dates after it."""
    if progress is None:
        return {"practices": [], "checkpoints": []}
    opened = [p for p in progress.practices if p.done_on is None or p.done_on > period.as_of]
    return {
        "practices": [
            {
                "title": p.title,
                "who": who(p),
                "side": p.get_side_display(),
                "due_text": day(p.due_on),
                "late": p.due_on is not None and p.due_on < period.as_of,
            }
            for p in sorted(opened, key=lambda p: (p.due_on or date.max, p.pk))
        ],
        "checkpoints": _checkpoints(progress, period),
    }


def _checkpoints(progress: PlanProgress, period: Period) -> list[Part]:
    stops = []
    for target in progress.targets:
        ahead = [(stop.on, stop.value) for stop in target.checkpoints if stop.on > period.as_of]
        if target.due_on > period.as_of:
            ahead.append((target.due_on, target.target_value))
        stops += [(on, target.name, with_unit(tidy(value), target.unit)) for on, value in ahead[:1]]
    return [{"name": name, "value_text": value, "on_text": day(on)} for on, name, value in sorted(stops)]


def who(practice: Practice) -> str:
    """The person a practice is agreed with, else the side."""
    if practice.contact:
        return practice.contact.name
    return str(practice.owner) if practice.owner else practice.get_side_display()


def data_part(found: Sequence[Mapping[str, Any]], last_at: datetime | None, zone: str) -> Part:
    """Where the period's events came from, and up to when they reach."""
    rows = [
        {
            "label": row["source"],
            "count_text": plural(row["events"], "event"),
            "on_text": _day_text(row["on"], zone),
        }
        for row in found[:MOST_SOURCES]
    ]
    rest = found[MOST_SOURCES:]
    if rest:
        total = plural(sum(row["events"] for row in rest), "event")
        label = plural(len(rest), "smaller delivery", "smaller deliveries")
        rows.append({"label": label, "count_text": total, "on_text": DASH})
    return {"sources": rows, "last_event_text": moment(last_at, zone) if last_at else "", "wanted": []}


def wanted_sentences(snapshot: Mapping[str, Any]) -> list[str]:
    """What is missing to say more, and what to do about it."""
    targets = [target for one in snapshot["objectives"] for target in one["targets"]]
    missing = {
        "No usage event of this period or the one before has been received for this account. Use and usage "
        "metrics appear here once its events are sent in.": not snapshot["data"]["last_event_text"],
        "No success plan was followed in this period. Objectives and targets appear here once a plan is "
        "agreed and active.": snapshot["plan"] is None,
        "The plan has no target yet, so that progress cannot be measured.": snapshot["plan"] and not targets,
        "There is no maturity framework in use, so that no level can be shown.": snapshot["maturity"] is None,
    }
    return [sentence for sentence, is_missing in missing.items() if is_missing]


def _day_text(when: datetime | None, zone: str) -> str:
    return moment(when, zone).partition(",")[0]


def _within(on: date | None, period: Period) -> bool:
    return on is not None and period.starts_on <= on <= period.as_of
