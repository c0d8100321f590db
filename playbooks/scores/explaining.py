"""The contexts of the pages that explain a score and its weights."""

from datetime import date
from decimal import Decimal
from typing import Any

from csworkspace.charts import Outline, Stretch, histogram
from csworkspace.tenancy.clock import day_in
from csworkspace.web import formats, times
from csworkspace.web.urls import workspace_url
from playbooks.indicators.evaluating import Known
from playbooks.indicators.models import Indicator
from playbooks.indicators.queries import active_indicators
from playbooks.scores import pages
from playbooks.scores.computing import recompute_scores
from playbooks.scores.forms import WeightsForm
from playbooks.scores.formula import band_index
from playbooks.scores.models import ScoreModel
from playbooks.scores.preview import Preview, preview_of
from playbooks.scores.queries import indicators_of, model_on, name_of, newest_model, score_on
from playbooks.scores.weights import UPWARD, default_components, read_bands, read_components, ready_made
from playbooks.signals.models import Signal, SignalSource, SignalState

BINS, WIDTH = 20, 5
CHART_STATUS = {"at_risk": "off_track", "advocate": "ahead"}


def score_context(request: Any, account: Any, day: date, today: date) -> dict[str, Any]:
    """The score as it was kept on the day and, of a past day, as today's weights would make it."""
    row = score_on(account.pk, day)
    model = row.model if row else model_on(day)
    bands = read_bands(model.bands if model else [])
    history, chart = pages.course(account.pk, today, bands)
    again = recomputed(account.pk, day, today)
    components = row.components if row else again.spoken() if again else []
    keys = dict(Indicator.objects.values_list("pk", "key"))
    compared = {item["key"]: item for item in again.components} if again else {}
    score = row.score if row else None
    points = again.score if again and not row else score
    return {
        "day": times.day(day),
        "is_today": day == today,
        "row": row,
        "is_later": bool(row and day_in(request.workspace, row.recorded_at) > row.day),
        "kept_on": times.day(row.day) if row else "",
        "score": pages.number(score),
        "band": pages.band_of(score, bands),
        "bands": bands,
        "changes": pages.changes_of(history, score, day),
        "again": again,
        "again_score": pages.number(again.score) if again else "",
        "again_band": pages.band_of(again.score, read_bands(newest_bands(today))) if again else None,
        "lines": pages.lines_of(request, account.pk, components, keys, compared),
        "all_points": pages.number(points),
        "all_lost": pages.number(None if points is None else 100 - points),
        "chart": chart,
        "raised": raised_by_people(request, account.pk) if day == today else None,
        "model": model,
        "model_since": times.day(model.since) if model else "",
    }


def raised_by_people(request: Any, account_id: int) -> dict[str, str] | None:
    """The open warnings that no indicator measures: they are no part of the score; one query."""
    rows = Signal.objects.filter(account_id=account_id).exclude(state=SignalState.RESOLVED)
    count = rows.exclude(source=SignalSource.INDICATOR).exclude(kind__in=UPWARD).count()
    if not count:
        return None
    verb = "is" if count == 1 else "are"
    words = f"{formats.plural(count, 'open signal')} raised by people {verb} not part of the score."
    return {"words": words, "url": workspace_url(request, "account_signals", account_id)}


def newest_bands(today: date) -> list[dict[str, Any]]:
    """The bands of today, as they are stored."""
    model = model_on(today)
    return model.bands if model else []


def recomputed(account_id: int, day: date, today: date) -> Any:
    """The score of a past day by today's weights, from everything that is known now; None for today."""
    model = model_on(today)
    if day >= today or model is None:
        return None
    return recompute_scores([account_id], day, model, Known.NOW).get(account_id)


def weight_lines(model: ScoreModel | None) -> list[dict[str, str]]:
    """The weights of a version, the heaviest first, with the part of the whole."""
    components = read_components(model.components if model else [])
    indicators = indicators_of(components)
    whole = sum((item.weight for item in components), Decimal(0))
    return [
        {
            "name": name_of(item, indicators),
            "weight": formats.number(item.weight),
            "part": formats.percent(item.weight / whole),
            "scale": scale_words(item.worst, item.best, item.up, is_indicator=item.indicator is not None),
        }
        for item in sorted(components, key=lambda item: -item.weight)
    ]


def scale_words(worst: Decimal | None, best: Decimal | None, up: bool, *, is_indicator: bool) -> str:
    """How a value becomes a share, in words."""
    if not is_indicator:
        return ""
    if worst is not None and best is not None:
        return f"Nothing at {formats.number(worst)}, all of it at {formats.number(best)}"
    return "All of it while it holds" if up else "All of it while it does not hold"


def weights_form(data: Any, today: date) -> WeightsForm:
    """The form of the weights, about the newest version, or about the defaults if there is none."""
    newest = newest_model()
    indicators = list(active_indicators())
    components = read_components(newest.components) if newest else default_components(ready_made(indicators))
    return WeightsForm(
        data,
        indicators=indicators,
        components=components,
        bands=read_bands(newest.bands if newest else []),
        today=today,
        number=newest.number if newest else 0,
    )


def preview_context(request: Any, form: WeightsForm) -> dict[str, Any]:
    """The picture of today's scores as they are and as they would be, and who would change band."""
    model = model_on(form.today)
    found = preview_of(form.components, form.bands, read_bands(model.bands if model else []))
    return {
        "chart": preview_chart(found),
        "moved": found.moved,
        "more": found.moved - len(found.movers),
        "movers": [
            {
                "name": one.name,
                "url": workspace_url(request, "account_score", one.account_id),
                "before": pages.number(one.before),
                "after": pages.number(one.after),
                "was": one.was,
                "becomes": one.becomes,
            }
            for one in found.movers
        ],
        "accounts": formats.plural(len(found.after), "account"),
    }


def preview_chart(found: Preview) -> Any:
    """Columns for the scores as they would be, an outline for those that are kept."""
    counts = [0] * len(found.bands)
    for score in found.after:
        counts[band_index(Decimal(str(score)), found.bands)] += 1
    ends = [*(float(band.start) for band in found.bands[1:]), 100.0]
    return histogram(
        bins_of(found.after),
        title="Accounts by value score with these weights",
        label="With these weights",
        outlines=[Outline("As it is", bins_of(found.before))],
        stretches=[
            Stretch(band.name, float(band.start), end, CHART_STATUS.get(band.status, band.status), str(count))
            for band, end, count in zip(found.bands, ends, counts, strict=True)
        ],
        uid="preview",
        size=(720, 300),
    )


def bins_of(scores: list[float]) -> list[int]:
    """How many scores lie in each stretch of five points."""
    bins = [0] * BINS
    for score in scores:
        bins[min(int(score / WIDTH), BINS - 1)] += 1
    return bins
