"""cdisc-conv init: a workspace to start from."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from cdisc_conv.cli._init_raw import SeenRaw


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option("--study", help="Name of the study (default: the folder's name).")
@click.option(
    "--raw",
    type=click.Path(path_type=Path, exists=True),
    help="Raw exports to look at: each file gets its entry (default: an invented example is put there).",
)
def command(folder: Path, study: str | None, raw: Path | None) -> None:
    """Make FOLDER a workspace with a study to start from: study.yaml, spec and mapping of DM and AE.

    With --raw, study.yaml gets an entry for each raw file with its columns and the date formats seen in
    them, to be confirmed; day or month first is left for you to choose.  No file is ever overwritten.
    """
    name = study or _plain(folder.resolve().name)
    _refuse_name(name)
    files = _from_templates(name, *(_seen(folder, raw) if raw else (f"raw/{name}", None)))
    if raw is None:
        files |= _example(name)
    _refuse_existing(folder, files)
    for path, text in files.items():
        if path.name == "README.md" and (folder / path).exists():
            continue
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
        click.echo(f"  {folder / path}")
    here = "" if folder.resolve() == Path.cwd() else f" --workspace {folder}"
    click.echo(f"next: cdisc-conv check {name}{here}")


def _plain(text: str) -> str:
    return re.sub(r"[^A-Za-z0-9]+", "_", text).strip("_").lower() or "study"


def _refuse_name(name: str) -> None:
    from cdisc_conv.errors import UsageMistake

    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9_-]*", name) or name == "standards":
        raise UsageMistake(f"'{name}' cannot name a study: letters, digits, - and _, a letter first")


def _refuse_existing(folder: Path, files: dict[Path, str]) -> None:
    from cdisc_conv.errors import UsageMistake

    there = [p for p in files if p.name != "README.md" and (folder / p).exists()]
    if there:
        more = f" and {len(there) - 1} more" if len(there) > 1 else ""
        raise UsageMistake(f"{folder / there[0]}{more} exists already; nothing was written")


def _seen(folder: Path, raw: Path) -> tuple[str, SeenRaw]:
    """Where the raw exports are, as study.yaml says it, and what is in them."""
    from cdisc_conv.cli._init_raw import as_yaml, look_at
    from cdisc_conv.cli._show import show_findings
    from cdisc_conv.read.raw import RawExport

    export = RawExport.open(raw)
    seen = look_at(export)
    show_findings(export.findings, err=True)
    near = raw.resolve().is_relative_to(folder.resolve().parent)
    shown = os.path.relpath(raw.resolve(), folder.resolve()) if near else str(raw.resolve())
    return as_yaml(Path(shown).as_posix()), seen


def _from_templates(name: str, raw_folder: str, seen: SeenRaw | None) -> dict[Path, str]:
    """The files of a new study by path in the workspace."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    from cdisc_conv.assets import assets

    root = assets() / "templates" / "init"
    made = Environment(
        loader=FileSystemLoader(root),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,
    )
    facts: dict[str, Any] = {"name": name, "id": name.upper(), "folder": raw_folder}
    facts |= {"forms": seen.forms if seen else [], "common": seen.common() if seen else []}
    facts |= {"manifest": seen.manifest if seen else "", "unreadable": seen.unreadable if seen else []}
    files = {}
    for source in sorted(p.relative_to(root) for p in root.rglob("*") if p.is_file()):
        text = made.get_template(source.as_posix()).render(facts)
        files[_target(name, source)] = text
    return files


def _target(name: str, source: Path) -> Path:
    """Where a template's file belongs: specs/, mappings/ or the workspace itself."""
    plain = source.with_suffix("") if source.suffix == ".j2" else source
    if plain.name == "README.md":
        return plain
    if plain.parts[0] == "mappings":
        return Path("mappings", name, *plain.parts[1:])
    return Path("specs", name, *plain.parts)


def _example(name: str) -> dict[Path, str]:
    from cdisc_conv.assets import assets

    folder = assets() / "templates" / "example_raw"
    return {Path("raw", name, p.name): p.read_text(encoding="utf-8") for p in sorted(folder.glob("*.csv"))}
