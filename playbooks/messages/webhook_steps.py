"""The step of playbooks that tells another system."""

from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from django import forms

from csworkspace.web.versions import Conflict
from csworkspace.webhooks.actions import OVER, cancel_delivery, retry_delivery, send_webhook
from csworkspace.webhooks.models import DeliveryState, WebhookDelivery, WebhookEndpoint
from playbooks.playbooks.once import once
from playbooks.playbooks.steps import Ended, Failed, Params, Progress, StepForm, StepKind, StepRun, Waits

KEY = "step"
DELIVERED, FAILED = "delivered", "failed"


class WebhookForm(StepForm):
    """Whom to tell."""

    endpoint = forms.ModelChoiceField(
        WebhookEndpoint.objects.none(), label="Webhook", empty_label="Choose one"
    )
    message = forms.CharField(
        label="Message",
        max_length=300,
        required=False,
        help_text="Sent along as “message”; the play's data always are.",
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        field: Any = self.fields["endpoint"]
        field.queryset = WebhookEndpoint.objects.filter(is_active=True).order_by("name")
        active = (one for one in endpoints_by_id().values() if one.is_active)
        field.choices = [("", "Choose one"), *((one.pk, str(one)) for one in active)]


def endpoint_of(params: Params) -> WebhookEndpoint | None:
    """The chosen endpoint, if it is still there."""
    pk = params.get("endpoint")
    return endpoints_by_id().get(pk) if isinstance(pk, int) else None


def endpoints_by_id() -> dict[int, WebhookEndpoint]:
    """All of them, by name; a page with many steps reads them once."""
    return once("webhooks", lambda: {one.pk: one for one in WebhookEndpoint.objects.order_by("name")})


def words(params: Params) -> str:
    """ "Tell Ticket system"."""
    endpoint = endpoint_of(params)
    return f"Tell {endpoint}" if endpoint else "Tell another system, webhook missing"


def check(params: Params) -> Sequence[str]:
    """What is wrong with the parameters by now."""
    endpoint = endpoint_of(params)
    if endpoint is None:
        return ["The webhook does not exist any more; choose another."]
    return [] if endpoint.is_active else [f"The webhook “{endpoint}” is switched off."]


def begin(run: StepRun) -> Progress:
    """Write the delivery, or send again the one that failed; the step ends when it has been taken."""
    complaints = check(run.params)
    if complaints:
        return Failed(complaints[0])
    delivery = send_webhook(run.params["endpoint"], key_of(run), payload_of(run), run.by)
    ended = ending(delivery)
    if isinstance(ended, Failed):
        # Somebody else may have sent it again since it was read: then it waits already.
        with suppress(Conflict):
            retry_delivery(delivery, by=run.by)
        ended = None
    return ended or Waits(result={"delivery": delivery.pk})


def ending(delivery: WebhookDelivery) -> Ended | Failed | None:
    """How a step ends whose delivery stands so; None while it waits."""
    if delivery.state == DeliveryState.DELIVERED:
        return Ended(DELIVERED, result={"delivery": delivery.pk})
    if delivery.state in OVER:
        return Failed(f"{delivery.endpoint} did not take it: {delivery.answer}"[:500])
    return None


def look(run: StepRun) -> Progress:
    """How the step's delivery stands, should the news of it have been lost."""
    delivery = WebhookDelivery.objects.select_related("endpoint").filter(key=key_of(run)).first()
    return (ending(delivery) if delivery else None) or Waits()


def key_of(run: StepRun) -> str:
    """A step's delivery is made once."""
    return f"{KEY} {run.step.pk}"


def cancel(run: StepRun) -> None:
    """What has not been taken is not delivered any more."""
    cancel_delivery(key_of(run), reason="The play was stopped, or the step skipped.")


def payload_of(run: StepRun) -> dict[str, Any]:
    """What the other system is told of the play."""
    play, account, signal = run.play, run.play.account, run.play.signal
    return {
        "event": "playbook.step",
        "message": run.params.get("message") or "",
        "play": {"id": play.pk, "playbook": str(play.playbook), "cause": play.cause_words},
        "step": {"id": run.step.pk, "key": run.step.key, "title": run.step.title},
        "account": {"id": account.pk, "external_id": account.external_id, "name": account.name},
        "signal": {"id": signal.pk, "title": str(signal)} if signal else None,
        "on": run.today.isoformat(),
    }


WEBHOOK = StepKind(
    "webhook", "Webhook", WebhookForm, words, begin,
    look=look, cancel=cancel, check=check, order=70,
    outcomes=lambda params: ((DELIVERED, "Taken by the other system"),),
)  # fmt: skip
