"""What Desk knows from the start: where its scripts are, the names of the codes in
records, and what one click mends.
"""

from typing import Any

from beesender_support.enforcement.lint.mends import MENDS
from beesender_support.screens.public_files import base_address
from beesender_support.wording.names import REASON_NAMES
from beesender_support.wording.renderer import (
    channel_name,
    names_of_channels,
    reason_name,
)


def add_address_of_scripts(bootinfo: dict[str, Any]) -> None:
    bootinfo["beesender_public_files"] = base_address()


def add_names(bootinfo: dict[str, Any]) -> None:
    """In the session's language; Desk reloads when that changes."""
    bootinfo["beesender_names"] = {
        "channel": {code: channel_name(code) for code in names_of_channels()},
        "reason": {code: reason_name(code) for code in REASON_NAMES},
    }


def add_mends(bootinfo: dict[str, Any]) -> None:
    """By the code of a finding, what the button says that mends it: a list draws its
    buttons before any module has come."""
    bootinfo["beesender_mends"] = {
        code: str(each.label) for code, each in MENDS.items()
    }
