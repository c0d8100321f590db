"""The inbox, one signal, and the account's tab."""

import csv
import io

import pytest

from accounts.accounts.models import Account
from accounts.book.actions import refresh_book
from playbooks.signals import lists
from playbooks.signals.filters import SignalFilter
from playbooks.signals.lists import OF_ACCOUNT, PAGE
from playbooks.signals.models import HeldBack, Signal
from tests.kit import client_of
from tests.playbooks.kit import TODAY, ago
from tests.playbooks.signals.kit import make_indicator, make_signal

INBOX_QUERIES, ONE_QUERIES, TAB_QUERIES = 19, 19, 17
HOSTILE = "<script>alert(1)</script> \u202e=1+1"


def messages(response):
    return [str(message) for message in response.context["messages"]]


def shown(response):
    return [(group.account, [row.title for row in group.rows]) for group in response.context["groups"]]


def test_the_inbox_tells_one_story_for_each_account_the_worst_first(here, elsewhere, csm):
    calm = Account.objects.create(name="Calm", owner=here.members["csm"])
    make_signal(calm, "Low", severity=1)
    make_signal(here.account, "Medium")
    make_signal(here.account, "High", severity=3)
    make_signal(here.account, "Over", state="resolved", outcome="lost", resolved_on=TODAY)
    make_signal(here.account, "Later", state="snoozed", snoozed_until=ago(-3))
    others = Account.objects.create(name="Somebody else's", owner=here.members["manager"])
    make_signal(others, "Not mine", severity=3)
    elsewhere.open()
    make_signal(elsewhere.account, "Theirs", severity=3)
    here.open()
    page = csm.get(here.url("signals/"))
    assert shown(page) == [("Acme Industries", ["High", "Medium"]), ("Calm", ["Low"])]
    assert [(tab["label"], tab["count"]) for tab in page.context["states"]] == [
        ("To look at", "3"), ("Open", "3"), ("Acknowledged", "0"), ("Snoozed", "1"), ("Resolved", "1"),
    ]  # fmt: skip
    everybody = csm.get(here.url("signals/?owner=all"))
    assert [name for name, _ in shown(everybody)] == ["Somebody else's", "Acme Industries", "Calm"]
    team = client_of(here.members["executive"]).get(here.url("signals/"))
    assert shown(team) == shown(everybody)
    assert "Acknowledge" not in team.content.decode().split("<main")[1].replace("Acknowledged", "")


def test_filters_narrow_the_list_and_its_counts(here, csm):
    from accounts.segments.models import Segment
    from accounts.tiers.models import Tier

    tier, indicator = Tier.objects.create(name="Top", position=1), make_indicator()
    other = Account.objects.create(name="Other", tier=tier, owner=here.members["csm"])
    make_signal(here.account, "Risk", indicator=indicator)
    make_signal(other, "Chance", kind="opportunity", severity=3)
    definition = {"match": "all", "groups": [{"match": "all", "conditions": [
        {"field": "signal_kind", "op": "in", "value": ["opportunity"], "of": ""}]}]}  # fmt: skip
    segment = Segment.objects.create(name="Chances", definition=definition, actor="x")

    def found(query):
        page = csm.get(here.url(f"signals/?{query}"))
        return [title for _, titles in shown(page) for title in titles], page.context["states"][0]["count"]

    assert found("") == (["Chance", "Risk"], "2")
    assert found("kind=opportunity") == (["Chance"], "1")
    assert found("severity=3") == (["Chance"], "1")
    assert found(f"tier={tier.pk}") == (["Chance"], "1")
    assert found(f"indicator={indicator.pk}") == (["Risk"], "1")
    assert found(f"segment={segment.pk}") == (["Chance"], "1")
    assert found("owner=none") == ([], "0")
    for hostile in (
        "kind=x",
        f"tier={'9' * 30}",
        "after=%00",
        "after=1.x",
        "owner=%00",
        "state=%00",
        "severity=9",
    ):
        assert found(hostile) == (["Chance", "Risk"], "2")


def test_pages_follow_each_other_without_a_gap(here, csm):
    rows = [Account.objects.create(name=f"A{n:02}", owner=here.members["csm"]) for n in range(PAGE + 2)]
    for n, account in enumerate(rows):
        make_signal(account, f"S{n}", severity=1 + n % 3)
    first = csm.get(here.url("signals/"))
    second = csm.get(here.url("signals/") + first.context["next_url"])
    names = [name for page in (first, second) for name, _ in shown(page)]
    assert (len(shown(first)), sorted(names)) == (PAGE, sorted(account.name for account in rows))
    assert (second.context["next_url"], bool(second.context["first_url"])) == ("", True)


def test_of_equally_bad_accounts_many_high_signals_and_much_money_come_first(here, csm, monkeypatch):
    monkeypatch.setattr("playbooks.signals.lists.PAGE", 2)
    money = {"Two": 1, "Rich": 900, "Poor": 5, "None": None, "Low": 9999, "New": None}
    for name, arr in money.items():
        account = Account.objects.create(name=name, owner=here.members["csm"], arr=arr)
        refresh_book([account.pk])
        make_signal(account, "S", severity=1 if name == "Low" else 3)
        if name == "Two":
            make_signal(account, "T", severity=3)
    pages, url = [], ""
    while not pages or url:
        page = csm.get(here.url("signals/") + url)
        pages, url = [*pages, [name for name, _ in shown(page)]], page.context["next_url"]
    assert pages == [["Two", "Rich"], ["Poor", "New"], ["None", "Low"]]


def test_an_account_shows_its_worst_signals_and_how_many_others_there_are(here, csm):
    for n in range(OF_ACCOUNT + 2):
        make_signal(here.account, f"S{n}", severity=3 if n == 0 else 1)
    group = csm.get(here.url("signals/")).context["groups"][0]
    assert (group.rows[0].title, len(group.rows), group.more, group.count) == (
        "S0", OF_ACCOUNT, "2 more signals", "7 signals",
    )  # fmt: skip


@pytest.mark.parametrize("many", [1, 3])
def test_queries_do_not_depend_on_the_number_of_signals(here, csm, django_assert_num_queries, many):
    for n in range(many):
        account = Account.objects.create(name=f"A{n}", owner=here.members["csm"])
        make_signal(account, "S", owner=here.members["csm"], indicator=make_indicator(f"i{n}"))
        made = make_signal(here.account, f"S{n}", state="acknowledged")
        make_signal(here.account, f"Old {n}", state="resolved", resolved_on=TODAY, outcome="lost")
    for path, queries in (
        ("signals/", INBOX_QUERIES),
        (f"signals/{made.pk}/", ONE_QUERIES),
        (f"accounts/{here.account.pk}/signals/", TAB_QUERIES),
    ):
        with django_assert_num_queries(queries):
            assert csm.get(here.url(path)).status_code == 200


def test_hostile_words_are_only_words(here, csm):
    evidence = [
        {"label": HOSTILE, "value": HOSTILE, "unit": "", "day": "never", "page": "no-such-page", "args": []},
        {
            "label": "x",
            "value": "1",
            "unit": "%",
            "day": "2030-06-01",
            "page": "account",
            "args": [here.account.pk],
        },
        {"page": ["x"], "args": {"a": 1}},
        17,
    ]
    one = make_signal(here.account, HOSTILE, note=HOSTILE, evidence=evidence)
    for path in (
        "signals/",
        f"signals/{one.pk}/",
        f"accounts/{here.account.pk}/signals/",
        f"accounts/{here.account.pk}/",
    ):
        text = csm.get(here.url(path)).content.decode()
        assert "<script>alert" not in text
        assert "&lt;script&gt;alert(1)" in text
    page = csm.get(here.url(f"signals/{one.pk}/"))
    assert [(row.value, row.day, bool(row.url)) for row in page.context["evidence"]] == [
        (HOSTILE, "–", False), ("1\u00a0%", "1 Jun 2030", True), ("–", "–", False),
    ]  # fmt: skip
    rows = list(csv.reader(io.StringIO(csm.get(here.url("signals/export/")).content.decode())))
    assert (len(rows), rows[1][rows[0].index("severity")]) == (2, "medium")


def test_ticked_signals_are_worked_on_together(here, elsewhere, csm):
    one, two = make_signal(here.account, "One"), make_signal(here.account, "Two")
    elsewhere.open()
    stranger = make_signal(elsewhere.account)
    here.open()
    ids = {"signal": [one.pk, two.pk, stranger.pk, "x", "9" * 30]}

    def post(path, **data):
        return csm.post(here.url(f"signals/{path}/?owner=all&state=open"), {**ids, **data}, follow=True)

    page = post("acknowledgements", until="nonsense")
    assert messages(page) == ["2 signals acknowledged. 1 other had changed meanwhile."]
    assert page.redirect_chain[-1][0].endswith("/signals/?owner=all&state=open")
    assert csm.post(here.url("signals/snoozes/"), ids).status_code == 422
    refused = csm.post(here.url("signals/snoozes/"), {**ids, "until": ago(1).isoformat()})
    assert (refused.status_code, list(refused.context["many"].errors)) == (422, ["until"])
    assert messages(post("snoozes", until=ago(-4).isoformat()))[0].startswith("2 signals snoozed.")
    unsaid = csm.post(here.url("signals/resolutions/"), ids)
    assert (unsaid.status_code, "Choose what became of them." in unsaid.content.decode()) == (422, True)
    assert messages(post("resolutions", outcome="lost", note="x"))[0].startswith("2 signals resolved.")
    assert set(Signal.objects.values_list("state", "outcome")) == {("resolved", "lost")}
    nothing = csm.post(here.url("signals/acknowledgements/"), {}, follow=True)
    assert messages(nothing) == ["Nothing was ticked. Tick signals first."]


def test_one_signal_from_open_to_resolved(here, csm):
    one = make_signal(here.account, indicator=make_indicator(description="Less use foretells churn."))
    url = f"signals/{one.pk}/"
    page = csm.get(here.url(url))
    assert "Less use foretells churn." in page.content.decode()
    csm.post(here.url(f"{url}acknowledgements/"), {"version": 1})
    stale = csm.post(here.url(f"{url}resolutions/"), {"version": 1, "outcome": "lost"})
    assert (stale.status_code, Signal.objects.get().state) == (409, "acknowledged")
    bad = csm.post(here.url(f"{url}snoozes/"), {"version": 2, "until": "soon"})
    assert (bad.status_code, list(bad.context["forms"]["snooze"].errors)) == (422, ["until"])
    csm.post(here.url(f"{url}snoozes/"), {"version": 2, "until": ago(-4).isoformat()})
    done = csm.post(
        here.url(f"{url}resolutions/"), {"version": 3, "outcome": "addressed", "note": "Met."}, follow=True
    )
    assert messages(done)[-1] == "The signal is resolved."
    assert [entry.verb for entry in done.context["history"]] == ["resolved", "snoozed", "acknowledged"]
    csm.post(here.url(f"{url}reopenings/"), {"version": 4})
    assert Signal.objects.get().state == "open"


def test_the_row_alone_for_htmx_and_the_way_back_without(here, csm):
    one, two = make_signal(here.account, "One"), make_signal(here.account, "Two")
    here_url = here.url("signals/?owner=all")
    row = csm.post(
        here.url(f"signals/{one.pk}/acknowledgements/"),
        {"version": 1, "next": here_url},
        HTTP_HX_REQUEST="true",
    )
    text = row.content.decode()
    assert text.lstrip().startswith("<li")
    assert "Acknowledged by Csm of Northwind" in text
    back = csm.post(here.url(f"signals/{two.pk}/acknowledgements/"), {"version": 1, "next": here_url})
    assert back["Location"] == here_url
    again = csm.post(
        here.url(f"signals/{two.pk}/acknowledgements/"), {"version": 1, "next": "https://evil.example"}
    )
    assert again.status_code == 409


def test_a_signal_by_hand(here, csm):
    url = here.url(f"accounts/{here.account.pk}/signals/new/")
    given = {"title": " The director\n leaves ", "kind": "people", "severity": "3", "note": "Heard."}
    page = csm.post(url, given, follow=True)
    made = Signal.objects.get()
    assert (made.title, made.kind, made.severity, messages(page)) == (
        "The director leaves", "people", 3, ["The signal is raised."],
    )  # fmt: skip
    assert csm.post(url, given).status_code == 422
    assert csm.post(url, {**given, "title": "\u200b"}).status_code == 422
    assert Signal.objects.count() == 1


def test_the_tab_shows_what_waits_what_is_over_and_the_news(here, csm):
    from accounts.news.models import News

    make_signal(here.account, "Waits")
    make_signal(here.account, "Over", state="resolved", resolved_on=TODAY, outcome="recovered")
    News.objects.create(account=here.account, kind="funding", title="Series B", happened_on=ago(3), actor="x")
    page = csm.get(here.url(f"accounts/{here.account.pk}/signals/"))
    assert [row.title for row in page.context["waiting"]] == ["Waits"]
    assert [(row.title, row.state_label) for row in page.context["past"]] == [
        ("Over", "Recovered by itself, 30 Jun")
    ]
    assert [item.title for item in page.context["news"]] == ["Series B"]


def test_the_margin_of_the_overview_shows_the_worst(here, csm):
    url = here.url(f"accounts/{here.account.pk}/")
    assert "panel-signals" not in csm.get(url).content.decode()
    make_signal(here.account, "Grew silent")
    assert "Grew silent" in csm.get(url).content.decode()


def test_the_notice_of_the_cap_is_shown_to_those_it_concerns(here, csm, manager):
    HeldBack.objects.create(account=here.account, day=TODAY, indicator_ids=[1, 2])
    said = "2 signals of 1 account are held back today"
    for path in ("signals/", f"accounts/{here.account.pk}/signals/"):
        assert csm.get(here.url(path)).context["held"].startswith(said)
    assert "Change the limit" in manager.get(here.url("signals/")).content.decode()
    assert "Change the limit" not in csm.get(here.url("signals/")).content.decode()
    here.account.owner = here.members["manager"]
    here.account.save()
    assert csm.get(here.url("signals/")).context["held"] == ""
    HeldBack.objects.update(day=ago(1))
    assert manager.get(here.url("signals/")).context["held"] == ""


def test_the_limit_is_a_managers(here, csm, manager):
    url = here.url("settings/signals/")
    assert csm.get(url).status_code == 403
    assert manager.get(url).context["form"].initial == {"most_per_day": 5}
    page = manager.post(url, {"most_per_day": 3, "version": 1}, follow=True)
    assert messages(page) == ["From now on at most 3 signals per account and day."]
    assert manager.post(url, {"most_per_day": 0, "version": 2}).status_code == 422
    stale = manager.post(url, {"most_per_day": 4, "version": 1})
    assert (stale.status_code, "Somebody else changed this" in stale.content.decode()) == (409, True)


def test_links_to_what_is_not_there_are_left_out(here, csm):
    one = make_signal(here.account)
    page = csm.get(here.url(f"signals/{one.pk}/"))
    assert all(step.url for step in page.context["steps"])


def test_an_account_whose_signals_move_on_meanwhile_is_left_out(here, monkeypatch):
    make_signal(here.account)
    monkeypatch.setattr(lists, "_signals", lambda view, account_ids: {pk: [] for pk in account_ids})
    assert lists.groups_of(SignalFilter(), TODAY) == ([], None)
