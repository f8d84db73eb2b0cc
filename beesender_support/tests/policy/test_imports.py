"""The policy and the command need no framework, and values of the policy are frozen.

That the policy reads no clock and no file, and which folder imports which, `make lint`
checks.
"""

import subprocess
import sys
from dataclasses import is_dataclass
from importlib import import_module
from pathlib import Path

import pytest

import beesender_support

PACKAGE = Path(beesender_support.__file__).parent
MODULES = [
    f"beesender_support.{'.'.join(path.relative_to(PACKAGE).with_suffix('').parts)}"
    for folder in ("policy", "cli")
    for path in sorted((PACKAGE / folder).glob("**/*.py"))
    if path.stem not in ("__init__", "__main__")
]
WITHOUT_FRAPPE = """
import importlib, sys
sys.modules["frappe"] = sys.modules["helpdesk"] = None
for module in sys.argv[1:]:
    importlib.import_module(module)
"""


def test_policy_and_command_import_without_frappe():
    assert "beesender_support.policy.requests.triage" in MODULES
    assert "beesender_support.cli.commands.triage" in MODULES
    run = subprocess.run(
        [sys.executable, "-W", "error", "-c", WITHOUT_FRAPPE, *MODULES],
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr


POLICY = [name for name in MODULES if name.startswith("beesender_support.policy.")]


@pytest.mark.parametrize("module", POLICY)
def test_every_value_is_frozen_and_has_no_other_attributes(module):
    named = vars(import_module(module)).values()
    values = [each for each in named if isinstance(each, type) and is_dataclass(each)]
    for value in values:
        assert value.__dataclass_params__.frozen, value
        assert "__slots__" in vars(value), value
