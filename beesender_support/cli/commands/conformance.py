"""``conformance``: whether the policy agrees with cases that are published.

Without a file it checks the set that comes with the command; conformance/README.md says
how another project runs it.
"""

import json
from collections import Counter
from collections.abc import Sequence
from importlib import resources
from pathlib import Path
from typing import Any

import click

from beesender_support.cli.cases import KINDS, Case, read_cases
from beesender_support.cli.faults import Faults

_MISMATCH = 1
PUBLISHED = Path(str(resources.files("beesender_support"))) / "conformance"


@click.command(
    short_help="Check calendar, clocks and admission against a set of cases."
)
@click.argument("files", nargs=-1, type=click.Path(path_type=Path), metavar="[FILE]...")
@click.option("--format", "style", type=click.Choice(["text", "json"]), default="text")
@click.pass_context
def conformance(context: click.Context, files: Sequence[Path], style: str) -> None:
    """Check the policy against the cases in each FILE, or against the published set;
    status 1 if one disagrees."""
    faults = Faults()
    chosen = files or sorted((PUBLISHED / "cases").glob("*.json"))
    version = None if files else (PUBLISHED / "VERSION").read_text().strip()
    cases = [case for file in chosen for case in read_cases(file, faults)]
    if not chosen:
        faults.report("The published set is not there.", str(PUBLISHED))
    faults.stop_if_any()
    if style == "json":
        # What a case expects may be text that no terminal can show.
        said = json.dumps(_plain(cases, version), indent=2)
    else:
        said = "\n".join(_lines(cases, version))
    click.echo(said)
    if not all(each.agrees for each in cases):
        context.exit(_MISMATCH)


def _lines(cases: Sequence[Case], version: str | None) -> list[str]:
    agreed = _agreed(cases)
    lines = [each.disagreement for each in cases if not each.agrees]
    if version:
        lines.append(f"Conformance set {version}")
        lines += [
            f"  {kind}: {agreed[kind]} of {count}"
            for kind, count in _counts(cases).items()
        ]
    lines.append(f"{agreed.total()} of {len(cases)} cases agree.")
    return lines


def _plain(cases: Sequence[Case], version: str | None) -> dict[str, Any]:
    agreed = _agreed(cases)
    return {
        "version": version,
        "cases": len(cases),
        "agree": agreed.total(),
        "kinds": {
            kind: {"cases": count, "agree": agreed[kind]}
            for kind, count in _counts(cases).items()
        },
        "differences": [
            {
                "file": each.place.file,
                "case": each.place.row,
                "id": each.question.get("id"),
                "kind": each.kind,
                "expected": str(each.expected),
                "got": str(each.answer),
            }
            for each in cases
            if not each.agrees
        ],
    }


def _counts(cases: Sequence[Case]) -> dict[str, int]:
    """How many cases there are of each kind, in the order of the kinds."""
    counts = Counter(each.kind for each in cases)
    return {kind: counts[kind] for kind in KINDS.values() if counts[kind]}


def _agreed(cases: Sequence[Case]) -> Counter[str]:
    return Counter(each.kind for each in cases if each.agrees)
