"""What the pages of playbooks show."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from csworkspace.people.access import Needs, may
from csworkspace.web import formats, times
from csworkspace.web.urls import workspace_url
from playbooks.playbooks.audience import accounts_for
from playbooks.playbooks.checking import problems_of
from playbooks.playbooks.definition import BadDefinition, Complaint, read_version
from playbooks.playbooks.flow import flow_of, size_words
from playbooks.playbooks.library import LIBRARY
from playbooks.playbooks.models import Playbook, PlaybookState, PlaybookVersion
from playbooks.playbooks.names import Names
from playbooks.playbooks.once import reading_once
from playbooks.playbooks.queries import (
    Counts,
    counts_of,
    current_of,
    draft_of,
    playbooks,
    running_by_version,
    shown_versions,
    versions_of,
    with_drafts,
)
from playbooks.playbooks.shapes import Definition
from playbooks.playbooks.words import audience_words, success_words, trigger_words

STATUS = {
    PlaybookState.ACTIVE: "active",
    PlaybookState.PAUSED: "waiting",
    PlaybookState.DRAFT: "draft",
    PlaybookState.RETIRED: "closed",
}
ORDER = [PlaybookState.ACTIVE, PlaybookState.PAUSED, PlaybookState.DRAFT, PlaybookState.RETIRED]


@dataclass(frozen=True)
class ListRow:
    """A playbook in the list."""

    pk: int
    name: str
    status: str
    state: str
    trigger: str
    size: str
    running: str
    success: str
    success_note: str
    has_draft: bool
    is_retired: bool


def list_tabs(request: Any, current: str = "playbooks") -> list[dict[str, Any]]:
    """Playbooks, and what comes of them."""
    pages = [("Playbooks", "playbooks"), ("Plays", "plays"), ("Launches", "launches")]
    return [
        {"label": label, "url": workspace_url(request, name), "current": name == current}
        for label, name in pages
    ]


def crumbs(request: Any, playbook: Playbook | None = None) -> list[dict[str, str]]:
    """The way back up."""
    way = [{"label": "Playbooks", "url": workspace_url(request, "playbooks")}]
    if playbook:
        way.append({"label": playbook.name, "url": workspace_url(request, "playbook", playbook.pk)})
    return way


def tabs_of(
    request: Any, playbook: Playbook, current: str, draft: PlaybookVersion | None
) -> list[dict[str, Any]]:
    """The pages of one playbook."""
    pages = [("Playbook", "playbook")] if playbook.current or not draft else []
    if draft and may(request.membership.role, Needs.MANAGE):
        pages.append((f"Draft of version {draft.number}", "playbook_draft"))
    pages += [("Versions", "playbook_versions"), ("Effect", "playbook_effect")] if playbook.current else []
    return [
        {"label": label, "url": workspace_url(request, name, playbook.pk), "current": name == current}
        for label, name in pages
    ]


def list_rows() -> list[ListRow]:
    """Every playbook: active ones first, then paused, drafts and retired ones; at most eight queries."""
    found = sorted(playbooks(), key=lambda item: ORDER.index(PlaybookState(item.state)))
    versions, counts, drafts, names = (
        shown_versions(found),
        counts_of(p.pk for p in found),
        with_drafts(found),
        Names(),
    )
    return [
        _list_row(item, versions.get(item.pk), counts.get(item.pk, Counts()), item.pk in drafts, names)
        for item in found
    ]


def _list_row(
    playbook: Playbook, version: PlaybookVersion | None, counts: Counts, has_draft: bool, names: Names
) -> ListRow:
    definition, _ = understood(version)
    rate = formats.percent(counts.succeeded / counts.judged) if counts.judged else formats.DASH
    return ListRow(
        pk=playbook.pk,
        name=playbook.name,
        status=STATUS[PlaybookState(playbook.state)],
        state=str(playbook.get_state_display()),
        trigger=trigger_words(definition.trigger, names) if definition else "It cannot be read any more",
        size=size_words(definition) if definition else "",
        running=formats.number(counts.running),
        success=rate,
        success_note=f"{counts.succeeded} of {counts.judged}" if counts.judged else "",
        has_draft=has_draft and playbook.current is not None,
        is_retired=playbook.state == PlaybookState.RETIRED,
    )


def understood(version: PlaybookVersion | None) -> tuple[Definition | None, list[Complaint]]:
    """A version as it was read; None with complaints if it cannot be."""
    if version is None:
        return None, []
    try:
        return read_version(version), []
    except BadDefinition as error:
        return None, error.complaints


def library_rows(request: Any, used: Sequence[str]) -> list[dict[str, Any]]:
    """The ready-made playbooks, and which of them are in use."""
    return [
        {
            "name": ready.name,
            "purpose": ready.purpose,
            "starts": ready.starts,
            "size": formats.plural(len(ready.steps), "step"),
            "url": f"{workspace_url(request, 'playbook_library')}?of={ready.key}",
            "is_used": ready.key in used,
        }
        for ready in LIBRARY.values()
    ]


def definition_context(
    version: PlaybookVersion, names: Names | None = None, *, check: bool = True
) -> dict[str, Any]:
    """What a version says, in words and as a flow, with what is wrong with it at its place."""
    with reading_once():
        return _definition_context(version, names or Names(), check)


def _definition_context(version: PlaybookVersion, names: Names, check: bool) -> dict[str, Any]:
    definition, complaints = understood(version)
    if definition is None:
        return {"definition": None, "problems": [str(one) for one in complaints]}
    complaints = problems_of(definition, names) if check else []
    own = {
        part: [c.text for c in complaints if c.part == part] for part in ("trigger", "audience", "success")
    }
    count = accounts_for(definition.audience).count()
    return {
        "definition": definition,
        "problems": [str(one) for one in complaints],
        "part_problems": own,
        "step_problems": [one.text for one in complaints if one.part == "steps" and not one.step],
        "flow": flow_of(definition, names, complaints),
        "trigger": trigger_words(definition.trigger, names),
        "trigger_hint": definition.trigger.hint,
        "audience": audience_words(definition.audience, names),
        "fits": f"{formats.plural(count, 'account')} {'fits' if count == 1 else 'fit'} today.",
        "success": success_words(definition, names),
        "success_text": definition.success.words,
    }


def limits_words(playbook: Playbook) -> list[str]:
    """The limits, in sentences."""
    rest = playbook.rest_days
    return [
        "Several plays may run on an account at the same time."
        if playbook.is_parallel
        else "One play at a time on an account.",
        f"After a play has ended, the account rests for {formats.plural(rest, 'day')}."
        if rest
        else "After a play has ended, the next may start at once.",
        f"At most {formats.plural(playbook.daily_limit, 'start')} a day by the trigger.",
    ]


def page_context(request: Any, playbook: Playbook) -> dict[str, Any]:
    """The page of a playbook: its current version, or what the draft says while there is none."""
    draft = draft_of(playbook)
    version = current_of(playbook) or draft
    counts = counts_of([playbook.pk]).get(playbook.pk, Counts())
    editable = may(request.membership.role, Needs.MANAGE) and playbook.state != PlaybookState.RETIRED
    is_live = playbook.state in (PlaybookState.ACTIVE, PlaybookState.PAUSED)
    shown = definition_context(version, check=is_live) if version else {"problems": []}
    return {
        "playbook": playbook,
        "version": version,
        "draft": draft,
        "status": STATUS[PlaybookState(playbook.state)],
        "tabs": tabs_of(request, playbook, "playbook", draft),
        "crumbs": crumbs(request),
        "limits": limits_words(playbook),
        "stats": stats_of(request, playbook, counts),
        "may_edit": editable,
        "may_change": editable and is_live,
        "published": published_words(version),
        **shown,
    }


def stats_of(request: Any, playbook: Playbook, counts: Counts) -> list[dict[str, str]]:
    """How it goes, in three figures."""
    plays = workspace_url(request, "plays")
    rate = formats.percent(counts.succeeded / counts.judged) if counts.judged else formats.DASH
    note = f"{counts.succeeded} of {counts.judged} judged" if counts.judged else "None has been judged yet"
    return [
        {
            "label": "Running now",
            "value": formats.number(counts.running),
            "url": f"{plays}?playbook={playbook.pk}" if plays else "",
        },
        {"label": "Started ever", "value": formats.number(counts.started)},
        {"label": "Met the success measure", "value": rate, "note": note},
    ]


def published_words(version: PlaybookVersion | None) -> str:
    """When and by whom a version was published."""
    if version is None or version.published_at is None:
        return "Not published yet"
    return f"Version {version.number}, published {times.day(version.published_at.date())} by {version.actor}"


def version_rows(request: Any, playbook: Playbook) -> list[dict[str, Any]]:
    """Every version with its note, the plays that run on it, and the way to compare it with the last."""
    running, rows = running_by_version(playbook), []
    versions = versions_of(playbook)
    base = workspace_url(request, "playbook_comparison", playbook.pk)
    for version, before in zip(versions, [*versions[1:], None], strict=False):
        rows.append(
            {
                "number": version.number,
                "is_current": version.number == playbook.current,
                "is_draft": version.published_at is None,
                "published": times.day(version.published_at.date()) if version.published_at else "",
                "by": version.actor,
                "note": version.change_note,
                "running": formats.number(running.get(version.pk, 0)),
                "compare_url": f"{base}?from={before.number}&to={version.number}" if before else "",
                "url": f"{workspace_url(request, 'playbook_versions', playbook.pk)}?number={version.number}",
            }
        )
    return rows
