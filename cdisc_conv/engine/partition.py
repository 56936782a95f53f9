"""A study in pieces by subject: staged once, built one piece at a time or several at once, same bytes always.

All derivations see one subject at most (and small look-up tables), so any cut of the study by subject gives
the same records; pieces are put together in order of USUBJID, which is also the order of the keys.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from cdisc_conv.engine.build import build_partition
from cdisc_conv.engine.built import Built, FormAccount, Outcome
from cdisc_conv.engine.facts import DatasetFacts, dataset_facts
from cdisc_conv.engine.finish import Finished
from cdisc_conv.engine.plan import Plan
from cdisc_conv.engine.reference import build_references, references
from cdisc_conv.engine.sources import SHIFT, SourceRows, Sources
from cdisc_conv.engine.spill import load_table, save_frame, save_table
from cdisc_conv.engine.stage import part, stage
from cdisc_conv.engine.table import Table
from cdisc_conv.engine.view import Workshop
from cdisc_conv.findings import Findings
from cdisc_conv.model.raw import RawTable, Source
from cdisc_conv.model.study import Form
from cdisc_conv.read.raw import RawExport

RAW_BYTES_A_PIECE = 24_000_000
"""Raw bytes of the mapped forms that one piece may hold, when the caller does not say how many pieces."""

Say = Callable[[str], None]


def workshop(plan: Plan) -> Workshop:
    """An empty workshop for a plan."""
    codelists = {i: c for spec in plan.specs.values() for i, c in spec.codelists.items()}
    return Workshop(plan.study, plan.verbs, {}, Sources(), Findings(), codelists, plan.mapping.codes)


@contextmanager
def build_all(
    plan: Plan, raw: RawExport, jobs: int, pieces: int, say: Say, replan: Callable[[], Plan]
) -> Iterator[Built]:
    """Build every piece; frames are at hand until the block ends.

    `replan` makes the plan again in another process (a plan cannot be sent there).
    """
    wanted = pieces or max(1, -(-raw_bytes(plan, raw) // RAW_BYTES_A_PIECE))
    with tempfile.TemporaryDirectory(prefix="cdisc_conv-") as temp:
        folder = Path(temp)
        built = Built()
        staged, shop = stage_all(plan, raw, built, folder if wanted > 1 else None, say)
        if wanted == 1:
            outcome, built.frames = build_piece(plan, shop, staged)
            built.take(outcome)
        else:
            cuts = cut(folder, staged, wanted)
            built.folder, built.pieces = folder, len(cuts)
            for outcome in run_pieces(plan, folder, cuts, jobs, say, replan):
                built.take(outcome)
        if references(plan):
            shop = whole_tables(plan, folder, staged) if built.folder else fresh(plan, shop)
            outcome, frames = build_end(plan, shop, staged, built.counted)
            built.take(outcome)
            built.frames |= frames
        yield built


def raw_bytes(plan: Plan, raw: RawExport) -> int:
    """Bytes of the raw files that the plan reads."""
    files = {plan.study.forms[n].file for n in plan.forms_used}
    return sum(raw.size(f) for f in sorted(files & set(raw.files())))


def stage_all(
    plan: Plan, raw: RawExport, built: Built, folder: Path | None, say: Say
) -> tuple[dict[str, Table], Workshop]:
    """Every form staged: in memory, or in files below `folder` (tables then hold subjects only)."""
    shop = workshop(plan)
    staged: dict[str, Table] = {}
    for number, name in enumerate(plan.forms_used):
        form = plan.study.forms[name]
        say(f"read {form.file}{'!' + form.sheet if form.sheet else ''}")
        table = raw_table(plan, raw, form)
        shop.findings.extend(table.findings)
        read = plan.raw_columns_read.get(name)
        staged[name], left_out = stage(shop, form, table, number, plan.subjects.get(name), read)
        built.forms[name] = FormAccount(
            name, number, len(table.rows), table.sha256, table.encoding, tuple(table.frame.columns), left_out
        )
        if folder is not None:
            raw.forget()
            save_table(folder / f"form-{name}.arrow", staged[name], shop.sources.tables.pop(number))
            staged[name].columns = {}
    raw.forget()
    built.findings.extend(shop.findings)
    shop.findings = Findings()
    return staged, shop


def raw_table(plan: Plan, raw: RawExport, form: Form) -> RawTable:
    """A form's raw table without withheld columns; an optional form that is not there has no rows."""
    if form.optional and not raw.has(form.file, form.sheet):
        read = (form.columns.get(c, c) for c in sorted(plan.raw_columns_read[form.name]))
        frame = pd.DataFrame({c: pd.Series([], dtype="str") for c in read})
        rows = np.empty(0, dtype=np.int64)
        return RawTable(Source(form.file, form.sheet), frame, rows, "", "", 0, raw.newest())
    table = raw.read(
        form.file,
        form.sheet,
        encoding=form.encoding,
        delimiter=form.delimiter,
        header_row=form.header_row,
    )
    withheld = [c for c in plan.study.withheld(form) if c in table.frame.columns]
    return replace(table, frame=table.frame.drop(columns=withheld)) if withheld else table


def fresh(plan: Plan, shop: Workshop) -> Workshop:
    """A new workshop that knows the raw rows of another."""
    made = workshop(plan)
    made.sources = shop.sources
    return made


def whole_tables(plan: Plan, folder: Path, staged: dict[str, Table]) -> Workshop:
    """The staged tables without subjects, whole again from their files, in a new workshop."""
    made = workshop(plan)
    for number, name in enumerate(plan.forms_used):
        if staged[name].subject is None:
            form = plan.study.forms[name]
            staged[name], keys = load_table(folder / f"form-{name}.arrow", name, "", "")
            made.sources.tables[number] = SourceRows(form.file, form.sheet, staged[name].origin, keys)
    return made


def build_piece(
    plan: Plan, shop: Workshop, staged: Mapping[str, Table]
) -> tuple[Outcome, dict[str, pd.DataFrame]]:
    """One piece from its staged tables; datasets without subjects are left for the end."""
    partition = build_partition(plan, shop, staged)
    at_the_end = references(plan)
    mine = {n: d for n, d in partition.datasets.items() if n not in at_the_end}
    findings = Findings([f for f in shop.findings if f.place.dataset not in at_the_end])
    return _outcome(plan, shop, mine, findings)


def build_end(
    plan: Plan, shop: Workshop, staged: Mapping[str, Table], numbers: Mapping[str, float]
) -> tuple[Outcome, dict[str, pd.DataFrame]]:
    """The datasets without subjects, when all pieces are built."""
    tables = {n: t for n, t in staged.items() if t.subject is None}
    done = build_references(plan, shop, tables, numbers)
    return _outcome(plan, shop, done, shop.findings)


def _outcome(
    plan: Plan, shop: Workshop, finished: Mapping[str, Finished], findings: Findings
) -> tuple[Outcome, dict[str, pd.DataFrame]]:
    facts: dict[str, DatasetFacts] = {}
    frames: dict[str, pd.DataFrame] = {}
    shipped: dict[int, dict[str, int]] = {}
    sent: dict[int, list[Any]] = {}
    for name, done in finished.items():
        if plan.wanted and name not in plan.wanted and name.removeprefix("SUPP") not in plan.wanted:
            continue
        spec = next(s.datasets[name] for s in plan.specs.values() if name in s.datasets)
        dtc = [v for v in done.frame.columns if plan.kinds.get((name, v)) == "dtc"]
        facts[name] = dataset_facts(spec, done.frame, dtc)
        frames[name] = done.frame
        origins = _distinct(done.origin[done.origin >= 0])
        numbers = origins >> SHIFT
        for number in _distinct(numbers).tolist():
            rows = origins[numbers == number]
            shipped.setdefault(number, {})[name] = len(rows)
            sent.setdefault(number, []).append(rows)
    for number, rows in sent.items():
        shipped[number][""] = len(_distinct(np.concatenate(rows)))
    return Outcome(facts, findings, shipped, shop.looked_up, shop.counted), frames


def _distinct(numbers: Any) -> Any:
    """Distinct whole numbers, ascending; by sorting, which is quicker here than np.unique's hashing."""
    ordered = np.sort(numbers)
    return ordered[np.append(True, ordered[1:] != ordered[:-1])] if len(ordered) else ordered


def cut(folder: Path, staged: Mapping[str, Table], wanted: int) -> list[tuple[str, str]]:
    """First and last subject of each piece: contiguous in order of USUBJID, about equally many rows."""
    counts: dict[str, int] = {}
    for table in staged.values():
        if table.subject is not None:
            for subject, rows in table.subject.value_counts(sort=False).items():
                counts[str(subject)] = counts.get(str(subject), 0) + int(rows)
    subjects = sorted(counts)
    if not subjects:
        return [("", "")]
    reached = np.cumsum([counts[s] for s in subjects])
    piece = np.minimum((reached - 1) * wanted // reached[-1], wanted - 1)
    edges = np.flatnonzero(np.diff(piece)) + 1
    return [(subjects[a], subjects[b - 1]) for a, b in zip([0, *edges], [*edges, len(subjects)], strict=True)]


def run_pieces(
    plan: Plan,
    folder: Path,
    cuts: list[tuple[str, str]],
    jobs: int,
    say: Say,
    replan: Callable[[], Plan],
) -> Iterator[Outcome]:
    """Every piece built, in order; several processes where asked for."""
    tasks = [(folder, at, first, last) for at, (first, last) in enumerate(cuts)]
    if jobs <= 1:
        for task in tasks:
            yield run_piece(plan, *task)
            say(bar(task[1] + 1, len(cuts)))
        return
    with ProcessPoolExecutor(jobs, get_context("spawn"), _prepare, (replan,)) as pool:
        for at, outcome in enumerate(pool.map(_run, tasks)):
            yield outcome
            say(bar(at + 1, len(cuts)))


def bar(done: int, whole: int) -> str:
    """`build ████░░░░ 3 of 7`."""
    full = 24 * done // whole
    return f"build {'█' * full}{'░' * (24 - full)} {done} of {whole}"


_PLAN: list[Plan] = []


def _prepare(replan: Callable[[], Plan]) -> None:
    sys.setrecursionlimit(5000)
    _PLAN[:] = [replan()]


def _run(task: tuple[Path, int, str, str]) -> Outcome:
    return run_piece(_PLAN[0], *task)


def run_piece(plan: Plan, folder: Path, at: int, first: str, last: str) -> Outcome:
    """One piece read from the staged files, built, and its frames written beside them."""
    shop = workshop(plan)
    shop.piece = at
    staged = {}
    for number, name in enumerate(plan.forms_used):
        staged[name], keys = load_table(folder / f"form-{name}.arrow", name, first, last)
        form = plan.study.forms[name]
        shop.sources.tables[number] = SourceRows(form.file, form.sheet, staged[name].origin, keys)
    outcome, frames = build_piece(plan, shop, staged)
    for name, frame in frames.items():
        save_frame(folder / f"{name}-{at}.arrow", frame)
    return outcome


def subject_piece(plan: Plan, raw: RawExport, *subjects: str) -> tuple[Workshop, dict[str, Table]]:
    """The staged rows of one subject or of some, for looking at how their records come about."""
    built = Built()
    staged, shop = stage_all(plan, raw, built, None, lambda text: None)
    mine = {}
    for name, table in staged.items():
        rows = None if table.subject is None else np.flatnonzero(table.subject.isin(subjects).to_numpy())
        mine[name] = table if rows is None else part(table, rows)
    return shop, mine
