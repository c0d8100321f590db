"""Accounts that came into the book within the last seven days."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import connection

from csworkspace.tenancy.clock import day_in
from playbooks.myday.providers import CAP, Viewpoint
from playbooks.myday.urgency import Item, Kind
from playbooks.myday.words import new_words

NEW_DAYS = 7
# Made, or given to this owner, since then. The log is the one place where every change of an owner
# stands; whoever owns the account now got it by the newest of them, and had it all the time if the
# oldest of them took it from the same owner: then it was away and came back, which is no news. What
# came on the day of the very first account is the first load of a book, and no news either.
FOUND = """
select account.id, greatest(
    case when account.created_at >= %(since)s
        and account.created_at > (select min(created_at) from accounts_account) + interval '1 day'
    then account.created_at end, given.at) as came
from accounts_account account
left join lateral (
    select max(entry.at) as at from csworkspace_auditentry entry
    where entry.object_type = 'account' and entry.object_id = account.id and entry.at >= %(since)s
        and entry.after ? 'owner' and entry.verb not in ('created', 'imported')
    having (array_agg(entry.before ->> 'owner' order by entry.id))[1]
        is distinct from (array_agg(entry.after ->> 'owner' order by entry.id desc))[1]
) given on %(owner)s::bigint is not null
where (%(owner)s::bigint is null or account.owner_id = %(owner)s::bigint) and account.stage <> 'churned'
order by came desc nulls last, account.id
limit %(cap)s
"""


def new_accounts(view: Viewpoint) -> list[Item]:
    """What is new in the owner's book; for the team what was made. One query."""
    workspace = view.request.workspace
    first = view.today - timedelta(days=NEW_DAYS - 1)
    since = datetime.combine(first, time(), ZoneInfo(workspace.timezone))
    with connection.cursor() as cursor:
        cursor.execute(FOUND, {"since": since, "owner": view.owner_id, "cap": CAP})
        rows = [(pk, day_in(workspace, came)) for pk, came in cursor.fetchall() if came]
    mine = view.owner_id == view.request.membership.pk
    return [
        Item(
            key=f"new-{pk}",
            kind=Kind.NEW,
            account_id=pk,
            reason=new_words(came_on, view.today, mine=mine),
            step=view.link("Open the account", "account", pk),
            due_on=came_on,
        )
        for pk, came_on in rows
    ]
