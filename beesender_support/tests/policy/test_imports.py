"""The policy is pure: no framework, no clock, no files, little but Python."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import beesender_support
from beesender_support import policy

PACKAGE = Path(beesender_support.__file__).parent
POLICY = sorted((PACKAGE / "policy").glob("**/*.py"))
MODULES = [
    f"beesender_support.{'.'.join(path.relative_to(PACKAGE).with_suffix('').parts)}"
    for folder in ("policy", "cli")
    for path in sorted((PACKAGE / folder).glob("**/*.py"))
    if path.stem not in ("__init__", "__main__")
]
# Zones' rules, and which domains are one in two alphabets.
DATA = {"tzdata", "idna"}
WITHOUT_FRAPPE = """
import importlib, sys
sys.modules["frappe"] = sys.modules["helpdesk"] = None
for module in sys.argv[1:]:
    importlib.import_module(module)
"""


def test_policy_and_command_import_without_frappe():
    assert "beesender_support.policy.requests.triage" in MODULES
    assert "beesender_support.cli.triage" in MODULES
    run = subprocess.run(
        [sys.executable, "-W", "error", "-c", WITHOUT_FRAPPE, *MODULES],
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr


def imported_by(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (each.name for each in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path.name}: a relative import"
            yield node.module


@pytest.mark.parametrize("path", POLICY, ids=lambda path: path.name)
def test_policy_imports_only_python_its_data_and_itself(path):
    for module in imported_by(path):
        root = module.partition(".")[0]
        assert (
            root in sys.stdlib_module_names
            or root in DATA
            or module.startswith(policy.__name__ + ".")
        ), module


IMPURE_MODULES = {
    "time",
    "os",
    "pathlib",
    "io",
    "random",
    "locale",
    "logging",
    "socket",
}
IMPURE_CALLS = {"open", "print", "input", "now", "utcnow", "today", "time", "getenv"}
# The one file read is the zone's rules, out of the tzdata package.
ALLOWED_CALLS = {("zones.py", "source.open")}
# A plan's day is judged at a given instant: a method of ours, not the clock's.
OUR_METHODS = {"plan.today", "self.today"}


@pytest.mark.parametrize("path", POLICY, ids=lambda path: path.name)
def test_policy_reads_no_clock_and_no_file(path):
    assert not IMPURE_MODULES & set(imported_by(path))
    calls = {
        ast.unparse(node.func)
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call)
    }
    impure = {
        call
        for call in calls - OUR_METHODS
        if call.rpartition(".")[2] in IMPURE_CALLS
        and (path.name, call) not in ALLOWED_CALLS
    }
    assert not impure


@pytest.mark.parametrize("folder", ["policy", "enforcement"])
def test_promises_are_kept_whatever_is_shown_of_them(folder):
    for path in sorted((PACKAGE / folder).glob("**/*.py")):
        shown = [
            each for each in imported_by(path) if "beesender_support.screens" in each
        ]
        assert not shown, path.name


def test_the_package_itself_imports_nothing():
    assert list(imported_by(PACKAGE / "__init__.py")) == []
