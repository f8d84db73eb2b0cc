"""The channels of ``triage``: a table with a row for each that a site has."""

from collections.abc import Iterator
from functools import partial
from io import BufferedReader
from pathlib import Path
from typing import Any

import click

from beesender_support.files.cells import optional, text_of, yes_or_no
from beesender_support.files.faults import Faults, Place
from beesender_support.files.tables import read_rows
from beesender_support.policy.errors import InvalidValue
from beesender_support.policy.sold.channels import (
    AGENT,
    CHANNELS,
    SHIPPED,
    Known,
    SoldChannel,
    by_code,
)

COLUMNS = {
    "channel": text_of("channel"),
    "takes_requests": yes_or_no("takes_requests"),
    "enabled": optional(yes_or_no("enabled")),
}
MAY_LACK = ("enabled",)
SHIPPED_CHANNELS = by_code(SHIPPED)


def codes_of_requests(known: Known) -> tuple[str, ...]:
    """How a request may have come: by any of the channels, also one that is retired, or
    through an agent. Of the shipped ones, those that take requests."""
    return CHANNELS if known is SHIPPED_CHANNELS else (*known, AGENT)


def read_channels(path: Path, encoding: str, faults: Faults) -> Known:
    """All channels of the file by code; its faults are reported."""
    known: dict[str, SoldChannel] = {}
    name = click.format_filename(path)
    before = faults.count
    try:
        with open(path, "rb") as file:
            for place, channel in _channels_of(file, name, encoding, faults):
                if channel.code.casefold() in map(str.casefold, known):
                    allowed = "a channel that stands there once"
                    fault = InvalidValue("channel", channel.code, allowed=allowed)
                    faults.report(fault, place)
                known[channel.code] = channel
    except OSError as error:
        faults.report(f"cannot be read: {error.strerror}", name)
    if not known and faults.count == before:
        faults.report("names no channel.", name)
    return known


def _channels_of(
    file: BufferedReader, name: str, encoding: str, faults: Faults
) -> Iterator[tuple[Place, SoldChannel]]:
    for place, values in read_rows(
        file, name, encoding, COLUMNS, faults, MAY_LACK
    ).values:
        if channel := faults.attempt(partial(_channel, *values), place):
            yield place, channel


def _channel(code: str, takes_requests: bool, enabled: Any = None) -> SoldChannel:
    return SoldChannel(
        code, code, takes_requests=takes_requests, enabled=enabled is not False
    )
