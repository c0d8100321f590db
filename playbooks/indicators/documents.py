"""Which documents were issued to customers: the floor above says it, as SQL."""

NONE = (
    "select null::bigint as id, null::bigint as account_id, null::date as issued_on, ''::text as title, "
    "''::text as page where false"
)
_sources: list[str] = []


def register_documents(sql: str) -> None:
    """A query of (id, account_id, issued_on, title, page); takes %(zone)s and %(until)s.

    page: the portal's page on which the document is opened, as visits name it.
    """
    if sql not in _sources:
        _sources.append(sql)


def documents_sql() -> str:
    """All issued documents."""
    return " union all ".join(_sources) or NONE
