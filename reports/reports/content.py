"""What makes two reports the same: one text for one content, and its SHA-256."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

# Grows with every change of template, style or chart that changes an issued document's looks.
TEMPLATE_VERSION = 1


def canonical(value: Any) -> str:
    """JSON with sorted keys and no spaces: equal content gives equal text."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def content_sha256(snapshot: Mapping[str, Any], commentary: Mapping[str, str]) -> str:
    """The fingerprint of a document: its snapshot, its commentary and the template's version."""
    text = canonical({"snapshot": snapshot, "commentary": commentary, "template": TEMPLATE_VERSION})
    return hashlib.sha256(text.encode()).hexdigest()
