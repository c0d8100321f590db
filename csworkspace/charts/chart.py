"""What every chart function returns."""

from collections.abc import Callable, Sequence
from functools import cached_property

from django.utils.safestring import SafeString

# A phone's column; CSS shows this drawing instead of a shrunken wide one.
NARROW = 360
MOST_ROWS = 60


class Chart:
    """A picture and the numbers behind it. Each drawing and the rows are made when first asked for.

    `svg` is the wide drawing (page and PDF), `narrow` the one for small screens, `columns` and `rows`
    the table of texts behind both, `more` says what the table leaves out: the first rows, or, where
    the first ones matter most (`from_start`), the last.
    """

    def __init__(
        self,
        draw: Callable[[int, str], SafeString],
        columns: Sequence[str],
        rows: Callable[[], list[list[str]]],
        *,
        width: int,
        uid: str = "",
        from_start: bool = False,
    ) -> None:
        self._draw, self._rows, self._width, self._uid = draw, rows, width, uid
        self._from_start = from_start
        self.columns = list(columns)

    @cached_property
    def svg(self) -> SafeString:
        """The drawing at its full width."""
        return self._draw(self._width, self._uid)

    @cached_property
    def narrow(self) -> SafeString:
        """The drawing for a column of 360 pixels, with type of the same size."""
        return self._draw(min(NARROW, self._width), f"{self._uid}-narrow" if self._uid else "")

    @cached_property
    def all_rows(self) -> list[list[str]]:
        """Every row of the table behind the picture, already formatted."""
        return self._rows()

    @property
    def rows(self) -> list[list[str]]:
        """60 rows: a table that a person reads."""
        return self.all_rows[:MOST_ROWS] if self._from_start else self.all_rows[-MOST_ROWS:]

    @property
    def more(self) -> str:
        """What `rows` leaves out, or nothing."""
        total = len(self.all_rows)
        which = "first" if self._from_start else "last"
        return f"The {which} {MOST_ROWS} of {total:,} rows." if total > MOST_ROWS else ""

    def __str__(self) -> SafeString:
        return self.svg

    def __html__(self) -> SafeString:
        """Lets `{{ chart }}` print the drawing."""
        return self.svg
