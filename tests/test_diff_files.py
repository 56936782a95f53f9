"""Files of every format against each other, attributes, keys, and files that are broken or hostile."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from diff_support import frame, put

from cdisc_conv.diff.compare import Ways, compare_files
from cdisc_conv.diff.folder import compare_folders
from cdisc_conv.diff.out import as_dict, write_csv, write_json, write_parquet
from cdisc_conv.errors import CannotRun
from cdisc_conv.model.difference import DatasetDiff, Settings, Tolerance, Verdict
from cdisc_conv.model.ibm import special_missing
from cdisc_conv.write.xpt import write_xpt

DATA = Path(__file__).parent / "data"
KINDS = {"USUBJID": "text", "AESEQ": "number", "AETERM": "text", "AESTDTC": "text", "AESTDY": "number"}
ROWS: list[dict[str, Any]] = [
    {"USUBJID": "01", "AESEQ": 1.0, "AETERM": "HEADACHE", "AESTDTC": "2014-01", "AESTDY": float("nan")},
    {"USUBJID": "01", "AESEQ": 2.0, "AETERM": "NAUSEA", "AESTDTC": "2014-01-02", "AESTDY": 2.0},
    {"USUBJID": "02", "AESEQ": 1.0, "AETERM": "ÖDEM", "AESTDTC": "", "AESTDY": -7.25},
]
IDS = Settings(ids=("USUBJID", "AESEQ"))
WIDE = 2000
FORMATS = ("csv", "xlsx", "parquet", "xpt", "json", "ndjson")


def both(
    folder: Path, base: pd.DataFrame, compare: pd.DataFrame, settings: Settings = IDS, **xpt: Any
) -> DatasetDiff:
    """Two frames, each written as XPT, compared."""
    write_xpt(base, folder / "base.xpt", name="AE", encoding="utf-8")
    write_xpt(compare, folder / "compare.xpt", name="AE", encoding="utf-8", **xpt)
    return compare_files(folder / "base.xpt", folder / "compare.xpt", Ways(settings))


@pytest.mark.parametrize("left", FORMATS)
@pytest.mark.parametrize("right", FORMATS)
def test_any_format_against_any(tmp_path: Path, left: str, right: str) -> None:
    table = frame(ROWS, KINDS)
    other = table.iloc[::-1].reset_index(drop=True)
    base = put(tmp_path / f"a.{left}", table)
    diff = compare_files(base, put(tmp_path / f"b.{right}", other), Ways(IDS))
    assert diff.rows.paired == 3
    assert (diff.unequal, diff.rows.only_base, diff.rows.only_compare) == (0, 0, 0)
    assert not diff.sysinfo & ~(1 | 32), diff.bits  # labels may not be the same
    other.loc[0, "AESTDY"] = -7.5
    other.loc[1, "AETERM"] = "nausea"
    diff = compare_files(base, put(tmp_path / f"b.{right}", other), Ways(IDS))
    assert diff.verdict is Verdict.DIFFERENT
    found = [(r["variable"], r["base_value"], r["compare_value"]) for r in _rows(diff, "differences")]
    assert sorted(found) == [("AESTDY", "-7.25", "-7.5"), ("AETERM", "NAUSEA", "nausea")]


def _rows(diff: DatasetDiff, table: str) -> list[dict[str, Any]]:
    return diff.lines()[table].table().to_pylist()


def test_pilot_as_xpt_and_as_sas_and_csv() -> None:
    """ReadStat's own example: the same five rows as SAS7BDAT and as CSV."""
    raw = DATA / "raw"
    diff = compare_files(raw / "sample.sas7bdat", raw / "sample.csv")
    assert (diff.verdict, diff.rows.paired, diff.unequal) == (Verdict.EQUAL, 5, 0)


@pytest.mark.parametrize("name", sorted(p.name for p in (DATA / "xpt").glob("*.xpt")))
def test_pilot_equals_itself(name: str) -> None:
    diff = compare_files(DATA / "xpt" / name, DATA / "xpt" / name)
    assert (diff.verdict, diff.sysinfo) == (Verdict.EQUAL, 0)


def own(variable: str, method: str, criterion: float) -> Settings:
    return Settings(ids=IDS.ids, tolerances={variable: Tolerance(method, criterion)})


def changed(table: pd.DataFrame, name: str, row: int, value: Any) -> pd.DataFrame:
    if isinstance(value, float):
        values = table[name].to_numpy(np.float64).copy()  # keeps the letter of a special missing value
        values[row] = value
        return table.assign(**{name: values})
    table = table.copy()
    table.loc[row, name] = value
    return table


@pytest.mark.parametrize(
    ("options", "code"),
    [
        # one thing changed, and the bit of SYSINFO that the SAS documentation gives it
        ({"label": "Adverse Events"}, 1),
        ({"informats": {"AETERM": "$12."}}, 4),
        ({"formats": {"AESTDY": "8.2"}}, 8),
        ({"lengths": {"AETERM": 40}}, 16),
        ({"labels": {"AETERM": "Term"}}, 32),
        ({}, 0),
    ],
)
def test_one_attribute(tmp_path: Path, options: dict[str, Any], code: int) -> None:
    table = frame(ROWS, KINDS)
    diff = both(tmp_path, table, table, **options)
    assert (diff.sysinfo, diff.unequal) == (code, 0)
    assert diff.verdict is (Verdict.DIFFERENT if code else Verdict.EQUAL)
    alone = both(tmp_path, table, table, Settings(ids=IDS.ids, values_only=True), **options)
    assert (alone.sysinfo, alone.verdict) == (code, Verdict.EQUAL)


def test_dataset_type(tmp_path: Path) -> None:
    """The type of the dataset is the last 8 bytes of the seventh record (TS-140)."""
    data = (DATA / "xpt" / "dm.xpt").read_bytes()
    (tmp_path / "dm.xpt").write_bytes(data[:552] + b"VIEW    " + data[560:])
    assert compare_files(DATA / "xpt" / "dm.xpt", tmp_path / "dm.xpt").sysinfo == 2


def test_order_is_told_and_no_bit(tmp_path: Path) -> None:
    table = frame(ROWS, KINDS)
    moved = table[["USUBJID", "AETERM", "AESTDTC", "AESTDY", "AESEQ"]]
    diff = both(tmp_path, table, moved)
    assert [(a.variable, a.attribute, a.base, a.compare) for a in diff.attributes] == [
        ("AESEQ", "order", "2", "5")
    ]
    assert diff.verdict is Verdict.EQUAL


@pytest.mark.parametrize(
    ("name", "row", "value", "settings", "code"),
    [
        ("AESTDY", 1, 2.0 + 1e-12, IDS, 4096),
        ("AESTDY", 1, 2.0 + 1e-12, Settings(ids=IDS.ids, tolerance=Tolerance("absolute", 1e-9)), 0),
        ("AESTDY", 1, 2.0 + 1e-12, own("aestdy", "relative", 1e-9), 0),
        ("AESTDY", 1, 2.5, own("AESTDTC", "absolute", 1), 4096),
        ("AESTDY", 0, special_missing("A"), IDS, 4096),
        ("AESTDTC", 0, "2014-01-01", IDS, 4096),
        ("AETERM", 1, " NAUSEA", IDS, 4096),
        ("AETERM", 1, " nausea", Settings(ids=IDS.ids, normalise=("trim",)), 4096),
        ("AETERM", 1, " nausea", Settings(ids=IDS.ids, normalise=("trim", "case")), 0),
        ("AETERM", 1, "x", Settings(ids=IDS.ids, dropped=("AETERM",)), 0),
        ("AETERM", 1, "x", Settings(ids=IDS.ids, kept=("AESTDY",)), 0),
        ("AESEQ", 1, 3.0, IDS, 64 | 128),
    ],
)
def test_one_value(tmp_path: Path, name: str, row: int, value: Any, settings: Settings, code: int) -> None:
    table = frame(ROWS, KINDS)
    diff = both(tmp_path, table, changed(table, name, row, value), settings)
    assert diff.sysinfo & ~16 == code


def test_special_missing_is_shown(tmp_path: Path) -> None:
    table = frame(ROWS, KINDS)
    diff = both(tmp_path, table, changed(table, "AESTDY", 0, special_missing("A")))
    (found,) = _rows(diff, "differences")
    assert (found["base_value"], found["compare_value"], found["difference"]) == (".", ".A", None)


def test_mapped_and_missing_variables(tmp_path: Path) -> None:
    table = frame(ROWS, KINDS)
    other = table.rename(columns={"AETERM": "TERM", "AESTDY": "DAY"})
    diff = both(tmp_path, table, other, Settings(ids=IDS.ids, mapped=(("AETERM", "TERM"),)))
    assert diff.sysinfo == 1024 | 2048
    assert [v.name for v in diff.only_base_variables] == ["AESTDY"]
    assert [v.name for v in diff.only_compare_variables] == ["DAY"]


def test_text_against_number(tmp_path: Path) -> None:
    table = frame(ROWS, KINDS)
    text = table.assign(AESTDY=frame([{"X": "1"}] * 3, {"X": "text"})["X"])
    diff = both(tmp_path, table, text)
    assert diff.sysinfo == 8192
    put(tmp_path / "c.csv", table.assign(AESTDY=["n/a", "2", "-7.25"]))
    diff = compare_files(tmp_path / "base.xpt", tmp_path / "c.csv", Ways(IDS))
    assert diff.sysinfo == 8192
    assert [f.rows[0].value for f in diff.findings if f.code.id == "FILE111"] == ["n/a"]


def test_dates_of_csv_against_numbers_with_a_date_format(tmp_path: Path) -> None:
    table = pd.DataFrame({"ID": [1.0, 2.0, 3.0], "ADT": [19725.0, np.nan, -1.0]})
    write_xpt(table, tmp_path / "a.xpt", name="A", formats={"ADT": "DATE9."})
    (tmp_path / "b.csv").write_text("ID,ADT\n1,2014-01-02\n2,\n3,1959-12-30\n")
    diff = compare_files(tmp_path / "a.xpt", tmp_path / "b.csv", Ways(Settings(ids=("ID",))))
    (found,) = _rows(diff, "differences")
    assert (found["base_value"], found["compare_value"], found["difference"]) == (
        "1959-12-31",
        "1959-12-30",
        -1.0,
    )


def test_codes_with_leading_zeros_stay_text(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("ID,CODE,N\n1,007,1.0\n")
    (tmp_path / "b.csv").write_text("ID,CODE,N\n1,7,1\n")
    diff = compare_files(tmp_path / "a.csv", tmp_path / "b.csv", Ways(Settings(ids=("ID",))))
    assert [r["variable"] for r in _rows(diff, "differences")] == ["CODE"]


def test_duplicates_are_listed_and_not_paired(tmp_path: Path) -> None:
    rows = [{"ID": "a", "X": 1.0}, {"ID": "a", "X": 2.0}, {"ID": "b", "X": 3.0}]
    kinds = {"ID": "text", "X": "number"}
    ids = Settings(ids=("ID",))
    same = both(tmp_path, frame(rows, kinds), frame([rows[1], rows[0], rows[2]], kinds), ids)
    assert (same.verdict, same.rows.paired, same.rows.agreeing) == (Verdict.EQUAL, 1, 2)
    assert "FILE108" in [f.code.id for f in same.findings]
    other = both(tmp_path, frame(rows, kinds), frame([rows[1], rows[2]], kinds), ids)
    assert (other.sysinfo, other.rows.not_paired_base, other.rows.not_paired_compare) == (64, 2, 1)
    unlike = both(tmp_path, frame(rows, kinds), changed(frame(rows, kinds), "X", 0, 9.0), ids)
    assert (unlike.sysinfo, unlike.unequal) == (4096, 0)
    assert [(r["side"], r["row"], r["agrees"]) for r in _rows(unlike, "duplicates")] == [
        ("base", 1, False),
        ("base", 2, False),
        ("compare", 1, False),
        ("compare", 2, False),
    ]


def test_near_misses(tmp_path: Path) -> None:
    kinds = {"USUBJID": "text", "AETERM": "text", "AESTDTC": "text"}
    base = ["01 HEADACHE 2014-01-02", "01 NAUSEA 2014-03-01", "02 RASH 2014-05-05"]
    compare = ["01 HEADACHE 2014-01-03", "01 HEADACHE 2014-06-02", "01 NAUSAE 2014-03-01"]
    tables = [
        frame([dict(zip(kinds, r.split(), strict=True)) for r in rows], kinds) for rows in (base, compare)
    ]
    diff = both(tmp_path, *tables, Settings(ids=tuple(kinds)))
    assert [(r["row"], r["near_row"], r["near_keys"]) for r in _rows(diff, "only_base")] == [
        (1, 1, "AESTDTC: 2014-01-02 | 2014-01-03"),
        (2, 3, "AETERM: NAUSEA | NAUSAE"),
        (3, None, None),
    ]


@pytest.mark.parametrize(
    ("name", "keys", "how"),
    [
        ("dm", ("STUDYID", "USUBJID"), "natural"),
        ("qc_ae", ("STUDYID", "USUBJID", "AETERM", "AEDECOD", "AESTDTC"), "natural"),
        ("adtte", ("STUDYID", "USUBJID", "PARAMCD"), "natural"),
        ("suppae", ("STUDYID", "RDOMAIN", "USUBJID", "IDVAR", "IDVARVAL", "QNAM"), "natural"),
    ],
)
def test_natural_keys(tmp_path: Path, name: str, keys: tuple[str, ...], how: str) -> None:
    """As CSV, where only the file's name tells the domain."""
    from cdisc_conv.read.xpt import read_xpt

    table = read_xpt(DATA / "xpt" / f"{name.removeprefix('qc_')}.xpt")
    path = put(tmp_path / f"{name}.csv", table)
    diff = compare_files(path, path)
    assert diff.keys.how == how
    assert diff.keys.variables == tuple(k for k in keys if k in table)
    assert diff.verdict is Verdict.EQUAL


def test_keys_are_found(tmp_path: Path) -> None:
    rows = [
        {"SEQ": float(n), "SITE": "a" if n < 6 else "b", "PAT": str(n % 6), "X": n / 7} for n in range(12)
    ]
    kinds = {"SEQ": "number", "SITE": "text", "PAT": "text", "X": "number"}
    table = frame(rows, kinds)
    base, compare = put(tmp_path / "a.parquet", table), put(tmp_path / "b.parquet", table.iloc[::-1])
    diff = compare_files(base, compare)
    assert (diff.keys.how, diff.keys.variables, diff.unequal) == ("found", ("SITE", "PAT"), 0)
    assert compare_files(base, compare, Ways(Settings(ids=("SEQ",)))).verdict is Verdict.EQUAL
    by_row = compare_files(base, compare, Ways(Settings(by_position=True)))
    assert (by_row.rows.paired, by_row.verdict) == (12, Verdict.DIFFERENT)


def define_of_keys(folder: Path, *keys: str) -> None:
    """A define.xml that gives AE these keys."""
    refs = "".join(f'<ItemRef ItemOID="IT.{k}" KeySequence="{n}"/>' for n, k in enumerate(keys, 1))
    items = "".join(f'<ItemDef OID="IT.{k}" Name="{k}"/>' for k in keys)
    (folder / "define.xml").write_text(
        f'<ODM><MetaDataVersion><ItemGroupDef OID="IG.AE" Name="AE">{refs}</ItemGroupDef>{items}'
        "</MetaDataVersion></ODM>"
    )


def test_keys_of_define_and_of_spec(tmp_path: Path) -> None:
    define_of_keys(tmp_path, "USUBJID", "AETERM")
    table = frame(ROWS, KINDS)
    diff = both(tmp_path, table, table, Settings())
    assert (diff.keys.how, diff.keys.variables) == ("define.xml", ("USUBJID", "AETERM"))
    ways = Ways(spec={"AE": (("USUBJID", "AESTDTC"), "specs/x")})
    diff = compare_files(tmp_path / "base.xpt", tmp_path / "compare.xpt", ways)
    assert (diff.keys.how, diff.keys.variables) == ("spec", ("USUBJID", "AESTDTC"))


RENUMBERED = [  # keys of define.xml, keys that pair, rows that pair and differ in AESEQ alone
    (("USUBJID", "AETERM", "AESEQ"), ("define.xml", ("USUBJID", "AETERM")), (4, 4)),
    (("USUBJID", "AESEQ"), ("natural", ("USUBJID", "AETERM")), (4, 4)),
    (("AESEQ",), ("natural", ("USUBJID", "AETERM")), (4, 4)),
]


@pytest.mark.parametrize(("keys", "used", "rows"), RENUMBERED)
def test_a_sequence_pairs_no_rows(tmp_path: Path, keys, used, rows) -> None:
    """AESEQ numbered anew: the events are the same, only their number differs."""
    events = [("1", "A", 1.0), ("1", "B", 2.0), ("2", "A", 1.0), ("2", "C", 2.0)]
    kinds = {"USUBJID": "text", "AETERM": "text", "AESEQ": "number"}
    table = frame([dict(zip(kinds, e, strict=True)) for e in events], kinds)
    other = table.assign(AESEQ=table.AESEQ + 10)
    define_of_keys(tmp_path, *keys)
    diff = both(tmp_path, table, other, Settings())
    assert (diff.keys.how, diff.keys.variables) == used
    assert (diff.rows.paired, diff.unequal) == rows
    asked = both(tmp_path, table, other, Settings(ids=("USUBJID", "AESEQ")))
    assert asked.rows.paired == 0


HEAD = "ID,X\n"


@pytest.mark.parametrize(
    ("name", "content", "codes"),
    [
        ("a.csv", b"", {"FILE101"}),
        ("a.csv", b"P,Q\n1,2\n", {"FILE103"}),
        ("a.csv", b"\x89PNG\r\n\x1a\n\0\0", None),
        ("a.csv", b"PK\x03\x04rest", {"RAW007"}),
        ("a.csv", HEAD.encode() + b'1,"cut', {"RAW030"}),
        ("a.pdf", b"%PDF", {"FILE100"}),
        ("a.xpt", (DATA / "xpt" / "dm.xpt").read_bytes()[:5000], {"FILE003"}),
        ("a.xpt", b"nonsense", None),
        ("a.parquet", b"PAR1 and no more", {"FILE101"}),
        ("a.sas7bdat", (DATA / "raw" / "sample.sas7bdat").read_bytes()[:3000], {"RAW052"}),
        ("a.json", b'{"a": 1}', {"FILE101"}),
        ("a.json", b'{"a": ', {"FILE101"}),
        ("a.json", b"[" * 100_000, {"FILE101"}),
        ("a.ndjson", b'{"columns": [{"name": "ID"}], "records": 2}\n["1"]\n', {"FILE101"}),
        ("a.json", b'{"columns": [{"name": "ID"}], "records": 1, "rows": [[1, 2]]}', {"FILE101"}),
        ("a.xlsx", b"PK\x03\x04 not a workbook", None),
    ],
)
def test_a_clear_answer_for_what_cannot_be_compared(
    tmp_path: Path, name: str, content: bytes, codes: set[str] | None
) -> None:
    (tmp_path / name).write_bytes(content)
    (tmp_path / "good.csv").write_text(HEAD + "1,2\n")
    for sides in ((name, "good.csv"), ("good.csv", name)):
        diff = compare_files(tmp_path / sides[0], tmp_path / sides[1])
        assert (diff.verdict, diff.sysinfo, diff.verdict.exit_code) == (Verdict.CANNOT_COMPARE, 32768, 2)
        assert diff.findings
        assert codes is None or codes & {f.code.id for f in diff.findings}


def test_empty_sides(tmp_path: Path) -> None:
    none, some = frame([], KINDS), frame(ROWS, KINDS)
    paths = {n: put(tmp_path / f"{n}.parquet", t) for n, t in (("none", none), ("some", some))}
    found = {(a, b): compare_files(paths[a], paths[b], Ways(IDS)).sysinfo for a in paths for b in paths}
    assert found == {("none", "none"): 0, ("none", "some"): 128, ("some", "none"): 64, ("some", "some"): 0}
    (tmp_path / "h.csv").write_text("USUBJID,AESEQ,AETERM,AESTDTC,AESTDY\n")
    assert compare_files(tmp_path / "h.csv", paths["some"], Ways(IDS)).sysinfo == 128


def test_wide_and_windows_text(tmp_path: Path) -> None:
    names = ",".join(f"V{i}" for i in range(WIDE))
    values = [",".join(str((i * k) % 97) for i in range(WIDE)) for k in (1, 2)]
    (tmp_path / "a.csv").write_bytes(f"ID,{names}\ncafé,{values[0]}\nx,{values[1]}\n".encode("cp1252"))
    (tmp_path / "b.csv").write_bytes(f"ID,{names}\ncafé,{values[0]}\nx,{values[0]}\n".encode())
    diff = compare_files(tmp_path / "a.csv", tmp_path / "b.csv", Ways(Settings(ids=("ID",))))
    expected = sum(i % 97 != (i * 2) % 97 for i in range(WIDE))
    assert (diff.rows.paired, diff.unequal) == (2, expected)


def test_out_files_hold_everything_and_no_formula(tmp_path: Path) -> None:
    terms = ["=1+1", "@SUM(A1)", "-2.5", "<script>alert(1)</script>", '"quoted, text"']
    base = frame([{"ID": f"+{n}", "T": t} for n, t in enumerate(terms)], {"ID": "text", "T": "text"})
    paths = [put(tmp_path / "a.parquet", base), put(tmp_path / "b.parquet", base.assign(T="x"))]
    diff = compare_files(*paths, Ways(Settings(ids=("ID",))))
    write_csv(diff, tmp_path / "o.csv")
    with (tmp_path / "o.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [r["base_value"] for r in rows] == ["'=1+1", "'@SUM(A1)", *terms[2:]]
    assert [r["ID"] for r in rows] == [f"+{n}" for n in range(5)]
    write_json(diff, tmp_path / "o.json")
    told = json.loads((tmp_path / "o.json").read_text())
    assert [v["base_value"] for v in told["differences"]["values"]] == terms
    assert told == json.loads(json.dumps(as_dict(diff)))
    write_parquet(diff, tmp_path / "o.parquet")
    assert pd.read_parquet(tmp_path / "o.parquet")["base_value"].tolist() == terms


def test_folders(tmp_path: Path) -> None:
    table = frame(ROWS, KINDS)
    for side in ("a", "b"):
        (tmp_path / side).mkdir()
        put(tmp_path / side / "AE.csv", table)
    put(tmp_path / "a" / "dm.xpt", table)
    put(tmp_path / "b" / "dm.parquet", changed(table, "AETERM", 0, "x"))
    (tmp_path / "a" / "readme.txt").write_text("not a dataset")
    diff = compare_folders(tmp_path / "a", tmp_path / "b", Ways(Settings(ids=IDS.ids, dropped=("AESTDY",))))
    assert [(d.name, str(d.verdict)) for d in diff.datasets] == [("AE", "equal"), ("TEST", "different")]
    assert (diff.verdict, diff.sysinfo, diff.only_base) == (Verdict.DIFFERENT, 4096, ())
    put(tmp_path / "a" / "ex.csv", table)
    (tmp_path / "b" / "dm.parquet").unlink()
    put(tmp_path / "b" / "dm.csv", table)
    diff = compare_folders(tmp_path / "a", tmp_path / "b", Ways(IDS))
    assert (diff.verdict, diff.only_base) == (Verdict.DIFFERENT, ("ex.csv",))
    write_csv(diff, tmp_path / "o.csv")
    put(tmp_path / "b" / "dm.parquet", table)
    assert compare_folders(tmp_path / "a", tmp_path / "b").verdict is Verdict.CANNOT_COMPARE
    (tmp_path / "c").mkdir()
    with pytest.raises(CannotRun):
        compare_folders(tmp_path / "a", tmp_path / "c")


def parents(folder: Path, events: list[tuple[str, str]]) -> Path:
    """AE numbered in its order, SUPPAE with a qualifier of each, RELREC with the last."""
    folder.mkdir()
    rows = [f"S1,AE,{n},{term}" for n, (term, _) in enumerate(events, 1)]
    (folder / "ae.csv").write_text("\n".join(["USUBJID,DOMAIN,AESEQ,AETERM", *rows, ""]))
    rows = [f"AE,S1,AESEQ,{n},AEFLARE,{flare}" for n, (_, flare) in enumerate(events, 1)]
    rows += ["AE,S1,AESEQ,99,AEFLARE,Y"]
    (folder / "suppae.csv").write_text("\n".join(["RDOMAIN,USUBJID,IDVAR,IDVARVAL,QNAM,QVAL", *rows, ""]))
    relation = f"AE,S1,AESEQ,{len(events)},R1"
    (folder / "relrec.csv").write_text(f"RDOMAIN,USUBJID,IDVAR,IDVARVAL,RELID\n{relation}\n")
    return folder


def test_numbering_anew_alone_is_no_difference_of_suppae_and_relrec(tmp_path: Path) -> None:
    """Cough is gone, so the numbers of those behind it shift; Rash has another qualifier."""
    base = parents(tmp_path / "a", [("Anaemia", "N"), ("Cough", "N"), ("Rash", "N"), ("Vertigo", "N")])
    compare = parents(tmp_path / "b", [("Anaemia", "N"), ("Rash", "Y"), ("Vertigo", "N")])
    diff = compare_folders(base, compare, Ways(Settings(ids=())))
    done = {d.name: d for d in diff.datasets}
    assert done["RELREC"].verdict is Verdict.EQUAL
    supp = done["SUPPAE"]
    assert (supp.rows.paired, supp.rows.only_base, supp.rows.only_compare, supp.unequal) == (4, 1, 0, 1)
    (value,) = supp.differences.head(9).to_pylist()
    assert (value["base_value"], value["compare_value"]) == ("N", "Y")
    assert "AETERM=Rash" in str(value)
    assert [f.code.id for f in diff.findings] == ["FILE125"]
    asked = compare_folders(base, compare, Ways(Settings(ids=("USUBJID", "IDVARVAL"))))
    assert {d.name: d for d in asked.datasets}["RELREC"].verdict is not Verdict.EQUAL
