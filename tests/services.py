"""A pytest plugin that names throw-away services before Django reads its settings.

Loaded by `-p tests.services` (pyproject.toml), earlier than any conftest.
"""

import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

for name in ("DATABASE_URL", "OWNER_DATABASE_URL", "BROKER_URL", "CACHE_URL", "PRODUCTION", "SECRET_KEY"):
    os.environ.pop(name, None)
STATE = Path(tempfile.mkdtemp(prefix="csw-"))
STATE.chmod(0o755)
os.environ["CSW_STATE_DIR"] = str(STATE)
os.environ["DJANGO_SETTINGS_MODULE"] = "csworkspace.settings"


def pytest_unconfigure(config: Any) -> None:
    """Stop the services and remove their state, in every xdist worker."""
    from csworkspace.embedded import services

    services.stop(STATE)
    shutil.rmtree(STATE, ignore_errors=True)
