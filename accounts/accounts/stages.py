"""The stage of an account at the end of a past day, from the audit log. One fragment of SQL for all."""

# What the first change after the moment `until` replaced, else the present one; the accounts are `account`.
# Most changes write the value down, those in bulk and their undoing its label: the same in lower case.
STAGE_THEN = """coalesce(lower((
        select entry.before ->> 'stage' from csworkspace_auditentry entry
        where entry.object_type = 'account' and entry.object_id = account.id and entry.at >= %(until)s
            and entry.before ? 'stage' order by entry.id limit 1)), account.stage)"""
