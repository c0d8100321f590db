"""Feature filters: exact names, or prefixes that end in ".*"; none means every feature."""

from collections.abc import Sequence


def matching(features: Sequence[str], column: str = "feature") -> tuple[str, dict[str, list[str]]]:
    """A filter as SQL (starting with " and", or empty) and its parameters."""
    if not features:
        return "", {}
    exact = [name for name in features if not name.endswith(".*")]
    starts = [like_start(name[:-1]) for name in features if name.endswith(".*")]
    sql = f" and ({column} = any(%(exact)s::text[]) or {column} like any(%(starts)s::text[]))"
    return sql, {"exact": exact, "starts": starts}


def like_start(text: str) -> str:
    """A LIKE pattern for texts that begin with `text`."""
    escaped = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return escaped + "%"
