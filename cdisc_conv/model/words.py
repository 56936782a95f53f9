"""A piece of text that knows where in its file it stands."""

from __future__ import annotations

from dataclasses import dataclass

from cdisc_conv.findings import Place


@dataclass(frozen=True, slots=True)
class Words:
    """Text of a YAML scalar or a table's cell; `source` is the file's text from `line`, `column` on."""

    text: str
    file: str
    line: int = 1
    column: int = 1
    source: str = ""

    @property
    def place(self) -> Place:
        """Where the text begins."""
        return self.at(0)

    def at(self, offset: int) -> Place:
        """Where the character at `offset` of the text stands in the file.

        YAML folds lines and drops indentation, so the walk counts characters that are not blank.
        """
        wanted = sum(not c.isspace() for c in self.text[:offset])
        line, column = self.line, self.column
        first = next((c for c in self.text if not c.isspace()), "")
        started = False
        for c in self.source:
            blank = c.isspace()
            started = started or c == first
            if started and not blank:
                if wanted == 0:
                    break
                wanted -= 1
            line, column = (line + 1, 1) if c == "\n" else (line, column + 1)
        return Place(file=self.file, line=line, column=column)

    def __str__(self) -> str:
        return self.text
