"""The curve's tests live on one day."""

import pytest

from tests.reports.curve.kit import TODAY


@pytest.fixture(autouse=True)
def fixed_day(monkeypatch):
    """`today_of` is always TODAY."""
    for module in ("reports.curve.pages", "reports.curve.views"):
        monkeypatch.setattr(f"{module}.today_of", lambda workspace: TODAY)
