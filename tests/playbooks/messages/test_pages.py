"""Templates with their preview, messages of an account, and writing one by hand."""

import uuid

import pytest

from csworkspace.audit.models import AuditEntry
from csworkspace.jobs.actions import jobs_inline
from csworkspace.mail.models import OutgoingMail
from csworkspace.mail.suppressions import suppress_address
from csworkspace.tenancy.database import open_workspace
from playbooks.messages.actions import compose_for, parsed_of, send_message
from playbooks.messages.happenings import find
from playbooks.messages.library import LIBRARY
from playbooks.messages.models import EmailTemplate, Message
from playbooks.messages.values import Letter
from tests.kit import BY, client_of
from tests.playbooks.kit import TODAY
from tests.playbooks.messages.kit import BODY, make_contact, make_template

TEMPLATES = "settings/email-templates/"


def write(world, contact, key="k") -> Message:
    template = EmailTemplate.objects.filter(key="hello").first() or make_template()
    letter = Letter(world.account, world.members["csm"], TODAY)
    [written] = compose_for([contact], parsed_of(template), letter)
    return send_message(written, letter, by=BY, key=key, template=template)


def fields(**changes) -> dict:
    return {"name": "Hello", "purpose": "", "subject_line": "Hello {{account.name}}", "body": BODY, **changes}


def test_a_template_is_made_changed_and_retired(here, elsewhere, manager):
    url = here.url(TEMPLATES)
    made = manager.post(f"{url}new/", fields())
    template = EmailTemplate.objects.get()
    one = f"{url}{template.pk}/"
    assert (made.status_code, made["Location"], template.key) == (302, one, "hello")
    assert manager.post(f"{one}edit/", fields(subject_line="Good morning", version=1)).status_code == 302
    stale = manager.post(f"{one}edit/", fields(subject_line="Late", version=1))
    assert (stale.status_code, "Somebody else changed this" in stale.text) == (409, True)
    template.refresh_from_db()
    assert (template.subject, template.version) == ("Good morning", 2)
    assert AuditEntry.objects.get(verb="changed").before == {"subject": "Hello {{account.name}}"}
    manager.post(f"{one}retirements/")
    assert EmailTemplate.objects.get().retired_at
    manager.post(f"{one}retirements/", {"back": "1"})
    assert EmailTemplate.objects.get().retired_at is None
    with open_workspace(elsewhere.workspace.pk):
        assert EmailTemplate.objects.count() == 0


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"body": "{{contact.nam}}"}, "Did you mean {{contact.name}}?"),
        ({"body": "{% load x %}"}, "is template code"),
        ({"subject_line": "{{account.secret}}"}, "There is no placeholder “account.secret”"),
        ({"subject_line": "a\nb"}, "has a line break"),
    ],
)
def test_wrong_texts_are_refused_on_their_field(here, manager, changes, said):
    answer = manager.post(here.url(f"{TEMPLATES}new/"), fields(**changes))
    assert any(said in error for error in answer.context["form"].errors[next(iter(changes))])
    assert (answer.status_code, EmailTemplate.objects.count()) == (422, 0)


def test_the_ready_made_ones_are_added_once(here, manager):
    url = here.url(TEMPLATES)
    assert len(manager.get(url).context["ready_made"]) == len(LIBRARY)
    for _ in range(2):
        manager.post(f"{url}copies/")
    assert EmailTemplate.objects.count() == len(LIBRARY)
    page = manager.get(url)
    assert page.context["ready_made"] == []
    assert len(page.context["rows"]) == len(LIBRARY)


def test_the_preview_shows_a_real_account_with_warnings(here, elsewhere, csm):
    with open_workspace(elsewhere.workspace.pk):
        make_contact(elsewhere.account, "Eve Other")
    contact = make_contact(here.account)
    suppress_address(contact.email, "bounced", by=BY)
    template = make_template(body="{{contact.name}} {{account.renewal_on}} {{plan.title|our plan}}")
    page = csm.get(here.url(f"{TEMPLATES}{template.pk}/"))
    look = page.context["look"]
    assert (look.subject, look.text) == (
        "Hello Acme Industries",
        "Ruth Kessler {{account.renewal_on}} our plan",
    )
    assert look.stops
    assert look.warnings == [
        "Would not be sent: {{account.renewal_on}} is empty, because the account has no renewal date. "
        "Write words for that case after |.",
        "ruth@customer.example gets no e-mails (bounced): this one would not be sent.",
        "No value for {{plan.title}}: your words for that case are used.",
    ]
    for query in ("?q=nobody", "?account=999999&contact=x", "?account=x&q=acme"):
        assert csm.get(here.url(f"{TEMPLATES}{template.pk}/{query}")).status_code == 200


def test_values_of_people_are_shown_as_text(here, csm):
    make_contact(here.account, "<script>alert(1)</script>")
    template = make_template(body="Hi {{contact.name}}")
    text = csm.get(here.url(f"{TEMPLATES}{template.pk}/")).text
    assert "<script>alert(1)</script>" not in text
    assert "Hi &lt;script&gt;alert(1)&lt;/script&gt;" in text


def test_a_test_goes_to_oneself_only(here, csm, django_capture_on_commit_callbacks):
    make_contact(here.account)
    template = make_template()
    with jobs_inline(), django_capture_on_commit_callbacks(execute=True):
        csm.post(here.url(f"{TEMPLATES}{template.pk}/tests/"))
    mail = OutgoingMail.objects.get()
    assert (mail.to, mail.audience, mail.subject, mail.state) == (
        "csm@northwind.example", "team", "Test: Hello Acme Industries", "sent",
    )  # fmt: skip
    assert Message.objects.count() == 0


def test_a_csm_writes_by_hand_and_a_second_press_sends_nothing(here, csm):
    contact = make_contact(here.account)
    template = make_template()
    url = here.url(f"accounts/{here.account.pk}/messages/new/")
    start = csm.get(f"{url}?template={template.pk}&contact={contact.pk}").context["form"].initial
    assert start["body"] == "Hello Ruth,\n\nhow is Acme Industries?\n\nCsm of Northwind"
    data = {**start, "body": "Dear {{contact.first_name}}", "once": str(uuid.uuid4())}
    first, second = csm.post(url, data), csm.post(url, data)
    message = Message.objects.get()
    assert first["Location"] == second["Location"] == here.url(f"messages/{message.pk}/")
    assert (message.text, message.template, message.mail.reply_to) == (
        "Dear Ruth", template, "csm@northwind.example",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"body": "{{contact.email}}"}, "body"),
        ({"body": "{{account.renewal_on}}"}, "body"),
        ({"contact": "999999"}, "contact"),
        ({"contact": "x"}, "contact"),
        ({"once": "x"}, "once"),
        ({"subject": ""}, "subject"),
    ],
)
def test_what_cannot_be_sent_is_said(here, csm, changes, field):
    contact = make_contact(here.account)
    url = here.url(f"accounts/{here.account.pk}/messages/new/")
    data = {"contact": contact.pk, "subject": "s", "body": "b", "once": uuid.uuid4(), **changes}
    answer = csm.post(url, data)
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])
    assert OutgoingMail.objects.count() == 0


def test_nobody_writes_to_another_accounts_people(here, elsewhere, csm):
    from accounts.accounts.models import Account

    make_contact(here.account)
    other = make_contact(Account.objects.create(name="Other"), "Olga Other")
    url = here.url(f"accounts/{here.account.pk}/messages/new/")
    answer = csm.post(url, {"contact": other.pk, "subject": "s", "body": "b", "once": uuid.uuid4()})
    assert list(answer.context["form"].errors) == ["contact"]


def test_the_account_lists_its_messages_and_each_has_a_page(here, elsewhere, csm, django_assert_num_queries):
    with open_workspace(elsewhere.workspace.pk):
        write(elsewhere, make_contact(elsewhere.account, "Eve Other"))
    contact = make_contact(here.account)
    message = write(here, contact)
    url = here.url(f"accounts/{here.account.pk}/messages/")
    with django_assert_num_queries(14):
        page = csm.get(url)
    assert [row.recipient for row in page.context["rows"]] == ["Ruth Kessler <ruth@customer.example>"]
    for number in (2, 3):
        write(here, contact, f"k{number}")
    with django_assert_num_queries(14):
        csm.get(url)
    OutgoingMail.objects.filter(pk=message.mail_id).update(state="uncertain", error="The connection broke.")
    text = csm.get(here.url(f"messages/{message.pk}/")).text
    assert "It was sent" in text
    assert "Send again" in text
    executive = client_of(here.members["executive"]).get(here.url(f"messages/{message.pk}/")).text
    assert "It was sent" not in executive


def test_messages_are_on_the_timeline_in_pages(rf, here, elsewhere):
    with open_workspace(elsewhere.workspace.pk):
        write(elsewhere, make_contact(elsewhere.account, "Eve Other"))
    contact = make_contact(here.account)
    made = [write(here, contact, f"k{number}") for number in range(3)]
    Message.objects.update(created_at=made[0].created_at)
    request = rf.get("/")
    request.workspace = here.workspace
    first = find(request, here.account.pk, None, 2)
    rest = find(request, here.account.pk, (first[-1].at, first[-1].key), 2)
    assert sorted(one.key for one in [*first, *rest]) == sorted(f"message {one.pk}" for one in made)
    assert first[0].title == "E-mail to Ruth Kessler: Hello Acme Industries"
    assert first[0].url.startswith("/w/northwind/messages/")


def test_a_value_that_looks_like_a_placeholder_stays_text_when_writing_by_hand(here):
    contact = make_contact(here.account, "{{account.name}} {Eve}", email="eve@customer.example")
    template = make_template(body="Hello {{contact.name}}, {{account.renewal_on}}")
    url = here.url(f"accounts/{here.account.pk}/messages/new/?template={template.pk}&contact={contact.pk}")
    form = client_of(here.members["csm"]).get(url).context["form"]
    assert form["body"].value() == "Hello account.name Eve, {{account.renewal_on}}"
