"""Charts as plain SVG, the same on the page and in the PDF. No models, no settings, no clock.

Each function returns a `Chart`: print `chart.svg` in a PDF, include "kit/chart.html" on a page.
"""

from csworkspace.charts.bars import Bar, bar_chart, column_chart
from csworkspace.charts.chart import Chart
from csworkspace.charts.histogram import Outline, Stretch, histogram, small_histogram
from csworkspace.charts.ladder import Level, ladder
from csworkspace.charts.limits import Column, limit_chart
from csworkspace.charts.line import Series, Target, line_chart
from csworkspace.charts.pareto import Carrier, pareto_chart
from csworkspace.charts.spark import sparkline
from csworkspace.charts.stacked import Part, stacked_bar, status_strip

__all__ = [
    "Bar",
    "Carrier",
    "Chart",
    "Column",
    "Level",
    "Outline",
    "Part",
    "Series",
    "Stretch",
    "Target",
    "bar_chart",
    "column_chart",
    "histogram",
    "ladder",
    "limit_chart",
    "line_chart",
    "pareto_chart",
    "small_histogram",
    "sparkline",
    "stacked_bar",
    "status_strip",
]
