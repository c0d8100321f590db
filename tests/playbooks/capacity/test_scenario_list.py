"""The list of what-ifs and proposals, page by page."""

import pytest

from playbooks.capacity import scenario_views
from playbooks.capacity.models import Scenario
from tests.kit import client_of


@pytest.mark.parametrize("count", [1, 3])
def test_long_list_has_an_older_page(here, elsewhere, monkeypatch, count):
    elsewhere.open()
    Scenario.objects.create(name="Theirs", actor="x")
    here.open()
    manager = client_of(here.members["manager"])
    monkeypatch.setattr(scenario_views, "LISTED", 2)
    made = [Scenario.objects.create(name=f"S{n}", actor="x") for n in range(count)]
    page = manager.get(here.url("capacity/scenarios/"))
    shown, older = made[::-1][:2], here.url(f"capacity/scenarios/?before={made[-2:][0].pk}")
    assert [one.id for one in page.context["scenarios"]] == [one.pk for one in shown]
    assert (page.context["first_url"], page.context["next_url"]) == ("", older if count > 2 else "")
    last = manager.get(older)
    assert [one.id for one in last.context["scenarios"]] == [one.pk for one in made[:-2]]
    assert last.context["next_url"] == ""
    assert manager.get(here.url("capacity/scenarios/?before=²")).status_code == 200
