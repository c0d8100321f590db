"""What criteria share: operators, and pieces of SQL over `accounts_bookrow row`."""

from collections.abc import Callable
from typing import Any

from accounts.segments.registry import MOST, Asked, Operator, Shape, Sql

NONE = "none"
Compile = Callable[[Asked], Sql]

IN = Operator("in", "is one of", Shape.CHOICES)
NOT_IN = Operator("not_in", "is none of", Shape.CHOICES)
UNKNOWN = Operator("unknown", "is not known")
KNOWN = Operator("known", "is known")


def numbers(unit: str = "", *, lowest: int = 0, highest: int = MOST, places: int = 0) -> tuple[Operator, ...]:
    """At least, at most, between."""
    options: dict[str, Any] = {"unit": unit, "lowest": lowest, "highest": highest, "places": places}
    return (
        Operator("at_least", "is at least", Shape.NUMBER, **options),
        Operator("at_most", "is at most", Shape.NUMBER, **options),
        Operator("between", "is between", Shape.NUMBERS, **options),
    )


def days(name: str, label: str, lowest: int = 0) -> Operator:
    """An operator with a number of days, up to ten years."""
    return Operator(name, label, Shape.NUMBER, unit="days", lowest=lowest, highest=3650, places=0)


def choice_of(column: str, type: str) -> Compile:
    """IN and NOT_IN for a column of the book's row; of ids NONE stands for null."""

    def compile(asked: Asked) -> Sql:
        wanted, nobody = ids_of(asked.value) if type == "bigint" else (asked.value, False)
        if asked.op == "in":
            null = f" or row.{column} is null" if nobody else ""
            return f"(row.{column} = any(%s::{type}[]){null})", [wanted]
        null = f"row.{column} is not null and" if nobody else f"row.{column} is null or"
        return f"({null} row.{column} <> all(%s::{type}[]))", [wanted]

    return compile


def ids_of(values: list[str]) -> tuple[list[int], bool]:
    """The ids among what was chosen, and whether NONE is."""
    return [int(value) for value in values if value != NONE], NONE in values


def compared(expression: str, type: str, *, known: str = "true", times: int = 1) -> Compile:
    """At least, at most, between, and UNKNOWN, for an expression that is only a value where `known` holds.

    times: the column's units in one unit of what people type.
    """

    def compile(asked: Asked) -> Sql:
        if asked.op == "unknown":
            return f"(not {known})", []
        test, values = held_against(expression, type, asked, times)
        return (test if known == "true" else f"({known} and {test})"), values

    return compile


def held_against(expression: str, type: str, asked: Asked, times: int = 1) -> Sql:
    """An expression against one number or two."""
    if asked.op == "between":
        low, high = asked.value
        return f"{expression} between %s::{type} and %s::{type}", [low * times, high * times]
    sign = ">=" if asked.op == "at_least" else "<="
    return f"{expression} {sign} %s::{type}", [asked.value * times]


def of_account(condition: str, *values: Any) -> Sql:
    """A condition over what only the account's own row holds."""
    text = f"exists (select from accounts_account account where account.id = row.account_id and {condition})"
    return text, list(values)
