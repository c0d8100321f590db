"""What a step waits for is there, and the news of it went astray or came by another way."""

from datetime import timedelta

from csworkspace.events.registry import announce
from csworkspace.webhooks.actions import create_endpoint, retry_delivery
from csworkspace.webhooks.models import WebhookDelivery
from playbooks.plays.actions import stop_play
from playbooks.plays.models import PlayState
from playbooks.plays.queries import unnoticed
from playbooks.recommendations.models import Recommendation
from playbooks.tasks.models import Task
from tests.kit import BY
from tests.playbooks.plays.kit import NOON, make_playbook, new_day, start, states, step, the, work


def waiting(here, elsewhere, *steps):
    """A play whose first step waits, and its lookalike in the other workspace."""
    elsewhere.open()
    start(make_playbook(steps=list(steps)), elsewhere.account)
    work(elsewhere)
    here.open()
    play = start(make_playbook(steps=list(steps)), here.account)
    work(here)
    return play


def test_a_finished_task_is_found_the_next_day(here, elsewhere, clock):
    play = waiting(here, elsewhere, step("call", "task", title="Call"), step("wait", "wait", days=3))
    assert unnoticed() == []
    clock.moment = NOON + timedelta(days=1)
    assert unnoticed() == [play.pk]
    new_day(here)
    assert states(play) == [("call", "active"), ("wait", "pending")]
    Task.objects.update(state="done", outcome="", ended_at=NOON)
    new_day(here)
    assert states(play) == [("call", "done"), ("wait", "active")]


def test_a_webhook_that_failed_and_was_sent_again_elsewhere_moves_its_play_on(here, run):
    endpoint = create_endpoint("Tickets", "https://hooks.example.com/", by=BY).endpoint
    steps = [step("tell", "webhook", endpoint=endpoint.pk), step("wait", "wait", days=3)]
    play = start(make_playbook(steps=steps), here.account)
    work(here)
    delivery = WebhookDelivery.objects.get()
    WebhookDelivery.objects.update(state="failed", answer="410 Gone")
    run(announce, "webhooks.ended", by=BY, delivery_id=delivery.pk)
    assert (the(play, "tell").state, the(play, "tell").error) == (
        "failed",
        "Tickets did not take it: 410 Gone",
    )
    delivery.refresh_from_db()
    retry_delivery(delivery, by=BY)
    WebhookDelivery.objects.update(state="delivered")
    run(announce, "webhooks.ended", by=BY, delivery_id=delivery.pk)
    work(here)
    assert states(play) == [("tell", "done"), ("wait", "active")]


def test_a_stop_takes_back_what_an_ended_step_has_left_open(here, elsewhere):
    play = waiting(
        here, elsewhere, step("advise", "recommendation", title="Turn it on"), step("wait", "wait", days=3)
    )
    assert states(play) == [("advise", "done"), ("wait", "active")]
    stop_play(play, by=BY, reason="They have it")
    play.refresh_from_db()
    assert (play.state, Recommendation.objects.get().state) == (PlayState.STOPPED, "withdrawn")
    elsewhere.open()
    assert Recommendation.objects.get().state == "open"
