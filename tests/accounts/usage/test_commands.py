import csv
import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from accounts.accounts.models import Account
from accounts.metrics.actions import define_metric
from csworkspace.exports.csvfile import cell
from tests.accounts.usage.kit import add_domain, event, load, ndjson
from tests.kit import BY


def run(*arguments: Any) -> tuple[dict[str, Any], str]:
    out, err = StringIO(), StringIO()
    call_command(*map(str, arguments), "--json", stdout=out, stderr=err)
    return json.loads(out.getvalue().splitlines()[-1]), err.getvalue()


def test_ingest_adds_up_its_files(here: Any, tmp_path: Path) -> None:
    one, two = tmp_path / "one.ndjson", tmp_path / "two.csv"
    one.write_bytes(ndjson(event(1), event(2), b"{bad"))
    two.write_text(
        "event_id,occurred_at,user_email,feature\ne2,2026-03-14,a@b.example,f\ne3,2026-03-14,a@b.example,f"
    )
    found, said = run("ingest", "northwind", one, two)
    assert {k: found[k] for k in ("read", "accepted", "duplicates", "rejected", "unresolved")} == {
        "read": 5,
        "accepted": 3,
        "duplicates": 1,
        "rejected": 1,
        "unresolved": 3,
    }
    assert set(found) == {
        "read",
        "accepted",
        "duplicates",
        "rejected",
        "unresolved",
        "seconds",
        "rows_per_second",
    }
    assert "one.ndjson, row 3: is not JSON" in said
    assert "1 row was not accepted" in said


@pytest.mark.parametrize(
    ("files", "words"),
    [
        (["missing.ndjson"], "cannot be read: No such file"),
        (["."], "is a folder"),
        (["wide.csv"], "UTF-16"),
        (["good.ndjson", "wide.csv"], "Rows loaded all the same"),
        (["good.ndjson", "--map", "map.json"], "'identifier'"),
        (["good.ndjson", "--map", "missing.json"], "cannot be read"),
    ],
)
def test_ingest_says_what_is_wrong(
    here: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, files: list[str], words: str
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("good.ndjson").write_bytes(ndjson(event(1)))
    Path("wide.csv").write_bytes("a,b".encode("utf-16"))
    Path("map.json").write_text('{"identifier": "id"}')
    with pytest.raises(CommandError, match=words):
        run("ingest", "northwind", *files)


def test_an_unknown_workspace_is_named(db: None, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="no workspace 'nowhere'"):
        run("ingest", "nowhere", tmp_path)


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_events_come_out_as_they_went_in(here: Any, elsewhere: Any, tmp_path: Path) -> None:
    add_domain(here.account)
    Account.objects.filter(pk=here.account.pk).update(name="=Acme")
    load(
        ndjson(
            event(1, quantity=1.5, user_name="@Ada", feature="-a"),
            event(2, occurred_at="2026-04-01T00:00:00Z", user_email="x@else.example", account="K"),
        )
    )
    path = tmp_path / "events.csv"
    found, _ = run("export", "northwind", "events", "--out", path)
    assert (found["rows"], found["file"]) == (2, str(path))
    first, second = read(path)
    assert (first["user_name"], first["feature"], first["quantity"]) == ("'@Ada", "'-a", "1.5")
    assert (first["occurred_at"], first["account_name"]) == ("2026-03-14T09:05:00Z", "'=Acme")
    assert (second["account"], second["account_id"]) == ("K", "")
    assert run("export", "northwind", "events", "--to", "2026-03-14", "--out", path)[0]["rows"] == 1
    assert run("export", "northwind", "events", "--from", "2026-03-15", "--out", path)[0]["rows"] == 1
    assert run("export", "northwind-traders", "events", "--out", path)[0]["rows"] == 0
    run("export", "northwind", "events", "--out", path)
    again, _ = run("ingest", "northwind", path)
    assert (again["accepted"], again["duplicates"]) == (0, 2)
    assert [p.name for p in tmp_path.iterdir()] == ["events.csv"]


def test_measurements_come_with_their_corrections(here: Any, tmp_path: Path) -> None:
    from decimal import Decimal

    from accounts.metrics.actions import enter_measurement
    from csworkspace.tenancy.clock import today

    metric = define_metric(by=BY, key="hours", name="Hours", kind="outcome", unit="h")
    for value in ("12.50", "-3"):
        enter_measurement(here.account, metric, today(), Decimal(value), by=BY, note="=said")
    path = tmp_path / "m.csv"
    found, _ = run("export", "northwind", "measurements", "--metric", "hours", "--out", path)
    assert found["rows"] == 2
    old, new = read(path)
    assert (old["value"], new["value"], new["note"]) == ("12.5", "-3", "'=said")
    assert old["superseded_at"] == new["recorded_at"]
    with pytest.raises(CommandError, match="no metric 'days'"):
        run("export", "northwind", "measurements", "--metric", "days", "--out", path)
    assert len(read(path)) == 2


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["nothing", "--out", "x.csv"], "no export 'nothing'"),
        (["events", "--from", "soon", "--out", "x.csv"], "not a date"),
        (["events", "--from", "2026-02-01", "--to", "2026-01-01", "--out", "x.csv"], "is after"),
        (["events", "--out", "no/such/folder/x.csv"], "does not exist"),
        (["events", "--out", "."], "is a folder"),
    ],
)
def test_export_says_what_is_wrong(
    here: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], words: str
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(CommandError, match=words):
        run("export", "northwind", *arguments)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\tx", "\rx", "'=1"])
def test_texts_cannot_be_formulas(text: str) -> None:
    assert cell(text) == "'" + text
    assert cell("plain") == "plain"
