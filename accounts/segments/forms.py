"""The form of a segment: name and description, and the builder's conditions."""

from typing import Any

from django import forms

from accounts.segments.builder import FIRST, Raw, read_form
from accounts.segments.definition import BadDefinition, Complaint, Definition, read_definition
from accounts.segments.known import Known
from accounts.segments.models import Segment
from csworkspace.web.versions import VersionedForm


class SegmentForm(VersionedForm):
    """`raw` is what the builder shows, `definition` what was understood, `complaints` what was not."""

    name = forms.CharField(max_length=80, help_text="As it is said: Renewing soon and slipping.")
    description = forms.CharField(max_length=300, required=False, help_text="What it is for.")

    def __init__(self, *args: Any, known: Known, raw: Raw | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        self.known = known
        self.raw: Raw = read_form(self.data) if self.is_bound else raw or FIRST
        self.definition: Definition | None = None
        self.complaints: list[Complaint] = []

    def clean_name(self) -> str:
        """Once in the workspace, whatever the case."""
        name = " ".join(self.cleaned_data["name"].split())
        others = Segment.objects.filter(name__iexact=name)
        if isinstance(self.subject, Segment):
            others = others.exclude(pk=self.subject.pk)
        if others.exists():
            raise forms.ValidationError(f"There is a segment {name} already. Choose another name.")
        return name

    def clean(self) -> dict[str, Any]:
        """The conditions too."""
        values: dict[str, Any] = super().clean() or {}
        self.definition, self.complaints = understand(self.raw, self.known)
        for complaint in self.complaints:
            self.add_error(None, str(complaint))
        return values


def understand(raw: Raw, known: Known) -> tuple[Definition | None, list[Complaint]]:
    """A raw definition, read and held against what is there; None with complaints if it cannot be used."""
    try:
        definition = read_definition(raw)
    except BadDefinition as error:
        return None, error.complaints
    complaints = known.problems(definition)
    return (None if complaints else definition), complaints
