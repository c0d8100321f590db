"""The pages of services, and what is done from them."""

import csv
import io
from datetime import date

import pytest

from accounts.accounts.models import Account
from playbooks.services.lists import ACCOUNT_PAGE, PAGE
from playbooks.services.models import ServiceOccurrence
from tests.kit import client_of
from tests.playbooks.kit import TODAY, ago
from tests.playbooks.services.kit import make_occurrence, make_service, make_tier, place, promise

LIST_QUERIES, TAB_QUERIES, ONE_QUERIES = 17, 21, 17


@pytest.fixture
def qbr(here):
    """A QBR owed by today."""
    return make_occurrence(here.account, make_service())


def messages(response):
    return [str(message) for message in response.context["messages"]]


def year_of(here, service):
    """Four quarters: on time, delivered late, missed, and open."""
    quarters = [(date(2029, 7, 1), date(2029, 9, 30)), (date(2029, 10, 1), date(2029, 12, 31)),
                (date(2030, 1, 1), date(2030, 3, 31)), (date(2030, 4, 1), TODAY)]  # fmt: skip
    delivered = [date(2029, 9, 1), date(2030, 2, 1), None, None]
    return [
        make_occurrence(
            here.account, service, period=f"Q{n}", starts_on=start, due_on=end,
            missed_after=ago(-92 * (n - 2)), delivered_on=day,
        )
        for n, ((start, end), day) in enumerate(zip(quarters, delivered, strict=True))
    ]  # fmt: skip


def test_numbers_of_the_page_and_the_lists_behind_them(here, elsewhere, csm):
    rows = year_of(here, make_service())
    page = csm.get(here.url("services/"))
    figures = {figure["label"]: figure["value"] for figure in page.context["figures"]}
    assert figures == {
        "Attainment": "33%",
        "Owed": "3",
        "On time": "1",
        "Late or delivered late": "2",
        "Missed": "0",
        "Open": "1",
    }
    assert [(part.name, part.percent) for part in page.context["parts"]] == [("Csm of Northwind", 33)]
    by_label = {figure["label"]: figure["url"] for figure in page.context["figures"]}

    def listed(url):
        shown = csm.get(here.url("services/") + url.partition("#")[0]).context["rows"]
        return sorted(row.id for row in shown)

    notes = {figure["label"]: figure["note"] for figure in page.context["figures"]}
    assert notes["Late or delivered late"] == "1 late now"
    assert {tab["label"]: tab["count"] for tab in page.context["tabs"]}["Late"] == "1"
    assert listed(by_label["On time"]) == [rows[0].pk]
    assert listed(by_label["Late or delivered late"]) == [rows[1].pk, rows[2].pk]
    assert listed(by_label["Owed"]) == [rows[0].pk, rows[1].pk, rows[2].pk]
    assert listed(by_label["Open"]) == [rows[3].pk]
    assert listed("?state=to_do") == [rows[2].pk, rows[3].pk]
    cells = {cell.label: cell.url for cell in page.context["parts"][0].cells}
    assert listed(cells["Late or delivered late"]) == [rows[1].pk, rows[2].pk]
    stranger = client_of(elsewhere.members["csm"]).get(elsewhere.url("services/"))
    assert (stranger.context["empty"], stranger.context["rows"]) == (True, [])


def test_attainment_is_counted_by_tier_and_service_too(here, csm):
    top, call = make_tier(), make_service("Call", "other")
    year_of(here, make_service())
    make_occurrence(here.account, call, tier=top, delivered_on=TODAY)

    def parts(by):
        shown = csm.get(here.url(f"services/?by={by}")).context["parts"]
        return [(part.name, part.percent_text) for part in shown]

    assert parts("tier") == [("Own terms only", "33%"), ("Top", "100%")]
    assert parts("service") == [("QBR", "33%"), ("Call", "100%")]
    assert parts("nonsense") == [("Csm of Northwind", "50%")]


def test_filters_narrow_everything_on_the_page(here, csm):
    call = make_service("Call", "other")
    year_of(here, make_service())
    mine = make_occurrence(here.account, call, owner=here.members["manager"])

    def shown(query):
        page = csm.get(here.url(f"services/?state=&{query}"))
        return len(page.context["rows"]), sum(len(part.cells) for part in page.context["parts"])

    assert shown("") == (5, 8)
    assert shown(f"service={call.pk}") == (1, 4)
    assert shown(f"owner={mine.owner_id}") == (1, 4)
    assert shown("owner=0") == (0, 0)
    assert shown("window=quarter") == (2, 8)
    assert shown("window=last") == (1, 4)
    assert shown("window=custom&since=2029-07-01&until=2029-12-31") == (2, 4)
    for hostile in ("owner=x", f"service={'9' * 30}", "window=%00", "state=%00", "after=%00", "tier=-1"):
        assert csm.get(here.url(f"services/?{hostile}")).status_code == 200


@pytest.mark.parametrize(
    ("query", "problem"),
    [
        ("since=2030-01-02&until=2030-01-01", "The last day is before the first. Swap them."),
        ("since=0001-01-01&until=2030-01-01", "Choose days from 1990 to 2200."),
        ("since=soon&until=", "Enter both days for your own dates. Until then these are four quarters."),
    ],
)
def test_days_that_are_no_window_are_told(here, csm, query, problem):
    page = csm.get(here.url(f"services/?window=custom&{query}"))
    assert (page.context["problem"], page.context["view"].window.key) == (problem, "year")


def test_pages_of_the_list_follow_each_other_without_gaps(here, csm):
    service = make_service()
    for number in range(PAGE + 3):
        make_occurrence(here.account, service, period=str(number), due_on=ago(number % 3))
    first = csm.get(here.url("services/"))
    url = first.context["next_url"].partition("#")[0]
    second = csm.get(here.url(f"services/{url}"))
    ids = [row.id for row in [*first.context["rows"], *second.context["rows"]]]
    assert (len(ids), len(set(ids)), second.context["next_url"]) == (PAGE + 3, PAGE + 3, "")
    days = ServiceOccurrence.objects.in_bulk(ids)
    assert [days[pk].due_on for pk in ids] == sorted(days[pk].due_on for pk in ids)


def test_what_is_over_for_an_account_goes_on_page_by_page(here, elsewhere, csm):
    service, tab = make_service(), here.url(f"accounts/{here.account.pk}/services/")
    for number in range(2 * ACCOUNT_PAGE + 1):
        make_occurrence(
            here.account, service, period=str(number), due_on=ago(number % 3), delivered_on=ago(number % 3)
        )
    seen, query = [], ""
    for rows in (ACCOUNT_PAGE, ACCOUNT_PAGE, 1):
        page = csm.get(tab + query)
        assert (len(page.context["over"]), page.context["first_url"]) == (rows, "?#over" if query else "")
        seen += page.context["over"]
        query = page.context["next_url"].partition("#")[0]
    assert (query, len({row.id for row in seen})) == ("", 2 * ACCOUNT_PAGE + 1)
    days = ServiceOccurrence.objects.in_bulk([row.id for row in seen])
    assert [days[row.id].due_on for row in seen] == sorted((d.due_on for d in days.values()), reverse=True)
    beyond = csm.get(f"{tab}?after=1999-01-01.1")
    assert (beyond.context["over"], "Nothing is older." in beyond.text) == ([], True)
    for hostile in ("%00", "2030-06-30", "2030-13-01.1", f"2030-06-30.{'9' * 30}", "x.y"):
        assert len(csm.get(f"{tab}?after={hostile}").context["over"]) == ACCOUNT_PAGE


def test_several_are_completed_from_the_list(here, csm, qbr):
    other = make_occurrence(here.account, qbr.service, period="b", starts_on=ago(-1), due_on=ago(-9))
    typed = {"occurrence": [qbr.pk, other.pk, "x", 9**20], "delivered_on": "2030-06-30", "note": "Webinar"}
    done = csm.post(here.url("services/deliveries/?window=year&state=to_do"), typed, follow=True)
    assert done.redirect_chain == [(here.url("services/?window=year&state=to_do#list"), 302)]
    assert messages(done) == [
        "1 service completed. 1 other could not be: done already, or not begun on that day."
    ]
    qbr.refresh_from_db()
    assert (qbr.delivered_on, qbr.note, qbr.deliverer) == (TODAY, "Webinar", "Csm of Northwind")
    refused = csm.post(
        here.url("services/deliveries/"), {"occurrence": [qbr.pk], "delivered_on": "2031-01-01"}
    )
    assert (refused.status_code, "still to come" in refused.text) == (422, False)
    nothing = csm.post(here.url("services/deliveries/"), {"delivered_on": "2030-06-30"}, follow=True)
    assert messages(nothing) == ["Tick the services that were delivered first."]


def test_download_has_the_filters_rows_and_no_formulas(here, csm):
    Account.objects.update(name="=HYPERLINK(1)")
    here.account.refresh_from_db()
    year_of(here, make_service())
    response = csm.get(here.url("services/export/?state=on_time"))
    rows = list(csv.DictReader(io.StringIO(response.content.decode())))
    assert response["Content-Disposition"] == 'attachment; filename="northwind-services.csv"'
    assert [(row["account"], row["status"], row["delivered_on"], row["owner"]) for row in rows] == [
        ("'=HYPERLINK(1)", "on_time", "2029-09-01", "Csm of Northwind")
    ]


def test_an_owed_service_is_completed_from_the_account(here, csm, qbr):
    tab = csm.get(here.url(f"accounts/{here.account.pk}/services/"))
    assert [(row.id, row.status) for row in tab.context["to_do"]] == [(qbr.pk, "open")]
    url = here.url(f"occurrences/{qbr.pk}/deliveries/")
    done = csm.post(url, {"delivered_on": "2030-06-30"}, follow=True)
    assert done.redirect_chain == [(here.url(f"accounts/{here.account.pk}/services/"), 302)]
    assert messages(done) == ["QBR, Q2 2030 is delivered."]
    assert [figure["value"] for figure in done.context["figures"]] == ["100%", "100%", "0", "–"]
    again = csm.post(url, {"delivered_on": "2030-06-29"})
    assert (again.status_code, messages(again)[0].partition(" Reopen")[0]) == (
        409,
        "Test delivered this on 30 Jun 2030 already.".replace("Test", "Csm of Northwind"),
    )
    csm.post(here.url(f"occurrences/{qbr.pk}/reopenings/"))
    assert ServiceOccurrence.objects.get().delivered_on is None


@pytest.mark.parametrize("day", ["2031-01-01", "2030-03-31", "0001-01-01", "x", ""])
def test_days_that_cannot_be_keep_what_was_typed(here, csm, qbr, day):
    typed = {"delivered_on": day, "note": "<script>x</script>"}
    refused = csm.post(here.url(f"occurrences/{qbr.pk}/deliveries/"), typed)
    assert (refused.status_code, list(refused.context["forms"]["done"].errors)) == (422, ["delivered_on"])
    assert "&lt;script&gt;x&lt;/script&gt;" in refused.text


def test_waiving_and_giving_away(here, csm, qbr):
    assert csm.post(here.url(f"occurrences/{qbr.pk}/waivers/"), {"reason": "\0"}).status_code == 422
    manager = here.members["manager"]
    csm.post(here.url(f"occurrences/{qbr.pk}/assignments/"), {"owner": manager.pk})
    csm.post(here.url(f"occurrences/{qbr.pk}/waivers/"), {"reason": "On leave"})
    qbr.refresh_from_db()
    assert (qbr.owner, qbr.waived_reason) == (manager, "On leave")
    page = csm.get(here.url(f"occurrences/{qbr.pk}/"))
    assert [entry.verb for entry in page.context["history"]] == ["waived", "reassigned"]
    late = csm.post(here.url(f"occurrences/{qbr.pk}/waivers/"), {"reason": "Again"})
    assert late.status_code == 409


def test_a_viewer_cannot_be_given_a_service(here, csm, qbr):
    refused = csm.post(here.url(f"occurrences/{qbr.pk}/assignments/"), {"owner": here.members["viewer"].pk})
    assert refused.status_code == 422


def test_a_meeting_is_logged_without_looking_for_its_period(here, csm, qbr):
    url = here.url(f"accounts/{here.account.pk}/deliveries/new/")
    form = csm.get(url).context["form"]
    assert [str(choice[1]) for choice in form.fields["service"].choices] == ["QBR"]
    typed = {"service": qbr.service_id, "delivered_on": "2030-06-29", "note": "Lunch"}
    assert messages(csm.post(url, typed, follow=True)) == ["QBR, Q2 2030 is delivered."]
    assert "Nothing to log it for" in csm.get(url).text
    assert csm.post(url, typed).status_code == 422


def test_the_account_tells_what_is_promised_and_kept(here, csm):
    service, tier = make_service(), make_tier()
    promise(tier, date(2020, 1, 1), [(service, 1, "quarter"), (make_service("Call", "other"), 1, "week")])
    place(here.account, tier, date(2020, 1, 1))
    year_of(here, service)
    year_of(here, make_service("Old", "other"))
    tab = csm.get(here.url(f"accounts/{here.account.pk}/services/"))
    assert [(one["name"], one["kept"].owed, one["percent"]) for one in tab.context["promised"]] == [
        ("Call", 0, "–"),
        ("Old", 3, "33%"),
        ("QBR", 3, "33%"),
    ]
    assert tab.context["promised"][1]["terms"] == "Not promised now"
    panel = next(p for p in csm.get(here.url(f"accounts/{here.account.pk}/")).context["aside_panels"]
                 if p["name"] == "services")["data"]  # fmt: skip
    assert (panel["percent"], panel["kept"], panel["late"]) == ("33%", "2 of 6 on time", 2)


def test_executive_reads_and_cannot_write(here, qbr):
    client = client_of(here.members["executive"])
    for path in ("services/", f"accounts/{here.account.pk}/services/", f"occurrences/{qbr.pk}/"):
        main = client.get(here.url(path)).text.split('id="main"')[1].split("<footer")[0]
        assert 'method="post"' not in main
    assert client.post(here.url(f"occurrences/{qbr.pk}/deliveries/")).status_code == 403


def test_another_workspaces_service_is_not_found(here, elsewhere, qbr):
    stranger = client_of(elsewhere.members["admin"])
    for path in (f"occurrences/{qbr.pk}/", f"accounts/{here.account.pk}/services/", f"occurrences/{10**25}/"):
        assert stranger.get(elsewhere.url(path)).status_code == 404
    assert stranger.post(elsewhere.url(f"occurrences/{qbr.pk}/reopenings/")).status_code == 404


def test_pages_take_a_constant_number_of_queries(here, csm, qbr, django_assert_num_queries):
    pages = [
        ("services/", LIST_QUERIES),
        (f"accounts/{here.account.pk}/services/", TAB_QUERIES),
        (f"occurrences/{qbr.pk}/", ONE_QUERIES),
    ]
    csm.get(here.url("services/"))
    for path, queries in pages:
        with django_assert_num_queries(queries):
            csm.get(here.url(path))
    for number in range(2):
        account = Account.objects.create(name=f"A {number}", owner=here.members["admin"])
        service = make_service(f"Service {number}", "other")
        make_occurrence(account, service, tier=make_tier(f"T {number}", number + 1))
        make_occurrence(here.account, service, owner=here.members["manager"])
        make_occurrence(here.account, service, period="b", delivered_on=TODAY)
    for path, queries in pages:
        with django_assert_num_queries(queries):
            csm.get(here.url(path))
