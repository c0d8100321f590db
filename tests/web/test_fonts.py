import pytest
from fontTools.ttLib import TTFont

from csworkspace.web.fonts import FONT_FILES, font_dirs, font_faces, package_files
from tests.web.test_kit import ROOT


def test_complete_fonts_are_where_the_style_sheet_expects_them():
    css = (ROOT / "static/css/fonts.css").read_text()
    served = {prefix: {path.name for path in folder.iterdir()} for prefix, folder in font_dirs()}
    assert set(served) == {"fonts/inter", "fonts/source_serif_4"}
    assert "Inter[opsz,wght].ttf" in served["fonts/inter"]
    assert "../fonts/inter/Inter%5Bopsz%2Cwght%5D.ttf" in css
    assert "SourceSerif4[opsz,wght].ttf" in served["fonts/source_serif_4"]
    assert [font.subset for font in FONT_FILES if font.subset not in css] == []


@pytest.mark.parametrize("font", FONT_FILES, ids=lambda font: font.subset)
def test_subset_has_the_letters_and_weights_that_pages_use(font):
    subset = TTFont(ROOT / "static/fonts" / font.subset)
    assert {"Ä", "ß", "Ł", "é", "€", "£", "\u2013", "\u2212", "→", "…", "“"} <= {
        chr(code) for code in subset.getBestCmap()
    }
    weight = next(axis for axis in subset["fvar"].axes if axis.axisTag == "wght")
    assert (weight.minValue, weight.maxValue) == font.weights
    features = {record.FeatureTag for record in subset["GSUB"].table.FeatureList.FeatureRecord}
    letters, widths = subset.getBestCmap(), subset["hmtx"]
    # Figures must line up in columns: by the font's nature (Source Serif), or on request (Inter).
    assert "tnum" in features or len({widths[letters[ord(figure)]][0] for figure in "0123456789"}) == 1
    assert (ROOT / "static/fonts" / font.subset).stat().st_size < 150_000


def test_faces_for_the_pdf_point_to_files():
    faces = list(font_faces())
    assert len(faces) == len(FONT_FILES)
    assert all(
        font.path.is_file() and font.path.as_uri() in face
        for font, face in zip(FONT_FILES, faces, strict=True)
    )


def test_missing_package_is_named():
    with pytest.raises(ImportError, match="fontpkg_nothing is not installed"):
        package_files("fontpkg_nothing")
