"""What the palette finds, for whom, in how many queries."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.accounts.actions import create_account
from accounts.book.actions import refresh_book
from accounts.contacts.actions import create_contact
from accounts.segments.models import Segment
from csworkspace.palette.pages import closest
from csworkspace.palette.slots import Hit, sources
from csworkspace.tenancy.database import open_workspace
from tests.csworkspace.palette.makers import plan_of
from tests.kit import BY, client_of


def ask(here, text, role="csm", **headers):
    return client_of(here.members[role]).get(here.url("find/"), {"q": text}, headers=headers)


def found(here, text, role="csm"):
    """Group → labels."""
    groups = ask(here, text, role).context["groups"]
    return {group.label: [hit.label for hit in group.hits] for group in groups}


def test_accounts_are_found_by_name_domain_and_external_id(here, elsewhere):
    made = create_account(by=BY, name="Élan Vital", domains=["elan.example"], external_id="CRM-77")
    for text in ("elan v", "ELAN.EXAMPLE", "crm-77", "vital élan"):
        (group,) = ask(here, text).context["groups"]
        assert [(hit.label, hit.url, hit.note) for hit in group.hits] == [
            ("Élan Vital", here.url(f"accounts/{made.pk}/"), "elan.example")
        ], text


def test_the_closest_comes_first_and_six_are_shown(here):
    for name in (
        "Pine Port",
        "Port",
        "Portal",
        "Rapport",
        "Port Valdane",
        "Old Port",
        "Airport City",
        "Ports",
    ):
        create_account(by=BY, name=name)
    assert found(here, "port")["Accounts"] == [
        "Port",
        "Ports",
        "Portal",
        "Port Valdane",
        "Old Port",
        "Pine Port",
    ]


def test_an_external_id_is_as_good_as_the_name(here):
    create_account(by=BY, name="A", external_id="X-100")
    create_account(by=BY, name="Brown and Daughters", external_id="X-10")
    assert found(here, "x-10")["Accounts"] == ["Brown and Daughters", "A"]


def test_people_are_found_by_name_and_address_and_lead_to_their_account(here):
    ann = create_contact(here.account, by=BY, name="Ann Müller", email="a.mueller@acme.example")
    refresh_book()
    for text in ("muller", "A.MUELLER", "ann acme.ex"):
        (group,) = ask(here, text).context["groups"]
        (hit,) = group.hits
        assert (group.label, hit.label, hit.note) == ("People", "Ann Müller", "Acme Industries")
        assert hit.url == here.url(f"accounts/{here.account.pk}/people/#person-{ann.pk}")


def test_plans_are_found_by_title_and_account(here):
    refresh_book()
    plan = plan_of(here, "Faster close")
    for text in ("close", "acme close"):
        groups = {group.label: group.hits for group in ask(here, text).context["groups"]}
        assert [(hit.label, hit.note, hit.url) for hit in groups["Plans"]] == [
            ("Faster close", "Acme Industries, draft", here.url(f"plans/{plan.pk}/"))
        ]


def test_segments_are_found_with_their_size(here):
    segment = Segment.objects.create(name="Énergie, large", size=1, actor="Test")
    (group,) = ask(here, "large energ").context["groups"]
    assert [(group.label, hit.label, hit.note, hit.url) for hit in group.hits] == [
        ("Segments", "Énergie, large", "1 account", here.url(f"segments/{segment.pk}/"))
    ]


def test_pages_and_actions_are_those_the_person_may_open(here):
    assert found(here, "new ac") == {"Actions": ["New account"]}
    assert found(here, "new ac", "executive") == {}
    assert found(here, "audit", "admin") == {"Pages": ["Audit log"]}
    assert found(here, "audit", "manager") == {}
    assert found(here, "tiers", "manager") == {"Pages": ["Tiers", "Suggested tiers"]}
    assert found(here, "tiers", "csm") == {}


@pytest.mark.parametrize(
    ("text", "page", "note", "url", "roles"),
    [
        ("sug", "Suggested tiers", "Tiers", "settings/tiers/suggestions/", "manager"),
        ("tier templ", "Tier templates", "Tiers", "settings/tiers/templates/", "manager"),
        ("catal", "Services catalogue", "Tiers", "settings/catalogue/", "manager"),
        ("currenc", "Currencies", "Settings", "settings/currencies/", "manager"),
        ("chang", "Changes", "Book", "changes/", "manager csm executive"),
        ("undo", "Changes", "Book", "changes/", "manager csm executive"),
        ("What-if", "What-if", "Capacity", "capacity/scenarios/", "manager csm executive"),
        ("scenario", "What-if", "Capacity", "capacity/scenarios/", "manager csm executive"),
        ("how many", "How many accounts?", "Capacity", "capacity/calculator/", "manager csm executive"),
        ("CALC", "How many accounts?", "Capacity", "capacity/calculator/", "manager csm executive"),
    ],
)
def test_pages_beyond_the_navigation_are_found_by_who_may_open_them(here, text, page, note, url, roles):
    for role in ("manager", "csm", "executive"):
        hits = [hit for group in ask(here, text, role).context["groups"] for hit in group.hits]
        expected = [(page, note, here.url(url))] if role in roles else []
        assert [(hit.label, hit.note, hit.url) for hit in hits] == expected


def test_what_is_called_so_comes_before_what_may_be(here):
    room, what_if = Hit("Scenario room", "/a/"), Hit("What-if", "/b/", words="scenario")
    assert closest("scenario", [what_if, room]) == [room, what_if]


def test_without_a_text_it_shows_the_navigation(here):
    reads, manages = found(here, "", "executive"), found(here, " \x00 ", "admin")
    assert list(reads) == ["Pages"]
    assert "Settings" not in reads["Pages"]
    assert reads["Pages"][:2] == ["My day", "Tasks"]
    assert manages["Pages"][-1] == "Settings"
    assert manages["Actions"] == [
        "Import accounts",
        "Invite somebody",
        "New account",
        "New framework",
        "New incident",
        "New indicator",
        "New metric",
        "New playbook",
        "New segment",
        "New task",
    ]


@pytest.mark.parametrize(
    "text", ["%", "_", "%%%", "\\", "'", '"', "\x00", "a\x00b", "<script>", "$$", "é" * 10_000, "z " * 5000]
)
def test_hostile_texts_find_nothing_and_break_nothing(here, text):
    refresh_book()
    create_contact(here.account, by=BY, name="Ann", email="ann@acme.example")
    plan_of(here, "Faster close")
    response = ask(here, text)
    assert response.status_code == 200
    names = [hit.label for group in response.context["groups"] for hit in group.hits]
    assert not {"Acme Industries", "Ann", "Faster close"} & set(names)
    assert "<script>" not in response.text.split("<main", 1)[1].split("</main>")[0]


def test_nothing_of_another_workspace_is_found(here, elsewhere):
    with open_workspace(elsewhere.workspace.pk):
        refresh_book()
        create_contact(elsewhere.account, by=BY, name="Zoe Only There", email="zoe@there.example")
        plan_of(elsewhere, "Zoe's plan")
        Segment.objects.create(name="Zoe likes", actor="Test")
        create_account(by=BY, name="Zoe Works")
    assert found(here, "zoe") == {}
    refresh_book()
    (group,) = ask(here, "acme").context["groups"]
    assert [hit.url for hit in group.hits] == [here.url(f"accounts/{here.account.pk}/")]


def test_customers_have_no_palette(here):
    assert ask(here, "acme", "viewer").status_code == 404


def test_the_part_for_the_palette_is_a_listbox(here):
    refresh_book()
    part = ask(here, "acme", **{"HX-Request": "true"})
    assert "HX-Request" in part["Vary"]
    assert "<html" not in part.text
    assert part.text.count('role="option"') == 1
    assert 'data-text="acme"' in part.text
    whole = ask(here, "acme")
    assert "<html" in whole.text
    assert 'role="option"' not in whole.text
    nothing = ask(here, "no <such> thing", **{"HX-Request": "true"})
    assert "Nothing is called “no &lt;such&gt; thing”." in nothing.text


def count(here, text):
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert ask(here, text).status_code == 200
    return len([query for query in queries if "set_config" not in query["sql"]])


def test_one_query_for_each_source_whatever_there_is(here):
    refresh_book()
    bare, asked = count(here, ""), len([one for one in sources() if not one.answers_empty])
    assert count(here, "acme") == bare + asked
    for number in range(3):
        account = create_account(by=BY, name=f"Acme {number}")
        create_contact(account, by=BY, name=f"Ann Acme {number}", email=f"ann@{number}.example")
    assert count(here, "acme") == bare + asked


def test_every_page_of_staff_has_the_dialog_and_its_link(here):
    page = client_of(here.members["executive"]).get(here.url("book/")).text
    assert page.count('<dialog class="palette"') == 1
    assert page.count("data-palette-open") == 2
    portal = client_of(here.members["viewer"]).get(here.url("portal/"), follow=True).text
    assert "data-palette" not in portal
