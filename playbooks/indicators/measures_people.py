"""Measures of people: contacts who fell silent or left, no champion, and who looks into the portal."""

from collections.abc import Mapping
from typing import Any

from accounts.contacts.models import ContactRole
from csworkspace.web import formats
from playbooks.indicators.asked import Asked, Statement
from playbooks.indicators.documents import documents_sql
from playbooks.indicators.measure_forms import LeftForm, PortalForm, RolesForm, SilentForm
from playbooks.indicators.measure_parts import local_day
from playbooks.indicators.measures import Measure, Proof, Told, When
from playbooks.indicators.naming import Names
from playbooks.indicators.saying import day_words, roles_of, span, whole

SECTION = "People"
LOOK_BACK = 365
EDITED = "The contact was edited after that day, and what was known before is not kept."
PAST = (
    "Contacts have no history: recorded knows a past day only if no contact of the account was edited since "
    "(one that was deleted leaves no trace); received takes "
    "roles as they are today, and the day of leaving as the date of the fact."
)
EVER_SEEN = "No such contact has been seen in usage often enough so far."
SILENT = """
select distinct on (account_id) account_id, {days} as value, null::numeric as compared,
    case when not edited then {days} end as test,
    jsonb_build_object('contact', id, 'name', name, 'role', role, 'since', last_on, 'silent',
        count(*) over (partition by account_id)) as detail, %(edited)s as why
from (
    select account_id, id, name, role, edited, last_on,
        count(*) filter (where day > last_on - %(look_back)s) as active
    from (
        select contact.account_id, contact.id, contact.name, contact.role, {day} as day,
            max({day}) over (partition by contact.id) as last_on,
            exists (select from accounts_contact other where other.account_id = contact.account_id
                and {edited}{known_other}) as edited
        from accounts_contact contact
        join accounts_contactidentity identity on identity.contact_id = contact.id
        join accounts_event event on event.account_id = contact.account_id
            and event.user_key = identity.value and event.occurred_at < %(until)s{known}
        where contact.role = any(%(roles)s::varchar[])
            and (contact.left_on is null or contact.left_on > %(day)s::date){known_contact}{within}
        group by contact.account_id, contact.id, {day}
    ) days group by account_id, id, name, role, edited, last_on
) seen where active >= %(active)s order by account_id, last_on, id
"""
# Any contact of the account that was edited since may have had the role then, or have been there.
CONTACTS = """
    select contact.account_id, contact.name, contact.role, contact.left_on, {edited} as edited,
        case when contact.role = any(%(roles)s::varchar[]) and {fits} then contact.id end as id
    from accounts_contact contact where true{known_contact}{within}
"""
LEFT_THEN = "contact.left_on > %(day)s::date - %(days)s and contact.left_on <= %(day)s::date"
THERE_THEN = "(contact.left_on is null or contact.left_on > %(day)s::date)"
COUNTED = """
select account_id, count(id)::numeric as value, null::numeric as compared,
    case when not bool_or(edited) then count(id)::numeric end as test, {detail} as detail, %(edited)s as why
from ({contacts}) contact group by account_id
"""
WHO_LEFT = """case when count(id) > 0 then jsonb_build_object(
        'contact', (array_agg(id order by id is null, left_on desc, id))[1],
        'name', (array_agg(name order by id is null, left_on desc, id))[1],
        'role', (array_agg(role order by id is null, left_on desc, id))[1],
        'left', max(left_on) filter (where id is not null)) else '{}'::jsonb end"""
# Whoever never looked in is counted from the day on which they could: a report was issued, a link shared, a
# viewer let in. Before visits were recorded nobody knows: so from the first of all, or the indicator's day.
VISITED = """
select account_id, {days} as value, null::numeric as compared, {days} as test,
    jsonb_build_object('since', last_on) as detail, null::text as why
from (
    select account_id, coalesce(max(seen), greatest(min(could), (select least(
            (select min(day) from accounts_portalvisit),
            (select {created} from playbooks_indicator indicator where id = %(indicator)s))))) as last_on
    from (
        select visit.account_id, visit.day as seen, null::date as could from accounts_portalvisit visit
        where visit.day <= %(day)s::date{known}{within_visit}
        union all select issued.account_id, null, issued.issued_on from ({documents}) issued
        where issued.issued_on <= %(day)s::date{within_issued}
        union all select link.account_id, null, {shared} from accounts_sharelink link
        where link.created_at < %(until)s{within_link}
        union all select viewer.account_id, null, {bound} from accounts_portalviewer viewer
        join csworkspace_membership member on member.id = viewer.membership_id
        where member.created_at < %(until)s{within_viewer}
    ) ways group by account_id
) visited where last_on <= %(day)s::date
"""
UNOPENED = """
select document.account_id, {days} as value, null::numeric as compared, {days} as test,
    jsonb_build_object('since', document.issued_on, 'title', document.title, 'document', document.id,
        'lapsed', not opened) as detail, null::text as why
from (
    select distinct on (issued.account_id) issued.* from ({documents}) issued
    where issued.issued_on <= %(day)s::date{within}
    order by issued.account_id, issued.issued_on desc, issued.id desc
) document cross join lateral (select exists (
    select from accounts_portalvisit visit where visit.account_id = document.account_id
        and visit.page = document.page || ' ' || document.id and visit.day <= %(day)s::date{known}
) as opened) looked
"""


def silent_sql(asked: Asked) -> Statement:
    """Days since the most silent of these contacts was last seen in events, by their identities.

    Only who was active on enough days of the year until then, and has not left: silence does not end by
    lasting.
    """
    text = SILENT.format(
        days="(%(day)s::date - last_on)::numeric",
        day=local_day(),
        edited=_edited(asked, "other"),
        known_other=asked.rows_known("other.created_at"),
        known=asked.events_known(),
        known_contact=asked.rows_known("contact.created_at"),
        within=asked.within("contact.account_id"),
    )
    values = {
        "roles": list(asked.params["roles"]),
        "active": int(asked.params["active_days"]),
        "look_back": LOOK_BACK,
        "edited": EDITED,
    }
    return Statement(text, values, why=EVER_SEEN)


def _edited(asked: Asked, contact: str) -> str:
    """Whether a contact was edited after the day, where that hides what was recorded then."""
    return f"{contact}.updated_at >= %(until)s" if asked.rows_known("") and asked.is_past else "false"


def left_sql(asked: Asked) -> Statement:
    """How many of these contacts left within some days."""
    values = {"roles": list(asked.params["roles"]), "days": int(asked.params["days"]), "edited": EDITED}
    return Statement(_counted(LEFT_THEN, WHO_LEFT, asked), values, zero=True)


def champions_sql(asked: Asked) -> Statement:
    """How many of these contacts there are."""
    values = {"roles": list(asked.params["roles"]), "edited": EDITED}
    return Statement(_counted(THERE_THEN, "'{}'::jsonb", asked), values, zero=True)


def _counted(fits: str, detail: str, asked: Asked) -> str:
    contacts = CONTACTS.format(
        fits=fits,
        edited=_edited(asked, "contact"),
        known_contact=asked.rows_known("contact.created_at"),
        within=asked.within("contact.account_id"),
    )
    return COUNTED.format(detail=detail, contacts=contacts)


def portal_sql(asked: Asked) -> Statement:
    """Days since the last visit, or since a report was issued that nobody opened."""
    known = asked.rows_known("visit.first_at")
    if asked.params["what"] == "portal":
        return Statement(
            _visited(asked, known), why="Nobody of the customer can look into the portal so far."
        )
    text = UNOPENED.format(
        days="case when opened then 0 else %(day)s::date - document.issued_on end::numeric",
        documents=documents_sql(),
        known=known,
        within=asked.within("issued.account_id"),
    )
    return Statement(text, why="No report has been issued to the customer.")


def _visited(asked: Asked, known: str) -> str:
    return VISITED.format(
        days="(%(day)s::date - last_on)::numeric",
        known=known,
        documents=documents_sql(),
        created=local_day("indicator.created_at"),
        shared=local_day("link.created_at"),
        bound=local_day("member.created_at"),
        **{
            f"within_{name}": asked.within(f"{name}.account_id")
            for name in ("visit", "issued", "link", "viewer")
        },
    )


def contact_said(told: Told) -> dict[str, str]:
    """Placeholders about the contact who is named."""
    role = str(told.detail.get("role", ""))
    return {
        "contact": str(told.detail.get("name", "")),
        "role": ContactRole(role).label.lower() if role in ContactRole.values else role,
    }


def silent_said(told: Told) -> dict[str, str]:
    """Placeholders."""
    return {
        **contact_said(told),
        "days": formats.plural(int(told.value or 0), "day"),
        "last": day_words(told.detail.get("since")),
    }


def left_said(told: Told) -> dict[str, str]:
    """Placeholders."""
    return {**contact_said(told), "left": day_words(told.detail.get("left")), "value": whole(told.value)}


def contact_proofs(label: str) -> Any:
    """The number, and the contact's page."""

    def proofs(told: Told) -> list[Proof]:
        found = [Proof(label, whole(told.value), "account_people", ("account",))]
        if told.detail.get("contact"):
            found.append(Proof("Contact", str(told.detail.get("name")), "account_people", ("account",)))
        return found

    return proofs


def portal_said(told: Told) -> dict[str, str]:
    """Placeholders."""
    return {
        "days": formats.plural(int(told.value or 0), "day"),
        "since": day_words(told.detail.get("since")),
        "report": str(told.detail.get("title", "")),
    }


def portal_words(params: Mapping[str, Any], names: Names) -> str:
    """In words."""
    if params["what"] == "portal":
        return "days since the customer looked into the portal"
    return "days since the newest report was issued, while nobody has opened it"


CONTACT = {"contact": "the contact’s name", "role": "the contact’s role"}
CHANGED = ("contacts.changed",)
MEASURES = (
    Measure(
        "contact_silent", "A contact fell silent", form=SilentForm, section=SECTION, past=PAST,
        help="Days since a champion, sponsor or administrator was last seen in usage, by their identities.",
        compile=silent_sql, words=lambda params, names: f"days since a {roles_of(params)} was last seen",
        said=silent_said, proofs=contact_proofs("Days since last seen"),
        placeholders={**CONTACT, "days": "how many days", "last": "the day last seen"},
        explanation="{contact} ({role}) has not been seen for {days}, last on {last}", unit="days",
        begins="30", ends="7", counts_days=True, events=(*CHANGED, "measurements.changed"),
        over={EVER_SEEN: "Whom it names is not one to look for any more since"},
    ),
    Measure(
        "contact_left", "A contact left", form=LeftForm, section=SECTION, past=PAST,
        help="How many contacts of these roles left.", compile=left_sql,
        words=lambda params, names: f"{roles_of(params)} who left in {span(int(params['days']))}",
        said=left_said, proofs=contact_proofs("Contacts who left"),
        placeholders={**CONTACT, "left": "the day of leaving", "value": "how many left"},
        explanation="{contact} ({role}) left on {left}", unit="contacts", events=CHANGED, ages_out=True,
    ),
    Measure(
        "no_champion", "No champion", form=RolesForm, section=SECTION, past=PAST,
        help="How many contacts of these roles there are; 0 is what it warns of.", compile=champions_sql,
        words=lambda params, names: f"number of contacts who are {roles_of(params)}",
        said=lambda told: {"value": whole(told.value), "roles": roles_of(told.params)},
        proofs=contact_proofs("Such contacts"),
        placeholders={"value": "how many there are", "roles": "the roles looked for"},
        explanation="There is no {roles} among the contacts", unit="contacts", when=When.AT_MOST, begins="0",
        ends="0", events=(*CHANGED, "accounts.changed"),
    ),
    Measure(
        "portal_unread", "Portal or report unread", form=PortalForm, section=SECTION,
        past="Visits are kept by day since they began to be recorded; before there are none.",
        help="Days since the customer looked in (or could, if they never did), or since a report was issued "
        "and not opened.",
        compile=portal_sql, words=portal_words, said=portal_said,
        proofs=lambda told: [Proof("Days unread", whole(told.value), "account_reports", ("account",))],
        placeholders={"days": "how many days", "since": "the day since when", "report": "the report’s title"},
        explanation="Nobody of the customer has looked in for {days}, since {since}", unit="days",
        begins="45", ends="30", counts_days=True, events=("visits.changed", "reports.issued"),
        lapsed="A newer report took the place of the one that nobody opened",
    ),
)  # fmt: skip
