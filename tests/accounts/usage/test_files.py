import gzip
import random
from typing import Any

import pytest

from accounts.imports.models import Reject
from accounts.usage import actions, sources
from accounts.usage.mapping import DEFAULT, MapRefused, read_map
from accounts.usage.models import Event
from accounts.usage.sources import FileRefused
from tests.accounts.usage.kit import add_domain, event, figures, kept, load, ndjson


def reasons() -> list[tuple[int, str, str]]:
    return list(Reject.objects.order_by("row").values_list("row", "field", "reason"))


def test_a_file_twice_in_parts_and_shuffled_changes_nothing(here: Any) -> None:
    add_domain(here.account)
    events = [event(n, occurred_at=f"2026-0{1 + n % 6}-14T09:05:00Z") for n in range(40)]
    assert figures(load(ndjson(*events))) == (40, 40, 0, 0, 0)
    before = list(Event.objects.order_by("event_id").values())
    assert figures(load(ndjson(*events))) == (40, 0, 40, 0, 0)
    assert figures(load(ndjson(*events[10:25]))) == (15, 0, 15, 0, 0)
    random.Random(1).shuffle(events)
    changed = [{**e, "occurred_at": "2020-01-01T00:00:00Z"} for e in events]
    assert figures(load(ndjson(*changed))) == (40, 0, 40, 0, 0)
    assert list(Event.objects.order_by("event_id").values()) == before


def test_of_an_id_given_twice_the_first_counts(here: Any) -> None:
    batch = load(ndjson(event(1, feature="first"), event(1, feature="second"), event(2)))
    assert figures(batch) == (3, 2, 1, 0, 2)
    assert Event.objects.get(event_id="e1").feature == "first"


def test_the_lookalike_keeps_its_own_ids(here: Any, elsewhere: Any) -> None:
    load(ndjson(event(1)))
    elsewhere.open()
    assert figures(load(ndjson(event(1)))) == (1, 1, 0, 0, 1)
    assert len(kept()) == 1


@pytest.mark.parametrize(
    ("row", "field", "reason"),
    [
        (b"{oops", "", "is not JSON (JSON is malformed: object keys must be strings (byte 1))"),
        (b"[1, 2]", "", "has the wrong type (expected one JSON object, got array)"),
        (b'{"event_id": "\xff"}', "", "is not valid UTF-8; save the source as UTF-8"),
        (event(event_id=None), "event_id", "is missing"),
        (event(event_id="  "), "event_id", "is missing"),
        (event(event_id="x" * 201), "event_id", "has 201 characters; at most 200 are kept"),
        (event(event_id="a\x00b"), "event_id", "contains a NUL byte"),
        (event(occurred_at=None), "occurred_at", "is missing"),
        (event(occurred_at="yesterday"), "occurred_at", "is not a time"),
        (event(occurred_at=1773478800), "occurred_at", "has the wrong type"),
        (event(occurred_at="1999-12-31T23:59:59Z"), "occurred_at", "is before the year 2000"),
        (event(occurred_at="2000-01-01T00:00:00+00:01"), "occurred_at", "is before the year 2000"),
        (event(occurred_at="2999-01-01T00:00:00Z"), "occurred_at", "more than two days in the future"),
        (event(occurred_at="0001-01-01T00:00:00+12:00"), "occurred_at", "is not a time"),
        (event(received_at="2999-01-01"), "received_at", "more than two days in the future"),
        (event(user_email=None), "user_email", "is missing"),
        (event(user_email="u" * 255), "user_email", "at most 254"),
        (event(3, user_email="İ" * 200), "user_email", "has 400 characters; at most 254"),
        (event(feature=""), "feature", "is missing"),
        (event(feature=["a"]), "feature", "has the wrong type"),
        (event(user_name="n" * 201), "user_name", "at most 200"),
        (event(account="a" * 254), "account", "at most 253"),
        (event(quantity=-1), "quantity", "-1 is negative"),
        (event(quantity=10**12), "quantity", "too large"),
        (event(quantity="999999999999.9999999"), "quantity", "too large"),
        (event(quantity=10**40), "quantity", "too large"),
        (event(quantity=True), "quantity", "is not a number"),
        (event(quantity="NaN"), "quantity", "is not a number"),
        (event(quantity="Infinity"), "quantity", "is not a number"),
        (event(quantity="9" * 1000), "quantity", "is not a number"),
        (b'{"quantity": NaN}', "", "is not JSON"),
        (b'{"quantity": 1e400}', "", ""),
        (b'{"x":' + b"[" * 100_000, "", "nested too deeply"),
    ],
)
def test_a_bad_row_is_kept_with_its_reason_and_the_good_ones_load(
    here: Any, row: Any, field: str, reason: str
) -> None:
    batch = load(ndjson(event(1), row, event(2)))
    assert figures(batch) == (3, 2, 0, 1, 2)
    [(number, named, said)] = reasons()
    assert (number, named) == (2, field) or not field
    assert reason.split("(byte")[0].removesuffix(" ") in said or reason in said
    assert set(kept()) == {"e1", "e2"}


def test_what_is_unusual_but_right_is_accepted(here: Any) -> None:
    rows = [
        event("offset", occurred_at="2026-03-14T23:30:00+05:30", event_id="offset"),
        event(event_id="naive", occurred_at="2026-03-14 10:00:00"),
        event(event_id="date", occurred_at="2026-03-14"),
        event(event_id="basic", occurred_at="20260314T100000.123Z"),
        event(event_id="early", received_at="2020-01-01T00:00:00Z"),
        event(event_id="exact", quantity=0.1),
        event(event_id="text", quantity=" 12.5 "),
        event(event_id="rounded", quantity=1.23456789),
        event(event_id="large", quantity=999_999_999_999),
        event(event_id="zero", quantity=0),
        event(event_id="html", user_name="<script>alert(1)</script>", feature="=HYPERLINK(1)"),
        event(event_id="tab\tline\nback\\slash\r", user_name="a\tb\\N", user_email="x\\y@acme.example"),
        event(event_id=17, user_email=8),
        event(event_id="names", user_email="Zoë@BÜCHER.example"),
        event(event_id="dotted", account="İ" * 200, user_email="İ" * 127),
    ]
    assert figures(load(ndjson(*rows)))[1] == len(rows)
    found = {e.event_id: e for e in Event.objects.all()}
    assert found["offset"].occurred_at.isoformat() == "2026-03-14T18:00:00+00:00"
    assert found["naive"].occurred_at.isoformat() == "2026-03-14T10:00:00+00:00"
    assert found["basic"].occurred_at.isoformat() == "2026-03-14T10:00:00.123000+00:00"
    assert [str(found[n].quantity) for n in ("exact", "text", "rounded", "large", "zero", "naive")] == [
        "0.100000",
        "12.500000",
        "1.234568",
        "999999999999.000000",
        "0.000000",
        "1.000000",
    ]
    assert found["html"].feature == "=HYPERLINK(1)"
    odd = found["tab\tline\nback\\slash"]
    assert (odd.user_name, odd.user_key) == ("a\tb\\N", "x\\y@acme.example")
    assert found["17"].account_key == "user:8"
    assert found["names"].account_key == "domain:xn--bcher-kva.example"
    assert (found["dotted"].account_key, len(found["dotted"].user_key)) == ("id:" + "İ" * 200, 254)


def test_csv_with_a_map(here: Any) -> None:
    add_domain(here.account)
    mapping = read_map('{"event_id": "id", "occurred_at": "ts", "user_email": "who", "feature": "what"}')
    content = (
        b'\xef\xbb\xbfid;ts;who;what;quantity\n1;2026-03-14;a@acme.example;"x; ""y""";2,5\n\n'
        b"2;2026-03-14;a@acme.example;x\n3;2026-03-14;a@acme.example;\xff;1\n4;2026-03-14;b@acme.example;f;\n"
        b'5;2026-03-14;c@acme.example;"two\nlines";7\n'
    )
    batch = load(content, "log.csv", mapping)
    assert reasons() == [
        (2, "quantity", "“2,5” is not a number; write it like 12.5"),
        (4, "", "has 4 columns; the header has 5"),
        (5, "", "is not valid UTF-8; save the source as UTF-8"),
    ]
    assert figures(batch) == (5, 2, 0, 3, 0)
    assert kept() == {"4": here.account.pk, "5": here.account.pk}
    assert Event.objects.get(event_id="5").feature == "two\nlines"


def test_an_open_quotation_mark_does_not_swallow_the_file(here: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("accounts.usage.parsing.MAX_LINE", 1000)
    header = b"event_id,occurred_at,user_email,feature\n"
    rows = b"".join(b"%d,2026-03-14,u@acme.example,f\n" % n for n in range(200))
    batch = load(header + b'0,2026-03-14,u@acme.example,"f\n' + rows, "log.csv")
    read, accepted, _, rejected, _ = figures(batch)
    assert rejected == 1
    assert accepted > 100
    assert read == accepted + 1


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        ("a,b\n1,2".encode("utf-16"), "x.csv", "UTF-16"),
        ('{"a": 1}'.encode("utf-16-le"), "x.ndjson", "UTF-16"),
        (b"PK\x03\x04rest", "x.zip", "zip"),
        (b"BZh9rest", "x.bz2", "bzip2"),
        (b'[{"event_id": 1}]', "x.json", "one JSON array"),
        (b"hello", "x", "neither NDJSON"),
        (b"event_id,occurred_at,feature\n", "x.csv", "no column “user_email”"),
        (b"event_id,event_id,occurred_at,user_email,feature\n", "x.csv", "“event_id” more than once"),
        (b",".join(b"c%d" % n for n in range(10_000)), "x.csv", "10,000 columns"),
        (b"a," * 700_000, "x.csv", "longer than"),
        (gzip.compress(b"", mtime=0)[:6], "x.gz", "gzip"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_a_sentence(
    here: Any, content: bytes, name: str, words: str
) -> None:
    with pytest.raises(FileRefused, match=words):
        load(content, name)
    assert kept() == {}


def test_gzip_is_seen_by_its_first_bytes(here: Any) -> None:
    assert figures(load(gzip.compress(ndjson(event(1))), "events.dat"))[1] == 1
    two = gzip.compress(ndjson(event(2)) + b"\n") + gzip.compress(ndjson(event(3)))
    assert figures(load(two))[1] == 2


@pytest.mark.parametrize("damage", ["cut", "broken"])
def test_a_damaged_gzip_keeps_what_came_before(here: Any, damage: str) -> None:
    rng = random.Random(2)
    events = [event(n, user_name=f"{rng.getrandbits(200):x}") for n in range(3000)]
    packed = bytearray(gzip.compress(ndjson(*events)))
    if damage == "cut":
        packed = packed[: len(packed) // 2]
    else:
        packed[len(packed) // 2 : len(packed) // 2 + 40] = b"\xff" * 40
    batch = load(bytes(packed))
    _, accepted, *_ = figures(batch)
    assert 500 < accepted < 3000
    assert batch.error.startswith("The gzip file is damaged or cut off")
    assert batch.finished_at is not None


def test_a_gzip_bomb_is_read_to_its_limit_only(here: Any, settings: Any) -> None:
    settings.MAX_UNPACKED_BYTES = 3_000_000
    bomb = gzip.compress(ndjson(event(1)) + b"\n" + b"0" * 50_000_000)
    batch = load(bomb)
    assert "holds more than 3,000,000 bytes" in batch.error
    assert figures(batch)[1] == 1


def test_an_endless_line_is_never_held(here: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    held: list[int] = []

    class Endless:
        left = 400

        def read(self, size: int) -> bytes:
            self.left -= 1
            return b"x" * size if self.left > 0 else b""

    for line in sources.read_lines(Endless()):  # type: ignore[arg-type]
        held.append(0 if isinstance(line, sources.TooLong) else len(line))
    assert held == [0]
    big = b"y" * (sources.MAX_LINE + 1)
    batch = load(ndjson(event(1), big, event(2), big))
    assert figures(batch) == (4, 2, 0, 2, 2)
    assert [(row, reason) for row, _, reason in reasons()] == [
        (2, "is longer than 1,048,576 bytes; one event a line is expected"),
        (4, "is longer than 1,048,576 bytes; one event a line is expected"),
    ]


def test_rejects_are_kept_up_to_a_limit_and_all_counted(here: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "REJECTS_KEPT", 5)
    monkeypatch.setattr(actions, "CHUNK", 3)
    batch = load(ndjson(*[b"x" * 3000] * 8))
    assert figures(batch) == (8, 0, 0, 8, 0)
    assert [(r.row, len(r.raw)) for r in Reject.objects.order_by("row")] == [(n, 500) for n in range(1, 6)]


def test_a_batch_that_was_interrupted_goes_on_where_it_was(
    here: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    import io

    from tests.kit import BY

    monkeypatch.setattr(actions, "CHUNK", 4)
    content = ndjson(*[event(n) for n in range(10)], b"{bad")
    batch = actions.open_batch("x.ndjson", DEFAULT, by=BY)
    told: list[int] = []

    def die(read: int) -> None:
        told.append(read)
        if len(told) == 2:
            raise RuntimeError("killed")

    with pytest.raises(RuntimeError):
        actions.ingest_file(batch, io.BytesIO(content), tell=die)
    assert figures(batch) == (8, 8, 0, 0, 8)
    assert batch.finished_at is None
    actions.ingest_file(batch, io.BytesIO(content))
    assert figures(batch) == (11, 10, 0, 1, 10)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{", "not JSON"),
        ("[]", "one JSON object"),
        ('{"event_id": 1}', "one JSON object"),
        ('{"identifier": "uuid"}', "'identifier'"),
        ('{"event_id": "x", "feature": "x"}', "feeds both"),
    ],
)
def test_a_bad_map_is_refused(text: str, words: str) -> None:
    with pytest.raises(MapRefused, match=words):
        read_map(text)


def test_a_map_may_be_written_either_way_round() -> None:
    assert read_map('{"event_id": "id"}') == {**DEFAULT, "event_id": "id"}
    assert read_map('{"id": "event_id", "ts": "occurred_at"}') == {
        **DEFAULT,
        "event_id": "id",
        "occurred_at": "ts",
    }
    assert read_map('{"event_id": {"column": "id"}}')["event_id"] == "id"
