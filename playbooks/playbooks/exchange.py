"""Definitions as files: out with names in the place of ids, in like any hostile input.

Ids mean nothing elsewhere. A file names indicators and metrics by their keys, segments and tiers by their
names; what is not found here is left out, and said.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import DatabaseError, transaction

from csworkspace.audit.actor import Actor
from playbooks.playbooks.actions import create_playbook, free_name
from playbooks.playbooks.checking import form_of
from playbooks.playbooks.definition import (
    BadDefinition,
    check_texts,
    definition_json,
    is_storable,
    read_definition,
    read_version,
)
from playbooks.playbooks.models import Playbook, PlaybookVersion
from playbooks.playbooks.names import Named, Names
from playbooks.playbooks.resolving import ensure_mails
from playbooks.playbooks.shapes import Step
from playbooks.playbooks.steps import Around, portable, step_kind

FORMAT = "csworkspace.playbook/1"
MOST_BYTES = 300_000
LIMITS = {"is_parallel": (0, 1), "daily_limit": (1, 10_000), "rest_days": (0, 730)}


class BadFile(ValueError):
    """A file that is no playbook; `texts` say why."""

    def __init__(self, *texts: str) -> None:
        super().__init__(" ".join(texts))
        self.texts = texts


def export_json(playbook: Playbook, version: PlaybookVersion) -> dict[str, Any]:
    """What is written into the file."""
    data = _map(definition_json(read_version(version)), _Out(Names()))
    limits = {name: getattr(playbook, name) for name in LIMITS}
    head = {"format": FORMAT, "name": playbook.name, "purpose": playbook.purpose}
    return {**head, "limits": limits, "definition": data}


def read_file(file: Any) -> dict[str, Any]:
    """The JSON of an uploaded file. Raises BadFile."""
    if file.size > MOST_BYTES:
        raise BadFile(
            f"The file is larger than {MOST_BYTES // 1000} kB. That is no definition of a playbook."
        )
    try:
        data = json.loads(file.read().decode("utf-8-sig"))
    except (UnicodeDecodeError, ValueError, RecursionError):
        raise BadFile(
            "The file cannot be read as JSON. Export it again, and do not edit it by hand."
        ) from None
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        raise BadFile("This is no playbook that was exported from CS Workspace.")
    return data


def import_playbook(data: Mapping[str, Any], *, by: Actor) -> tuple[Playbook, list[str]]:
    """A draft of what the file says, and what could not be found here. Raises BadFile."""
    name, purpose = data.get("name"), data.get("purpose", "")
    if not isinstance(name, str) or not name.strip() or len(name) > 120 or not is_storable(name):
        raise BadFile("The playbook has no name of at most 120 characters.")
    if not isinstance(purpose, str) or len(purpose) > 500 or not is_storable(purpose):
        raise BadFile("Its purpose is no text of at most 500 characters.")
    definition = data.get("definition")
    if not isinstance(definition, dict):
        raise BadFile("The file has no definition in it.")
    into = _In(Names())
    try:
        check_texts(definition)
        read = read_definition(_map(definition, into))
    except BadDefinition as error:
        raise BadFile(*map(str, error.complaints[:20])) from None
    unreadable = [number for number, step in enumerate(read.steps, 1) if not can_be_read(step)]
    if unreadable:
        raise BadFile(*[f"Step {number}: its details cannot be read. Take it out." for number in unreadable])
    ensure_mails(read, by=by)
    made = create_playbook(
        by=by,
        name=free_name(" ".join(name.split())),
        purpose=purpose,
        definition=read,
        **_limits(data.get("limits")),
    )
    return made, into.hints()


def can_be_read(step: Step) -> bool:
    """Whether the step's kind, if it is known, can show these details: its form, its words, its results."""
    kind = step_kind(step.kind)
    if kind is None:
        return True
    try:
        # What the database refuses must not spoil the transaction around.
        with transaction.atomic():
            for bound in (False, True):
                str(form_of(kind, step.params, around=Around(), bound=bound))
            kind.words(step.params)
            dict(kind.outcomes(step.params))
            list(kind.check(step.params))
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError, DatabaseError):
        return False
    return True


def _limits(data: Any) -> dict[str, Any]:
    found = data if isinstance(data, dict) else {}
    read = {}
    for name, (least, most) in LIMITS.items():
        value = found.get(name)
        if isinstance(value, int) and least <= value <= most:
            read[name] = bool(value) if name == "is_parallel" else int(value)
    return read


class _Out:
    """Ids to names."""

    def __init__(self, names: Names) -> None:
        self.names = names

    def many(self, kind: str, values: Sequence[Any]) -> list[Any]:
        known = _known(self.names, kind)
        return [_word(kind, known[pk]) for pk in values if pk in known]

    def one(self, kind: str, value: Any) -> Any:
        return next(iter(self.many(kind, [value])), None)

    def left_out(self, step: str) -> None:
        """Whoever imports it is told by the draft."""


class _In:
    """Names to ids; remembers what is not here."""

    def __init__(self, names: Names) -> None:
        self.names = names
        self.missing: dict[str, None] = {}

    def many(self, kind: str, values: Any) -> Any:
        if not isinstance(values, list) or len(values) > 200:
            return values
        known = {_word(kind, one): pk for pk, one in _known(self.names, kind).items() if not one.problem}
        found = []
        for value in values:
            if isinstance(value, str) and value in known:
                found.append(known[value])
            else:
                self.missing[f"the {kind} “{str(value)[:80]}”"] = None
        return found

    def one(self, kind: str, value: Any) -> Any:
        return None if value is None else next(iter(self.many(kind, [value])), None)

    def hints(self) -> list[str]:
        named = list(self.missing)[:10]
        return [f"Not found here, and left out: {', '.join(named)}. Look at the draft."] if named else []

    def left_out(self, step: str) -> None:
        self.missing[f"what the step “{step[:80]}” names"] = None


def _known(names: Names, kind: str) -> dict[int, Named]:
    found: dict[int, Named] = getattr(names, f"{kind}s")
    return found


def _word(kind: str, one: Named) -> str:
    return one.key if kind in ("indicator", "metric") else one.label


def _map(data: Mapping[str, Any], way: Any) -> dict[str, Any]:
    """The definition with everything that is named by id put the other way; the rest as it is."""
    mapped = dict(data)
    mapped["trigger"] = _trigger(data.get("trigger"), way)
    mapped["audience"] = _audience(data.get("audience"), way)
    mapped["success"] = _within(data.get("success"), way)
    if isinstance(data.get("steps"), list):
        mapped["steps"] = [_step(step, way) for step in data["steps"][:100]]
    return mapped


def _trigger(data: Any, way: Any) -> Any:
    if not isinstance(data, dict):
        return data
    mapped = dict(data)
    if mapped.get("kind") == "signal":
        had = bool(mapped.get("indicators"))
        mapped["indicators"] = way.many("indicator", mapped.get("indicators", []))
        # A trigger that has lost its indicators must not start on every signal.
        return {"kind": "manual"} if had and not mapped["indicators"] else mapped
    if mapped.get("kind") == "tier":
        had = bool(mapped.get("to"))
        mapped["to"] = way.many("tier", mapped.get("to", []))
        return {"kind": "manual"} if had and not mapped["to"] else mapped
    if mapped.get("kind") == "segment":
        mapped["segment"] = way.one("segment", mapped.get("segment"))
        return {"kind": "manual"} if mapped["segment"] is None else mapped
    return mapped


def _audience(data: Any, way: Any) -> Any:
    if not isinstance(data, dict):
        return data
    mapped = dict(data)
    mapped["segment"] = way.one("segment", mapped.get("segment"))
    mapped["tiers"] = way.many("tier", mapped.get("tiers", []))
    return mapped


def _within(data: Any, way: Any) -> Any:
    """Something that may have a condition in it: the success measure, the details of a step."""
    if not isinstance(data, dict) or not isinstance(data.get("condition"), dict):
        return data
    condition = dict(data["condition"])
    for kind in ("indicator", "metric", "segment"):
        if kind in condition:
            condition[kind] = way.one(kind, condition[kind])
            if condition[kind] is None:
                return {**data, "condition": {}}
    return {**data, "condition": condition}


def _step(data: Any, way: Any) -> Any:
    if not isinstance(data, dict):
        return data
    params = data.get("params", {})
    kind = step_kind(str(data.get("kind")))
    if kind is not None and isinstance(params, dict):
        kept = portable(kind, params)
        if kept != params:
            way.left_out(str(data.get("title") or kind.label))
        params = kept
    return {**data, "params": _within(params, way)}
