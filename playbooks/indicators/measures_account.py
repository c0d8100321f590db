"""Measures of what we owe and hear: recommendations, services, news, the renewal."""

from collections.abc import Mapping
from typing import Any

from accounts.news.models import NewsKind
from csworkspace.web import formats
from playbooks.indicators.asked import Asked, Statement
from playbooks.indicators.measure_forms import MeasureForm, NewsForm, RecommendationForm, WithinForm
from playbooks.indicators.measure_parts import local_day
from playbooks.indicators.measures import Measure, Proof, Told, When
from playbooks.indicators.naming import Names
from playbooks.indicators.saying import day_words, listed, span, whole

SECTION = "Account and services"
IGNORED = """
select account_id, coalesce({days}, 0) as value, null::numeric as compared, coalesce({days}, 0) as test,
    case when many > 0 then jsonb_build_object('since', first_on, 'recommendation', id, 'title', title,
        'open', many) else '{{}}'::jsonb end
        || case when lapsed then jsonb_build_object('lapsed', true) else '{{}}'::jsonb end as detail,
    null::text as why
from (
    select account_id, min({shared}) filter (where waits) as first_on, count(*) filter (where waits) as many,
        (array_agg(id order by not waits, shared_at, id))[1] as id,
        (array_agg(title order by not waits, shared_at, id))[1] as title,
        (array_agg(state in ('expired', 'withdrawn')
            order by coalesce(closed_at, answered_at) desc nulls last, id desc) filter (where not waits))[1]
            as lapsed
    from (
        select *, (advice.closed_at is null or advice.closed_at >= %(until)s)
            and (advice.taken_up_on is null or advice.taken_up_on > %(day)s::date) and {unanswered} as waits
        from playbooks_recommendation advice where advice.shared_at < %(until)s{within}
    ) shared group by account_id
) waiting
"""
MISSED = """
select account_id, count(*) filter (where counts)::numeric as value, null::numeric as compared,
    count(*) filter (where counts)::numeric as test,
    case when bool_or(counts) then jsonb_build_object('occurrence', {last_id}, 'service', {last_name},
        'due', {last_due}) else '{{}}'::jsonb end
        || case when bool_or(not counts) then jsonb_build_object('lapsed', true) else '{{}}'::jsonb end
        as detail,
    null::text as why
from (
    select owed.*, service.name, owed.missed_after >= %(day)s::date - %(days)s as counts
    from playbooks_serviceoccurrence owed join accounts_service service on service.id = owed.service_id
    where owed.missed_after < %(day)s::date and owed.missed_after >= %(day)s::date - %(days)s - {grace}
        and (owed.delivered_on is null or owed.delivered_on > %(day)s::date)
        and (owed.answered_at is null or owed.answered_at >= %(until)s)
        and (owed.waived_at is null or owed.waived_at >= %(until)s){known}{within}
) owed group by account_id
"""
NEWEST = "(array_agg({} order by missed_after desc, id) filter (where counts))[1]"
# What fell out of the time that is looked at so many days ago may be why nothing counts any more.
JUST_NOW = 7
NEWS = """
select news.account_id, count(*)::numeric as value, null::numeric as compared, count(*)::numeric as test,
    jsonb_build_object('news', (array_agg(news.id order by news.happened_on desc, news.id desc))[1],
        'title', (array_agg(news.title order by news.happened_on desc, news.id desc))[1],
        'kind', (array_agg(news.kind order by news.happened_on desc, news.id desc))[1],
        'on', max(news.happened_on)) as detail, null::text as why
from accounts_news news
where news.kind = any(%(kinds)s::varchar[]) and news.happened_on > %(day)s::date - %(days)s
    and news.happened_on <= %(day)s::date{known}{within}
group by news.account_id
"""
RENEWAL = """
select scope.account_id, (scope.renewal_on - %(day)s::date)::numeric as value, null::numeric as compared,
    case when {kept} then (scope.renewal_on - %(day)s::date)::numeric end as test,
    jsonb_build_object('since', scope.renewal_on) as detail, %(not_kept)s as why
from scope where scope.renewal_on is not null
"""
NO_DATE = "The account has no date of renewal."
NOT_KEPT = "The renewal date of that day is not kept: the account was edited since."


def ignored_sql(asked: Asked) -> Statement:
    """Age in days of the oldest recommendation without an answer; 0 without one."""
    accepted = bool(asked.params.get("accepted"))
    unanswered = "(advice.answered_at is null or advice.answered_at >= %(until)s)"
    if not asked.is_past:
        states = "'open', 'accepted'" if accepted else "'open'"
        unanswered = f"advice.state in ({states})"
    elif accepted:
        # Declined ones were closed at the moment of their answer.
        unanswered = "true"
    text = IGNORED.format(
        days="(%(day)s::date - first_on)::numeric",
        shared=local_day("shared_at"),
        unanswered=unanswered,
        within=asked.within("advice.account_id"),
    )
    return Statement(text, zero=True)


def missed_sql(asked: Asked) -> Statement:
    """How many owed services were missed within some days, and have not been delivered since."""
    known = asked.rows_known("owed.created_at")
    text = MISSED.format(
        last_id=NEWEST.format("id"),
        last_name=NEWEST.format("name"),
        last_due=NEWEST.format("due_on"),
        grace=JUST_NOW,
        known=known,
        within=asked.within("owed.account_id"),
    )
    return Statement(text, {"days": int(asked.params["days"])}, zero=True)


def news_sql(asked: Asked) -> Statement:
    """How much news of some kinds there was within some days."""
    known = asked.rows_known("news.recorded_at")
    text = NEWS.format(known=known, within=asked.within("news.account_id"))
    return Statement(
        text, {"days": int(asked.params["days"]), "kinds": list(asked.params["kinds"])}, zero=True
    )


def renewal_sql(asked: Asked) -> Statement:
    """Days to the renewal; below 0 when it is overdue."""
    kept = "scope.updated_at < %(until)s" if asked.is_past else "true"
    return Statement(RENEWAL.format(kept=kept), {"not_kept": NOT_KEPT}, why=NO_DATE)


def ignored_said(told: Told) -> dict[str, str]:
    """Placeholders."""
    return {
        "days": formats.plural(int(told.value or 0), "day"),
        "title": str(told.detail.get("title", "")),
        "open": whole(told.detail.get("open")),
    }


def ignored_proofs(told: Told) -> list[Proof]:
    """The oldest one."""
    found = [
        Proof("Open recommendations", whole(told.detail.get("open")), "account_recommendations", ("account",))
    ]
    if told.detail.get("recommendation"):
        pk, title = told.detail["recommendation"], str(told.detail.get("title"))
        found.append(Proof("The oldest", title, "recommendation", (pk,)))
    return found


def missed_said(told: Told) -> dict[str, str]:
    """Placeholders."""
    return {
        "services": formats.plural(int(told.value or 0), "service"),
        "service": str(told.detail.get("service", "")),
        "due": day_words(told.detail.get("due")),
        "days": span(int(told.params["days"])),
    }


def missed_proofs(told: Told) -> list[Proof]:
    """The last one missed."""
    found = [Proof("Services missed", whole(told.value), "account_services", ("account",))]
    if told.detail.get("occurrence"):
        found.append(Proof("Last", str(told.detail["service"]), "occurrence", (told.detail["occurrence"],)))
    return found


def news_said(told: Told) -> dict[str, str]:
    """Placeholders."""
    kind = str(told.detail.get("kind", ""))
    return {
        "title": str(told.detail.get("title", "")),
        "kind": NewsKind(kind).label if kind in NewsKind.values else kind,
        "on": day_words(told.detail.get("on")),
        "value": whole(told.value),
    }


def news_words(params: Mapping[str, Any], names: Names) -> str:
    """In words."""
    kinds = listed([NewsKind(kind).label.lower() for kind in params["kinds"]])
    return f"news about {kinds} within {span(int(params['days']))}"


def renewal_said(told: Told) -> dict[str, str]:
    """Placeholders."""
    return {"days": formats.plural(int(told.value or 0), "day"), "on": day_words(told.detail.get("since"))}


MEASURES = (
    Measure(
        "recommendation_ignored", "Recommendation ignored", form=RecommendationForm, section=SECTION,
        help="Age of the oldest recommendation that the customer has not answered or taken up.",
        compile=ignored_sql, words=lambda params, names: "age in days of the oldest open recommendation",
        said=ignored_said, proofs=ignored_proofs,
        placeholders={"days": "its age", "title": "its title", "open": "how many are open"},
        explanation="“{title}” has been waiting for an answer for {days}", unit="days",
        begins="30", ends="30",
        past="By the moments when recommendations were shared, answered and closed.", counts_days=True,
        events=("recommendations.changed",), is_rare=True,
        lapsed="It ran out or was taken back without an answer",
    ),
    Measure(
        "service_missed", "Service owed and missed", form=WithinForm, section=SECTION,
        help="Services that were not delivered by the day when they count as missed.", compile=missed_sql,
        words=lambda params, names: f"services missed within {span(int(params['days']))}",
        said=missed_said, proofs=missed_proofs,
        placeholders={"services": "how many", "service": "the last one", "due": "when it was due",
                      "days": "the time looked at"},
        explanation="{services} missed in {days}, last {service}, due on {due}", unit="services",
        past="By the days of delivery that were entered, whenever that was.", events=("services.changed",),
        is_rare=True, lapsed="It was never delivered, and is too long ago to count any more",
    ),
    Measure(
        "news", "News", help="Funding, leadership and other news, entered by hand or sent by the API.",
        form=NewsForm, section=SECTION, compile=news_sql, words=news_words, said=news_said,
        proofs=lambda told: [Proof("News", str(told.detail.get("title", "")), "account_news", ("account",))],
        placeholders={"title": "the newest title", "kind": "its kind", "on": "its day", "value": "how many"},
        explanation="{kind}: {title} ({on})", unit="news", ages_out=True,
        past="By when it was recorded; received goes by the day on which it happened.",
        events=("news.changed",),
    ),
    Measure(
        "renewal", "Renewal", help="Days to the renewal date.", form=MeasureForm, section=SECTION,
        compile=renewal_sql, words=lambda params, names: "days to the renewal", said=renewal_said,
        proofs=lambda told: [Proof("Renewal", day_words(told.detail.get("since")), "account", ("account",))],
        placeholders={"days": "how many days", "on": "the date"}, explanation="Renews in {days}, on {on}",
        unit="days", when=When.AT_MOST, begins="90", ends="90", counts_days=True,
        past="The date is kept without history: a past day is known if the account was not edited since.",
        events=("accounts.changed",), over={NO_DATE: "The account has no date of renewal any more since"},
    ),
)  # fmt: skip
