"""Explanation templates: placeholders and nothing else, whatever is typed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playbooks.indicators.wording import BadTemplate, check_template, render
from tests.playbooks.kit import calmly

KNOWN = {"metric": "", "change": ""}


def test_only_known_names_are_put_in():
    text = check_template("  {metric} fell\n {change} ", KNOWN)
    assert render(text, {"metric": "Users", "change": "62%"}) == "Users fell 62%"


@pytest.mark.parametrize(
    ("template", "said"),
    [
        ("{account}", "There is no “{account}” here. You can use {metric}, {change}."),
        ("{metric.__class__}", "“{metric.__class__}” cannot be used: only plain names are allowed"),
        ("{metric[0]}", "“{metric[0]}” cannot be used"),
        ("{metric!r}", "“{metric!r}” cannot be used"),
        ("{change:>10000000}", "“{change:>10000000}” cannot be used"),
        ("{{metric}}", "“{{metric}” cannot be used"),
        ("{% load x %}", "“{% load x %}” cannot be used"),
        ("{}", "“{}” cannot be used"),
        ("{metric", "“{metric” is not closed. Write {name}."),
        ("metric}", "There is a “}” without a “{” before it. Remove it."),
        (" \x00 ", "Write the sentence that people will read."),
        ("x" * 301, "Keep it to 300 characters."),
    ],
)
def test_everything_else_is_refused_with_a_sentence(template, said):
    with pytest.raises(BadTemplate) as error:
        check_template(template, KNOWN)
    assert str(error.value).startswith(said)


def test_values_are_never_read_as_templates():
    assert render("{metric}", {"metric": "{change} <b>%s</b>", "change": "x"}) == "{change} <b>%s</b>"


@calmly
@given(st.text(), st.dictionaries(st.sampled_from(["metric", "change", "x"]), st.text()))
def test_rendering_never_fails(template, values):
    assert isinstance(render(template, values), str)


@calmly
@given(st.text(alphabet="{}metricchange.!:[]0 "))
def test_what_is_accepted_consists_of_texts_and_known_names(template):
    try:
        text = check_template(template, KNOWN)
    except BadTemplate:
        return
    assert "{" not in render(text, {"metric": "", "change": ""})
