"""The account of the raw exports: raw rows = shipped + left out with a reason; columns read or not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from cdisc_conv.codes.map import MAP023, MAP032, MAP033
from cdisc_conv.codes.raw import RAW067, ROWS_DIFFER
from cdisc_conv.engine.built import Built, FormAccount
from cdisc_conv.engine.plan import Plan
from cdisc_conv.errors import CannotRun
from cdisc_conv.findings import Finding, Findings, Place
from cdisc_conv.model.result import SourceAccount
from cdisc_conv.model.study import Form, Study
from cdisc_conv.read.raw import RawExport


def raw_findings(
    study: Study, raw: RawExport | None
) -> tuple[Mapping[str, tuple[str, ...] | None], Findings]:
    """The columns of every form as its raw file has them (None: not seen), and slips of the files."""
    findings = Findings()
    headers: dict[str, tuple[str, ...] | None] = {}
    for form in study.forms.values():
        headers[form.name] = None
        if raw is None or (form.unblinding and study.blinded):
            continue
        if form.optional and not raw.has(form.file, form.sheet):
            place = Place(file=form.file, sheet=form.sheet)
            what = f"sheet {form.sheet!r}" if form.file in raw.files() else "such file"
            findings.add(RAW067.at(place, what=what, form=form.name))
            continue
        try:
            headers[form.name] = raw.header(
                form.file,
                form.sheet,
                encoding=form.encoding,
                delimiter=form.delimiter,
                header_row=form.header_row,
            )
        except CannotRun as e:
            findings.extend(e.findings)
    if raw is None:
        findings.add(MAP023.at(Place(file=study.file), form="any", reason="the raw exports are not at hand"))
        return headers, findings
    declared = {f.file for f in study.forms.values()} | {study.manifest, *study.not_read}
    for file in raw.files():
        if file not in declared:
            findings.add(MAP033.at(Place(file=file)))
    return headers, findings


def account(plan: Plan, raw: RawExport, built: Built, findings: Findings) -> tuple[SourceAccount, ...]:
    """The ledger; raw columns that nothing reads become findings."""
    made = []
    for found in (f for f in built.forms.values() if f.sha256):  # a form that is not there has no account
        form = plan.study.forms[found.form]
        unmapped = _unmapped(plan, form, found)
        for column in unmapped:
            findings.add(MAP032.at(Place(file=form.file, sheet=form.sheet), column=column, form=form.name))
        entry = SourceAccount(
            file=form.file,
            sheet=form.sheet,
            form=form.name,
            sha256=found.sha256,
            encoding=found.encoding,
            rows=found.rows,
            shipped=found.shipped,
            shipped_to=dict(sorted(found.shipped_to.items())),
            left_out=dict(found.left_out),
            columns_read=tuple(c for c in found.header if c not in unmapped and c not in form.not_submitted),
            columns_not_submitted=(
                *(c for c in found.header if c in form.not_submitted),
                *plan.study.withheld(form),
            ),
            columns_unmapped=unmapped,
        )
        _explain_rest(plan, built, entry)
        made.append(entry)
    findings.extend(_promised_rows(raw, made))
    made += unread(plan, raw, {a.file for a in made})
    return tuple(sorted(made, key=lambda a: (a.file, a.sheet)))


def _promised_rows(raw: RawExport, accounts: list[SourceAccount]) -> Iterator[Finding]:
    """Files read whole (every sheet) whose rows are not as many as the manifest says."""
    for line in raw.manifest.delivered if raw.manifest else ():
        read = {a.sheet: a.rows for a in accounts if a.file == line.file}
        whole = read and line.rows is not None and set(raw.sheets(line.file) or [""]) <= {*read, ""}
        if whole and sum(read.values()) != line.rows and ("" not in read or len(read) == 1):
            yield ROWS_DIFFER.at(Place(file=line.file), got=sum(read.values()), want=line.rows)


def unread(plan: Plan, raw: RawExport, read: set[str]) -> list[SourceAccount]:
    """Files that no mapped form reads: all their rows are left out, for that reason.

    The manifest's count is taken where its hash is right; other files are read to count their rows.
    """
    promised = {d.file: d for d in raw.manifest.delivered} if raw.manifest else {}
    made = []
    for file in raw.files():
        if file in read or file == plan.study.manifest:
            continue
        line = promised.get(file)
        sha256 = raw.hash(file)
        known = line is not None and line.rows is not None and line.sha256 == sha256
        rows = line.rows if known and line else _count(raw, file)
        form = next((f.name for f in plan.study.forms.values() if f.file == file), "")
        reason = "no mapping page reads this form" if form else "no form reads this file"
        if file in plan.study.not_read:
            reason = "left alone by study.yaml (not_read)"
        left_out = {reason: rows} if rows else {}
        made.append(SourceAccount(file, "", form, sha256, "", rows or 0, left_out=left_out))
    return made


def _count(raw: RawExport, file: str) -> int:
    """Rows of all sheets; 0 for a file that is no table."""
    try:
        return sum(len(raw.read(file, sheet).rows) for sheet in raw.sheets(file) or [""])
    except CannotRun:
        return 0


def _unmapped(plan: Plan, form: Form, found: FormAccount) -> tuple[str, ...]:
    read = plan.raw_columns_read.get(form.name, frozenset())
    read = read | {form.columns.get(c, c) for c in read} | {form.row_key, form.modified, *form.not_submitted}
    return tuple(c for c in found.header if c not in read)


def _explain_rest(plan: Plan, built: Built, entry: SourceAccount) -> None:
    """The reason why rows that were staged reached no record."""
    rest = entry.rows - entry.shipped - sum(entry.left_out.values())
    if not rest:
        return
    taken_by = sorted(
        d.name for d in plan.datasets.values() for b in d.blocks if b.block.source.text == entry.form
    )
    looked = sorted(built.looked_up.get(entry.form, ()))
    if taken_by:
        reason = f"not selected by the rows of {', '.join(dict.fromkeys(taken_by))}"
        reason += f"; looked up by {', '.join(looked)}" if looked else ""
    else:
        reason = f"looked up by {', '.join(looked)}" if looked else "read for its columns only"
    entry.left_out[reason] = rest
