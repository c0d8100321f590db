"""A signing key for a workspace on one machine: made once, kept in the state folder."""

import os
import secrets
from pathlib import Path


def local_secret(state: Path) -> str:
    """The key of this state folder, made at the first call; only its owner may read it.

    Two processes that start together end with the same key: the one that links its file first wins.
    """
    file = state / "secret_key"
    if not file.exists():
        state.mkdir(parents=True, exist_ok=True)
        draft = state / f"secret_key.{os.getpid()}"
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w") as out:
            out.write(secrets.token_urlsafe(48))
        try:
            os.link(draft, file)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return file.read_text()
