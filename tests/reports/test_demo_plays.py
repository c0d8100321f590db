"""The demo's plays: of the playbooks that are there, in different states, made once."""

from accounts.accounts.models import Account
from playbooks.plays.models import Play
from reports.demo.plays import run_plays
from tests.kit import BY
from tests.playbooks.plays.kit import make_playbook, step

WAIT = step("w", "wait", until="days", days=5)


def tell():
    make_playbook(
        "Onboarding", [step("c", "change", field="add_tag", tag="x"), WAIT], library_key="onboarding"
    )
    make_playbook("Drop", [WAIT], library_key="adoption-drop")
    make_playbook("Renewal", [WAIT], library_key="renewal-120-days")
    make_playbook("Draft", [WAIT], library_key="qbr", state="draft")
    make_playbook("Broken", [step("f", "fax"), WAIT], library_key="incident-follow-up")
    for number in range(8):
        Account.objects.create(name=f"Z{number}")
    for _ in range(2):
        run_plays(BY)


def test_plays_in_different_states_once(here, elsewhere):
    tell()
    found = Play.objects.order_by("pk").values_list("playbook__name", "state", "account__name")
    assert list(found) == [
        ("Onboarding", "done", "Acme Industries"),
        ("Drop", "running", "Z0"),
        ("Renewal", "paused", "Z2"),
        ("Broken", "running", "Z4"),
    ]
    first = Play.objects.order_by("pk")[0]
    # A step every four days.
    assert (first.ended_on - first.started_on).days == 8
    assert Play.objects.filter(steps__state="failed").count() == 1
    elsewhere.open()
    assert not Play.objects.exists()


def test_without_playbooks_nothing_is_made(here):
    run_plays(BY)
    assert not Play.objects.exists()
