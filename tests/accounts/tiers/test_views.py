"""The tiers' settings page."""

from accounts.tiers.models import Tier
from tests.kit import client_of


def test_tiers_are_added_renamed_and_moved(here):
    client = client_of(here.members["manager"])
    url = here.url("settings/tiers/")
    for name in ("Top", "Scalable"):
        assert client.post(url, {"name": name}).status_code == 302
    refused = client.post(url, {"name": "top", "description": "kept"})
    assert refused.status_code == 422
    assert 'value="kept"' in refused.content.decode()
    second = Tier.objects.get(name="Scalable")
    client.post(f"{url}{second.pk}/", {"name": "Scaled"})
    client.post(f"{url}{second.pk}/move/", {"direction": "up"})
    assert list(Tier.objects.order_by("position").values_list("name", flat=True)) == ["Scaled", "Top"]
