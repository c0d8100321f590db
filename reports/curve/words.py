"""The curve in words."""

from collections.abc import Sequence

from csworkspace.web import formats, times
from playbooks.scores.formula import Band
from reports.curve.measures import Measures
from reports.curve.spec import CurveSpec

HALF = 0.5


def headline(
    spec: CurveSpec, now: Measures, then: Measures | None, bands: Sequence[Band], currency: str
) -> str:
    """One sentence: how much is at risk, how much more than before, and the median."""
    if not now.weight:
        return nothing(spec, now)
    sentence = at_risk(spec, now, then, bands[0], currency)
    middle = points(now.median)
    what = "the median is" if spec.by == "accounts" else "half of the ARR scores at least"
    if now.accounts == 1:
        what = "it scores"
    # The change is told once, of the average, under the picture: two measures would contradict each other.
    return f"{sentence}; {what} {middle}."


def nothing(spec: CurveSpec, now: Measures) -> str:
    """Why there is no curve."""
    if now.accounts:
        return f"None of {formats.plural(now.accounts, 'account')} with a score has ARR in a known currency."
    whose = "of these accounts" if spec.narrows else "account"
    when = "yet" if spec.is_live else f"on {times.day(spec.on)}"
    return f"No {whose} has a score {when}." if not spec.narrows else f"None {whose} has a score {when}."


def at_risk(spec: CurveSpec, now: Measures, then: Measures | None, band: Band, currency: str) -> str:
    """ "12 of 60 accounts are at risk, 4 more than at the end of last quarter"."""
    name = band.name.lower() if band.name == band.name.capitalize() else band.name
    where = name if name == "at risk" else f"in the band “{band.name}”"
    count, amount = now.bands[0], lambda value: figure(value, spec, currency)
    if spec.by == "accounts":
        whole = formats.plural(int(now.weight), "account")
        verb = "is" if count <= 1 else "are"
        said = f"{amount(count)} of {whole} {verb} {where}" if count else f"None of {whole} is {where}"
        if now.accounts == 1:
            said = f"The one account is {where}" if count else f"The one account is not {where}"
    else:
        said = f"{amount(count)} of {amount(now.weight)} ARR is {where}" if count else f"No ARR is {where}"
    if then is None or not then.weight:
        return said
    difference = count - then.bands[0]
    if abs(difference) < HALF:
        return f"{said}, as {spec.before_words}"
    more = "more" if difference > 0 else ("fewer" if spec.by == "accounts" else "less")
    return f"{said}, {amount(abs(difference))} {more} than {spec.before_words}"


def figure(value: float, spec: CurveSpec, currency: str) -> str:
    """A weight: a number of accounts, or money."""
    if spec.by == "accounts":
        return formats.number(round(value))
    return formats.money_compact(value / 100, currency)


def points(score: float | None) -> str:
    """A score in whole points; those of bands begin where they say."""
    return formats.DASH if score is None else formats.number(int(score + 1e-9))


def moved(now: float | None, then: float | None) -> str:
    """ "up 3", "down 2", "unchanged"; of the printed numbers, so that they add up."""
    if now is None or then is None:
        return ""
    difference = int(now + 1e-9) - int(then + 1e-9)
    if not difference:
        return "unchanged"
    return f"{'up' if difference > 0 else 'down'} {formats.number(abs(difference))}"


def effect(value: float) -> str:
    """Points of the mean with a sign and one decimal."""
    return formats.signed(round(value, 1), 1)


def movement_words(spec: CurveSpec, net: float, has_arr: bool) -> str:
    """The net movement in a sentence."""
    mean = "average score by ARR" if has_arr else "average score"
    if abs(net) < 0.05:
        return f"The {mean} is where it was {spec.before_words}."
    verb = "rose" if net > 0 else "fell"
    return f"The {mean} {verb} by {formats.number(abs(round(net, 1)), 1)} points against {reference(spec)}."


def reference(spec: CurveSpec) -> str:
    """The other day as something to compare with."""
    return times.day(spec.before)
