"""What is being done, told as it goes on."""

from __future__ import annotations

from typing import Protocol


class Say(Protocol):
    """Told a step by its words; with `share`, how much of it is done, from 0 to 1, for a bar."""

    def __call__(self, text: str, share: float | None = None) -> None:
        """Tell it."""


def quiet(text: str, share: float | None = None) -> None:
    """Say nothing."""
