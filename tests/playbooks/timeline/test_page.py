"""The timeline's page: headings, filters, search, and going back."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from playbooks.timeline.page import PAGE, parts_of, wanted_of
from playbooks.timeline.sources import Happening, TimelineSource, timeline_sources
from playbooks.timeline.story import Told
from tests.playbooks.notes.kit import make_contact, make_note
from tests.playbooks.timeline.test_sources import OURS

# Session, member, account and the transaction's own; then the names that the quick form offers.
OTHER_QUERIES = 14
NOW = datetime(2026, 3, 14, 12, tzinfo=UTC)
SOURCE = TimelineSource("notes", "Notes", lambda *_: [], icon="note")


def url_of(here):
    return here.url(f"accounts/{here.account.pk}/timeline/")


def titles(answer):
    return [line.title for part in answer.context["parts"] for line in (*part.further, *part.lines)]


def at(*moments):
    """Happenings at these moments, newest first."""
    told = [Told(SOURCE, Happening(moment, f"k {n}", f"T{n}")) for n, moment in enumerate(moments)]
    return sorted(told, key=lambda one: one.place, reverse=True)


def shape(parts):
    return [(part.heading, [line.title for line in part.lines]) for part in parts]


def test_planned_today_and_months():
    days = [NOW + timedelta(days=n) for n in (2, -1, -20, -400)] + [NOW - timedelta(hours=1)]
    assert shape(parts_of(at(*days), NOW, "UTC")) == [
        ("Planned", ["T0"]),
        ("Today, 14 Mar 2026", ["T4"]),
        ("March 2026", ["T1"]),
        ("February 2026", ["T2"]),
        ("2025", ["T3"]),
    ]


def test_today_stands_between_what_is_planned_and_the_rest():
    found = parts_of(at(NOW + timedelta(days=1), NOW - timedelta(days=1)), NOW, "UTC")
    assert [(part.heading, part.is_today) for part in found] == [
        ("Planned", False),
        ("Today, 14 Mar 2026", True),
        ("March 2026", False),
    ]


def test_many_planned_things_fold_but_the_nearest():
    found = parts_of(at(*(NOW + timedelta(days=n) for n in range(1, 10))), NOW, "UTC")
    assert [line.title for line in found[0].further] == ["T8", "T7", "T6", "T5"]
    assert [line.title for line in found[0].lines] == ["T4", "T3", "T2", "T1", "T0"]


def test_a_month_that_goes_on_is_not_named_twice():
    above = NOW - timedelta(days=3)
    found = parts_of(at(NOW - timedelta(days=3, hours=1), NOW - timedelta(days=30)), NOW, "UTC", above)
    assert shape(found) == [("", ["T0"]), ("February 2026", ["T1"])]
    assert [part.lines[0].is_same for part in found] == [True, False]


def test_days_are_those_of_the_zone():
    late = datetime(2026, 3, 13, 23, 30, tzinfo=UTC)
    (part,) = parts_of(at(late), NOW, "Europe/Oslo")
    assert (part.heading, part.lines[0].hour, part.lines[0].day) == ("Today, 14 Mar 2026", "00:30", "14 Mar")
    midnight = datetime(2026, 3, 13, 23, tzinfo=UTC)
    assert parts_of(at(midnight), NOW, "Europe/Oslo")[0].lines[0].hour == ""


def test_long_texts_have_an_excerpt():
    text = "word " * 60
    told = [Told(SOURCE, Happening(NOW, "k", "T", text=one)) for one in (text, "short")]
    lines = parts_of(told, NOW, "UTC")[0].lines
    assert [line.excerpt for line in lines] == [text.strip()[:400], ""]


def test_the_address_is_read_with_care():
    from django.http import QueryDict

    wanted = wanted_of(QueryDict("kind=notes&kind=nothing&kind=notes&q=%20a%00%20b%20&before=x"))
    assert (wanted.kinds, wanted.text, [one.name for one in wanted.sources]) == (["notes"], "a b", ["notes"])
    assert wanted.address(before="") == "kind=notes&q=a+b"
    assert len(wanted_of(QueryDict("kind=nothing")).sources) == len(timeline_sources())


def test_going_back_tells_everything_once(here, elsewhere, csm):
    made = [make_note(here.account, f"Note {n}", days=n / 10).title for n in range(PAGE * 2 + 5)]
    elsewhere.open()
    make_note(elsewhere.account, "Theirs")
    here.open()
    answer, found = csm.get(url_of(here)), []
    for _ in range(5):
        found += titles(answer)
        older = answer.context["older_url"]
        if not older:
            break
        answer = csm.get(older)
    assert [one for one in found if one.startswith(("Note", "Theirs"))] == made


def test_htmx_gets_only_the_next_page(here, csm):
    for n in range(PAGE + 3):
        make_note(here.account, f"Note {n}", days=n / 1000)
    first = csm.get(url_of(here))
    page = csm.get(first.context["older_url"], headers={"HX-Request": "true"})
    assert titles(page)[:3] == ["Note 40", "Note 41", "Note 42"]
    assert (b"<html" in page.content, page.context["parts"][0].heading) == (False, "")
    assert "HX-Request" in page["Vary"]
    whole = csm.get(first.context["older_url"])
    assert whole.context["newest_url"] == f"{url_of(here)}?"
    assert whole.context["parts"][0].heading != ""


def test_kinds_and_words_filter(here, csm):
    make_note(here.account, "ERP hand-over", text="Signe owns it")
    make_note(here.account, "Review", 2)
    make_contact(here.account, "Signe")
    assert titles(csm.get(f"{url_of(here)}?kind=people")) == ["Signe added"]
    assert titles(csm.get(f"{url_of(here)}?q=signe")) == ["Signe added", "ERP hand-over"]
    page = csm.get(f"{url_of(here)}?q=signe&kind=notes")
    assert titles(page) == ["ERP hand-over"]
    assert re.findall(r'name="kind" value="(\w+)" checked', page.content.decode()) == ["notes"]
    assert "Nothing here fits" in csm.get(f"{url_of(here)}?q=absent").content.decode()


def test_an_empty_story_says_what_comes(here, csm):
    assert "The story begins here" in csm.get(url_of(here)).content.decode()


def test_accounts_of_others_have_no_timeline(here, elsewhere, csm):
    assert csm.get(here.url(f"accounts/{elsewhere.account.pk}/timeline/")).status_code == 404


@pytest.mark.parametrize(
    "before", ["x", "~", "2026-01-01T00:00:00+00:00", "9" * 300, "2026-01-01T00:00:00~k"]
)
def test_a_place_that_is_none_shows_the_newest(here, csm, before):
    make_note(here.account, "Talked")
    assert titles(csm.get(url_of(here), {"before": before})) == ["Talked"]


def test_one_query_for_each_source(here, csm, django_assert_num_queries):
    for count in (1, 3):
        for n in range(count):
            make_note(here.account, f"Note {count} {n}", text="@csm")
            make_contact(here.account, f"Person {count} {n}")
        with django_assert_num_queries(OTHER_QUERIES + len(OURS)):
            csm.get(url_of(here), {"kind": sorted(OURS)})
