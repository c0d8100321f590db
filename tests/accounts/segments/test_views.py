"""The pages: list, builder, preview, one segment, deleting."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.book.filters import read_filter
from accounts.book.saving import save_view
from accounts.metrics.models import Metric
from accounts.segments.actions import create_segment
from accounts.segments.definition import read_definition
from accounts.segments.models import Segment
from tests.accounts.segments.makers import condition, definition, make_book, make_metric, measure
from tests.kit import BY, client_of

SLIPPING = definition(condition("plan", "in", ["slipping", "off_track"]))


@pytest.fixture
def book(here, elsewhere):
    for world in (elsewhere, here):
        world.open()
        make_book(world)
    return here


@pytest.fixture
def csm(book):
    return client_of(book.members["csm"])


def typed(*conditions, name="Slipping", match="all", **more):
    """What a browser posts for one group of conditions (field, op, of, values…)."""
    data = {"name": name, "description": "", "match": "all", "g0-match": match}
    for number, (field, op, of, *values) in enumerate(conditions):
        data |= {
            f"g0-c{number}-field": field,
            f"g0-c{number}-was": field,
            f"g0-c{number}-op": op,
            f"g0-c{number}-of": of,
            f"g0-c{number}-value": values,
        }
    return {**data, **more}


NOTHING = "The segment has no condition. Add at least one."
EMPTY_GROUP = "Group 1: The group is empty. Add a condition or remove the group."
PLAN = ("plan", "in", "", "slipping", "off_track")
RENEWAL = ("renewal", "within", "", "120")


def test_build_one_and_look_at_it(book, csm):
    response = csm.post(book.url("segments/new/"), typed(PLAN, RENEWAL))
    segment = Segment.objects.get()
    assert response.url == book.url(f"segments/{segment.pk}/")
    page = csm.get(response.url).text
    assert "Plan is one of Slipping, Off track" in page
    assert "Renewal is within the next 120\xa0days" in page
    assert ">Bo</a>" in page
    assert ">Ada</a>" not in page
    assert f"/w/northwind/book/?owner=all&amp;segment={segment.pk}" in page
    assert segment.size == 2


@pytest.mark.parametrize(("match", "word"), [("all", "and"), ("any", "or")])
def test_several_groups_stand_apart_with_the_word_that_joins_them(book, csm, match, word):
    late, never = condition("renewal", "overdue"), condition("active", "never")
    groups = [{"match": "all", "conditions": [late, never]}, {"match": "all", "conditions": [never]}]
    for wanted, joins in ((groups[:1], 0), (groups, 1), ([*groups, groups[1]], 2)):
        asked = read_definition({"match": match, "groups": wanted})
        made = create_segment(by=BY, name=f"S{joins}", definition=asked)
        page = csm.get(book.url(f"segments/{made.pk}/")).text
        assert page.count(f'<p class="segment-join">{word}</p>') == joins
        assert page.count("segment-words-one") == (len(wanted) if joins else 0)


def test_what_was_typed_stays_when_it_is_refused(book, csm):
    response = csm.post(book.url("segments/new/"), typed(PLAN, ("renewal", "within", "", "soon"), name="<b>"))
    assert response.status_code == 422
    assert response.text.count("<h2>Please check what you entered</h2>") == 1
    assert "Group 1, condition 2 (Renewal): Write a whole number." in response.text
    assert 'value="soon"' in response.text
    assert 'value="&lt;b&gt;"' in response.text
    assert 'value="off_track" checked' in response.text
    assert Segment.objects.count() == 0


def test_a_name_is_used_once(book, csm):
    create_segment(by=BY, name="slipping", definition=SLIPPING)
    response = csm.post(book.url("segments/new/"), typed(PLAN))
    assert response.status_code == 422
    assert "There is a segment Slipping already. Choose another name." in response.text


@pytest.mark.parametrize(
    ("data", "status", "missing"),
    [
        ({}, 422, NOTHING),
        ({"do": "save"}, 422, NOTHING),
        ({"do": "add-99"}, 200, NOTHING),
        ({"do": "remove-x-y", "g0-match": "\x00"}, 200, EMPTY_GROUP),
        ({"do": "\x00-1"}, 200, NOTHING),
    ],
)
def test_hostile_posts_show_one_empty_condition(book, csm, data, status, missing):
    page = csm.post(book.url("segments/new/"), data)
    part = csm.post(book.url("segments/builder/"), data)
    assert (page.status_code, part.status_code) == (status, 200)
    for shown in (page.text, part.text):
        assert shown.count('class="segment-condition"') == 1
        assert set(re.findall(r'<option value="([^"]*)" selected>', shown)) == {"all"}
    preview = csm.post(book.url("segments/previews/"), data).text
    assert preview.strip() == f'<p class="muted">{missing}</p>'
    assert Segment.objects.count() == 0


def test_buttons_work_without_scripts(book, csm):
    url = book.url("segments/new/")
    page = csm.post(url, typed(PLAN, name="Kept", do="add-0")).text
    assert page.count('class="segment-condition"') == 2
    assert 'value="Kept"' in page
    page = csm.post(url, typed(PLAN, RENEWAL, do="remove-0-0")).text
    assert page.count('class="segment-condition"') == 1
    assert '<option value="renewal" selected>' in page
    page = csm.post(url, typed(PLAN, do="add-group")).text
    assert page.count('<fieldset class="segment-group"') == 2
    page = csm.post(url, typed(PLAN, do="remove-0")).text
    assert page.count('class="segment-condition"') == 1
    assert '<option value="plan" selected>' not in page
    assert Segment.objects.count() == 0


def test_another_field_forgets_the_value_of_the_former(book, csm):
    data = {**typed(PLAN), "g0-c0-field": "renewal"}
    page = csm.post(book.url("segments/builder/"), data).text
    assert '<option value="within" selected>' in page
    assert "off_track" not in page


def test_the_preview_counts_without_saving(book, csm):
    page = csm.post(book.url("segments/previews/"), typed(("arr", "known", "")))
    assert "4 accounts" in page.text
    assert "$1.6k" in page.text
    assert "1 account has ARR in a currency without a stated rate to USD: not in the sum." in page.text
    assert csm.post(book.url("segments/previews/"), typed(("", "", ""))).text.strip() == (
        '<p class="muted">Group 1, condition 1: Choose a field.</p>'
    )


def test_an_edit_and_a_conflict(book, csm):
    segment = create_segment(by=BY, name="Slipping", definition=SLIPPING)
    url = book.url(f"segments/{segment.pk}/edit/")
    assert 'name="version" value="1"' in csm.get(url).text
    assert csm.post(url, typed(PLAN, name="First", version="1")).status_code == 302
    response = csm.post(url, typed(RENEWAL, name="Second", version="1"))
    assert response.status_code == 409
    assert "Somebody else changed this" in response.text
    assert response.text.count("<h2>Not saved</h2>") == 1
    assert f'<a href="{url}">Open it as it is now</a>' in response.text
    assert 'value="Second"' in response.text
    assert "120" in response.text
    segment.refresh_from_db()
    assert (segment.name, segment.version) == ("First", 2)
    later = csm.post(url, typed(RENEWAL, version="1", do="add-0")).text
    assert 'name="version" value="1"' in later, "the version that was seen is kept"


def test_duplicate_begins_with_the_same_conditions(book, csm):
    segment = create_segment(by=BY, name="Slipping", definition=SLIPPING)
    page = csm.get(book.url(f"segments/new/?from={segment.pk}")).text
    assert 'value="Copy of Slipping"' in page
    assert 'value="off_track" checked' in page
    for nothing in ("?from=99999999999999999999", "?from=x"):
        page = csm.get(book.url(f"segments/new/{nothing}")).text
        assert page.count('class="segment-condition"') == 1
        assert "Copy of" not in page
        assert 'value="off_track"' not in page


def keep_view(book, role, name, segment, is_shared=False):
    """A view of the book that shows a segment, as the book keeps it."""
    view = read_filter({"owner": "all", "segment": str(segment), "sort": "name"}, mine=None)
    return save_view(view, by=BY, owner=book.members[role], name=name, is_shared=is_shared)


def uses_on(client, url):
    """The words and addresses under "used here"."""
    return [(use["label"], use["url"]) for use in client.get(url).context["uses"]]


@pytest.mark.parametrize("page", ["", "removals/"])
def test_views_that_use_it_are_links_to_what_they_show(book, csm, page):
    segment = create_segment(by=BY, name="Slipping", definition=SLIPPING)
    view = keep_view(book, "csm", "Mine", segment.pk)
    [(label, url)] = uses_on(csm, book.url(f"segments/{segment.pk}/{page}"))
    assert (label, url) == ("The view “Mine” of the book", book.url(f"book/?{view.query}"))
    shown = csm.get(url)
    assert re.findall(r'class="row-link"[^>]*>([^<]+)<', shown.text) == ["Bo", "Ed"]


@pytest.mark.parametrize("page", ["", "removals/"])
def test_private_views_of_others_are_counted_without_their_names(book, csm, page):
    segment = create_segment(by=BY, name="Slipping", definition=SLIPPING)
    keep_view(book, "csm", "Mine", segment.pk)
    keep_view(book, "manager", "Shared", segment.pk, is_shared=True)
    keep_view(book, "manager", "Secret plan", segment.pk)
    url = book.url(f"segments/{segment.pk}/{page}")
    assert [label for label, _url in uses_on(csm, url)] == [
        "The view “Mine” of the book",
        "The view “Shared” of the book",
        "1 private view of a colleague",
    ]
    assert "Secret" not in csm.get(url).text
    keep_view(book, "admin", "Secret too", segment.pk)
    assert uses_on(csm, url)[-1] == ("2 private views of colleagues", "")
    assert [label for label, _url in uses_on(client_of(book.members["manager"]), url)] == [
        "The view “Secret plan” of the book",
        "The view “Shared” of the book",
        "2 private views of colleagues",
    ]


def test_deleting_names_what_uses_it(book, csm):
    segment = create_segment(by=BY, name="Slipping", definition=SLIPPING)
    keep_view(book, "csm", "Mine", segment.pk)
    keep_view(book, "csm", "Other", f"{segment.pk}1")
    url = book.url(f"segments/{segment.pk}/removals/")
    page = csm.get(url).text
    assert "The view “Mine” of the book" in page
    assert "Other" not in page
    assert csm.post(url, {"version": "9"}).status_code == 409
    assert csm.post(url, {"version": "1"}).url == book.url("segments/")
    assert Segment.objects.count() == 0


def test_a_problem_comes_first_in_the_list(book, csm):
    metric = make_metric(name="Users <b>")
    measure(metric, Ada=(1, 1))
    create_segment(by=BY, name="A fine one", definition=SLIPPING)
    broken = definition(condition("metric", "at_least", "1", metric.pk))
    segment = create_segment(by=BY, name="Z broken", definition=broken)
    metric.retired_at = timezone.now()
    metric.save()
    page = csm.get(book.url("segments/")).text
    assert page.index("Z broken") < page.index("A fine one")
    assert "“Users &lt;b&gt;” is retired. Choose another one, or take the condition out." in page
    page = csm.get(book.url(f"segments/{segment.pk}/")).text
    assert "This segment matches nobody until it is repaired" in page
    page = csm.get(book.url(f"segments/{segment.pk}/edit/")).text
    assert "Users &lt;b&gt; (is retired)" in page
    assert "is retired. Choose another one" in page


def queries(client, url):
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


def everything(tag):
    """A condition of each kind that is looked up."""
    return definition(
        condition("plan", "in", ["none"]),
        condition("tags", "none", [tag]),
        condition("attribute", "unknown", of="Region"),
        condition("headline", "unknown"),
        condition("metric", "unknown", of=Metric.objects.get().pk),
    )


def test_the_list_has_a_constant_number_of_queries(book, csm):
    make_metric(is_headline=True)
    create_segment(by=BY, name="One", definition=everything("vip"))
    url = book.url("segments/")
    one = queries(csm, url)
    for tag in ("nordic", "100%"):
        create_segment(by=BY, name=f"More {tag}", definition=everything(tag))
    assert (queries(csm, url), one) == (one, 21)


def test_a_segments_page_has_a_constant_number_of_queries(book, csm):
    one = create_segment(by=BY, name="One", definition=definition(condition("plan", "in", ["slipping"])))
    three = create_segment(
        by=BY,
        name="Three",
        definition=definition(condition("plan", "in", ["slipping", "off_track", "on_track"])),
    )
    assert (one.size, three.size) == (1, 3)
    assert [queries(csm, book.url(f"segments/{item.pk}/")) for item in (one, three)] == [21, 21]


def test_the_empty_list_says_what_to_do(book, csm):
    assert "Build a segment" in csm.get(book.url("segments/")).text
    executive = client_of(book.members["executive"])
    assert "A CSM builds them" in executive.get(book.url("segments/")).text
    assert executive.get(book.url("segments/new/")).status_code == 403


def test_nothing_of_another_workspace(book, csm, elsewhere):
    elsewhere.open()
    other = create_segment(by=BY, name="Secret", definition=SLIPPING)
    book.open()
    assert "Secret" not in csm.get(book.url("segments/")).text
    assert csm.get(book.url(f"segments/{other.pk}/")).status_code == 404
    assert "Secret" not in csm.get(book.url(f"segments/new/?from={other.pk}")).text
