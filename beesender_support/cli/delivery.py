"""Writes output to its destination: all of it, or nothing."""

import os
import shutil
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any, TextIO

import click

from beesender_support.cli.faults import Faults


def refuse_output(
    output: Path | None,
    inputs: Sequence[Path],
    faults: Faults,
    option: str = "--output",
) -> None:
    """Report why ``output`` cannot be written, before anything is read."""
    if output is None:
        return
    place = f"{option} {click.format_filename(output)}"
    if output.is_dir():
        faults.report("is a folder. Give the name of a file.", place)
    elif not output.parent.is_dir():
        faults.report("its folder does not exist.", place)
    elif output.exists() and any(
        each.exists() and each.samefile(output) for each in inputs
    ):
        faults.report("is also an input, which would be lost.", place)


@contextmanager
def delivered_whole(output: Path | None) -> Iterator[TextIO]:
    """A file to write to; if the block ends well, ``output`` gets all of it at once.

    Without ``output``, or if that is a device or a pipe, it is copied there.
    """
    if output and (output.is_file() or not output.exists()):
        with _replacing(output.resolve()) as file:
            yield file
        return
    with TemporaryFile("w+", encoding="utf-8", newline="") as file:
        yield file
        file.seek(0)
        with _opened(output) as target:
            shutil.copyfileobj(file.buffer, target)
            target.flush()


@contextmanager
def _replacing(output: Path) -> Iterator[TextIO]:
    part = output.with_name(f".{output.name}.{os.getpid()}.part")
    try:
        with open(part, "w", encoding="utf-8", newline="") as file:
            yield file
        if output.exists():
            shutil.copymode(output, part)
        os.replace(part, output)
    finally:
        part.unlink(missing_ok=True)


@contextmanager
def _opened(output: Path | None) -> Iterator[Any]:
    if output is None:
        yield sys.stdout.buffer
    else:
        with open(output, "wb") as file:
            yield file
