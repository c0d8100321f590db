"""The curve of a day as CSV: one row for each account on it, the lowest first."""

import io
from collections.abc import Iterator

from csworkspace.exports.csvfile import write_rows
from playbooks.scores.queries import bands_on
from reports.curve.measures import band_at
from reports.curve.queries import curve_before, curve_on, names_of, read_around
from reports.curve.spec import CurveSpec

HEADER = ["account", "tier", "csm", "stage", "day", "score", "band", "compared_with", "score_then", "change"]


def csv_of(spec: CurveSpec) -> bytes:
    """UTF-8, formulas made inert."""
    out = io.StringIO()
    write_rows(out, HEADER, rows(spec))
    return out.getvalue().encode()


def rows(spec: CurveSpec) -> Iterator[list[object]]:
    """Plain values; what is not known is None. Six queries."""
    around, bands, names = read_around(), bands_on(spec.on), names_of()
    then = {spot.account_id: spot for spot in curve_before(spec, spec.before)[0] if spot.counts}
    spots = [spot for spot in curve_on(spec, spec.on) if spot.counts]
    for spot in sorted(spots, key=lambda spot: (spot.score, names.get(spot.account_id, ""), spot.account_id)):
        before = then.get(spot.account_id)
        yield [
            names.get(spot.account_id),
            around.tiers.get(spot.tier or 0),
            around.team.get(spot.owner or 0),
            spot.stage,
            spec.on,
            spot.score,
            bands[band_at(spot.score or 0.0, bands)].name,
            spec.before,
            before.score if before else None,
            round((spot.score or 0.0) - (before.score or 0.0), 1) if before else None,
        ]
