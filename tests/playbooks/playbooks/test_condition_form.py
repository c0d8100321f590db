"""The fields of a condition: what is stored comes back through them, whatever its kind."""

import pytest

from playbooks.playbooks.condition_form import ConditionMixin, condition_of, shown_condition
from playbooks.playbooks.names import Names
from playbooks.playbooks.once import reading_once
from tests.playbooks.kit import make_metric
from tests.playbooks.playbooks.kit import make_indicator

EARLIER = {"call": ("Call", [("Agreed", "Agreed")])}


class Form(ConditionMixin):
    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.add_condition(Names(), EARLIER)


@pytest.mark.parametrize("kind", ["outcome", "signal", "indicator", "metric", "stage"])
def test_every_kind_comes_back_through_the_form(here, kind):
    indicator, metric = make_indicator(), make_metric()
    stored = {
        "outcome": {"kind": "outcome", "step": "call", "is": "Agreed"},
        "signal": {"kind": "signal", "is": "resolved"},
        "indicator": {"kind": "indicator", "indicator": indicator.pk, "holds": False},
        "metric": {"kind": "metric", "metric": metric.pk, "op": "lte", "value": "7.5"},
        "stage": {"kind": "stage", "in": ["renewing"]},
    }[kind]
    shown = shown_condition(stored)
    assert condition_of(shown) == stored
    form = Form(shown)
    assert (form.is_valid(), form.errors) == (True, {})
    assert form.condition() == stored


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({}, "look_at"),
        ({"look_at": "metric", "look_op": "gte", "look_value": "1"}, "look_metric"),
        ({"look_at": "outcome", "look_result": "nobody:done"}, "look_result"),
        ({"look_at": "stage"}, "look_stages"),
        ({"look_at": "exec"}, "look_at"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(here, sent, field):
    assert field in Form(sent).errors


def test_names_are_read_once_for_many_forms(here, django_assert_num_queries):
    with reading_once(), django_assert_num_queries(3):
        for _ in range(4):
            Form({})
    with django_assert_num_queries(6):
        Form({})
        Form({})
