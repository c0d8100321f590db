"""One way to fold text for sorting and searching, in Python and in SQL."""

import unicodedata


def fold(text: str) -> str:
    """Lower case without accents and without spaces at the ends: " Élan " → "elan"."""
    decomposed = unicodedata.normalize("NFKD", text.lower())
    return "".join(letter for letter in decomposed if not "\u0300" <= letter <= "\u036f").strip()


def fold_sql(expression: str) -> str:
    """The same for a text expression of PostgreSQL (trusted, never from a person)."""
    lower = f"lower({expression})"
    folded = f"trim(regexp_replace(normalize({lower}, NFKD), '[\u0300-\u036f]', '', 'g'))"
    # Plain ASCII has no accents to take away, and most texts are: that is several times as fast.
    is_ascii = f"octet_length({expression}) = char_length({expression})"
    return f"(case when {is_ascii} then trim({lower}) else {folded} end)"
