"""The tests of the policy are laid out like the policy."""

from pathlib import Path

import beesender_support

PACKAGE = Path(beesender_support.__file__).parent
POLICY, TESTS = PACKAGE / "policy", PACKAGE / "tests/policy"
# About all modules at once; calendars and stories nobody thought of, against the oracles.
OF_NO_ONE_MODULE = {
    "test_imports.py",
    "calendar/test_calendar_properties.py",
    "response/test_clock_properties.py",
}


def test_every_module_of_the_policy_has_a_test_file_and_every_test_file_a_module():
    modules = {
        str(path.relative_to(POLICY).with_name(f"test_{path.name}"))
        for path in POLICY.glob("**/*.py")
        if path.name != "__init__.py"
    }
    test_files = {str(path.relative_to(TESTS)) for path in TESTS.glob("**/test_*.py")}
    assert test_files == modules | OF_NO_ONE_MODULE
