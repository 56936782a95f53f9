"""Reports of a comparison: everything told is on the page and in the workbook, nothing of it is live."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import zipfile
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
from diff_made import KEYS, comparison, difference, full, lines, number
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from cdisc_conv.model.difference import FolderDiff, Verdict
from cdisc_conv.report.diff_html import diff_html, write_diff_html
from cdisc_conv.report.diff_shown import most, quota
from cdisc_conv.report.diff_xlsx import write_diff_xlsx
from cdisc_conv.report.marks import marked, pieces
from cdisc_conv.report.xlsx_stream import CHARACTERS

EVIL = {
    "script": "<script>alert(1)</script>",
    "attribute": "\" onmouseover='alert(1)",
    "entity": "&lt;b&gt; &amp; ]]> <!--",
    "formula": '=HYPERLINK("http://x","y")',
    "plus": "+1+1|cmd",
    "at": "@SUM(A1)",
    "minus": "-2+3",
    "tab": "\t=1+1",
    "control": "a\x00b\x07c\x1bd",
    "turned": "abc\u202edef",
    "lines": "one\r\ntwo",
    "wide": "头痛 µg 😀",
    "escaped": "_x0041_ and _x000D_",
}


def page_of(diff, **options):
    return html.document_fromstring(diff_html(diff, **options))


def rows_of(page, table: str) -> list[list[str]]:
    return [
        [c.text_content() for c in r.xpath("./td")] for r in page.xpath(f'//table[@id="{table}"]/tbody/tr')
    ]


def sheets_of(path: Path) -> dict[str, list[tuple]]:
    book = openpyxl.load_workbook(path)
    return {s.title: list(s.iter_rows(values_only=True)) for s in book.worksheets}


@pytest.mark.parametrize(
    ("base", "compare", "left", "right"),
    [
        ("2014-01-02", "2014-01-12", "2014-01-[0]2", "2014-01-[1]2"),
        ("HEADACHE ", "HEADACHE", "HEADACHE[ ]", "HEADACHE"),
        ("MILD HEADACHE TODAY", "SEVERE HEADACHE TODAY", "[MILD] HEADACHE TODAY", "[SEVERE] HEADACHE TODAY"),
        ("", "Y", "", "[Y]"),
        ("abc", "xyz", "[abc]", "[xyz]"),
        ("MODERATE", "SEVERE", "[MODERATE]", "[SEVERE]"),  # one letter in common tells nothing
        ("DIZZINESS", "DIZZINEZS", "DIZZINE[S]S", "DIZZINE[Z]S"),
        ("12.5", "125", "12[.]5", "125"),
        ("a", "a", "a", "a"),
    ],
)
def test_the_differing_part_is_marked(base, compare, left, right):
    told = ["".join(f"[{t}]" if d else t for t, d in side) for side in pieces(base, compare)]
    assert told == [left, right]


@given(st.text(max_size=40), st.text(max_size=40))
def test_marking_loses_nothing(base, compare):
    for text, parts in zip((base, compare), pieces(base, compare), strict=True):
        assert "".join(t for t, _ in parts) == text
    same = ["".join(t for t, differs in side if not differs) for side in pieces(base, compare)]
    assert same[0] == same[1]


def test_the_page_goes_from_the_whole_to_the_single_value():
    found = page_of(full()).xpath("//h2|//h3[@id]")
    heads = [h.text.strip() for h in found if h.text]
    assert heads == ["Overview", "By variable", "By subject", "Differences", "Rows and keys", "Attributes"]


def test_columns_that_no_variable_fills_are_left_out():
    heads = "//table[@id='d1-vars']/thead//th/text()"
    diff = comparison([number("AESTDY", 1.0, 2.0)])
    assert not {"Max difference", "Within tolerance"} & {*page_of(diff).xpath(heads)}
    measured = tuple(replace(v, max_difference=1.0, within_tolerance=1) for v in diff.variables)
    assert {"Max difference", "Within tolerance"} <= {
        *page_of(replace(diff, variables=measured)).xpath(heads)
    }


def test_long_texts_are_marked_without_comparing_every_pair_of_characters():
    left, right = pieces("a" * 30_000 + "b" * 3000, "a" * 30_000 + "c" * 3000)
    assert left == [("a" * 30_000, False), ("b" * 3000, True)]
    assert right == [("a" * 30_000, False), ("c" * 3000, True)]


def test_characters_that_cannot_be_seen_are_shown():
    _, right = marked("AB", "A\u00a0B\u200b")
    assert "U+00A0" in right
    assert "U+200B" in right
    assert "no-break space" in right


def test_page_tells_everything_found():
    page = page_of(full())
    text = re.sub(r"\s+", " ", page.text_content())
    for said in (
        "4 values differ in 3 variables and 2 rows; 1 row only in BASE; 1 row only in COMPARE;",
        "production/ae.xpt",
        "ab" * 32,
        "cd" * 32,
        "6353",
        "VALUE — a value differs",
        "COMPVAR — COMPARE has a variable that BASE has not",
        "USUBJID, AESEQ — the natural keys of the domain",
        "Variables only in COMPARE (1): AESER",
        "row 4 — AESEQ: 4 | 5",
    ):
        assert said in text
    assert rows_of(page, "d1-at") == [
        ["the dataset", "label", "Adverse Events", "Adverse Event", "1"],
        ["AETERM", "length", "200", "100", "16"],
    ]
    assert rows_of(page, "d1-dup") == [["BASE", r, "01-003", "1", "2", "1", "no"] for r in ("3", "4")]
    assert [r[:6] for r in rows_of(page, "d1-vars")] == [
        ["AETERM", "Label of AETERM", "text", "exact", "5", "2"],
        ["AESTDTC", "Label of AESTDTC", "text", "exact", "5", "1"],
        ["AESTDY", "Label of AESTDY", "text", "exact", "5", "1"],
    ]
    assert rows_of(page, "d1-subs")[0] == ["01-001", "4", "3", "0", "0"]
    assert rows_of(page, "d1-diffs")[2:] == [
        ["AESTDTC", "01-001", "1", "1", "1", "2014-01-02", "2014-01-12", "", ""],
        ["AESTDY", "01-001", "1", "1", "1", "3", "13", "10", "333.333"],
    ]
    assert page.xpath('//table[@id="d1-diffs"]//td[contains(@class," b")]//mark/text()') == ["PRURITUS", "0"]


@pytest.mark.parametrize("value", EVIL.values(), ids=EVIL)
def test_values_are_never_live_on_the_page(value):
    found = [difference("AETERM", value, value + "!", USUBJID=value, subject=value)]
    diff = comparison(found, subjects=[{"subject": value, "differences": 1, "variables": 1}])
    diff = replace(diff, name=value, base=replace(diff.base, path=value, label=value))
    ours, plain = page_of(diff), page_of(full())
    for what in (
        "//script",
        "//@onmouseover",
        "//b/text()[.='x']",
        "//a[starts-with(@href,'http')]",
        "//iframe",
    ):
        assert len(ours.xpath(what)) == len(plain.xpath(what))
    shown = ours.xpath('//table[@id="d1-diffs"]//td[contains(@class,"v b")]')[0].text_content()
    seen = re.sub(r"U\+([0-9A-F]{4,})", lambda m: chr(int(m[1], 16)), shown)
    assert seen == value


def test_the_page_asks_for_nothing_and_allows_only_its_own_script(tmp_path):
    text = diff_html(full())
    page = html.document_fromstring(text)
    assert [x for x in page.xpath("//@href | //@src") if not x.startswith("#")] == []
    assert re.findall(r"url\(|@import|https?:", text) == []
    assert re.search(r"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-", text)
    write_diff_html(full(), tmp_path / "a.html")
    write_diff_html(full(), tmp_path / "b.html")
    assert (tmp_path / "a.html").read_bytes() == (tmp_path / "b.html").read_bytes() == text.encode()


@pytest.mark.parametrize("diff", [comparison([]), replace(comparison([]), differences=None, by_subject=None)])
def test_nothing_different(diff, tmp_path):
    text = page_of(diff).text_content()
    assert "Equal: 5 rows on both sides, no value and no attribute differs." in text
    assert "nothing differs" in text
    write_diff_xlsx(diff, tmp_path / "d.xlsx")
    sheets = sheets_of(tmp_path / "d.xlsx")
    assert [len(sheets[s]) for s in ("Attributes", "Keys", "Subjects", "Differences")] == [1, 1, 1, 1]


def test_rows_left_out_are_counted_and_every_variable_is_shown():
    found = [difference("AETERM", str(i), "x", base_row=i) for i in range(500)]
    found += [difference("AESEV", str(i), "x", base_row=i) for i in range(30)] + [
        difference("AESER", "Y", "N")
    ]
    page = page_of(comparison(found), limit=60, complete="all are in diff.xlsx")
    shown = [r[0] for r in rows_of(page, "d1-diffs")]
    assert {v: shown.count(v) for v in shown} == {"AETERM": 29, "AESEV": 29, "AESER": 1}
    assert "Shown: 59 of 531 values; 472 left out here — all are in diff.xlsx." in page.text_content()


def test_quota_shares_what_others_leave():
    assert quota({"A": 2, "B": 50, "C": 500}, 102) == 50
    assert quota({f"V{i}": 9 for i in range(500)}, 100) == 1


def test_subjects_with_most_differences_come_first():
    made = [{"subject": str(i), "differences": i % 7, "only_base": 0} for i in range(100)]
    schema = comparison([]).by_subject.schema
    shown = most(lines({f.name: f.type for f in schema}, made), ("differences", "only_base"), 16)
    assert [int(r["subject"]) for r in shown.rows] == [*range(6, 100, 7), 5, 12]
    assert shown.left_out == 84


@pytest.mark.parametrize("value", EVIL.values(), ids=EVIL)
def test_values_are_text_in_the_workbook(value, tmp_path):
    found = [difference("AETERM", value, "x" + value, USUBJID=value)]
    diff = replace(comparison(found), name=value[:8])
    write_diff_xlsx(diff, tmp_path / "d.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "d.xlsx")["Differences"]
    row = dict(zip([c.value for c in sheet[1]], sheet[2], strict=True))
    assert {row[k].data_type for k in ("USUBJID", "BASE", "COMPARE")} == {"s"}
    told = re.sub(r"_x([0-9A-F]{4})_", lambda m: chr(int(m[1], 16)), row["BASE"].value)
    assert re.sub(r"\[U\+([0-9A-F]{4})\]", lambda m: chr(int(m[1], 16)), told) == value
    assert not [c for r in sheet.iter_rows() for c in r if c.data_type == "f"]


def test_workbook_has_every_row_and_numbers_as_numbers(tmp_path):
    diff = FolderDiff(
        "a", "b", Verdict.DIFFERENT, 4096, (full(), comparison([number("AESTDY", 1, 1 + 1e-12)]))
    )
    write_diff_xlsx(diff, tmp_path / "d.xlsx")
    sheets = sheets_of(tmp_path / "d.xlsx")
    assert list(sheets) == ["Overview", "Attributes", "Keys", "Variables", "Subjects", "Differences", "Notes"]
    assert sheets["Differences"][0] == (
        "Dataset", *KEYS, "Variable", "Row BASE", "Row COMPARE", "BASE", "COMPARE", "Difference", "%"
    )  # fmt: skip
    assert len(sheets["Differences"]) == 1 + 4 + 1
    assert sheets["Differences"][5][8] == (1 + 1e-12) - 1
    assert [r[1] for r in sheets["Keys"][1:]] == [
        "only in BASE",
        "only in COMPARE",
        "more than once in BASE",
        "more than once in BASE",
    ]
    assert sheets["Notes"][1:] == [(None, "every row is in this workbook")]


def test_what_a_sheet_cannot_hold_is_said(tmp_path):
    found = [difference("AETERM", "x" * 40_000, str(i)) for i in range(20)]
    told = write_diff_xlsx(comparison(found), tmp_path / "d.xlsx", most_rows=11)
    assert [(t.rows, t.written) for t in told if t.title == "Differences"] == [(10, 10)]
    sheets = sheets_of(tmp_path / "d.xlsx")
    assert len(sheets["Differences"]) == 11
    assert len(sheets["Differences"][1][6]) == CHARACTERS
    notes = [r[1] for r in sheets["Notes"][1:] if r[0] == "Differences"]
    assert [n[:14] for n in notes] == ["10 rows are le", "10 texts are c"]


def test_the_same_comparison_gives_the_same_workbook(tmp_path):
    for name in ("a.xlsx", "b.xlsx"):
        write_diff_xlsx(full(), tmp_path / name)
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()
    with zipfile.ZipFile(tmp_path / "a.xlsx") as z:
        assert {i.date_time for i in z.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def browser() -> str:
    """A Chromium; where tests run on their own (CI) it must be there, `make test` tries to install it."""
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    return next((found for n in names if (found := shutil.which(n))), "")


def opened(page: Path, script: str, folder: Path) -> str:
    """The page's document after a script ran in a real browser."""
    text = page.read_text(encoding="utf-8")
    relaxed = re.sub(r"script-src '[^']+'", "script-src 'unsafe-inline'", text)
    probe = folder / "probe.html"
    probe.write_text(relaxed.replace("</body>", f"<script>{script}</script></body>"), encoding="utf-8")
    return dumped(probe, folder)


def dumped(page: Path, folder: Path) -> str:
    command = [
        browser(),
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        f"--user-data-dir={folder / 'profile'}",
    ]
    command += ["--virtual-time-budget=2000", "--dump-dom", page.as_uri()]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=True).stdout


def test_in_a_browser(tmp_path):
    if not browser():
        assert os.environ.get("CI") != "true", "Chromium is not there: run tools/browser.sh as root"
        return
    write_diff_html(full(), tmp_path / "d.html")
    plain = html.document_fromstring(dumped(tmp_path / "d.html", tmp_path))
    assert plain.get("data-ready") == "yes"  # the page's own policy lets its own script run
    script = """
      const table = document.getElementById('d1-diffs');
      table.tHead.rows[0].cells[5].click(); table.tHead.rows[0].cells[5].click();
      document.querySelector('a[data-variable=AETERM]').click();
    """
    page = html.document_fromstring(opened(tmp_path / "d.html", script, tmp_path))
    shown = page.xpath('//table[@id="d1-diffs"]/tbody/tr[not(@hidden)]')
    assert [r.xpath("./td")[5].text_content() for r in shown] == ["HEADACHE·", "APPLICATION SITE PRURITUS"]
    assert [
        r.xpath("./td[1]")[0].text_content() for r in page.xpath('//table[@id="d1-diffs"]/tbody/tr')
    ] != []
