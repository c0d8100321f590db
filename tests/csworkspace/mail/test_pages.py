"""The outbox: what waits, what went wrong, and what a person decides."""

from django.contrib.messages import get_messages

from csworkspace.mail.actions import queue_mail
from csworkspace.mail.models import OutgoingMail
from csworkspace.tenancy.database import open_workspace
from tests.kit import BY, client_of


def make(key: str, **fields) -> OutgoingMail:
    mail = queue_mail(key, f"{key}@customer.example", f"About {key}", "Hello <b>you</b>", by=BY)
    OutgoingMail.objects.filter(pk=mail.pk).update(**fields)
    mail.refresh_from_db()
    return mail


def subjects(page) -> list[str]:
    return [row.subject for row in page.context["rows"]]


def test_the_outbox_lists_and_filters(here, elsewhere, manager):
    with open_workspace(elsewhere.workspace.pk):
        make("theirs")
    url = here.url("settings/outbox/")
    assert "Nothing has been sent yet" in manager.get(url).text
    make("one", state="sent")
    make("two", state="uncertain", error="The connection broke.", audience="customer")
    make("three", state="failed")
    assert subjects(manager.get(url)) == ["About three", "About two", "About one"]
    assert subjects(manager.get(url, {"state": "decide"})) == ["About three", "About two"]
    assert subjects(manager.get(url, {"audience": "customer"})) == ["About two"]
    assert subjects(manager.get(url, {"q": "ONE@"})) == ["About one"]
    assert subjects(manager.get(url, {"state": "nonsense", "before": "x"})) == [
        "About three",
        "About two",
        "About one",
    ]
    assert "No mail is like this" in manager.get(url, {"state": "sent", "q": "two"}).text


def test_the_page_says_when_the_server_is_down(here, manager, settings):
    url = here.url("settings/outbox/")
    assert manager.get(url).context["notice"]["title"] == "No mail server is set up"
    settings.MAIL_CONFIGURED = True
    assert manager.get(url).context["notice"] is None
    mail = make("held", is_held=True, attempts=1, error="The mail server cannot be reached (refused).")
    OutgoingMail.objects.filter(pk=mail.pk).update(sending_since=mail.created_at)
    notice = manager.get(url).context["notice"]
    assert (notice["tone"], notice["title"]) == ("warning", "1 mail waits because of the mail server")
    assert notice["text"].startswith("The mail server cannot be reached (refused). Last tried ")


def test_the_number_of_queries_does_not_grow(here, manager, django_assert_num_queries):
    url = here.url("settings/outbox/")
    make("one")
    with django_assert_num_queries(15):
        manager.get(url)
    make("two")
    make("three")
    with django_assert_num_queries(15):
        manager.get(url)


def test_one_mail_shows_its_text_without_running_it(here, manager):
    mail = make("one", state="failed", error="The mail was refused: 554 spam", trail=[
        {"at": "2026-03-01T10:00:00+00:00", "what": "The mail was refused: 554 spam"}
    ])  # fmt: skip
    text = manager.get(here.url(f"settings/outbox/{mail.pk}/")).text
    assert "Hello &lt;b&gt;you&lt;/b&gt;" in text
    assert text.count("The mail was refused: 554 spam") == 2
    assert "1 Mar 2026, 10:00" in text


def test_a_person_decides_and_comes_back_to_where_they_were(here, manager):
    mail = make("one", state="uncertain")
    one = here.url(f"settings/outbox/{mail.pk}/")
    answer = manager.post(f"{one}confirmations/", {"next": here.url("settings/outbox/")})
    assert (answer.status_code, answer["Location"]) == (302, here.url("settings/outbox/"))
    mail.refresh_from_db()
    assert mail.state == "sent"
    again = manager.post(f"{one}sendings/", {"next": "https://evil.example/"})
    assert again["Location"] == one
    assert [str(m) for m in get_messages(again.wsgi_request)][-1] == (
        "This mail is “sent”: there is nothing to send again."
    )
    waiting = make("two")
    manager.post(here.url(f"settings/outbox/{waiting.pk}/cancellations/"))
    waiting.refresh_from_db()
    assert waiting.state == "cancelled"


def test_who_does_not_manage_decides_about_mails_to_customers_only(here):
    csm, team, customer = client_of(here.members["csm"]), make("digest"), make("two", audience="customer")
    urls = [here.url(f"settings/outbox/{mail.pk}/cancellations/") for mail in (team, customer)]
    assert [csm.post(url).status_code for url in urls] == [404, 302]
    assert list(OutgoingMail.objects.order_by("pk").values_list("state", flat=True)) == [
        "waiting",
        "cancelled",
    ]
