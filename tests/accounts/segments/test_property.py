"""Whatever is asked for, the SQL finds what a plain evaluation in Python finds."""

from datetime import timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from accounts.accounts.models import Account
from accounts.book.models import BookRow
from accounts.metrics.models import Metric
from accounts.segments.definition import read_definition
from accounts.segments.known import Known
from accounts.segments.registry import Shape, criteria
from csworkspace.tenancy.clock import today
from tests.accounts.segments.makers import condition, found, make_book, make_metric, measure
from tests.accounts.segments.oracle import RULES, holds

EXAMPLES = 120
TEXTS = some.sampled_from(["North", "south", "o", "12", "%", "'", "nowhere"])
# Needs of these would be missing; what that means is tested by itself.
WORDS = {"tags": ["vip", "nordic", "100%"], "currency": ["USD", "EUR", "JPY", "XXX"]}


def one_day():
    return some.integers(-450, 450).map(lambda number: str(today() + timedelta(number)))


def one_number(operator):
    top = min(operator.highest, 1500)
    return some.sampled_from([0, 1, 2, 3, 5, 20, 30, 40, 50, 100, 500, 1000, 1100]).map(
        lambda n: str(min(n, top))
    )


def values(criterion, operator, known):
    """Values that an operator may be given."""
    if operator.shape == Shape.CHOICES:
        offered = WORDS.get(criterion.name) or list(known.read(criterion.choices))
        return some.lists(some.sampled_from(offered), min_size=1, max_size=3)
    if operator.shape in (Shape.NUMBERS, Shape.DATES):
        one = one_day() if operator.shape == Shape.DATES else one_number(operator)
        key = str if operator.shape == Shape.DATES else float
        return some.tuples(one, one).map(lambda pair: sorted(pair, key=key))
    if operator.shape == Shape.NUMBER:
        return one_number(operator).map(lambda text: str(max(int(text), operator.lowest)))
    return {Shape.DATE: one_day(), Shape.TEXT: TEXTS}.get(operator.shape, some.none())


@some.composite
def definitions(draw, known):
    """Any definition that the criteria of this floor allow."""
    of_here = [criterion for criterion in criteria() if criterion.name in RULES]

    def one_condition():
        criterion = draw(some.sampled_from(of_here))
        operator = draw(some.sampled_from(criterion.operators))
        subjects = (
            ["Region", "seats"] if criterion.name == "attribute" else list(known.read(criterion.subjects))
        )
        of = draw(some.sampled_from(subjects)) if subjects else ""
        return condition(criterion.name, operator.name, draw(values(criterion, operator, known)), of)

    def match():
        return draw(some.sampled_from(["all", "any"]))

    groups = [
        {"match": match(), "conditions": [one_condition() for _ in range(draw(some.integers(1, 3)))]}
        for _ in range(draw(some.integers(1, 3)))
    ]
    return read_definition({"match": match(), "groups": groups})


def test_sql_and_python_agree(here, elsewhere):
    elsewhere.open()
    make_book(elsewhere)
    here.open()
    make_book(here)
    measure(make_metric(is_headline=True), Ada=(50, 100), Bo=(100, 80), Cy=(5, 0), Di=(7, None), Ed=(-5, -10))
    measure(make_metric("hours"), Ada=(1000, 1))
    for name, headline in (("Ada", 50), ("Bo", 100), ("Di", 7)):
        BookRow.objects.filter(name=name).update(headline=headline, headline_sort=headline)
    everybody, known = sorted(Account.objects.values_list("name", flat=True)), Known()
    assert len(known.read(next(item for item in criteria() if item.name == "metric").subjects)) == 2
    assert Metric.objects.count() == 2

    @settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
    @given(definitions(known))
    def agree(definition):
        assert found(definition) == [name for name in everybody if holds(definition, name)]

    agree()


def test_every_field_of_this_floor_has_a_rule():
    """A criterion of an upper floor is tested there."""
    above = {"behaviour", "signal_kind", "signal_severity", "score", "score_band", "score_change"}
    assert {item.name for item in criteria()} - set(RULES) <= above
