"""The project's own papers: what is imported is declared, and versions agree."""

import ast
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import beesender_support

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

ROOT = Path(__file__).parents[3]
PACKAGE = ROOT / "beesender_support"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
# Frappe, the apps that ``required_apps`` brings along, and what Frappe declares itself.
BENCH = {
    "babel",
    "bs4",
    "frappe",
    "helpdesk",
    "jinja2",
    "pydantic",
    "pydantic_core",
    "pypika",
    "redis",
    "telephony",
    "phonenumbers",
    "twilio",
    "typing_extensions",
    "vobject",
    "werkzeug",
}


def imported_by(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (each.name.partition(".")[0] for each in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield node.module.partition(".")[0]


def imported_in(*folders: Path) -> set[str]:
    return {
        module
        for folder in folders
        for path in folder.glob("**/*.py")
        for module in imported_by(path)
        if module not in sys.stdlib_module_names and module != "beesender_support"
    }


def declared(*requirements: str) -> set[str]:
    """The modules that requirements such as ``"click >=8.1"`` bring."""
    names = {re.match(r"[\w-]+", each)[0] for each in requirements}
    return {name.replace("-", "_") for name in names}


EXTRAS = PROJECT["project"]["optional-dependencies"]
NEEDED = declared(*PROJECT["project"]["dependencies"])
TESTED = declared(*EXTRAS["test"], *EXTRAS["browser"])


def test_the_tests_import_what_is_declared():
    assert imported_in(PACKAGE / "tests") <= NEEDED | TESTED | BENCH | {"tomli"}


def test_the_app_imports_what_is_declared():
    folders = [each for each in PACKAGE.iterdir() if each.name != "tests"]
    assert imported_in(*folders) <= NEEDED | declared(*EXTRAS["excel"]) | BENCH


def test_the_policy_imports_the_rules_of_zones_and_of_domains_alone():
    assert imported_in(PACKAGE / "policy") == {"tzdata", "idna"}


def test_the_command_imports_nothing_of_a_bench():
    allowed = NEEDED | declared(*EXTRAS["excel"])
    assert imported_in(PACKAGE / "cli") <= allowed


def test_importing_the_package_imports_nothing_else():
    assert not list(imported_by(PACKAGE / "__init__.py"))


def test_developers_of_a_bench_get_what_the_tests_need():
    on_bench = declared(*PROJECT["tool"]["bench"]["dev-dependencies"])
    assert on_bench >= TESTED


def test_the_newest_version_of_the_changelog_is_the_version():
    versions = re.findall(r"^## (\d\S+)", (ROOT / "CHANGELOG.md").read_text(), re.M)
    assert versions[0] == beesender_support.__version__


def test_the_changelog_sorts_changes_by_kind():
    kinds = re.findall(r"^### (.+)$", (ROOT / "CHANGELOG.md").read_text(), re.M)
    allowed = {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"}
    assert kinds
    assert set(kinds) <= allowed


@pytest.mark.parametrize("named", [(), ("sites",), ("site", "brower")])
def test_suites_that_nobody_knows_are_refused_before_anything_is_run(named):
    """Without any program the script could not go on."""
    ended = subprocess.run(
        [shutil.which("bash"), ROOT / ".ci/on-bench", "suites", *named],
        capture_output=True,
        text=True,
        check=False,
        env={"PATH": ""},
    )
    assert (ended.returncode, ended.stdout) == (2, "")
    assert "suite" in ended.stderr
