"""Folders that root's services, which run as nobody, can reach too (pytest's own are closed)."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from csworkspace.embedded import services


def make_state() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="csw-"))
    folder.chmod(0o711)
    return folder / "state"


def remove_state(state: Path) -> None:
    services.stop(state)
    shutil.rmtree(state.parent)


@pytest.fixture
def state() -> Iterator[Path]:
    """A place for a state that is not there yet; whatever runs in it is stopped afterwards."""
    made = make_state()
    yield made
    remove_state(made)


@pytest.fixture(scope="module")
def running() -> Iterator[Path]:
    """A state whose services run; tests leave them running."""
    made = make_state()
    services.ensure(made, durable=False)
    yield made
    remove_state(made)


@pytest.fixture(autouse=True)
def no_servers_named(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DATABASE_URL", "OWNER_DATABASE_URL", "BROKER_URL", "CACHE_URL", "CSW_DEMO", "HOST", "PORT"):
        monkeypatch.delenv(name, raising=False)
