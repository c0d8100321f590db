"""The text of a note as safe HTML."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from csworkspace.web.markdown import to_html
from csworkspace.web.texts import clean_text
from playbooks.notes.mentions import Person
from playbooks.notes.prose import named_in, to_html_with_mentions
from tests.playbooks.kit import calmly

PRIYA = Person(7, "Priya <Raman>", "priya@x.example")
REL = 'rel="noopener noreferrer nofollow"'
LINK = '<a class="mention" href="/who/7?a=1&amp;b=2">@Priya &lt;Raman&gt;</a>'


def shown(text, people=(PRIYA,)):
    return to_html_with_mentions(text, people, lambda pk: f"/who/{pk}?a=1&b=2").strip()


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("a **b** *c*", "<p>a <strong>b</strong> <em>c</em></p>"),
        ("a\nb", "<p>a<br>\nb</p>"),
        ("- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>"),
        ("> said", "<blockquote>\n<p>said</p>\n</blockquote>"),
        ("# no heading", "<p># no heading</p>"),
        ("<script>alert(1)</script>", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>"),
        ("<img src=x onerror=alert(1)>", "<p>&lt;img src=x onerror=alert(1)&gt;</p>"),
        ("[x](javascript:alert(1))", "<p>[x](javascript:alert(1))</p>"),
        ("![x](https://e.example/p.png)", None),
        (
            '[x](https://e.example/?"onclick=alert(1)>)',
            f'<p><a href="https://e.example/?%22onclick=alert(1)%3E" {REL}>x</a></p>',
        ),
        ("[x](data:text/html;base64,AAAA)", "<p>[x](data:text/html;base64,AAAA)</p>"),
    ],
)
def test_only_what_is_meant_becomes_markup(text, html):
    if html is not None:
        assert to_html(text).strip() == html
    assert "<img" not in to_html(text)


def test_colleagues_become_links_outside_of_links():
    assert shown("Ask @priya, or [@priya](https://e.example)") == (
        f'<p>Ask {LINK}, or <a href="https://e.example" rel="noopener noreferrer nofollow">@priya</a></p>'
    )
    assert shown("**@priya** <b>@priya</b>") == (f"<p><strong>{LINK}</strong> &lt;b&gt;{LINK}&lt;/b&gt;</p>")
    assert shown("@priya", ()) == "<p>@priya</p>"


def test_who_is_told_is_who_is_linked():
    text = "@priya [@priya](https://e.example) x@priya.example @nobody"
    assert [one.pk for one in named_in(text, [PRIYA])] == [7, None]
    assert shown(text).count('class="mention"') == 1


def test_what_is_kept_has_no_control_characters():
    assert clean_text("  a\r\nb\x00\x07\tc\u202e ") == "a\nb\tc"
    assert len(clean_text("x" * 30_000)) == 20_000


@calmly
@given(st.text(alphabet="<>\"'=&@priya[]()*_>-\n\\/:; `!", max_size=80))
def test_nothing_but_our_tags_and_attributes_comes_out(text):
    allowed = re.compile(
        r'</?(p|strong|em|ul|ol|li|br|blockquote)>|</a>|<a (class="mention" )?href="[^"<>]*"'
        r'( rel="noopener noreferrer nofollow")?>|<ol start="\d+">'
    )
    rest = allowed.sub("", shown(text))
    assert "<" not in rest
    assert ">" not in rest
