"""The export "playbooks": every playbook with how its plays went."""

from csworkspace.exports.registry import Exporter, Rows, Span
from playbooks.playbooks.names import Names
from playbooks.playbooks.pages import understood
from playbooks.playbooks.queries import Counts, counts_of, playbooks, shown_versions
from playbooks.playbooks.words import audience_words, success_words, trigger_words

HEADER = [
    "name",
    "state",
    "version",
    "starts",
    "for",
    "success_measure",
    "steps",
    "running",
    "started",
    "judged",
    "succeeded",
]


def rows(span: Span) -> Rows:
    """One line each, by name."""
    found, names = list(playbooks()), Names()
    versions, counts = shown_versions(found), counts_of(playbook.pk for playbook in found)
    for playbook in found:
        definition, _ = understood(versions.get(playbook.pk))
        count = counts.get(playbook.pk, Counts())
        said: list[object] = ["", "", "", 0]
        if definition:
            said = [
                trigger_words(definition.trigger, names),
                audience_words(definition.audience, names),
                success_words(definition, names),
                len(definition.steps),
            ]
        figures = [count.running, count.started, count.judged, count.succeeded]
        yield [playbook.name, playbook.state, playbook.current or "", *said, *figures]


PLAYBOOKS = Exporter("playbooks", HEADER, rows)
