"""Files that may be anything."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.imports.csvfile import peek_csv, read_table
from accounts.imports.refusal import FileRefused


def rows_of(content):
    return [(r.number, r.cells, r.problem) for r in read_table(content).records]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("start", [b"", b"\xef\xbb\xbf", b"\r\n\n"])
def test_delimiters_and_byte_order_marks(delimiter, start):
    content = start + f'Name{delimiter} Domains \nÉlan{delimiter}"a;b,c\td"\n'.encode()
    table = read_table(content)
    assert table.columns == ["Name", "Domains"]
    assert [r.cells for r in table.records] == [["Élan", "a;b,c\td"]]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "The file is empty. Export it again and check that it has rows."),
        (b" \n \n", "The file is empty. Export it again and check that it has rows."),
        ("a,b\n1,2".encode("utf-16"), "The file is in UTF-16. Save it as “CSV UTF-8” and try again."),
        ("a,b\n1,2".encode("utf-16-le"), "The file is in UTF-16. Save it as “CSV UTF-8” and try again."),
        (
            "a,b\n1,é".encode("latin-1"),
            "The file is not in UTF-8 (line 2 has a byte of another encoding, such as Latin-1). "
            "Save it as “CSV UTF-8” and try again.",
        ),
        (b"\x1f\x8b1", "This is a compressed file or a spreadsheet, not a CSV file. Save it as “CSV UTF-8”."),
        (
            b"PK\x03\x04",
            "This is a compressed file or a spreadsheet, not a CSV file. Save it as “CSV UTF-8”.",
        ),
        (b"a,b,A\n1,2,3", "The column “A” is there twice. Rename or remove one of the two."),
        (b",,\n1,2,3", "The header row is blank: the first row must name the columns."),
        (
            b"a," * 1000 + b"z\n",
            "The file has 1,001 columns, more than 1,000. Keep those that are needed.",
        ),
        (b'a,b\n1,"2\n3,4\n', "A quotation mark that opens in row 2 is never closed. Close or remove it."),
        (b'"a,b\n1,2\n', "The file has no header row: the first row must name the columns."),
    ],
)
def test_files_refused_as_a_whole(content, reason):
    with pytest.raises(FileRefused) as error:
        rows_of(content)
    assert str(error.value) == reason


def test_a_file_above_the_limit_is_refused(settings):
    settings.MAX_UPLOAD_BYTES = 10
    with pytest.raises(FileRefused, match="11\u00a0B, more than the 10\u00a0B of one import"):
        read_table(b"a,b\n1,2\n3,4")


def test_bad_rows_are_numbered_as_a_spreadsheet_does_and_good_ones_kept():
    content = b'a,b\n1,2\n\n1,2,3\n"x"y,2\n4,"5\n5"\n1\n6,\x00\n' + b"7," + b"x" * 20_001 + b"\n8,9\n"
    assert rows_of(content) == [
        (2, ["1", "2"], ""),
        (
            4,
            ["1", "2", "3"],
            "The row has 3 cells, the header has 2; quote cells that contain the separator.",
        ),
        (5, [], "The quotation marks in this row do not pair; double those inside a cell."),
        (6, ["4", "5\n5"], ""),
        (7, ["1"], "The row has 1 cells, the header has 2; quote cells that contain the separator."),
        (8, ["6", "\x00"], "A cell contains a NUL byte; remove it."),
        (9, ["7", "x" * 20_001], "A cell has 20,001 characters, more than 20,000; shorten it."),
        (10, ["8", "9"], ""),
    ]


def test_a_header_without_rows_is_an_empty_table():
    assert peek_csv(b"a,b\n") == (["a", "b"], [])


def test_a_huge_cell_is_one_bad_row(settings):
    content = b"a,b\n1," + b"x" * 3_000_000 + b"\n2,3\n"
    assert [bool(r.problem) for r in read_table(content).records] == [True, False]


@given(st.binary(max_size=60))
def test_no_bytes_break_the_reader(content):
    with suppress(FileRefused):
        rows_of(b"a,b\n" + content)
