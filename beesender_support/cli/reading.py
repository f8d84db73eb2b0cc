"""Reads a file of any length, and shows how far."""

from collections.abc import Iterator
from contextlib import contextmanager
from io import BufferedReader
from pathlib import Path
from typing import Any, cast

from rich.console import Console
from rich.progress import Progress


@contextmanager
def opened_with_progress(path: Path) -> Iterator[BufferedReader]:
    """The file at ``path``; how far it is read shows on stderr if that is a terminal."""
    console = Console(stderr=True)
    if not console.is_terminal:
        with open(path, "rb") as file:
            yield file
        return
    with (
        Progress(console=console, transient=True) as progress,
        progress.open(path, "rb", description="Reading") as counted,
        # A raw file, which its annotation does not say.
        BufferedReader(cast(Any, counted)) as file,
    ):
        yield file
