"""Running an import in a test."""

from accounts.imports.actions import load_batch
from accounts.imports.mapping import guess_mapping
from accounts.imports.models import Batch, Reject
from accounts.imports.registry import importers
from csworkspace.audit.actor import Actor
from tests.kit import BY


def load(kind, text, mapping=None, dry=False, by=BY):
    """Import a text as a file of `kind`; the batch."""
    importer, content = importers()[kind], text.encode()
    if mapping is None:
        mapping = guess_mapping(importer.peek(content, "t.csv").columns, importer)
    batch = Batch.objects.create(kind=kind, source="t.csv", actor="Test", mapping=mapping, is_dry_run=dry)
    return load_batch(batch, content, by=by, progress=lambda percent, message: None)


def figures(batch):
    """read, created, updated, unchanged, rejected."""
    return (batch.read, batch.created, batch.updated, batch.unchanged, batch.rejected)


def reasons(batch):
    """(row, field, reason) of each reject."""
    found = Reject.objects.filter(batch=batch).order_by("row", "pk")
    return list(found.values_list("row", "field", "reason"))


def actor_of(member):
    """A member who acts on the pages."""
    return Actor(label=str(member), origin="test", user_id=member.user_id, membership_id=member.pk)
