"""The import wizard's forms."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.conf import settings

from accounts.imports.mapping import ATTRIBUTES, OPTIONS, attribute_name
from accounts.imports.registry import Field, Importer, importers
from csworkspace.web.formats import file_size

OPTION_CHOICES = {
    "separator": (
        "separated by",
        [("", "any usual sign"), (";", ";"), (",", ","), ("|", "|"), (" ", "space")],
    ),
    "format": (
        "written as",
        [
            ("", "2026-03-14"),
            ("%d.%m.%Y", "14.03.2026"),
            ("%d/%m/%Y", "14/03/2026"),
            ("%m/%d/%Y", "03/14/2026"),
            ("%Y/%m/%d", "2026/03/14"),
        ],
    ),
    "decimal": ("decimals after", [("", "either (guess)"), (".", "a point"), (",", "a comma")]),
}
NOT_IN_FILE = ("", "(not in the file)")


class UploadForm(forms.Form):
    """What is in the file, and the file."""

    kind = forms.ChoiceField(label="What is in it", widget=forms.RadioSelect)
    file = forms.FileField(label="File", max_length=200)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        kinds = importers()
        self.fields["kind"].choices = [(kind, one.label) for kind, one in kinds.items()]  # type: ignore[attr-defined]
        self.fields[
            "file"
        ].help_text = f"CSV in UTF-8 with a header row, up to {file_size(settings.MAX_UPLOAD_BYTES)}."
        accepted = ",".join(dict.fromkeys(part for one in kinds.values() for part in one.accept.split(",")))
        self.fields["file"].widget.attrs["accept"] = accepted

    def clean_file(self) -> Any:
        """Bounded, before it is read."""
        file = self.cleaned_data["file"]
        if file.size > settings.MAX_UPLOAD_BYTES:
            limit = file_size(settings.MAX_UPLOAD_BYTES)
            raise forms.ValidationError(
                f"The file has {file_size(file.size)}, more than the {limit} of one import. Split it."
            )
        return file


class MappingForm(forms.Form):
    """Which column feeds which of our fields: one choice a field, made from the file's columns."""

    def __init__(self, importer: Importer, columns: Sequence[str], mapping: Any, data: Any = None) -> None:
        # A prefix, because a control named "attributes" would hide the form element's own.
        super().__init__(data, prefix="map")
        self.importer, self.mapping = importer, mapping
        named = [column for column in columns if column]
        for field in importer.fields:
            self.add_field(field, named)
        if importer.takes_attributes:
            self.add_attributes(named)
        for name, label in (importer.settings or {}).items():
            initial = mapping.get(OPTIONS, {}).get(name, False)
            self.fields[f"set_{name}"] = forms.BooleanField(label=label, required=False, initial=initial)

    def add_field(self, field: Field, columns: list[str]) -> None:
        """A choice of columns, and one of each setting of the field."""
        told = self.mapping.get(field.name, "")
        told = told if isinstance(told, dict) else {"column": told}
        self.fields[field.name] = forms.ChoiceField(
            choices=[NOT_IN_FILE, *((column, column) for column in columns)],
            required=field.required,
            label=field.label,
            help_text=field.help,
            initial=told.get("column", ""),
        )
        for option in field.options:
            label, choices = OPTION_CHOICES[option]
            self.fields[f"{field.name}.{option}"] = forms.ChoiceField(
                choices=choices, required=False, label=f"{field.label}: {label}", initial=told.get(option, "")
            )

    def add_attributes(self, columns: list[str]) -> None:
        """Further columns that are kept under their own names."""
        told = self.mapping.get(ATTRIBUTES, {})
        kept = list(told.values()) if isinstance(told, dict) else []
        self.fields["keep"] = forms.MultipleChoiceField(
            choices=[(column, column) for column in columns],
            required=False,
            initial=kept,
            widget=forms.CheckboxSelectMultiple,
            label="Keep as attributes",
            help_text="Further columns that are kept with the account, under their own names.",
        )

    def clean(self) -> dict[str, Any]:
        """No column may feed two fields."""
        values = super().clean() or {}
        fed: dict[str, str] = {}
        for field in self.importer.fields:
            column = values.get(field.name)
            if column and column in fed:
                self.add_error(field.name, f"The column “{column}” feeds {fed[column]} already; choose one.")
            elif column:
                fed[column] = field.label
        return values

    def rows(self) -> list[dict[str, Any]]:
        """Each field with its settings, for the template."""
        return [
            {
                "field": self[field.name],
                "options": [self[f"{field.name}.{option}"] for option in field.options],
            }
            for field in self.importer.fields
        ]

    def setting_fields(self) -> list[Any]:
        """The settings of the whole import."""
        return [self[f"set_{name}"] for name in self.importer.settings or {}]

    def result(self) -> dict[str, Any]:
        """The mapping as `parse_mapping` reads it; fixed values of a mapping file are kept."""
        values = self.cleaned_data
        found: dict[str, Any] = {
            name: told for name, told in self.mapping.items() if isinstance(told, dict) and "value" in told
        }
        for field in self.importer.fields:
            if values[field.name]:
                chosen = {option: values[f"{field.name}.{option}"] for option in field.options}
                chosen = {option: value for option, value in chosen.items() if value}
                found[field.name] = {"column": values[field.name], **chosen} if chosen else values[field.name]
        if values.get("keep"):
            found[ATTRIBUTES] = {self.name_of(column): column for column in values["keep"]}
        switched = {name: True for name in self.importer.settings or {} if values[f"set_{name}"]}
        return {**found, **({OPTIONS: switched} if switched else {})}

    def name_of(self, column: str) -> str:
        """The attribute's name: as the mapping has it, else the column's."""
        told = self.mapping.get(ATTRIBUTES, {})
        names = {theirs: ours for ours, theirs in told.items()} if isinstance(told, dict) else {}
        return names.get(column) or attribute_name(column) or column[:60]
