from datetime import date

from accounts.revenue.lists import endings, lists_everybody

MONTHS = [date(2026, month, 1) for month in range(1, 13)]


def days(**months):
    return {int(name[1:]): {MONTHS[month - 1] for month in found} for name, found in months.items()}


def test_a_list_of_everybody_goes_on():
    monthly = days(a1=range(1, 13), a2=range(3, 13), a3=range(1, 8))
    assert lists_everybody(monthly)
    assert endings(monthly) == [(3, MONTHS[7])]


def test_who_comes_back_has_ended_in_between():
    assert endings(days(a1=range(1, 13), a2=[1, 2, 5, 6])) == [(2, MONTHS[2]), (2, MONTHS[6])]


def test_a_file_of_changes_skips_days():
    assert not lists_everybody(days(a1=[1, 7], a2=[2, 9], a3=[4]))
    yearly = {1: {date(2024, 3, 1), date(2025, 3, 1)}, 2: {date(2024, 6, 1), date(2025, 6, 1)}}
    assert not lists_everybody(yearly)


def test_too_few_days_say_nothing():
    assert not lists_everybody({})
    assert not lists_everybody(days(a1=[1, 2], a2=[1]))
    # One account alone misses no day of its own.
    assert endings(days(a1=[1, 5, 9])) == []
