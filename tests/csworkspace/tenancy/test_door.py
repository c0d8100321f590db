"""The one door across, and who may use it; and what nobody may write."""

import re
from pathlib import Path

from csworkspace.tenancy.door import across_workspaces, find_workspace
from csworkspace.tenancy.models import DoorCrossing

PROJECT = Path(__file__).parents[3]
FLOORS = ("csworkspace", "accounts", "playbooks", "reports")
# Every place that looks across workspaces, and why. A new one is a decision.
CALLERS = {
    "accounts/metrics/tasks.py": "the clock measures every workspace's new day",
    "accounts/segments/tasks.py": "the clock looks who is in every workspace's segments once a day",
    "playbooks/indicators/tasks.py": "the clock evaluates every workspace's indicators once a day",
    "accounts/tiering/tasks.py": "the clock makes every workspace's planned moves on their day",
    "csworkspace/jobs/tasks.py": "the clock sends and tidies the jobs of every workspace",
    "csworkspace/mail/tasks.py": "the clock sends the mails of every workspace that are due",
    "csworkspace/management/base.py": "people at the shell name a workspace by its slug",
    "csworkspace/webhooks/tasks.py": "the clock ends the deliveries of every workspace that nobody makes",
    "csworkspace/notifications/tasks.py": "the clock sends the digests whose hour has come",
    "playbooks/tasks/tasks.py": "the clock reminds of what is due in every workspace once a day",
    "playbooks/attention/tasks.py": "the clock renews every workspace's standing once a day",
    "playbooks/plays/tasks.py": "the clock moves every workspace's plays on, and looks at triggers daily",
    "playbooks/recommendations/tasks.py": "the clock looks what was taken up in every workspace once a day",
    "playbooks/services/tasks.py": "the clock works out what is owed in every workspace once a day",
    "playbooks/signals/tasks.py": "the clock brings every workspace's signals in step once a day",
    "playbooks/scores/tasks.py": "the clock works out every workspace's scores once a day",
    "reports/demo/build.py": "the demo is made once",
}


def sources() -> dict[str, str]:
    """Our Python files but the wall itself and the migrations: path → text."""
    found = {}
    for floor in FLOORS:
        for path in (PROJECT / floor).rglob("*.py"):
            name = str(path.relative_to(PROJECT))
            if "/migrations/" not in name and not name.startswith("csworkspace/tenancy/"):
                found[name] = path.read_text()
    return found


def naming(pattern: str) -> list[str]:
    return sorted(name for name, text in sources().items() if re.search(pattern, text, re.IGNORECASE))


def test_the_door_lists_everybody_and_counts_who_looked(here, elsewhere):
    assert [ref.slug for ref in across_workspaces("why")] == ["northwind-traders", "northwind"]
    across_workspaces("why")
    counted = DoorCrossing.objects.filter(reason="why").values_list("crossings", flat=True)
    assert list(counted) == [2]
    assert find_workspace("northwind", "why") is not None
    assert find_workspace("nowhere", "why") is None


def test_the_doors_callers_are_known():
    assert naming(r"\b(across_workspaces|find_workspace|open_door)\b") == sorted(
        name for name in CALLERS if (PROJECT / name).exists()
    )


def test_no_setting_outlives_its_transaction():
    """SET without LOCAL would follow the connection to the next tenant."""
    assert naming(r"""["']\s*set\s+(?!local\b)(session\b|role\b|app\.|"?app)""") == []
    assert naming(r"set_config\(") == []


def test_only_the_wall_sets_the_tenant():
    assert naming(r"app\.(workspace|user|accounts)\b(?!\w)") == []


def test_nobody_above_the_wall_filters_by_workspace():
    """The wall does it; a filter of one's own would only hide where it is missing."""
    assert naming(r"where[^\"']*\bworkspace_id\s*=|filter\([^)]*\bworkspace(_id)?=") == []


def test_nobody_takes_the_owners_role():
    callers = naming(r"\bas_owner\b")
    assert callers == [
        "csworkspace/management/commands/migrate.py",
        "csworkspace/management/commands/serve.py",
    ]
