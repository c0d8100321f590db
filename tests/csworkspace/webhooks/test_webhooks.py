"""Webhooks: where they may go, how they are signed, and what happens when nobody takes them."""

import hashlib
import hmac
import json
import socket
import threading
import time
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from csworkspace.jobs.actions import jobs_inline
from csworkspace.jobs.models import Job
from csworkspace.tenancy.database import open_workspace
from csworkspace.webhooks import actions, addresses, transport
from csworkspace.webhooks.actions import (
    EndpointRefused,
    cancel_delivery,
    create_endpoint,
    renew_secret,
    retry_delivery,
    send_webhook,
    settle_delivery,
)
from csworkspace.webhooks.addresses import AddressRefused, is_public, read_url, resolve
from csworkspace.webhooks.forms import EndpointForm
from csworkspace.webhooks.models import WebhookDelivery, WebhookEndpoint
from csworkspace.webhooks.tasks import sweep
from csworkspace.webhooks.transport import Reply, post, signature
from tests.kit import BY, client_of

SPECIAL = [
    "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0",
    "224.0.0.1", "255.255.255.255", "::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "::ffff:127.0.0.1",
    "::ffff:10.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "ff02::1", "fec0::1",
    "192.88.99.1", "3fff::1",
]  # fmt: skip


@pytest.mark.parametrize("ip", SPECIAL)
def test_addresses_that_are_not_public(ip):
    assert not is_public(ip)


@pytest.mark.parametrize("ip", ["8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"])
def test_addresses_that_are(ip):
    assert is_public(ip)


@pytest.mark.parametrize(
    "url",
    [
        "ftp://hooks.example.com/",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "https://",
        "https:///path",
        "//hooks.example.com",
        "https://user:pw@hooks.example.com/",
        "https://hooks.example.com:99999/",
        "https://hooks.example.com/\r\nX: y",
        "https://hooks.example.com/a b",
        "https://[::1",
        "hooks.example.com",
        "",
    ],
)
def test_what_is_no_address_of_a_webhook(url):
    with pytest.raises(AddressRefused):
        read_url(url)


def fake_names(monkeypatch, *ips):
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (ip, 443)) for ip in ips]
    monkeypatch.setattr(addresses.socket, "getaddrinfo", lambda *args, **options: found)


def test_a_name_is_refused_if_any_of_its_addresses_is_private(monkeypatch, settings):
    fake_names(monkeypatch, "8.8.8.8", "10.0.0.5")
    with pytest.raises(AddressRefused, match="inside a private network"):
        resolve("https://hooks.example.com/x?y=1")
    fake_names(monkeypatch, "8.8.8.8")
    place = resolve("https://hooks.example.com/x?y=1")
    assert (place.ip, place.port, place.path) == ("8.8.8.8", 443, "/x?y=1")
    fake_names(monkeypatch, "10.0.0.5")
    settings.WEBHOOK_ALLOW_PRIVATE = True
    assert resolve("http://inside.example:8080").port == 8080


@contextmanager
def web_server(status=200, body=b"thanks", headers=()):
    taken = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            taken.append(
                (self.path, dict(self.headers), self.rfile.read(int(self.headers["Content-Length"])))
            )
            self.send_response(status)
            for name, value in headers:
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args):
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/hook", taken
    finally:
        server.shutdown()
        server.server_close()


def test_this_machine_is_not_called_unless_a_setting_allows_it(settings):
    with web_server() as (url, taken):
        reply = post(url, "s", b"{}", {})
        assert (reply.is_taken, reply.is_final, taken) == (False, True, [])
        assert "inside a private network (127.0.0.1)" in reply.answer
        settings.WEBHOOK_ALLOW_PRIVATE = True
        assert post(url, "s", b"{}", {}).answer == "200 OK: thanks"


def test_redirects_are_not_followed_and_answers_kept_short(settings):
    settings.WEBHOOK_ALLOW_PRIVATE = True
    with web_server() as (target, taken), web_server(302, b"", [("Location", target)]) as (url, _):
        reply = post(url, "s", b"{}", {})
        assert (reply.is_taken, taken) == (False, [])
        assert reply.answer.startswith("302: redirects are not followed")
    with web_server(500, b"x\x00\n" * 100_000) as (url, _):
        reply = post(url, "s", b"{}", {})
        assert (reply.is_taken, len(reply.answer)) == (False, 400)
    gone = post(url, "s", b"{}", {})
    assert gone.answer.startswith("It cannot be reached")


def test_the_signature_is_over_moment_and_body():
    expected = hmac.new(b"secret", b'1790000000.{"a": 1}', hashlib.sha256).hexdigest()
    assert signature("secret", 1790000000, b'{"a": 1}') == f"t=1790000000,v1={expected}"


@pytest.fixture
def send(here, django_capture_on_commit_callbacks):
    def act(endpoint, key="k", payload=None) -> WebhookDelivery:
        with jobs_inline(), django_capture_on_commit_callbacks(execute=True):
            delivery = send_webhook(endpoint.pk, key, payload or {"a": "ü"}, BY)
        delivery.refresh_from_db()
        return delivery

    return act


def test_a_delivery_is_signed_and_made_once(here, elsewhere, send, settings):
    settings.WEBHOOK_ALLOW_PRIVATE = True
    with web_server() as (url, taken):
        made = create_endpoint("Tickets", url, by=BY)
        first, second = send(made.endpoint), send(made.endpoint)
    assert (first.pk, first.state, first.answer) == (second.pk, "delivered", "200 OK: thanks")
    [(path, headers, body)] = taken
    message = json.loads(body)
    assert (path, message["id"], message["key"], message["workspace"], message["data"]) == (
        "/hook", first.pk, "k", "northwind", {"a": "ü"},
    )  # fmt: skip
    moment = int(headers["X-CSW-Signature"].split(",")[0].removeprefix("t="))
    assert headers["X-CSW-Signature"] == signature(made.secret, moment, body)
    assert headers["X-CSW-Delivery"] == str(first.pk)
    with open_workspace(elsewhere.workspace.pk):
        assert WebhookDelivery.objects.count() == 0


def test_what_is_not_taken_is_tried_again_and_given_up_in_the_end(here, send, settings):
    settings.WEBHOOK_ALLOW_PRIVATE = True
    settings.JOB_BACKOFF_SECONDS = 0
    with web_server(503, b"busy") as (url, taken):
        endpoint = create_endpoint("Tickets", url, by=BY).endpoint
        delivery = send(endpoint)
        assert (delivery.state, delivery.attempts) == ("waiting", 1)
        job = Job.objects.get(kind="webhooks.deliver")
        assert (job.status, job.error) == ("queued", "NotTaken: 503 Service Unavailable: busy")
        from csworkspace.jobs.runner import run_job

        for _ in range(10):
            run_job(here.workspace.pk, job.pk)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempts, len(taken)) == ("failed", 8, 8)
    assert delivery.answer == "503 Service Unavailable: busy"


def test_an_endpoint_that_is_off_is_told_nothing(here, send, settings):
    settings.WEBHOOK_ALLOW_PRIVATE = True
    with web_server() as (url, taken):
        endpoint = create_endpoint("Tickets", url, by=BY).endpoint
        WebhookEndpoint.objects.update(is_active=False)
        assert (send(endpoint).state, taken) == ("failed", [])


def test_names_are_used_once_and_addresses_checked(here):
    create_endpoint("Tickets", "https://hooks.example.com/", by=BY)
    with pytest.raises(EndpointRefused) as caught:
        create_endpoint("Tickets", "https://hooks.example.com/", by=BY)
    assert caught.value.field == "name"
    with pytest.raises(EndpointRefused) as caught:
        create_endpoint("Other", "ftp://hooks.example.com/", by=BY)
    assert caught.value.field == "url"


def test_an_admin_makes_tests_changes_and_retries(here, elsewhere):
    admin, url = client_of(here.members["admin"]), here.url("settings/webhooks/")
    assert admin.post(url, {"name": "T", "url": "http://x y"}).status_code == 422
    made = admin.post(url, {"name": "Tickets", "url": "https://hooks.example.com/csw"})
    endpoint = WebhookEndpoint.objects.get()
    one = f"{url}{endpoint.pk}/"
    assert made["Location"] == one
    assert endpoint.secret in admin.get(one).text
    assert endpoint.secret not in admin.get(one).text, "shown once"
    admin.post(f"{one}tests/")
    delivery = WebhookDelivery.objects.get()
    assert delivery.payload["event"] == "test"
    WebhookDelivery.objects.update(state="failed", attempts=8)
    admin.post(here.url(f"settings/deliveries/{delivery.pk}/retries/"))
    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempts) == ("waiting", 0)
    admin.post(one, {"name": "Tickets 2", "url": "https://hooks.example.com/2"})
    endpoint.refresh_from_db()
    assert (endpoint.name, endpoint.url, endpoint.is_active) == (
        "Tickets 2",
        "https://hooks.example.com/2",
        False,
    )
    assert renew_secret(endpoint, by=BY).secret != endpoint.secret


@pytest.mark.parametrize("host", ["127.0.0.1:1", "[::1]", "10.0.0.8", "localhost", "db.internal", "x.local."])
def test_the_form_refuses_what_is_plainly_inside(host, settings):
    settings.WEBHOOK_ALLOW_PRIVATE = False
    form = EndpointForm({"name": "Tickets", "url": f"https://{host}/"})
    assert "needs a public address" in form.errors["url"][0]
    settings.WEBHOOK_ALLOW_PRIVATE = True
    assert EndpointForm({"name": "Tickets", "url": f"https://{host}/"}).is_valid()


def test_the_form_takes_a_public_address():
    assert EndpointForm({"name": "Tickets", "url": "https://hooks.example.com/x"}).is_valid()


def test_an_https_server_that_drips_its_handshake_is_hung_up_on(settings, monkeypatch):
    settings.WEBHOOK_ALLOW_PRIVATE = True
    monkeypatch.setattr(transport, "LIMIT", 0.2)
    monkeypatch.setattr(transport, "TIMEOUT", 1)
    dripped = []

    def drip(listener):
        client, _ = listener.accept()
        # The head of a record of 16 kB that comes a byte at a time: each comes in time, the record never.
        with client, suppress(OSError):
            client.sendall(b"\x16\x03\x03\x40\x00\x02\x00\x3f\xfc")
            for _ in range(30):
                dripped.append(client.send(b"x"))
                time.sleep(0.05)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=drip, args=(listener,), daemon=True)
        thread.start()
        reply = post(f"https://127.0.0.1:{listener.getsockname()[1]}/", "s", b"{}", {})
        thread.join(3)
    assert not reply.is_taken
    assert len(dripped) < 20, reply


def test_a_retry_is_not_lost_while_the_job_that_gave_up_still_runs(here):
    endpoint = create_endpoint("Tickets", "https://hooks.example.com/", by=BY).endpoint
    delivery = send_webhook(endpoint.pk, "k", {}, BY)
    Job.objects.filter(kind="webhooks.deliver").update(status="running")
    WebhookDelivery.objects.update(state="failed")
    retry_delivery(delivery, by=BY)
    assert Job.objects.filter(kind="webhooks.deliver", status="queued").count() == 1


def test_what_waits_without_a_job_has_failed_and_is_announced(here, elsewhere, monkeypatch):
    told = []
    monkeypatch.setattr(actions, "announce", lambda event, *, by, **args: told.append((event, args)))
    endpoint = create_endpoint("Tickets", "https://hooks.example.com/", by=BY).endpoint
    lost, waits = (send_webhook(endpoint.pk, key, {}, BY) for key in ("lost", "waits"))
    Job.objects.filter(kind="webhooks.deliver", args__delivery_id=lost.pk).update(status="dead")
    with open_workspace(elsewhere.workspace.pk):
        theirs = create_endpoint("Tickets", "https://hooks.example.com/", by=BY).endpoint
        send_webhook(theirs.pk, "lost", {}, BY)
    sweep()
    assert list(WebhookDelivery.objects.order_by("pk").values_list("pk", "state", "answer")) == [
        (lost.pk, "failed", "The program stopped before it had been delivered."),
        (waits.pk, "waiting", ""),
    ]
    assert told == [("webhooks.ended", {"delivery_id": lost.pk})]


def test_a_cancelled_delivery_is_not_made_unless_it_was_taken_meanwhile(here):
    endpoint = create_endpoint("Tickets", "https://hooks.example.com/", by=BY).endpoint
    delivery = send_webhook(endpoint.pk, "k", {}, BY)
    assert [cancel_delivery("k", reason="Stopped.") for _ in range(2)] == [True, False]
    assert settle_delivery(delivery.pk, Reply(False, "503"), is_last=False, by=BY).state == "cancelled"
    assert settle_delivery(delivery.pk, Reply(True, "200 OK"), is_last=False, by=BY).state == "delivered"
