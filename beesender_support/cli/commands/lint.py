"""``lint``: what is wrong with the plans of a file, before a request finds it."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timezone
from pathlib import Path

import click

from beesender_support.cli.faults import Faults
from beesender_support.files.cells import instant_of, optional
from beesender_support.files.channels import SHIPPED_CHANNELS, read_channels
from beesender_support.files.faults import on_a_line
from beesender_support.files.plans import each_plan
from beesender_support.files.tables import read_encoding
from beesender_support.policy.lint.codes import SEVERITIES
from beesender_support.policy.lint.findings import Finding
from beesender_support.policy.lint.plans import check_plans
from beesender_support.policy.lint.sold import check_hours, check_tier
from beesender_support.policy.plans.plans import Plan
from beesender_support.policy.sold.catalogue import CATALOGUE

FIELDS = ("customer", "code", "severity", "place", "sentence", "what_to_do")
Record = Mapping[str, str]
_FILE = click.Path(path_type=Path)


@click.command(short_help="Find what is wrong with the plans of a CSV file.")
@click.argument("plans", type=_FILE, metavar="PLANS.csv")
@click.option("--channels", type=_FILE, metavar="CHANNELS.csv")
@click.option("--now", default="", help="Look at the plans as of this instant.")
@click.option("--encoding", default="", help="Of files that are not UTF-8: cp1251.")
@click.option(
    "--format", "style", type=click.Choice(["table", "json"]), default="table"
)
def lint(
    plans: Path, channels: Path | None, now: str, encoding: str, style: str
) -> None:
    """Say what is wrong with the plans of PLANS.csv, and what to do about it.

    PLANS.csv and CHANNELS.csv are as for triage. Ends with 1 if anything is found, and with 2 if the file
    cannot be read.
    """
    faults = Faults()
    moment = faults.read(optional(instant_of("--now", None)), now)
    encoding = faults.read(read_encoding, encoding)
    faults.stop_if_any()
    known = read_channels(channels, encoding, faults) if channels else SHIPPED_CHANNELS
    faults.stop_if_any()
    sold = [plan for _place, plan in each_plan(plans, encoding, faults, known)]
    faults.stop_if_any()
    findings = findings_of(sold, moment or datetime.now(timezone.utc))
    if not findings:
        said = f"Nothing found in {len(sold):,} plan{'' if len(sold) == 1 else 's'}."
        click.echo(said, err=style == "json")
        return
    _WRITERS[style]([record_of(each) for each in findings])
    raise click.exceptions.Exit(1)


def findings_of(plans: Sequence[Plan], now: datetime) -> list[Finding]:
    """Of plans and their tiers, the gravest first, each as often as it is there."""
    codes = [each.code for each in CATALOGUE.priorities]
    tiers = {each.name: each for each in CATALOGUE.tiers}
    sold = {plan.tier.name for plan in plans}
    findings = [
        each
        for name in sorted(sold)
        for each in (*check_tier(tiers[name], codes), *check_hours(tiers[name]))
    ]
    findings += check_plans(plans, now, tiers)
    return sorted(findings, key=lambda each: SEVERITIES.index(each.severity))


def record_of(finding: Finding) -> Record:
    return {
        "customer": finding.customer,
        "code": finding.code,
        "severity": finding.severity.lower(),
        "place": finding.place,
        "sentence": str(finding.sentence),
        "what_to_do": str(finding.what_to_do),
    }


def _write_json(records: Iterable[Record]) -> None:
    for record in records:
        click.echo(json.dumps(record, ensure_ascii=False))


def _write_table(records: Iterable[Record]) -> None:
    """Three lines a finding: sentences are too long for columns."""
    for record in records:
        customer = record["customer"] or "-"
        click.echo(f"{on_a_line(customer)}: {record['severity']}: {record['code']}")
        click.echo(f"  {on_a_line(record['sentence'])}")
        click.echo(f"  {record['what_to_do']}")


_WRITERS: Mapping[str, Callable[[Iterable[Record]], None]] = {
    "table": _write_table,
    "json": _write_json,
}
