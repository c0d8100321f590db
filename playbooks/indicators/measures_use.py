"""Measures of use, read from events: breadth, features of a kind, silence, and who met an incident."""

from collections.abc import Mapping
from typing import Any

from accounts.book.models import LONG_AGO
from accounts.incidents.models import IncidentImpact
from accounts.metrics.words import features_in_words
from accounts.usage.features import listed_or_all, matching
from csworkspace.web import formats, times
from playbooks.indicators.asked import Asked, Statement
from playbooks.indicators.measure_forms import BreadthForm, IncidentForm, MeasureForm, UseForm
from playbooks.indicators.measure_parts import local_day, since_of
from playbooks.indicators.measures import Measure, Proof, Told
from playbooks.indicators.naming import Names
from playbooks.indicators.saying import day_words, iso_day, percent, span, whole

SECTION = "Use of the product"
PAST = (
    "Events by when they were recorded, or received, if that is asked for; which person an identity means "
    "is what is known today."
)
WHO = "coalesce('contact ' || identity.contact_id, event.user_key)"
BREADTH = """
select account_id, value, compared, {test} as test,
    case when {known} then jsonb_build_object('test', round({test}, 2)) else '{{}}'::jsonb end as detail,
    case when seen * 2 < %(past)s then 'There is too little history to compare with.'
        else 'Too few features were used before for a percentage to count.' end as why
from (
    select account_id, value, used / nullif(seen, 0) as compared, seen
    from (
        select account_id, coalesce(max(used) filter (where n = 0), 0)::numeric as value,
            sum(used) filter (where n > 0) as used, max(n) as first_used
        from (
            select event.account_id, (%(day)s::date - {day}) / %(window)s as n,
                count(distinct event.feature) as used
            from accounts_event event
            where event.account_id is not null and event.occurred_at >= %(since)s
                and event.occurred_at < %(until)s{known_events}{within}{filter}
            group by 1, 2
        ) by_window group by account_id
    ) used
    join accounts_account account on account.id = used.account_id
    cross join lateral (select greatest(first_used,
        least(%(past)s, coalesce((%(day)s::date - account.customer_since) / %(window)s, 0))) as seen) there
) breadth
"""
BREADTH_KNOWN = "seen * 2 >= %(past)s and compared >= %(base)s"
FALL = "case when {known} then (compared - value) * 100 / compared end"
USE = """
select event.account_id, count(*)::numeric as value, null::numeric as compared, count(*)::numeric as test,
    jsonb_build_object('people', count(distinct {who}), 'last', max({day}),
        'feature', (array_agg(event.feature order by event.occurred_at desc))[1]) as detail, null::text as why
from accounts_event event left join accounts_contactidentity identity on identity.value = event.user_key
where event.account_id is not null and event.occurred_at >= %(since)s
    and event.occurred_at < %(until)s{known}{within}{filter}
group by event.account_id
"""
SILENCE_LIVE = """
select book.account_id, days::numeric as value, null::numeric as compared, days::numeric as test,
    jsonb_build_object('since', book.last_active_on) as detail, null::text as why
from accounts_bookrow book cross join lateral (
    select greatest(0, %(day)s::date - book.last_active_on) as days) silent
where book.last_active_on > %(never)s{within}
"""
SILENCE = """
select account_id, (%(day)s::date - last_on)::numeric as value, null::numeric as compared,
    (%(day)s::date - last_on)::numeric as test, jsonb_build_object('since', last_on) as detail,
    null::text as why
from (
    select event.account_id, max({day}) as last_on from accounts_event event
    where event.account_id is not null and event.occurred_at < %(until)s{known}{within}
    group by event.account_id
) seen
"""
EXPOSED = """
select distinct on (account_id) account_id, people::numeric as value, null::numeric as compared,
    people::numeric as test, jsonb_build_object('incident', id, 'title', title, 'began', began,
        'incidents', count(*) over (partition by account_id)) as detail, null::text as why
from (
    select event.account_id, incident.id, incident.title, {began} as began, count(distinct {who}) as people
    from accounts_incident incident join accounts_event event
        on event.occurred_at >= incident.started_at
        and event.occurred_at < least(coalesce(incident.ended_at, %(until)s), %(until)s)
        and {affected}
    left join accounts_contactidentity identity on identity.value = event.user_key
    where coalesce(incident.ended_at, %(until)s) >= %(since)s and incident.started_at < %(until)s
        and incident.impact = any(%(impacts)s::varchar[]){known_incident}
        and event.account_id is not null and event.occurred_at >= %(since)s
        and event.occurred_at < %(until)s{known}{within}
    group by event.account_id, incident.id, incident.title, incident.started_at
) met order by account_id, people desc, id desc
"""


def breadth_sql(asked: Asked) -> Statement:
    """How much fewer different features are used than on average in the windows before, in percent.

    Windows before the first in which anything was used are left out; later ones without use count 0.
    """
    params = asked.params
    window, past = int(params["window"]), int(params["past"])
    feature_filter, values = matching(params["features"], "event.feature")
    text = BREADTH.format(
        test=FALL.format(known=BREADTH_KNOWN),
        known=BREADTH_KNOWN,
        day=local_day(),
        known_events=asked.events_known(),
        within=asked.within("event.account_id"),
        filter=feature_filter,
    )
    given = {"window": window, "past": past, "base": params["base"], **values}
    return Statement(
        text, {**given, "since": since_of(asked, window * (past + 1))}, why="Nothing was used in that time."
    )


def use_sql(asked: Asked) -> Statement:
    """How often some features were used."""
    feature_filter, values = matching(asked.params["features"], "event.feature")
    text = USE.format(
        who=WHO,
        day=local_day(),
        known=asked.events_known(),
        within=asked.within("event.account_id"),
        filter=feature_filter,
    )
    return Statement(text, {**values, "since": since_of(asked, int(asked.params["days"]))}, zero=True)


def silence_sql(asked: Asked) -> Statement:
    """Days since anybody was active: of today from the book, of the past from the events."""
    why = "Nobody has ever been active."
    if asked.is_live:
        text = SILENCE_LIVE.format(within=asked.within("book.account_id"))
        return Statement(text, {"never": LONG_AGO}, why=why)
    text = SILENCE.format(
        day=local_day(), known=asked.events_known(), within=asked.within("event.account_id")
    )
    return Statement(text, why=why)


def exposure_sql(asked: Asked) -> Statement:
    """How many people used what was affected while it was: of the incident that most of them met."""
    text = EXPOSED.format(
        who=WHO,
        affected=listed_or_all("incident.features", "event.feature"),
        began=local_day("incident.started_at"),
        known_incident=asked.rows_known("incident.recorded_at"),
        known=asked.events_known(),
        within=asked.within("event.account_id"),
    )
    values = {"impacts": list(asked.params["impacts"]), "since": since_of(asked, int(asked.params["days"]))}
    return Statement(text, values, zero=True)


def breadth_said(told: Told) -> dict[str, str]:
    """Placeholders."""
    window = int(told.params["window"])
    test = told.test if "test" in told.detail else None
    return {
        "value": whole(told.value),
        "compared": formats.number(told.compared),
        "change": percent(None if test is None else abs(test)),
        "recent": span(window),
        "past": span(window * int(told.params["past"])),
    }


def breadth_words(params: Mapping[str, Any], names: Names) -> str:
    """In words."""
    window, past = int(params["window"]), int(params["past"])
    what = f" out of {features_in_words(params['features'])}" if params["features"] else ""
    return f"fall of different features used{what} in {span(window)} against the {span(window * past)} before"


def usage_proof(label: str, value: str) -> list[Proof]:
    """A number that the account's usage page shows."""
    return [Proof(label, value, "account_usage", ("account",))]


def breadth_proofs(told: Told) -> list[Proof]:
    """Now and before."""
    said = breadth_said(told)
    return usage_proof(f"Features in {said['recent']}", said["value"]) + usage_proof(
        f"Average of the {said['past']} before", said["compared"]
    )


def use_said(told: Told) -> dict[str, str]:
    """Placeholders."""
    count = int(told.value or 0)
    return {
        "times": formats.plural(count, "time"),
        "value": whole(told.value),
        "people": formats.plural(int(told.detail.get("people") or 0), "person", "people"),
        "feature": str(told.detail.get("feature", "")),
        "days": span(int(told.params["days"])),
    }


def use_words(params: Mapping[str, Any], names: Names) -> str:
    """In words."""
    return f"uses of {features_in_words(params['features'])} in {span(int(params['days']))}"


def silence_said(told: Told) -> dict[str, str]:
    """Placeholders."""
    return {"days": formats.plural(int(told.value or 0), "day"), "last": day_words(told.detail.get("since"))}


def exposure_said(told: Told) -> dict[str, str]:
    """Placeholders."""
    return {
        "people": formats.plural(int(told.value or 0), "person", "people"),
        "incident": str(told.detail.get("title", "")),
        "began": day_words(told.detail.get("began")),
    }


def exposure_words(params: Mapping[str, Any], names: Names) -> str:
    """In words."""
    impacts = " or ".join(IncidentImpact(value).label.lower() for value in params["impacts"])
    return f"people at work during an incident ({impacts}) of the last {span(int(params['days']))}"


def exposure_proofs(told: Told) -> list[Proof]:
    """The incident and the people."""
    found = usage_proof("People who met it", whole(told.value))
    if told.detail.get("incident"):
        title = f"{told.detail.get('title')}, {times.day(iso_day(told.detail.get('began')))}"
        found.append(Proof("Incident", title, "incident", (told.detail["incident"],)))
    return found


USED: dict[str, Any] = {"section": SECTION, "past": PAST, "events": ("measurements.changed",)}
MEASURES = (
    Measure(
        "features", "Breadth: different features used", help="How much fewer than in the windows before.",
        form=BreadthForm, compile=breadth_sql, words=breadth_words, said=breadth_said, proofs=breadth_proofs,
        placeholders={"value": "features used now", "compared": "the average before",
                      "change": "the fall in percent", "recent": "the time that counts as now",
                      "past": "the time before"},
        explanation="{value} different features used in {recent}, {change} fewer than before", unit="%",
        begins="30", ends="20", **USED,
    ),
    Measure(
        "feature_use", "Uses of some features", help="Such as running into a paywall, or a new trial.",
        form=UseForm, compile=use_sql, words=use_words, said=use_said,
        proofs=lambda told: usage_proof("Uses", whole(told.value)),
        placeholders={"times": "how often, such as 3 times", "value": "the number alone",
                      "people": "how many people", "feature": "the feature used last",
                      "days": "the time looked at"},
        explanation="{people} used {feature} or the like {times} in {days}", unit="times",
        ages_out=True, **USED,
    ),
    Measure(
        "silence", "Silence: days without any activity", help="Of anybody of the account.",
        form=MeasureForm, compile=silence_sql, words=lambda params, names: "days without any activity",
        said=silence_said, proofs=lambda told: usage_proof("Days without activity", whole(told.value)),
        placeholders={"days": "how many days", "last": "the last active day"},
        explanation="Nobody has been active for {days}, last on {last}", unit="days", begins="21", ends="7",
        counts_days=True, section=SECTION, past=PAST, events=("measurements.changed", "accounts.changed"),
    ),
    Measure(
        "incident_exposure", "Incident exposure", form=IncidentForm,
        help="People of the account who used what was affected while an incident lasted.",
        compile=exposure_sql, words=exposure_words, said=exposure_said, proofs=exposure_proofs,
        placeholders={"people": "how many people", "incident": "its title", "began": "the day it began"},
        explanation="{people} at work during “{incident}” on {began}", unit="people",
        section=SECTION, ages_out=True,
        past=PAST + " Incidents by when they were recorded, or by their begin.",
        events=("measurements.changed", "incidents.changed"),
    ),
)  # fmt: skip
