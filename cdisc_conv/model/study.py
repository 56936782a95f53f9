"""A study as `specs/<study>/study.yaml` declares it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from cdisc_conv.findings import Place
from cdisc_conv.model.words import Words


@dataclass(frozen=True, slots=True)
class Form:
    """One raw table: where it is and how its cells are to be read."""

    name: str
    file: str
    place: Place
    sheet: str = ""
    encoding: str = "auto"
    delimiter: str = "auto"
    header_row: int = 1
    row_key: str = ""  # the export's own row key
    modified: str = ""  # column that says which of two versions of a row is the later
    modified_format: str = ""
    dates: tuple[str, ...] = ()  # formats in declared order
    column_dates: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    unknown: tuple[str, ...] = ()  # words for an unknown part of a date
    subject: Words | None = None  # derivation of USUBJID; None: a table without subjects
    columns: Mapping[str, str] = field(default_factory=dict)  # short name -> column in the file
    not_submitted: tuple[str, ...] = ()
    blank: tuple[str, ...] = ()  # texts that mean "nothing entered"
    dated: tuple[str, ...] = ()  # columns that date a row, the first filled one counts: for the data cut-off
    optional: bool = False  # an export may lack its file: then it has no rows
    unblinding: bool = False  # it tells who got what: left unread in a blinded run
    unblinding_columns: tuple[str, ...] = ()  # columns that do, of a form that is read


@dataclass(frozen=True, slots=True)
class Policy:
    """A decision that changes results: what is chosen, what else could be, and what it decides."""

    value: str
    place: Place
    among: tuple[str, ...] = ()  # the choices; none: any text
    between: tuple[float, float] | None = None  # a number from the first to the second
    says: str = ""


@dataclass(frozen=True, slots=True)
class Study:
    """Identity, standards, raw sources and policies of a study."""

    name: str  # folder name under specs/ and mappings/
    id: str  # STUDYID
    file: str
    facts: Mapping[str, str] = field(default_factory=dict)  # all of `study:`, seen as study.X
    standards: Mapping[str, str] = field(default_factory=dict)  # sdtm, adam, ct
    forms: Mapping[str, Form] = field(default_factory=dict)
    raw_folder: str = ""
    manifest: str = ""
    not_read: tuple[str, ...] = ()  # raw files left alone on purpose
    decided: Mapping[str, Policy] = field(default_factory=dict)
    verbs: str = ""  # file of the study's own verbs, under mappings/<study>/

    @property
    def policies(self) -> dict[str, str]:
        """The value of each policy, by its name."""
        return {name: policy.value for name, policy in self.decided.items()}

    @property
    def blinded(self) -> bool:
        """Whether nothing that tells a subject's treatment may be read."""
        return self.policies.get("blinded") == "true"

    def withheld(self, form: Form) -> tuple[str, ...]:
        """The columns of a form that this run does not look at."""
        return form.unblinding_columns if self.blinded else ()
