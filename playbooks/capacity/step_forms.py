"""One form for each kind of step of a what-if; `step()` gives the step as it is kept."""

from datetime import date
from typing import Any, ClassVar

from django import forms

from accounts.tiers.models import Per
from accounts.tiers.terms import Terms
from csworkspace.web.formats import number
from csworkspace.web.texts import clean_line
from csworkspace.web.versions import VersionedForm
from playbooks.capacity.arithmetic import quarter_name
from playbooks.capacity.forms import USUAL, HoursField, HoursForm, RangeField, range_words
from playbooks.capacity.models import Scenario
from playbooks.capacity.state import AccountRow, State
from playbooks.capacity.steps import Step, in_short, next_imaginary

ANY, NOBODY = "any", "nobody"
MOST_TIMES = 100
Choices = list[tuple[str, str]]


class StepForm(VersionedForm):
    """What all have in common: the state after the steps so far, for choices and checks.

    leads: the field whose choice says what the others start from, if there is one. kept: what stays
    as it was typed when that choice changes.
    """

    do: ClassVar[str]
    title: ClassVar[str]
    leads: ClassVar[str] = ""
    kept: ClassVar[tuple[str, ...]] = ()

    def __init__(self, *args: Any, state: State, subject: Scenario, **options: Any) -> None:
        super().__init__(*args, subject=subject, auto_id=f"{self.do}_%s", **options)
        self.state, self.scenario = state, subject
        self.fill()

    def fill(self) -> None:
        """Put the choices into the fields."""

    def choose(self, field: str, choices: Choices) -> None:
        """Set the choices of a field."""
        self.fields[field].choices = choices  # type: ignore[attr-defined]

    @classmethod
    def chosen_from(cls, sent: Any) -> dict[str, Any]:
        """What a form starts from whose leading field was changed: `sent` is all that was typed."""
        names = filter(None, ["version", cls.leads, *cls.kept])
        return {name: cls.base_fields[name].widget.value_from_datadict(sent, {}, name) for name in names}

    def leading(self, choices: Choices) -> str:
        """What is chosen in the leading field: one of its choices, the first at the beginning."""
        chosen = self[self.leads].value()
        known = [value for value, _ in choices]
        return chosen if chosen in known else known[0] if known else ""

    def step(self) -> Step:
        """The step as it is kept."""
        raise NotImplementedError

    def people(self) -> Choices:
        """Everybody who has time."""
        return [(str(pk), csm.name) for pk, csm in self.state.csms.items()]


def owner_of(value: str) -> int | None:
    """What a choice of a person means."""
    return None if value == NOBODY else int(value)


class MoveForm(StepForm):
    """Move accounts to another CSM."""

    do, title = "move", "Move accounts"
    owner = forms.ChoiceField(label="From")
    tier = forms.ChoiceField()
    names = forms.CharField(
        label="Only these accounts",
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="One name or id on a line. Empty: all of this CSM and tier.",
    )
    to = forms.ChoiceField(label="To")

    def fill(self) -> None:
        """People and tiers."""
        self.choose("owner", [(ANY, "Anybody"), *self.people(), (NOBODY, "Nobody")])
        self.choose("tier", [(ANY, "Any tier"), *[(str(pk), t.name) for pk, t in self.state.tiers.items()]])
        self.choose("to", [*self.people(), (NOBODY, "Nobody")])

    def clean(self) -> dict[str, Any]:
        """Find the accounts."""
        values = self.cleaned_data
        if not self.errors:
            to = owner_of(values["to"])
            rows = [row for row in self._wanted() if row.owner != to]
            if not rows and not self.errors:
                self.add_error(None, "No account is chosen that does not belong to them already.")
            values["rows"] = rows
        return values

    def _wanted(self) -> list[AccountRow]:
        values = self.cleaned_data
        rows = list(self.state.accounts.values())
        if values["owner"] != ANY:
            rows = [row for row in rows if row.owner == owner_of(values["owner"])]
        if values["tier"] != ANY:
            rows = [row for row in rows if row.tiers[0] == int(values["tier"])]
        names = [name.strip().casefold() for name in values["names"].splitlines() if name.strip()]
        return self._named(rows, names) if names else rows

    def _named(self, rows: list[AccountRow], names: list[str]) -> list[AccountRow]:
        wanted = set(names)
        found = [row for row in rows if row.name.casefold() in wanted or str(row.id) in wanted]
        known = {row.name.casefold() for row in found} | {str(row.id) for row in found}
        if missing := [name for name in names if name not in known]:
            self.add_error("names", f"Not among these accounts: {', '.join(missing[:5])}.")
        return found

    def step(self) -> Step:
        """Accounts with their owners of now."""
        values = self.cleaned_data
        pairs = [[row.id, row.owner] for row in values["rows"]]
        return {"do": "move", "accounts": pairs, "to": owner_of(values["to"])}


class AddForm(StepForm, HoursForm):
    """Add a CSM who is not there yet."""

    do, title = "add_csm", "Add a CSM"
    name = forms.CharField(max_length=80, initial="New CSM")
    field_order = ["version", "name"]

    def fill(self) -> None:
        """The usual working time."""
        self.initial = {**USUAL, **self.initial}
        for field in ("meeting_share", "leave_share"):
            self.fields[field].help_text = ""

    def clean_name(self) -> str:
        """One line."""
        return clean_line(self.cleaned_data["name"])

    def step(self) -> Step:
        """The CSM, with an id below zero that no step had before: one who was added may be lost again."""
        values = self.cleaned_data
        return {
            "do": "add_csm",
            "id": next_imaginary(self.scenario.steps),
            "name": values["name"],
            **{field: str(values[field]) for field in ("hours_per_week", "meeting_share", "leave_share")},
        }


class LoseForm(StepForm):
    """Lose a CSM."""

    do, title, leads, kept = "lose_csm", "Lose a CSM", "csm", ("to",)
    csm = forms.ChoiceField(label="Who leaves")
    to = forms.MultipleChoiceField(
        label="Spread the accounts over",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Each account goes to whom of these has most time free. None: to nobody.",
    )

    def fill(self) -> None:
        """People; who leaves is not offered the accounts, but told so if asked for."""
        people = self.people()
        self.choose("csm", people)
        self.choose("to", people)
        gone = self.leading(people)
        takers = [one for one in people if one[0] != gone]
        self.fields["to"].widget.choices = takers
        if not takers:
            self.fields["to"].help_text = "There is nobody else: the accounts go to nobody."

    def clean(self) -> dict[str, Any]:
        """Nobody takes over from themselves."""
        values = self.cleaned_data
        if values.get("csm") in values.get("to", []):
            self.add_error("to", "Who leaves cannot take the accounts over.")
        return values

    def step(self) -> Step:
        """Who leaves, and who takes over."""
        values = self.cleaned_data
        return {"do": "lose_csm", "csm": int(values["csm"]), "to": [int(pk) for pk in values["to"]]}


class TermsForm(StepForm):
    """Change a cadence or hours."""

    do, title, leads, kept = "terms", "Change a service", "level", ("start",)
    level = forms.ChoiceField(label="Service")
    times = forms.IntegerField(
        label="How many times",
        min_value=1,
        max_value=MOST_TIMES,
        error_messages=range_words(1, MOST_TIMES, "whole number"),
    )
    per = forms.ChoiceField(label="In which span", choices=Per.choices)
    hours = HoursField(label="Hours each time", least=0, most=1000)
    start = forms.ChoiceField(label="From")

    def fill(self) -> None:
        """What the tiers promise in the last quarter shown, and the quarters that have not begun; it
        starts from the terms of the service that is chosen."""
        levels = {f"{tier}-{service}": (one, text) for tier, service, one, text in self._levels()}
        choices = [(value, text) for value, (_, text) in levels.items()]
        self.choose("level", choices)
        if level := self.leading(choices):
            old = levels[level][0]
            self.initial = {"times": old.times, "per": old.per, "hours": old.hours, **self.initial}
        coming = self.state.quarters[1:]
        self.choose("start", [(day.isoformat(), quarter_name(day)) for day in coming])

    def _levels(self) -> list[tuple[int, int, Terms, str]]:
        found = []
        for pk, tier in self.state.tiers.items():
            for service, one in self.state.terms[-1].get(pk, {}).items():
                found.append((pk, service, one, f"{tier.name}: {one.service} ({in_short(one)})"))
        return found

    def clean(self) -> dict[str, Any]:
        """What happens once happens once."""
        values = self.cleaned_data
        if values.get("per") in (Per.ONBOARDING, Per.RENEWAL) and values.get("times", 1) != 1:
            self.add_error("times", f"{Per(values['per']).label.capitalize()} means once: write 1.")
        return values

    def step(self) -> Step:
        """The terms from the quarter's first day on."""
        values = self.cleaned_data
        tier, service = map(int, values["level"].split("-"))
        old = self.state.terms[-1][tier][service]
        return {
            "do": "terms",
            "tier": tier,
            "service": service,
            "name": old.service,
            "from": date.fromisoformat(values["start"]).isoformat(),
            "times": values["times"],
            "per": values["per"],
            "hours": str(values["hours"]),
            "was": in_short(old),
        }


class ThresholdForm(StepForm):
    """Change the share of revenue that a tier carries."""

    do, title = "threshold", "Change a tier’s threshold"
    tier = forms.ChoiceField()
    share = RangeField(
        label="Share of revenue, in percent",
        least=1,
        most=100,
        help_text="The smallest group of accounts that carries this share; a third to a half is sensible.",
    )

    def fill(self) -> None:
        """Tiers that are filled by a share of revenue."""
        shares = [(str(pk), tier) for pk, tier in self.state.tiers.items() if tier.entry_share is not None]
        self.choose("tier", [(pk, f"{tier.name} (now {number(tier.entry_share)}%)") for pk, tier in shares])

    def step(self) -> Step:
        """The tier and its share."""
        values = self.cleaned_data
        return {"do": "threshold", "tier": int(values["tier"]), "share": f"{values['share']:f}"}


FORMS: dict[str, type[StepForm]] = {
    form.do: form for form in (MoveForm, AddForm, LoseForm, TermsForm, ThresholdForm)
}


def step_forms(state: State, subject: Scenario, bound: StepForm | None = None) -> list[StepForm]:
    """A form for every kind of step that is possible now; `bound` in the place of its kind."""
    found = []
    for do, form in FORMS.items():
        is_bound = bound is not None and bound.do == do
        found.append(bound if bound and is_bound else form(state=state, subject=subject))
    return [form for form in found if _has_choices(form)]


def _has_choices(form: StepForm) -> bool:
    """A form whose choice is empty cannot be filled in."""
    fields = [field for field in form.fields.values() if isinstance(field, forms.ChoiceField)]
    return all(list(field.widget.choices) for field in fields if field.required)
