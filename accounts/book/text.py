"""One way to fold text for sorting and searching, in Python and in SQL."""

import unicodedata


def fold(text: str) -> str:
    """Lower case without accents and without spaces at the ends: " Élan " → "elan"."""
    decomposed = unicodedata.normalize("NFKD", text.lower())
    return "".join(letter for letter in decomposed if not "\u0300" <= letter <= "\u036f").strip()


def fold_sql(expression: str) -> str:
    """The same for a text expression of PostgreSQL (trusted, never from a person)."""
    return f"trim(regexp_replace(normalize(lower({expression}), NFKD), '[\u0300-\u036f]', '', 'g'))"
