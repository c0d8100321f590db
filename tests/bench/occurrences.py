"""Services owed: generation against a bare INSERT of the same rows, again, and for what changed."""

import statistics
from datetime import date, timedelta
from typing import Any

from tests.bench.books import make_book
from tests.bench.ratios import Ratio, seconds_of

ACCOUNTS, CHANGED, ROUNDS = 10_000, 100, 5
# Eight services in each tier, once a quarter; so many rows stay comparable with the bare side.
SERVICES = 8
PLACE = """
insert into accounts_tierplacement (account_id, tier_id, since, reason, actor, recorded_at)
select id, tier_id, %s, '', 'Bench', now() from accounts_account
"""
KEEP = """
drop table if exists kept_occurrence;
create table kept_occurrence as select * from playbooks_serviceoccurrence;
grant select on kept_occurrence to public
"""
BARE = "insert into playbooks_serviceoccurrence select * from kept_occurrence order by account_id, service_id"


def run() -> list[Ratio]:
    """10,000 accounts × 8 services, by the product's own job in chunks, one transaction each."""
    workspace, _ = make_book("occurrences", ACCOUNTS)
    bench = Bench(workspace.pk)
    bench.promise()
    first, bare, again = (statistics.median(side) for side in zip(*bench.rounds(), strict=True))
    some = statistics.median(bench.again(bench.ids[:CHANGED]) for _ in range(ROUNDS))
    share = CHANGED / ACCOUNTS
    return [
        Ratio(f"{bench.rows:,} services, against a bare INSERT of the same rows", first, bare, "s", 4),
        # Every open row is locked before anything is looked at, so that nobody deadlocks with a person.
        Ratio("again, with nothing to do, against that INSERT", again, bare, "s", 2.5),
        Ratio(f"{CHANGED} accounts, per account, against all", some / share, again, "s", 5),
    ]


class Bench:
    """Both sides in one workspace; every round starts with an empty table."""

    def __init__(self, workspace: int) -> None:
        self.workspace, self.rows = workspace, 0
        self.ids: list[int] = []

    def promise(self) -> None:
        """Three tiers with eight quarterly services each, in effect for a year."""
        from django.db import connection

        from accounts.accounts.models import Account, Stage
        from accounts.tiers.models import Per, Service, ServiceLevel, Tier, TierVersion
        from csworkspace.tenancy.database import open_workspace

        since = date.today() - timedelta(days=60)
        with open_workspace(self.workspace), connection.cursor() as cursor:
            Account.objects.update(stage=Stage.ESTABLISHED)
            services = [Service.objects.create(name=f"Service {n}") for n in range(SERVICES)]
            for tier in Tier.objects.all():
                version = TierVersion.objects.create(tier=tier, number=1, starts_on=since, actor="Bench")
                for service in services:
                    ServiceLevel.objects.create(version=version, service=service, per=Per.QUARTER, hours=1)
            cursor.execute(PLACE, [since])
            self.ids = list(Account.objects.order_by("pk").values_list("pk", flat=True))
        self._analyse()

    def rounds(self) -> list[tuple[float, float, float]]:
        """Seconds of the first generation, of the bare INSERT of its rows, and of a second generation."""
        return [(self.first(), self.bare(), self.again(self.ids)) for _ in range(ROUNDS)]

    def first(self) -> float:
        """Seconds of a generation into an empty table."""
        self._clear()
        return self.again(self.ids)

    def again(self, ids: list[int]) -> float:
        """Seconds of a generation as the job does it."""
        return seconds_of(lambda: self._generate(ids))

    def _generate(self, ids: list[int]) -> None:
        from csworkspace.audit.actor import SHELL
        from csworkspace.tenancy.database import open_workspace
        from playbooks.frameworks.jobs import chunks
        from playbooks.services.generating import AHEAD_DAYS, CHUNK, generate_occurrences

        until = date.today() + timedelta(days=AHEAD_DAYS)
        for group in chunks(ids, CHUNK):
            with open_workspace(self.workspace):
                generate_occurrences(group, until=until, by=SHELL)

    def bare(self) -> float:
        """Seconds of one statement that writes the rows which the generation has made."""
        from django.db import connection

        from csworkspace.tenancy.owner import as_owner

        with as_owner(), self._opened(), connection.cursor() as cursor:
            cursor.execute(KEEP)
            cursor.execute("select count(*) from kept_occurrence")
            self.rows = int(cursor.fetchone()[0])
        self._clear()
        taken = seconds_of(self._insert)
        # As autovacuum does before the next day's generation.
        self._analyse()
        return taken

    def _insert(self) -> None:
        from django.db import connection

        with self._opened(), connection.cursor() as cursor:
            cursor.execute(BARE)

    def _opened(self) -> Any:
        from csworkspace.tenancy.database import open_workspace

        return open_workspace(self.workspace)

    def _clear(self) -> None:
        from django.db import connection

        with self._opened(), connection.cursor() as cursor:
            cursor.execute("delete from playbooks_serviceoccurrence")
        self._analyse()

    def _analyse(self) -> None:
        from django.db import connection

        from csworkspace.tenancy.owner import as_owner

        with as_owner(), connection.cursor() as cursor:
            cursor.execute(
                "vacuum analyze playbooks_serviceoccurrence, accounts_tierplacement, accounts_bookrow"
            )
