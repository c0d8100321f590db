"""A report as its templates print it: made of its snapshot and commentary, and of nothing else.

The page and the PDF use the same templates; only the page adds links to the measurements.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.template.loader import render_to_string

from csworkspace.web.formats import DASH, NBSP
from reports.reports.charts import metric_spark, target_chart
from reports.reports.commentary import objective_field, to_html
from reports.reports.content import content_sha256
from reports.reports.figures import progress_bar, share_bar
from reports.reports.method import method_texts

# (metric key, ISO day) → address of the measurements behind a number.
Link = Callable[[str, str], str]
SHORT_NAME = 60
LONG_NAME = 40
MAX_ROWS = 15


def render_html(snapshot: Mapping[str, Any], commentary: Mapping[str, str]) -> str:
    """The HTML that becomes the PDF; equal content gives equal text."""
    return render_to_string("reports/pdf.html", {"doc": document(snapshot, commentary), "paper": True})


def document(
    snapshot: Mapping[str, Any], commentary: Mapping[str, str], link: Link | None = None
) -> dict[str, Any]:
    """The template context of a document."""
    issued = snapshot.get("issued")
    name = snapshot["account"]["name"]
    objectives = objective_contexts(
        snapshot["objectives"], commentary, link, small=snapshot["kind"] == "progress"
    )
    targets = [target for one in objectives for target in one["targets"]]
    return {
        **{key: snapshot[key] for key in ("kind", "kind_label", "period", "previous", "account", "verdict")},
        "title": f"{name}: {snapshot['kind_label']}, {snapshot['period']['label']}",
        "workspace": snapshot["workspace"]["name"],
        "short_name": shortened(name, SHORT_NAME),
        "long_name": len(name) > LONG_NAME,
        "compact": snapshot["kind"] == "progress",
        "stamp": issued["at"] if issued else snapshot["generated_at"],
        "foot": _foot(snapshot),
        "facts": _facts(snapshot),
        "counts": snapshot["counts"],
        "notes": {field: to_html(text) for field, text in commentary.items()},
        "wanted": snapshot["data"]["wanted"],
        "objectives": objectives,
        "targets": targets,
        "pairs": [targets[i : i + 2] for i in range(0, len(targets), 2)],
        "maturity": _maturity(snapshot["maturity"]),
        "metrics": _metrics(snapshot),
        "usage": _usage(snapshot["usage"]),
        "delivered": _capped(snapshot["delivered"]),
        # Reports of before there were services owed have no such part.
        "services": snapshot.get("services"),
        "next": _capped(snapshot["next"]),
        "data": snapshot["data"],
        "method": method_texts(snapshot),
        "fingerprint": content_sha256(snapshot, commentary),
    }


def objective_contexts(
    parts: Sequence[Mapping[str, Any]],
    commentary: Mapping[str, str],
    link: Link | None,
    *,
    small: bool = False,
) -> list[dict[str, Any]]:
    """Objectives with their notes, bars, charts and links."""
    return [_objective(one, commentary, link, small) for one in parts]


def shortened(text: str, length: int) -> str:
    """The text, or its beginning and an ellipsis."""
    return text if len(text) <= length else text[: length - 1].rstrip() + "…"


def _foot(snapshot: Mapping[str, Any]) -> str:
    issued = snapshot.get("issued")
    when = f"Issued {issued['on_text']}" if issued else f"Draft of {snapshot['generated_text']}"
    workspace = shortened(snapshot["workspace"]["name"], SHORT_NAME)
    return f"{workspace}  ·  {when}  ·  Confidential: for the named customer only"


def _facts(snapshot: Mapping[str, Any]) -> list[dict[str, str]]:
    account, plan, issued = snapshot["account"], snapshot["plan"], snapshot.get("issued")
    rows = {
        "Period": snapshot["period"]["range"],
        "Prepared for": account.get("contact") or (plan or {}).get("customer_owner") or account["name"],
        "Prepared by": account["owner"] or (issued or {}).get("by") or snapshot["workspace"]["name"],
        "Success plan": f"{plan['title']}, {plan['range'].replace(' ', NBSP)}" if plan else "",
        "Issued" if issued else "Draft of": issued["on_text"] if issued else snapshot["generated_text"],
    }
    return [{"label": label, "value": shortened(text, 120)} for label, text in rows.items() if text]


def _objective(
    part: Mapping[str, Any], commentary: Mapping[str, str], link: Link | None, small: bool
) -> dict[str, Any]:
    note = commentary.get(objective_field(part), "")
    return {
        **part,
        "words": shortened(part["words"], 600),
        "note": to_html(note) if note else "",
        "targets": [_target(target, link, small) for target in part["targets"]],
    }


def _target(part: Mapping[str, Any], link: Link | None, small: bool) -> dict[str, Any]:
    return {
        **part,
        "bar": progress_bar(part["progress"], part["expected_progress"], part["status"]),
        "chart": target_chart(part, small=small),
        "evidence_url": link(part["key"], part["as_of"]) if link else "",
    }


def _maturity(part: Mapping[str, Any] | None) -> dict[str, Any] | None:
    if part is None:
        return None
    levels = [
        {
            **level,
            "state": _state(level["position"], part["level"]),
            "then": part["before"] == level["position"],
            "mark": _mark(level["position"], part),
        }
        for level in part["levels"]
    ]
    return {**part, "levels": levels, "sentence": _maturity_sentence(part)}


def _state(position: int, level: int) -> str:
    return "current" if position == level else "reached" if position < level else "ahead"


def _mark(position: int, part: Mapping[str, Any]) -> str:
    marks = ["Now"] if position == part["level"] else []
    if position == part["before"]:
        marks.append(f"{'at' if marks else 'At'} the benchmark, {part['before_text']}")
    return " and ".join(marks)


def _maturity_sentence(part: Mapping[str, Any]) -> str:
    now = f"Level {part['level']}, {part['level_name']}" if part["level"] else "Below the first level"
    if part["before"] is None and part["before_text"] != DASH:
        return (
            f"{now}. The benchmark of {part['before_text']} was taken on another framework or version, "
            "so that the levels cannot be compared."
        )
    if part["before"] is None:
        return f"{now}. No benchmark was taken to compare with."
    if part["before"] == part["level"]:
        return f"{now}, as at the benchmark of {part['before_text']}."
    way = "up" if part["level"] > part["before"] else "down"
    return f"{now}: {way} from {part['before_name']} at the benchmark of {part['before_text']}."


def _metrics(snapshot: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Key metrics with their shape; the short report leaves out those that are targets anyway."""
    targets = {target["key"] for one in snapshot["objectives"] for target in one["targets"]}
    shown = snapshot["metrics"]
    if snapshot["kind"] == "progress":
        shown = [one for one in shown if one["key"] not in targets]
    return [{**one, "spark": metric_spark(one)} for one in shown]


def _usage(part: Mapping[str, Any]) -> dict[str, Any]:
    labels = {"people": "People active", "events": "Uses recorded", "features": "Features in use"}
    return {
        "headline": [{"label": labels[key], **part[key]} for key in labels],
        "top": [{**row, "bar": share_bar(row["share"])} for row in part["top"]],
    }


def _capped(lists: Mapping[str, list[Any]]) -> dict[str, Any]:
    capped: dict[str, Any] = {key: rows[:MAX_ROWS] for key, rows in lists.items()}
    more = sum(max(0, len(rows) - MAX_ROWS) for rows in lists.values())
    return {**capped, "more": more, "nothing": not any(lists.values())}
