"""The export of who is in which segment."""

from accounts.segments.actions import create_segment
from accounts.segments.models import SegmentStay
from csworkspace.exports.registry import Span, exporters
from tests.accounts.segments.makers import condition, definition, make_book
from tests.kit import BY


def test_open_stays_of_segments_without_a_problem(here, elsewhere):
    for world in (elsewhere, here):
        world.open()
        make_book(world)
        create_segment(by=BY, name="Slipping", definition=definition(condition("plan", "in", ["slipping"])))
    broken = create_segment(by=BY, name="Broken", definition=definition(condition("level", "is", "3")))
    broken.problem = "A metric is gone."
    broken.save()
    exporter = exporters()["segments"]
    (row,) = exporter.rows(Span())
    stay = SegmentStay.objects.get(segment__name="Slipping")
    assert dict(zip(exporter.header, row, strict=True)) == {
        "segment": "Slipping",
        "account": "Bo",
        "external_id": None,
        "entered": stay.entered_at.isoformat(timespec="seconds"),
    }
