"""Stored files."""

import hashlib

from csworkspace.files.actions import store_file
from csworkspace.files.models import StoredFile
from csworkspace.tenancy.database import open_workspace


def test_a_file_is_kept_with_its_digest_and_a_harmless_name(here, elsewhere):
    content = bytes(range(256))
    stored = store_file("../../etc/pass\x00wd" + "x" * 300, content, "text/csv")
    stored.refresh_from_db()
    assert (bytes(stored.content), stored.size) == (content, 256)
    assert stored.sha256 == hashlib.sha256(content).hexdigest()
    assert (len(stored.name), "\x00" in stored.name) == (200, False)
    with open_workspace(elsewhere.workspace.pk):
        assert StoredFile.objects.count() == 0
