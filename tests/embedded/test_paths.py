"""Where the state is, and whose folders are refused."""

import os
from pathlib import Path

import environ
import pytest
from kombu.utils.url import parse_url
from redis.connection import parse_url as parse_redis_url

from csworkspace.embedded import paths, services
from csworkspace.embedded.errors import EmbeddedError

ME = paths.Account(os.geteuid(), os.getegid(), switch=False)


def test_state_dir_is_what_the_environment_says(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CSW_STATE_DIR", "here/../there")
    assert paths.state_dir() == tmp_path / "there"


def test_state_dir_is_in_the_project_for_an_ordinary_user(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CSW_STATE_DIR")
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert paths.state_dir() == paths.PROJECT / ".state"


def test_state_dir_of_root_leaves_a_closed_home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("CSW_STATE_DIR")
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    (tmp_path / "home").mkdir(mode=0o700)
    monkeypatch.setattr(paths, "PROJECT", tmp_path / "home" / "project")
    assert paths.state_dir() == Path("/var/lib/csworkspace") / paths.digest(paths.PROJECT)


def test_unreachable_parent_is_the_first_closed_one(state: Path) -> None:
    state.mkdir(mode=0o700)
    stranger = paths.Account(state.stat().st_uid + 12345, state.stat().st_gid + 12345, switch=True)
    assert paths.unreachable_parent(state / "in" / "it", stranger) == state
    state.chmod(0o711)
    assert paths.unreachable_parent(state / "in" / "it", stranger) is None


@pytest.mark.parametrize("name", ["s" * 90, "with space", "Käse", "a+b"])
def test_sockets_leave_a_long_or_unusual_path(name: str) -> None:
    folder = paths.socket_dir(Path("/srv") / name)
    assert folder == Path("/tmp") / f"csw-{paths.digest(Path('/srv') / name)}"
    assert len(os.fsencode(folder / ".s.PGSQL.5432")) < 104


def test_sockets_stay_in_an_ordinary_path() -> None:
    assert paths.socket_dir(Path("/srv/cs-1.0/state")) == Path("/srv/cs-1.0/state/run")


def test_private_dir_is_for_its_owner_alone(tmp_path: Path) -> None:
    made = paths.private_dir(tmp_path / "run", ME)
    assert made.stat().st_mode & 0o777 == 0o700
    made.chmod(0o755)
    assert paths.private_dir(made, ME).stat().st_mode & 0o777 == 0o700


def test_private_dir_refuses_a_link(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "run").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(EmbeddedError, match="something else"):
        paths.private_dir(tmp_path / "run", ME)


def test_private_dir_refuses_another_persons(tmp_path: Path) -> None:
    (tmp_path / "run").mkdir()
    somebody = paths.Account(os.geteuid() + 12345, os.getegid(), switch=False)
    with pytest.raises(EmbeddedError, match=r"run belongs to user .*, not to user number \d+"):
        paths.private_dir(tmp_path / "run", somebody)


def test_prepare_refuses_another_persons_state(state: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    paths.prepare(state)
    with monkeypatch.context() as patch:
        patch.setattr(os, "geteuid", lambda: 54321)
        with pytest.raises(EmbeddedError, match="belongs to user"):
            services.ensure(state)


@pytest.mark.parametrize("name", ['quo"te', "dol$lar", "new\nline"])
def test_prepare_refuses_what_a_shell_would_read(name: str) -> None:
    with pytest.raises(EmbeddedError, match="Set CSW_STATE_DIR"):
        paths.prepare(Path("/tmp") / name)


def test_urls_are_read_by_their_libraries() -> None:
    made = services.urls(Path("/srv/State"))
    parsed = environ.Env.db_url_config(made.database_url)
    assert parsed == {
        "ENGINE": "django.db.backends.postgresql",
        "HOST": "/srv/State/run",
        "PORT": 5432,
        "NAME": "csworkspace",
        "USER": "csw_app",
        "PASSWORD": "",
    }
    assert environ.Env.db_url_config(made.owner_database_url) == parsed | {"USER": "csw_owner"}
    assert environ.Env.db_url_config(made.ops_database_url) == parsed | {"USER": "csw_ops"}
    broker = parse_url(made.broker_url)
    assert (broker["transport"], broker["virtual_host"]) == ("redis+socket", "srv/State/run/valkey.sock")
    cache = parse_redis_url(made.cache_url)
    assert (cache["path"], cache["db"]) == ("/srv/State/run/valkey.sock", 1)
