"""How hard the property tests try, and whose warnings fail a test.

``--hypothesis-profile=thorough`` tries harder.
"""

import warnings
from importlib.util import find_spec

import pytest
from hypothesis import settings

# A laid out calendar is kept, so the first example of a test is its slowest: no deadline.
settings.register_profile("quick", max_examples=40, deadline=None)
settings.register_profile("thorough", max_examples=1_000, deadline=None)
settings.load_profile("quick")


# On a bench only what our own modules do is ours to mend: Frappe, Helpdesk and the
# packages they pin warn of things that change with their versions. A warning that our call
# brings about names our module, and still fails.
OTHERS = r"(?!beesender_support\b)"
IS_BENCH = find_spec("frappe") is not None
if IS_BENCH:
    # For what the next conftest imports: pytest reads its own list before this one.
    warnings.filterwarnings("default", module=OTHERS)


def pytest_configure(config: pytest.Config) -> None:
    if IS_BENCH:
        config.addinivalue_line("filterwarnings", f"default:::{OTHERS}")
