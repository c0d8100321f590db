"""Definitions are read from JSON with errors that say where and what to do."""

import pytest

from playbooks.indicators.definition import BadDefinition, read_definition, stored
from playbooks.indicators.evaluating import problem_of
from playbooks.indicators.models import Indicator
from playbooks.indicators.naming import Names
from tests.playbooks.kit import make_metric

FELL = {"direction": "fell", "recent": 1, "past": 3, "base": "5"}


def complaints(measure, data):
    with pytest.raises(BadDefinition) as error:
        read_definition(measure, data, Names())
    return error.value.complaints


def change(metric, **more):
    return {"params": {**FELL, "metric": metric.pk}, "begins": "40", "ends": "30", **more}


def test_it_is_stored_as_it_was_read(here):
    metric = make_metric()
    found = read_definition(
        "metric_change",
        change(metric, stages=["renewing", "adopting"], tenure_days="90", renewal_days=0),
        Names(),
    )
    assert found.as_json() == {
        "params": {**FELL, "metric": metric.pk}, "when": "at_least", "begins": "40", "ends": "30",
        "stages": ["adopting", "renewing"], "tenure_days": 90, "renewal_days": 0,
    }  # fmt: skip
    assert stored(found.as_json()) == found


def test_it_must_end_on_the_safe_side(here):
    metric = make_metric()
    assert complaints("metric_change", change(metric, ends="50")) == [
        ("ends", "It begins at 40 or more, so it must end at 40 or less.")
    ]
    low = {"params": {"metric": metric.pk}, "when": "at_most", "begins": "5", "ends": "4"}
    assert complaints("metric", low) == [("ends", "It begins at 5 or less, so it must end at 5 or more.")]


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"begins": "NaN"}, "begins"),
        ({"begins": "1e400"}, "begins"),
        ({"ends": None}, "ends"),
        ({"ends": True}, "ends"),
        ({"stages": ["asleep"]}, "stages"),
        ({"tenure_days": -1}, "tenure_days"),
        ({"tenure_days": "99999999999"}, "tenure_days"),
        ({"renewal_days": 1.5}, "renewal_days"),
        ({"params": {"metric": 10**12}}, "metric"),
        ({"params": []}, "metric"),
    ],
)
def test_every_complaint_names_its_field(here, more, field):
    assert field in [name for name, _ in complaints("metric_change", change(make_metric(), **more))]


def test_nothing_at_all_is_refused(here):
    for data in (None, [], "x", {}):
        assert complaints("metric_change", data)
    assert complaints("no such measure", {}) == [
        ("measure", "There is no such measure. Choose one of the list.")
    ]


def test_a_metric_of_the_lookalike_cannot_be_named(here, elsewhere):
    from csworkspace.tenancy.database import open_workspace

    with open_workspace(elsewhere.workspace.pk):
        theirs = make_metric()
    assert "metric" in dict(complaints("metric_change", change(theirs)))


@pytest.mark.parametrize("broken", [{}, {"params": {}}, {"params": None, "when": "x"}, {"begins": "a"}])
def test_a_stored_definition_that_is_broken_is_a_problem(here, broken):
    indicator = Indicator(measure="metric", definition=broken)
    assert problem_of(indicator, Names()) == "Its definition cannot be read any more. Edit it."
