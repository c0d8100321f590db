"""Two people who edit the same thing at once: the second is told, and nothing is overwritten silently."""

from typing import Any, Protocol

from django import forms

CONFLICT = (
    "Somebody else changed this after you opened the page. Nothing of yours was saved. "
    "Look at it as it is now, and make your change again if it is still needed."
)


class Versioned(Protocol):
    """A row that counts its changes."""

    version: int


class Conflict(ValueError):
    """The row is not as the person saw it any more; views answer 409."""


def check_version(row: Versioned, seen: int | None) -> None:
    """Raise Conflict if a (locked) row is not at the version that the person saw; None: not asked."""
    if seen is not None and row.version != seen:
        raise Conflict(CONFLICT)


def conflict_error(error: Exception) -> forms.ValidationError:
    """A conflict as an error of a form: kit/_errors.html heads it “Not saved”."""
    return forms.ValidationError(str(error), code="conflict")


class VersionedForm(forms.Form):
    """A form that carries the version of what it edits; `subject` is None for something new."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, subject: Versioned | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        self.subject = subject
        if subject is None:
            del self.fields["version"]
        else:
            self.fields["version"].initial = subject.version
