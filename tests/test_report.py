"""cdisc-conv report: Btrial's analyses against the answers, its page, its metadata, and slips of analyses."""

from __future__ import annotations

import csv
import importlib
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from btrial_small import build_small, edit, small_workspace
from click.testing import CliRunner
from lxml import etree, html
from support import DATA
from test_diff_report import browser, dumped

from cdisc_conv.cli import group
from cdisc_conv.errors import CannotRun, UsageMistake
from cdisc_conv.reporting import report

ROOT = Path(__file__).parents[1]
ARM = {"arm": "http://www.cdisc.org/ns/arm/v1.0", "odm": "http://www.cdisc.org/ns/odm/v1.3"}
DEFINE = "{http://www.cdisc.org/ns/def/v2.1}"


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def results(btrial_package, tmp_path_factory) -> Path:
    """The results of Btrial."""
    out = tmp_path_factory.mktemp("results")
    report("btrial", btrial_package.out, out, ROOT)
    return out


@pytest.fixture(scope="module")
def numbers(results) -> Callable[..., float | None]:
    """A statistic of the analysis results dataset by analysis, arm, statistic, level and time."""
    found: dict[tuple[str, ...], str] = {}
    for row in rows_of(results / "analysis-results.csv"):
        levels = tuple(f"{row[f'BYVAR{i}']}={row[f'BY{i}']}" for i in (1, 2, 3) if row[f"BYVAR{i}"])
        key = (row["ANALYSIS"], row["TRT"], row["STATISTIC"], row["TIME"], *levels)
        assert key not in found
        found[key] = row["VALUE"]

    def number(analysis: str, arm: str, statistic: str, *by: str, time: str = "") -> float | None:
        value = found.get((analysis, arm, statistic, time, *by), "")
        return float(value) if value else None

    return number


# Outcome and parameter of the answers to the analysis; the rest of the parameter is a visit or a level.
PROPORTIONS = {"FLANY52": "O1.1", "FLMM52": "O2.1", "FLSEV52": "O3.1"}
MEANS = {"PREDDOSE": "O5.1", "SLEDTOT": "O6.1", "BILGTOT": "O7.1"}
TIMES = {"TTFLARE": "O4.1", "TTMMFLR": "O4.2", "TTSVFLR": "O4.3"}
EVENTS = {
    "ANY TEAE": "O9.1",
    "SERIOUS TEAE": "O9.2",
    "INFECTION TEAE": "O9.3",
    "INFUSION REACTION TEAE": "O9.4",
}


def test_every_number_of_the_outcomes(numbers):
    """expected_outcomes.csv: counts, percentages, means and Kaplan-Meier estimates of O1 to O10."""
    met: dict[str, int] = {}
    for row in rows_of(DATA / "btrial/expected_outcomes.csv"):
        got = told_of(numbers, row)
        wanted = tuple(given(row[n]) for n in ("n", "N", "PCT", "VALUE"))
        for value, want in zip(got, wanted, strict=True):
            assert want is None or value == pytest.approx(want, abs=0.0051), row
        assert row["VALUE"] != "NOT REACHED" or got[3] is None
        met[row["OUTCOME"]] = met.get(row["OUTCOME"], 0) + 1
    assert len(met) == 10


def given(text: str) -> float | None:
    """A median that was not reached has no number."""
    return None if text in ("", "NOT REACHED") else float(text)


def told_of(numbers, row: dict[str, str]) -> tuple[float | None, ...]:
    """n, N, percent and the further statistic of an answer's row, from our results."""
    outcome, arm, what = row["OUTCOME"], row["ARM"], row["PARAM"]
    name, _, rest = what.partition(" ")
    if outcome == "O4":
        value = numbers(TIMES[name], arm, "MEDIAN")
        if "EVENT-FREE" in row["STATISTIC"]:
            value = numbers(TIMES[name], arm, "SURVIVAL AT", time="364")
        return (*counts(numbers, TIMES[name], arm), value)
    if outcome in ("O5", "O6", "O7"):
        visit = f"AVISIT={rest}"
        found = [numbers(MEANS[name], arm, statistic, visit) for statistic in ("n", row["STATISTIC"])]
        return found[0], numbers("T0.1", arm, "N", "ITTFL=Y"), None, found[1]
    if outcome == "O9":
        return (*adverse(numbers, what, arm), None)
    if outcome == "O8":
        return (*counts(numbers, "O8.1" if "BPRED>0" in what else "O8.2", arm), None)
    if outcome == "O10":
        return (*counts(numbers, "O10.1", arm, rest), None)
    return (*counts(numbers, PROPORTIONS[name], arm), None)


def counts(numbers, analysis: str, arm: str, *by: str) -> tuple[float | None, ...]:
    return tuple(numbers(analysis, arm, name, *by) for name in ("n", "N", "PCT"))


def adverse(numbers, what: str, arm: str) -> tuple[float | None, ...]:
    """A grade that no subject had as its worst has no row."""
    if what in EVENTS:
        return counts(numbers, EVENTS[what], arm)
    level = f"ATOXGR={'' if what.startswith('MISSING') else what[-1]}"
    n, of, percent = counts(numbers, "O9.5", arm, level)
    return (0, numbers("O9.5", arm, "N"), 0) if of is None else (n, of, percent)


def test_events_of_the_safety_population(numbers):
    """expected_ae_counts.csv: subjects, and events where it counts these."""
    wanted = rows_of(DATA / "btrial/expected_ae_counts.csv")
    for row in wanted:
        arm, what = row["TRT01A"], row["MEASURE"]
        if row["UNIT"] == "EVENTS":
            assert numbers(EVENTS[what], arm, "EVENTS") == float(row["n"]), row
        else:
            assert adverse(numbers, what, arm)[:2] == (float(row["n"]), float(row["N"])), row
    assert len(wanted) > 20


def test_every_statistic_names_its_selection(results):
    """The selection beside each statistic is the spec's own text."""
    spec = {r["ID"]: r for r in rows_of(ROOT / "specs/btrial/adam/analysis_results.csv")}
    told = {(r["ANALYSIS"], r["SELECTION"], r["METHOD"]) for r in rows_of(results / "analysis-results.csv")}
    assert told == {(i, r["Selection Criteria"], r["Method"]) for i, r in spec.items()}


def test_the_page_is_whole_and_alone(results):
    text = (results / "report.html").read_text(encoding="utf-8")
    page = html.document_fromstring(text)
    assert not page.xpath("//script | //link | //img | //iframe | //*[@src]")
    assert all(h.startswith("#") for h in page.xpath("//a/@href"))
    assert len(page.xpath("//section")) == 12
    assert len(page.xpath("//figure")) == 3 + 4 + 1  # times to event, means by visit, forest plot
    cells = page.xpath('//h3[@id="O1.1"]/following::table[1]//tr[1]/td/text()')
    assert cells == ["47/167 (28.1%)", "84/167 (50.3%)"]
    assert not page.xpath("//text()[contains(., 'nan') or contains(., 'None')]")


def test_the_page_in_a_browser(results, tmp_path):
    """What Chromium makes of the page: its style and figures are let in by the page's own policy."""
    if not browser():
        return  # test_diff_report insists on a browser where CI=true
    page = html.document_fromstring(dumped(results / "report.html", tmp_path))
    assert page.xpath("//h1/text()") == ["Btrial: results"]
    assert len(page.xpath("//figure/*[local-name()='svg']")) == 8


def test_every_analysis_names_its_population(results):
    page = html.document_fromstring((results / "report.html").read_text(encoding="utf-8"))
    told = page.xpath('//dt[.="Population"]/following-sibling::dd[1]/text()')
    assert len(told) == 24
    assert told.count("Intent-To-Treat Population: Belimumab 2 mg/kg 167, Placebo 167") == 12
    assert told.count("Safety Population: Belimumab 2 mg/kg 165, Placebo 165") == 8


@pytest.mark.parametrize(
    ("subjects", "emptied", "statistics"),
    [(["01-001", "03-020"], (), False), (["02-007", "02-049"], ("ae", "hospital", "death"), True)],
)
def test_a_package_without_subjects_or_events(tmp_path, subjects, emptied, statistics):
    """Screen failures alone; no adverse events: datasets that define.xml says are empty count as such."""
    workspace = small_workspace(tmp_path, subjects)
    for form in emptied:
        edit(workspace, f"edc/{form}.csv", lambda rows: rows.clear())
    _, built = build_small(workspace)
    assert not list(built.out.rglob("adae.xpt"))
    reported = report("btrial", built.out, tmp_path / "results", workspace)
    assert reported.analyses == 24
    assert (reported.statistics > 0) is statistics
    page = html.document_fromstring((tmp_path / "results/report.html").read_text(encoding="utf-8"))
    assert len(page.xpath("//section")) == 12
    assert not page.xpath("//text()[contains(., 'nan') or contains(., 'None')]")


def test_the_same_package_gives_the_same_bytes(results, btrial_package, tmp_path):
    report("btrial", btrial_package.out, tmp_path, ROOT)
    for name in ("report.html", "analysis-results.csv"):
        assert (tmp_path / name).read_bytes() == (results / name).read_bytes()


def test_define_tells_the_same_analyses(btrial_package):
    """ARM 1.0: every analysis is there and what it refers to is; the schema is held by every build."""
    path = next(p for p in btrial_package.out.rglob("define.xml") if "adam" in p.parts)
    root = etree.parse(path).getroot()
    results = root.findall(".//arm:AnalysisResult", ARM)
    spec = rows_of(ROOT / "specs/btrial/adam/analysis_results.csv")
    assert sorted(r.get("OID") for r in results) == sorted(f"AR.{r['ID']}" for r in spec)
    oids = set(root.xpath("//@OID"))
    assert {v.get("ItemOID") for v in root.iter(f"{{{ARM['arm']}}}AnalysisVariable")} <= oids
    assert {v.get("ParameterOID") for v in results} - {None} <= oids
    clauses = root.xpath(
        "//arm:AnalysisDataset/def:WhereClauseRef/@WhereClauseOID", namespaces={**ARM, "def": DEFINE[1:-1]}
    )
    assert set(clauses) <= oids
    assert len(clauses) >= len(results) - 2


def slip(tmp_path: Path, **cells: str) -> list[str]:
    """The findings of report when the cells of the first analysis are these."""
    for folder in ("specs", "mappings"):
        shutil.copytree(ROOT / folder / "btrial", tmp_path / folder / "btrial")
    path = tmp_path / "specs/btrial/adam/analysis_results.csv"
    rows = rows_of(path)
    rows[0].update({name.replace("_", " "): text for name, text in cells.items()})
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    with pytest.raises(CannotRun) as raised:
        report("btrial", tmp_path, tmp_path / "out", tmp_path)
    return [f"{f.code.id} {f.place} {f.message} {f.hint}" for f in raised.value.findings]


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ({"Method": "proportions"}, ["SPEC061", "csv:2:9", "proportion"]),
        ({"Times": "84 days"}, ["SPEC062", "csv:2:13"]),
        (
            {"Variables": "ADSL.ITFL"},
            ["SPEC060", "csv:2:4", "variable ITFL", "did you mean 'ITTFL'?"],
        ),
        ({"Variables": "ADSQ.ITTFL"}, ["SPEC060", "did you mean 'ADSL'?"]),
        (
            {"Selection_Criteria": "ADSL.RANDFLG EQ Y"},
            ["csv:2:7", "RANDFLG", "did you mean 'RANDFL'?"],
        ),
        ({"Selection_Criteria": "ADSL.RANDFL = Y"}, ["SPEC029", "csv:2:7", "write EQ"]),
        ({"Treatment": "TRT09P"}, ["SPEC060", "csv:2:10", "TRT09P", "did you mean"]),
        ({"ID": "O1.1"}, ["O1.1"]),
        ({"Variables": ""}, ["SPEC013", "csv:2:4"]),
    ],
)
def test_slips_of_an_analysis(tmp_path, cells, said):
    (line,) = slip(tmp_path, **cells)
    for words in said:
        assert words in line


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["cdiscpilot", "--package", "."], "declares no analyses"),
        (["btrial", "--package", "{empty}"], "holds no ADSL"),
        (["btrail", "--package", "."], "btrial"),
    ],
)
def test_what_cannot_be_reported_is_said(tmp_path, arguments, said):
    words = [a.replace("{empty}", str(tmp_path)) for a in arguments]
    with pytest.raises((UsageMistake, CannotRun)) as raised:
        group.main(["report", *words, "--workspace", str(ROOT)], standalone_mode=False)
    assert said in str(raised.value) + "".join(
        f"{f.message} {f.hint}" for f in getattr(raised.value, "findings", ())
    )


def test_a_missing_library_is_said(btrial_package, tmp_path, monkeypatch):
    real = importlib.import_module

    def without(name: str, *more):
        if name.startswith("statsmodels"):
            raise ModuleNotFoundError("No module named 'statsmodels'", name="statsmodels")
        return real(name, *more)

    monkeypatch.setattr(importlib, "import_module", without)
    with pytest.raises(UsageMistake, match=r"statsmodels.*cdisc-conv\[report\]"):
        report("btrial", btrial_package.out, tmp_path, ROOT)


def test_help():
    assert "analysis-results.csv" in CliRunner().invoke(group, ["report", "--help"]).output
