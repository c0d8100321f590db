"""One value changed in its row: by htmx and without, overtaken, refused, undone."""

import json

import pytest

from accounts.accounts.models import Account
from accounts.book.actions import refresh_book
from accounts.changes.models import ChangeSet
from accounts.tiers.actions import add_tier
from tests.kit import BY, client_of

HTMX = {"HX-Request": "true"}


@pytest.fixture
def send(here):
    refresh_book()

    def do(field, value, seen, role="csm", account=None, **headers):
        url = here.url(f"accounts/{account or here.account.pk}/values/")
        data = {
            "field": field,
            "value": value,
            "seen": json.dumps(seen),
            "back": here.url("book/?cols=tags,owner"),
        }
        return client_of(here.members[role]).post(url, data, headers=headers)

    return do


def now(field):
    return Account.objects.values_list(field, flat=True).get()


def test_the_form_shows_the_value_and_remembers_it(here, send):
    client = client_of(here.members["csm"])
    part = client.get(here.url(f"accounts/{here.account.pk}/values/?field=owner"), headers=HTMX)
    page = part.content.decode()
    assert part.templates[0].name == "book/_value.html"
    assert f'<option value="{here.members["csm"].pk}" selected>' in page
    assert f'name="seen" value="{here.members["csm"].pk}"' in page
    whole = client.get(here.url(f"accounts/{here.account.pk}/values/?field=owner"))
    assert "<html" in whole.content.decode()


def test_htmx_gets_the_row_anew_and_the_way_back(here, send):
    response = send("tags", " vip, eu ,vip", [], **HTMX)
    page = response.content.decode()
    assert now("tags") == ["vip", "eu"]
    assert (response["HX-Retarget"], response["HX-Reswap"]) == ("closest tr", "outerHTML")
    assert [part.split('"')[0] for part in page.split('data-label="')[1:]] == ["Tags", "Owner"]
    done = ChangeSet.objects.get()
    assert done.title == "Tags of Acme Industries: No tags → vip, eu"
    assert here.url(f"changes/{done.pk}/undos/") in page


def test_without_scripts_the_book_comes_back_with_the_undo(here, send):
    response = send("stage", "churned", "onboarding")
    done = ChangeSet.objects.get()
    assert response["Location"] == here.url(f"book/?cols=tags%2Cowner&changed={done.pk}")
    client = client_of(here.members["csm"])
    toast = client.get(response["Location"]).context["toast"]
    assert toast["text"] == "Stage of Acme Industries: Onboarding → Churned"
    assert toast["note"] == "Attention follows in a moment."
    assert toast["next"] == here.url("book/?cols=tags%2Cowner")
    answer = client.post(toast["undo_url"], {"next": toast["next"]})
    assert (answer["Location"], now("stage")) == (toast["next"], "onboarding")
    assert client.get(response["Location"]).context["toast"] is None


def test_each_field_takes_its_kind_of_value(here, send):
    tier = add_tier(by=BY, name="Top")
    send("tier", tier.pk, None)
    send("renewal_on", "2027-05-01", None)
    send("owner", "none", here.members["csm"].pk)
    account = Account.objects.get()
    assert (account.tier_id, str(account.renewal_on), account.owner_id) == (tier.pk, "2027-05-01", None)
    send("renewal_on", "", "2027-05-01")
    assert now("renewal_on") is None


@pytest.mark.parametrize(
    ("day", "problem"),
    [
        ("1990-01-01", "Choose a day from 1 Jan 2000 to 31 Dec"),
        ("2199-01-01", "Choose a day from 1 Jan 2000 to 31 Dec"),
        ("2024-03-13", "The account is a customer since 14 Mar 2024, so it cannot have renewed before."),
    ],
)
def test_a_renewal_that_cannot_be_says_why(here, send, day, problem):
    Account.objects.update(customer_since="2024-03-14")
    response = send("renewal_on", day, None, **HTMX)
    assert (response.status_code, now("renewal_on"), ChangeSet.objects.count()) == (422, None, 0)
    assert problem in response.content.decode()
    assert send("renewal_on", "2024-03-14", None, **HTMX).status_code == 200


def test_only_what_moves_attention_says_so(here, send):
    for field, value, note in (("tags", "vip", 0), ("renewal_on", "2027-05-01", 1)):
        page = send(field, value, [] if field == "tags" else None, **HTMX).content.decode()
        assert page.count("Attention follows in a moment.") == note


def test_who_was_overtaken_is_told_what_it_is_now(here, send):
    Account.objects.update(stage="renewing")
    response = send("stage", "churned", "onboarding", **HTMX)
    page = response.content.decode()
    assert response.status_code == 409
    assert "Somebody else changed this meanwhile: it is Renewing now." in page
    assert 'name="seen" value="&quot;renewing&quot;"' in page
    assert (now("stage"), ChangeSet.objects.count()) == ("renewing", 0)


def test_nothing_changed_makes_no_change_set(here, send):
    assert send("stage", "onboarding", "onboarding", **HTMX).status_code == 200
    assert send("stage", "onboarding", "onboarding").status_code == 302
    assert ChangeSet.objects.count() == 0


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("owner", "999999999"),
        ("owner", ""),
        ("tier", "x"),
        ("stage", "dead"),
        ("renewal_on", "31 February"),
        ("tags", "x" * 41),
        ("tags", ",".join(f"t{n}" for n in range(21))),
        ("tags", "a\x00b"),
        ("tags", "a\x07b"),
    ],
)
def test_what_cannot_be_is_refused(here, send, field, value):
    before = Account.objects.values().get()
    assert send(field, value, None, **HTMX).status_code == 422
    assert Account.objects.values().get() == before


def test_a_forged_seen_is_refused(here):
    url = here.url(f"accounts/{here.account.pk}/values/")
    for seen in ("{", "", "\x00", "[" * 1000 + "]" * 1000, "9" * 2000):
        data = {"field": "stage", "value": "churned", "seen": seen}
        assert client_of(here.members["csm"]).post(url, data).status_code == 422
    assert now("stage") == "onboarding"


@pytest.mark.parametrize(
    ("field", "value", "seen"),
    [
        ("tags", "x", "abc"),
        ("tags", "x", [1, {}]),
        ("tags", "x", ["a\x00b"]),
        ("tags", "x", ["\ud800"]),
        ("tags", "x", None),
        ("owner", "none", 10**30),
        ("owner", "none", -1),
        ("owner", "none", True),
        ("owner", "none", 1.5),
        ("owner", "none", "1"),
        ("tier", "none", [1]),
        ("stage", "churned", {"a": 1}),
        ("stage", "churned", "\x00"),
        ("stage", "churned", None),
        ("renewal_on", "2027-05-01", 5),
        ("renewal_on", "2027-05-01", ""),
        ("renewal_on", "2027-05-01", "2027-02-30"),
    ],
)
def test_what_a_field_cannot_have_was_not_seen(here, send, field, value, seen):
    before = Account.objects.values().get()
    response = send(field, value, seen, **HTMX)
    assert response.status_code == 422
    assert response.context["form"].errors["seen"] == ["Open the form again."]
    assert Account.objects.values().get() == before


def test_tags_follow_the_one_rule_for_tags(here, send):
    send("tags", "Nordics; vip, nordics", [])
    assert now("tags") == ["Nordics", "vip"]


def test_twenty_long_tags_of_any_script_can_be_edited(here, send):
    tags = [f"{'ж' * 37}{n:03}" for n in range(20)]
    Account.objects.update(tags=tags)
    send("tags", ", ".join(tags[1:]), tags)
    assert now("tags") == tags[1:]


@pytest.mark.parametrize("field", ["", "name", "tier_pinned", "workspace"])
def test_other_fields_are_not_there(here, send, field):
    assert send(field, "x", None).status_code == 404


def test_only_who_works_may_and_only_here(here, elsewhere, send):
    assert send("stage", "churned", "onboarding", role="executive").status_code == 403
    assert send("stage", "churned", "onboarding", account=elsewhere.account.pk).status_code == 404
    assert now("stage") == "onboarding"


def test_back_never_leads_away(here):
    refresh_book()
    url = here.url(f"accounts/{here.account.pk}/values/")
    for back in ("https://evil.example/", "//evil.example", "javascript:alert(1)", "/elsewhere/"):
        stage = "churned" if now("stage") != "churned" else "trial"
        data = {"field": "stage", "value": stage, "seen": json.dumps(now("stage")), "back": back}
        location = client_of(here.members["csm"]).post(url, data)["Location"]
        assert location.split("?")[0] == here.url("book/")
