"""Which of two names is closer to what was typed. Pure; the same rule in Python and in SQL.

The rule: 0 the name itself, 1 it begins so, 2 one of its words begins so, 3 it is somewhere in the
name, 4 not in the name (but in something else that was searched, such as an e-mail address). Of equal
ones the shorter name is closer, then the alphabet decides. All texts are given folded.
"""

EXACT, PREFIX, WORD, INSIDE, ELSEWHERE = range(5)
MAX_WORDS = 6


def closeness(text: str, name: str) -> int:
    """The rule above; both texts folded."""
    if name == text:
        return EXACT
    if name.startswith(text):
        return PREFIX
    if f" {text}" in name:
        return WORD
    return INSIDE if text in name else ELSEWHERE


def closeness_sql(column: str) -> str:
    """The rule above for a folded column (a name of ours); its values are `closeness_values`."""
    return (
        f"case when {column} = %s then {EXACT} when {column} like %s then {PREFIX} "
        f"when {column} like %s then {WORD} when {column} like %s then {INSIDE} else {ELSEWHERE} end"
    )


def closeness_values(text: str) -> list[str]:
    """What `closeness_sql` compares with."""
    meant = escape_like(text)
    return [text, f"{meant}%", f"% {meant}%", f"%{meant}%"]


def all_words_sql(expression: str, text: str) -> tuple[str, list[str]]:
    """A condition that every word typed (six at most) is in a folded expression (of ours), and its values."""
    words = text.split()[:MAX_WORDS]
    condition = " and ".join([f"{expression} like %s"] * len(words)) or "false"
    return condition, [f"%{escape_like(word)}%" for word in words]


def escape_like(text: str) -> str:
    """A text whose % and _ mean themselves."""
    return text.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")
