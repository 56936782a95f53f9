"""study.yaml held against what the engine knows: policies and their values, date formats."""

from __future__ import annotations

import re
from collections.abc import Iterator

from cdisc_conv.codes.map import MAP019, MAP020, MAP021
from cdisc_conv.findings import Findings
from cdisc_conv.language.dates_formats import format_mistake
from cdisc_conv.language.resolve import near
from cdisc_conv.model.mapping import Mapping as StudyMapping
from cdisc_conv.model.mapping import Page
from cdisc_conv.model.study import Form, Policy, Study
from cdisc_conv.model.words import Words

POLICIES: dict[str, tuple[str, ...]] = {
    "unmapped_codes": ("error", "keep", "null"),
    "partial_dates": ("true", "false"),
    "same_day_baseline": ("before", "after"),
    "same_row_key": ("latest", "error"),
    "duplicate_rows": ("drop", "keep"),
    "after_cutoff": ("left_out", "kept"),
    "empty_datasets": ("left_out", "written"),
    "years": (),
    "blinded": ("true", "false", "auto"),
}
"""Policies of the library with the values they take (none listed: any text)."""


def check_study(study: Study, mapping: StudyMapping) -> Findings:
    """Findings about policies and date formats."""
    findings = Findings()
    used = {name for w in _texts(mapping) for name in named_policies(w.text)}
    for name, policy in study.decided.items():
        allowed = POLICIES.get(name)
        if allowed is None and name not in used:
            findings.add(MAP019.at(policy.place, policy=name, hint=near(name, POLICIES)))
        hint = _misfit(policy, allowed or policy.among)
        if hint:
            findings.add(MAP020.at(policy.place, policy=name, value=policy.value, hint=hint))
    for form in study.forms.values():
        for text in _formats(form):
            reason = format_mistake(text)
            if reason:
                findings.add(MAP021.at(form.place, value=text, wanted=f"date format: {reason}"))
    return findings


def named_policies(text: str) -> list[str]:
    """The policies that a derivation names, in its order."""
    return re.findall(r"\bpolicy\.(\w+)", text)


def _misfit(policy: Policy, allowed: tuple[str, ...]) -> str:
    """What a policy's value could be where it is none of that, else ""."""
    if allowed and policy.value not in allowed:
        return f"it can be {', '.join(allowed)}"
    if policy.between is None:
        return ""
    low, high = policy.between
    try:
        fits = low <= float(policy.value) <= high
    except ValueError:
        fits = False
    return "" if fits else f"it is a number from {low:g} to {high:g}"


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
            yield from (check.value,) if check.value else ()
        yield from _of_time_to_event(page)


def _of_time_to_event(page: Page) -> Iterator[Words]:
    tte = page.time_to_event
    if tte is None:
        return
    yield tte.start
    yield from (tte.where,) if tte.where else ()
    for parameter in tte.parameters:
        yield from (parameter.where,) if parameter.where else ()
        for happening in (*parameter.events, *parameter.censors):
            yield happening.date
            yield from (happening.where,) if happening.where else ()
            yield from happening.variables.values()
        tte = page.time_to_event
        for parameter in tte.parameters if tte else ():
            for h in (*parameter.events, *parameter.censors):
                yield from (h.date, *h.variables.values(), *((h.where,) if h.where else ()))
        yield from (w for w in (tte.where, tte.start) if w) if tte else ()
