"""The state changes of a job row, each one fenced statement.

Times are the database's, so that workers with different clocks agree.
"""

import json
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.db import connection

CLAIM = """
update csworkspace_job set status = 'running', token = token + 1, attempts = attempts + 1,
    lease_until = clock_timestamp() + make_interval(secs => %(lease)s),
    started_at = coalesce(started_at, clock_timestamp()), error = '',
    key = case when %(release_key)s then '' else key end
where id = %(id)s and (
    status = 'queued' and run_after <= clock_timestamp()
    or status = 'running' and lease_until < clock_timestamp() and attempts < max_attempts)
returning token
"""
HOLD = """
update csworkspace_job
set percent = greatest(percent, %(percent)s), message = %(message)s,
    lease_until = clock_timestamp() + make_interval(secs => %(lease)s)
where id = %(id)s and token = %(token)s and status = 'running'
"""
SUCCEED = """
update csworkspace_job set status = 'succeeded', percent = 100, message = '', result = %(result)s,
    lease_until = null, finished_at = clock_timestamp()
where id = %(id)s and token = %(token)s and status = 'running'
"""
FAIL = """
update csworkspace_job
set status = case when %(final)s or attempts >= max_attempts then 'dead' else 'queued' end,
    finished_at = case when %(final)s or attempts >= max_attempts then clock_timestamp() end,
    run_after = clock_timestamp() + make_interval(secs => %(delay)s),
    lease_until = null, sent_at = null, error = %(error)s, percent = 0, message = ''
where id = %(id)s and token = %(token)s and status = 'running'
returning status
"""
BURY = """
update csworkspace_job set status = 'dead', lease_until = null, finished_at = clock_timestamp(),
    error = 'The worker stopped ' || attempts || ' times in the middle of this job.'
where status = 'running' and lease_until < clock_timestamp() and attempts >= max_attempts
"""
REAP = """
update csworkspace_job set sent_at = clock_timestamp()
where id in (
    select id from csworkspace_job
    where (status = 'running' and lease_until < clock_timestamp()
        or status = 'queued' and run_after <= clock_timestamp())
        and (sent_at is null or sent_at < clock_timestamp() - make_interval(secs => %(lease)s))
    order by id for update skip locked)
returning id
"""
# The claim waits for whoever shares this row: what they write before their commit, the run will see.
JOIN = """
select id from csworkspace_job
where kind = %(kind)s and key = %(key)s and status = 'queued' for share
"""


def storable(text: str) -> str:
    """The text without what PostgreSQL cannot store: NUL bytes and lone surrogates."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")


def _run(sql: str, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, {"lease": settings.JOB_LEASE_SECONDS, **values})
        if cursor.description is None:
            return [(cursor.rowcount,)] if cursor.rowcount else []
        return list(cursor.fetchall())


def join(kind: str, key: str) -> int | None:
    """The waiting job with this key, kept waiting until the caller's transaction ends; None if none waits."""
    rows = _run(JOIN, {"kind": kind, "key": key})
    return int(rows[0][0]) if rows else None


def claim(job_id: int, *, release_key: bool) -> int | None:
    """Take a due or abandoned job; the new fencing token, or None if there is nothing to take."""
    rows = _run(CLAIM, {"id": job_id, "release_key": release_key})
    return int(rows[0][0]) if rows else None


def hold(job_id: int, token: int, percent: int, message: str) -> bool:
    """Extend the lease and show progress; False if another run has taken over."""
    values = {"id": job_id, "token": token, "percent": percent, "message": storable(message)[:300]}
    return bool(_run(HOLD, values))


def succeed(job_id: int, token: int, result: Mapping[str, Any]) -> bool:
    """End the job well; False if another run has taken over."""
    text = json.dumps(dict(result), default=str).replace("\\u0000", "")
    return bool(_run(SUCCEED, {"id": job_id, "token": token, "result": text}))


def fail(job_id: int, token: int, error: str, *, delay: float, final: bool) -> str | None:
    """Queue the job again after `delay` seconds, or give up; the new status, None if fenced out."""
    values = {"id": job_id, "token": token, "error": storable(error), "delay": delay, "final": final}
    rows = _run(FAIL, values)
    return str(rows[0][0]) if rows else None


def reap() -> list[int]:
    """Give up on jobs whose worker died too often; ids of those to be sent (again)."""
    _run(BURY, {})
    return [int(row[0]) for row in _run(REAP, {})]
