"""Texts with placeholders: what is read, what is refused and why, and what comes out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playbooks.messages.library import CLOSE, LIBRARY
from playbooks.messages.placeholders import (
    KNOWN,
    Placeholder,
    TemplateRefused,
    ValueMissing,
    holes,
    names_in,
    parse,
    preview,
    render,
)
from tests.playbooks.kit import calmly

VALUES = {"contact.first_name": "Ruth", "account.name": "Brightwell", "account.renewal_on": None}
METRICS = ["active-users", "reports"]


def complaints(text: str) -> list[str]:
    with pytest.raises(TemplateRefused) as caught:
        parse(text, METRICS)
    return caught.value.complaints


def test_a_text_is_cut_into_pieces():
    assert parse("Hi {{ contact.first_name | there }}, {{metric.active-users}}!", METRICS) == [
        "Hi ",
        Placeholder("contact.first_name", "there"),
        ", ",
        Placeholder("metric.active-users"),
        "!",
    ]
    assert parse("") == []
    assert parse("A { brace } and 50 % and $5 {") == ["A { brace } and 50 % and $5 {"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "{{contact.frist_name}}",
            "There is no placeholder “contact.frist_name”. Did you mean {{contact.first_name}}?",
        ),
        (
            "{{metric.active-user}}",
            "There is no placeholder “metric.active-user”. Did you mean {{metric.active-users}}?",
        ),
        ("{{zzz.qqq}}", "There is no placeholder “zzz.qqq”. Choose one of the list."),
        ("Hi {{contact.name", "“{{contact.name” is not closed: write }} after the placeholder."),
        ("Hi {{contact.name\n}}", "“{{contact.name” is not closed: write }} after the placeholder."),
        ("Hi {{", "“{{” is not closed: write }} after the placeholder."),
        ("Hi contact.name}}", "There is a }} without the {{ that belongs to it."),
        ("{{contact.name|}}", "“{{contact.name|}}” has no words after |; write some, or leave | out."),
        (
            "{% if contact %}x{% endif %}",
            "“{%” is template code; only placeholders such as {{contact.name}} can be used.",
        ),
        ("{# note #}", "“{#” is template code; only placeholders such as {{contact.name}} can be used."),
        (
            "{{contact.name|upper}}",
            "“|upper” in “{{contact.name|upper}}” is a filter, which does nothing here. After | come the "
            "words for a missing value, such as {{contact.first_name|there}}.",
        ),
        ("Hi {contact.name}", "Write two braces on each side: {{contact.name}} instead of {contact.name}."),
        (
            "{{{{contact.name}}}}",
            "“{{{{contact.name}}” has a brace inside; each placeholder stands by itself.",
        ),
    ],
)
def test_what_is_wrong_is_named(text, said):
    assert complaints(text)[0] == said


@pytest.mark.parametrize(
    "text",
    [
        "{{contact.__class__}}",
        "{{contact.name.__class__.__mro__}}",
        "{{contact['email']}}",
        "{{contact.email()}}",
        "{{contact}}",
        "{{settings.SECRET_KEY}}",
        "{{request.user}}",
        "{{workspace.pk}}",
        "{{account.arr}}",
        "{{ 7*7 }}",
        "{{''.join}}",
        "{{}}",
        "{{ }}",
        "{{contact.name|default:'x'}}",
        "{{contact.name|safe|upper}}",
        "{{CONTACT.NAME}}",
        "{{contact.name\x00}}",
        "{{metric.}}",
        "{{metric.*}}",
        "{{contact .name}}",
        "{%load x%}",
        "{{contact.name|" + "x" * 81 + "}}",
        "{{include 'x'}}",
        "{{contact.first\u200b_name}}",
    ],
)
def test_code_and_tricks_are_refused(text):
    assert complaints(text)


def test_values_are_put_in_once_and_on_one_line():
    pieces = parse("Hi {{contact.first_name}} of {{account.name}}")
    hostile = {"contact.first_name": "{{account.name}} {% x %}", "account.name": "A\r\nBcc: x@y.example\x00"}
    assert render(pieces, hostile) == "Hi {{account.name}} {% x %} of A Bcc: x@y.example"


def test_a_missing_value_has_words_or_stops():
    pieces = parse("{{contact.first_name}}: {{account.renewal_on|soon}} {{account.renewal_on}}")
    with pytest.raises(ValueMissing, match=r"account\.renewal_on"):
        render(pieces, VALUES)
    assert holes(pieces, VALUES) == (["account.renewal_on"], ["account.renewal_on"])
    assert preview(pieces, VALUES) == "Ruth: soon {{account.renewal_on}}"
    assert names_in(pieces) == ["contact.first_name", "account.renewal_on"]


@calmly
@given(st.text(alphabet="{}|%#.ab \n", max_size=40))
def test_any_text_is_read_or_refused_and_plain_text_stays_as_it_is(text):
    try:
        pieces = parse(text)
    except TemplateRefused as error:
        pieces = [text] if all(complaint.strip() for complaint in error.complaints) else []
    assert "".join(str(piece) for piece in pieces) == text


def test_the_ready_made_ones_are_right_and_never_leave_a_hole():
    bare = {"contact.name": "Ruth K", "account.name": "B", "sender.name": "P", "workspace.name": "T"}
    for draft in LIBRARY.values():
        pieces = [*parse(draft.subject), *parse(draft.body)]
        assert set(names_in(pieces)) <= set(KNOWN)
        assert holes(pieces, bare)[0] == [], draft.key
        assert len(draft.subject) <= 200
        text = draft.body.removesuffix(CLOSE)
        ends = [line for part in text.split("\n\n") for line in part.splitlines()[1:]]
        assert [line for line in ends if line[:2] not in ("- ", "2.")] == [], "lines of a paragraph run on"
