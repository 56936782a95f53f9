"""cdisc-conv verbs: what the mapping language can do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from cdisc_conv.cli import _options as options

if TYPE_CHECKING:
    from cdisc_conv.language.verb import Param, Verb

_TAKES = {
    "Text": "text",
    "Dtc": "ISO 8601 text",
    "Number": "number",
    "Date": "date",
    "Flag": "condition",
    "Column": "any",
    "Columns": "list of any",
    "Const": "literal",
    "Consts": "list of literals",
    "Rows": "OTHER.COLUMN",
}
_GIVES = {
    "text": "text",
    "dtc": "ISO 8601 text",
    "number": "number",
    "date": "date",
    "flag": "condition",
    "any": "any",
    "same": "as the values given",
}


@click.command()
@click.argument("name", required=False)
@options.output_format
def command(name: str | None, output_format: str) -> None:
    """List the verbs of the mapping language, or explain the verb NAME.

    In a signature `text`, `ISO 8601 text`, `number`, `date` and `condition` are columns or derivations of
    that kind, `literal` is written out, `OTHER.COLUMN` is a derivation over the rows of one other dataset,
    form or table; `*x` stands for any number of values, `**x` for any `NAME=value`.
    """
    from cdisc_conv.cli._show import show_json
    from cdisc_conv.language.verb import find_verb, verb_names

    found = [v for v in map(find_verb, verb_names()) if v is not None and name in (None, v.name)]
    if not found:
        raise _unknown(str(name), verb_names())
    if output_format == "json":
        show_json([as_dict(v) for v in found])
    elif name:
        click.echo(f"{click.style(signature(found[0]), bold=True)}\n\n{found[0].doc}")
    else:
        width = max(len(v.name) for v in found)
        for v in found:
            click.echo(f"{v.name:{width}}  {summary(v)}")
        click.echo("\ncdisc-conv verbs NAME explains one", err=True)


def _unknown(name: str, known: list[str]) -> Exception:
    from difflib import get_close_matches

    from cdisc_conv.errors import UsageMistake

    near = get_close_matches(name.lower(), known, 3, 0.5)
    hint = f"did you mean {' or '.join(near)}?" if near else "`cdisc-conv verbs` lists them"
    return UsageMistake(f"no verb '{name}'; {hint}")


def summary(verb: Verb) -> str:
    """The first line of a verb's docstring."""
    return verb.doc.partition("\n")[0]


def signature(verb: Verb) -> str:
    """How a verb is called: `pad(value: any, width: literal, fill: literal = "0") -> text`."""
    parts = ", ".join(_parameter(p) for p in verb.params)
    return f"{verb.name}({parts}) -> {_GIVES.get(verb.returns, verb.returns)}"


def _parameter(param: Param) -> str:
    takes = param.takes.removesuffix(" | None")
    words = f"{param.star}{param.name}: {_TAKES.get(takes, takes)}"
    default = default_text(param)
    return f"{words} = {default}" if default else words


def default_text(param: Param) -> str:
    """A default as it would be written in a mapping; "" where a value must be given."""
    from cdisc_conv.language.verb import REQUIRED, Expr

    if param.default is REQUIRED:
        return ""
    if isinstance(param.default, Expr):
        return param.default.text
    if param.default is None:
        return "none"
    if isinstance(param.default, str):
        return f'"{param.default}"'
    return str(param.default)


def as_dict(verb: Verb) -> dict[str, Any]:
    """A verb as plain JSON data."""
    return {
        "name": verb.name,
        "summary": summary(verb),
        "signature": signature(verb),
        "returns": verb.returns,
        "scope": verb.scope,
        "sentence": verb.sentence,
        "parameters": [
            {"name": p.name, "takes": p.takes, "default": default_text(p), "star": p.star}
            for p in verb.params
        ],
        "doc": verb.doc,
    }
