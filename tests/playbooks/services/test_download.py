"""The export "services"."""

import csv

from django.core.management import call_command

from csworkspace.exports.registry import Span
from playbooks.services import download
from playbooks.services.download import HEADER, export_rows
from tests.playbooks.kit import TODAY, ago
from tests.playbooks.services.kit import make_occurrence, make_service


def test_rows_come_in_chunks_with_their_status(here, elsewhere, monkeypatch):
    monkeypatch.setattr(download, "CHUNK", 2)
    service = make_service()
    made = [
        make_occurrence(here.account, service, period=str(n), due_on=ago(n), delivered_on=ago(n))
        for n in range(5)
    ]
    rows = [dict(zip(HEADER, row, strict=True)) for row in export_rows(Span())]
    assert [(row["period"], row["status"], row["owner"]) for row in rows] == [
        (one.period, "on_time", "Csm of Northwind") for one in made
    ]
    within = list(export_rows(Span(since=ago(3), until=ago(1))))
    assert [row[HEADER.index("due_on")] for row in within] == [ago(1), ago(2), ago(3)]
    elsewhere.open()
    assert list(export_rows(Span())) == []


def test_the_command_writes_a_file_without_formulas(here, tmp_path):
    one = make_occurrence(here.account, make_service("@SUM(1)"), due_on=TODAY)
    path = tmp_path / "services.csv"
    call_command("export", "northwind", "services", out=str(path))
    with path.open() as file:
        rows = list(csv.DictReader(file))
    assert [(row["service"], row["account_id"]) for row in rows] == [("'@SUM(1)", str(one.account_id))]
