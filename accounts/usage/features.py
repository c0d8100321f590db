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


def listed(features: str, feature: str) -> str:
    """The same for a column that is a JSON list of such names: a condition, false for an empty list."""
    return (
        f"exists (select from jsonb_array_elements_text({features}) listed (name) "
        f"where {feature} = listed.name "
        f"or (right(listed.name, 2) = '.*' and starts_with({feature}, left(listed.name, -1))))"
    )


def listed_or_all(features: str, feature: str) -> str:
    """The same; an empty list means every feature."""
    return f"(jsonb_array_length({features}) = 0 or {listed(features, feature)})"


def like_start(text: str) -> str:
    """A LIKE pattern for texts that begin with `text`."""
    escaped = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return escaped + "%"
