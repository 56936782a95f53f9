"""study.yaml held against what the engine knows: policies and their values, date formats."""

from __future__ import annotations

from collections.abc import Iterator

from cdisc_conv.codes.map import MAP019, MAP020, MAP021
from cdisc_conv.findings import Findings, Place
from cdisc_conv.language.dates_formats import format_mistake
from cdisc_conv.language.resolve import near
from cdisc_conv.model.mapping import Mapping as StudyMapping
from cdisc_conv.model.study import Form, Study
from cdisc_conv.model.words import Words

POLICIES: dict[str, tuple[str, ...]] = {
    "unmapped_codes": ("error", "keep", "null"),
    "partial_dates": ("true", "false"),
    "same_day_baseline": ("before", "after"),
    "same_row_key": ("latest", "error"),
    "duplicate_rows": ("drop", "keep"),
    "years": (),
}
"""Policies of the library with the values they take (none listed: any text)."""


def check_study(study: Study, mapping: StudyMapping) -> Findings:
    """Findings about policies and date formats."""
    findings = Findings()
    told = {w.text for w in _texts(mapping)}
    for name, value in study.policies.items():
        place = study.policy_places.get(name, Place(file=study.file))
        allowed = POLICIES.get(name)
        if allowed is None and not any(f"policy.{name}" in text for text in told):
            findings.add(MAP019.at(place, policy=name, hint=near(name, POLICIES)))
        elif allowed and value not in allowed:
            hint = f"it can be {', '.join(allowed)}"
            findings.add(MAP020.at(place, policy=name, value=value, hint=hint))
    for form in study.forms.values():
        for text in _formats(form):
            reason = format_mistake(text)
            if reason:
                findings.add(MAP021.at(form.place, value=text, wanted=f"date format: {reason}"))
    return findings


def _formats(form: Form) -> Iterator[str]:
    yield from form.dates
    for formats in form.column_dates.values():
        yield from formats


def _texts(mapping: StudyMapping) -> Iterator[Words]:
    """Every derivation and condition of the pages."""
    for page in mapping.pages.values():
        yield from page.variables.values()
        for block in page.blocks:
            yield from block.variables.values()
            yield from (block.where,) if block.where else ()
        for check in page.checks:
            yield check.where
        tte = page.time_to_event
        for parameter in tte.parameters if tte else ():
            for h in (*parameter.events, *parameter.censors):
                yield from (h.date, *h.variables.values(), *((h.where,) if h.where else ()))
        yield from (w for w in (tte.where, tte.start) if w) if tte else ()
