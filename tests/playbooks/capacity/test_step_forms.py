"""Forms of a what-if's steps whose leading field says what the others start from."""

import pytest
from django.http import QueryDict

from playbooks.capacity.models import Scenario
from playbooks.capacity.step_forms import LoseForm, TermsForm
from tests.kit import client_of
from tests.playbooks.capacity.kit import CHECK, REST, REVIEW, TOP, account, csm, hire, promise, state, terms

PRIYA, HELEN = 7, 8
TERMS = {
    TOP: {REVIEW: terms(times=2, per="year", hours="7.50")},
    REST: {CHECK: terms(CHECK, times=3, per="month", hours="0.25")},
}


@pytest.fixture
def now():
    people = [csm(PRIYA, "Priya"), csm(HELEN, "Helen")]
    return state([account(1, PRIYA)], people, terms=(TERMS,) * 5)


def form_of(kind, now, **options):
    return kind(state=now, subject=Scenario(version=4), **options)


def values(form, *names):
    return [form[name].value() for name in names]


def test_service_starts_from_its_present_terms(now):
    first = form_of(TermsForm, now)
    assert values(first, "times", "per", "hours") == [2, "year", "7.5"]
    sent = QueryDict(f"level={REST}-{CHECK}&times=9&per=week&hours=9&start={now.quarters[2]}&version=3")
    chosen = form_of(TermsForm, now, initial=TermsForm.chosen_from(sent))
    assert values(chosen, "level", "times", "per", "hours", "start", "version") == [
        f"{REST}-{CHECK}",
        3,
        "month",
        "0.25",
        str(now.quarters[2]),
        "3",
    ]
    strange = form_of(TermsForm, now, initial=TermsForm.chosen_from(QueryDict("level=x&level=<b>")))
    assert values(strange, "times", "per") == [2, "year"]


def test_what_was_typed_for_a_service_stays(now):
    data = QueryDict(f"level={REST}-{CHECK}&times=101&per=week&hours=1001&start=x&version=3")
    refused = form_of(TermsForm, now, data=data)
    assert values(refused, "times", "per", "hours") == ["101", "week", "1001"]
    assert (refused.errors["times"], refused.errors["hours"]) == (
        ["Write a whole number from 1 to 100."],
        ["Write a number from 0 to 1,000."],
    )


def offered(form):
    return [label for _, label in form.fields["to"].widget.choices]


def test_who_leaves_is_not_offered_the_accounts(now):
    assert offered(form_of(LoseForm, now)) == ["Helen"]
    sent = QueryDict(f"csm={HELEN}&to={HELEN}&to={PRIYA}&version=4")
    chosen = form_of(LoseForm, now, initial=LoseForm.chosen_from(sent))
    assert (offered(chosen), values(chosen, "csm", "to")) == (
        ["Priya"],
        [str(HELEN), [str(HELEN), str(PRIYA)]],
    )
    refused = form_of(LoseForm, now, data=sent)
    assert refused.errors == {"to": ["Who leaves cannot take the accounts over."]}
    assert offered(refused) == ["Priya"]
    alone = form_of(LoseForm, state([], [csm(PRIYA, "Priya")]))
    assert (offered(alone), alone["to"].help_text) == (
        [],
        "There is nobody else: the accounts go to nobody.",
    )


def test_page_redraws_a_form_and_keeps_nothing(here):
    manager = client_of(here.members["manager"])
    hire(here, "Priya")
    tier, service = promise(hours=16)
    scenario = Scenario.objects.create(name="Try", actor="x")
    url = here.url(f"capacity/scenarios/{scenario.pk}/steps/")
    level = f"{tier.pk}-{service.pk}"
    page = manager.post(url, {"do": "terms", "level": level, "redraw": "1", "version": "1"})
    assert (page.status_code, values(page.context["bound"], "level", "hours")) == (200, [level, "16"])
    assert page.text.count('<details class="disclosure" open>') == 1
    assert 'hx-trigger="change target:#terms_level"' in page.text
    assert 'hx-trigger="change target:#lose_csm_csm"' in page.text
    scenario.refresh_from_db()
    assert (scenario.steps, scenario.version) == ([], 1)
