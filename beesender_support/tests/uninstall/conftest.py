"""The real commands, on the test site."""

import os
import subprocess
import sys
from collections.abc import Iterator

import frappe
import pytest

APP = "beesender_support"
SITE, SITES_PATH = os.environ["TEST_SITE"], os.environ["SITES_PATH"]


def command(*words: str) -> str:
    bench_helper = [sys.executable, "-m", "frappe.utils.bench_helper", "frappe"]
    done = subprocess.run(
        [*bench_helper, "--site", SITE, *words],
        cwd=SITES_PATH,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def connect() -> None:
    frappe.init(site=SITE, sites_path=SITES_PATH, force=True)
    frappe.connect()


def uninstall(*options: str) -> str:
    return command("uninstall-app", APP, *options)


@pytest.fixture(scope="session", autouse=True)
def installed_again() -> Iterator[None]:
    """Each module leaves the site without the app, or with it: installing it takes a
    while."""
    yield
    connect()
    is_installed = APP in frappe.get_installed_apps()
    frappe.destroy()
    if not is_installed:
        command("install-app", APP)
