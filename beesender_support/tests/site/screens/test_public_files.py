"""Scripts and styles: at an address that says what is in them, and by no other."""

import re
from pathlib import Path

import frappe
import pytest
from frappe.utils import set_request
from frappe.website.serve import get_response

import beesender_support
from beesender_support.patches import remove_scripts_of_access_details
from beesender_support.screens import public_files
from beesender_support.screens.desk import boot
from beesender_support.setup.helpdesk_screens import FORM_SCRIPTS, write_form_scripts
from beesender_support.setup.workspace import BLOCKS, write_blocks

PACKAGE = Path(beesender_support.__file__).parent
DOM = "js/shared/dom.js"


def fetch(address):
    set_request(method="GET", path=address)
    return get_response()


def addresses_in(script):
    return re.findall(r'import\("([^"]+)"\)', script)


def test_a_file_is_kept_for_ever_below_the_digest_of_all():
    response = fetch(f"{public_files.base_address()}/{DOM}")
    assert response.status_code == 200
    assert response.mimetype == "application/javascript"
    assert response.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert response.get_data() == (PACKAGE / "public" / DOM).read_bytes()


def test_a_style_sheet_is_one():
    response = fetch(f"{public_files.base_address()}/css/portal.css")
    assert (response.status_code, response.mimetype) == (200, "text/css")


def test_below_another_digest_the_files_of_today_are_kept_by_nobody():
    response = fetch(f"/{public_files.PREFIX}/0123456789abcdef/{DOM}")
    assert response.status_code == 200
    assert response.headers["Cache-Control"] == "no-store"
    assert response.get_data() == (PACKAGE / "public" / DOM).read_bytes()


@pytest.mark.parametrize(
    "name",
    [
        "",
        "js/shared/none.js",
        "js/shared",
        "js/package.json",
        "../hooks.py",
        "js/../../hooks.py",
        "js/shared/%2e%2e/shared/dom.js",
    ],
)
def test_nothing_else_is_served(name):
    response = fetch(f"{public_files.base_address()}/{name}")
    assert response.status_code == 404
    assert response.headers.get("Cache-Control") in ("no-store", None)


def test_the_address_follows_every_change_of_a_file_and_every_new_name(
    tmp_path, monkeypatch
):
    monkeypatch.setattr(public_files, "FOLDER", tmp_path)
    digests = []
    for name, content in [("a.js", "1"), ("a.js", "2"), ("b.css", ""), ("c.js", "2")]:
        (tmp_path / name).write_text(content)
        digests.append(public_files.read_files().digest)
    (tmp_path / "a.js").rename(tmp_path / "d.js")
    digests.append(public_files.read_files().digest)
    (tmp_path / "notes.md").write_text("not served")
    assert public_files.read_files().digest == digests[-1]
    assert len(set(digests)) == len(digests)


def test_a_developer_sees_a_change_at_once_and_nobody_else(tmp_path, monkeypatch):
    present = public_files.public_files()
    monkeypatch.setattr(public_files, "FOLDER", tmp_path)
    assert public_files.public_files() == present
    monkeypatch.setitem(frappe.local.conf, "developer_mode", 1)
    assert public_files.public_files().contents == {}


def test_every_form_script_loads_a_module_that_is_served():
    write_form_scripts()
    for each in FORM_SCRIPTS:
        script = frappe.db.get_value("HD Form Script", each.name, "script")
        [address] = addresses_in(script)
        response = fetch(address)
        assert response.status_code == 200, address
        assert b"export async function setupForm(" in response.get_data()
        assert len(script.splitlines()) == 2


def test_what_a_site_has_of_form_scripts_follows_the_app_at_a_migration():
    name = FORM_SCRIPTS[0].name
    frappe.db.set_value("HD Form Script", name, "script", "an earlier one")
    old = "Beesender Support: access details"
    frappe.get_doc(
        {"doctype": "HD Form Script", "dt": "HD Ticket", "script": "an earlier one"}
    ).insert(set_name=old)
    remove_scripts_of_access_details.execute()
    write_form_scripts()
    assert public_files.base_address() in frappe.db.get_value(
        "HD Form Script", name, "script"
    )
    names = frappe.get_all(
        "HD Form Script", {"name": ("like", "Beesender Support:%")}, pluck="name"
    )
    assert sorted(names) == sorted(each.name for each in FORM_SCRIPTS)


def test_every_block_loads_a_module_that_is_served():
    write_blocks()
    for name, *_rest in BLOCKS:
        [address] = addresses_in(
            frappe.db.get_value("Custom HTML Block", name, "script")
        )
        response = fetch(address)
        assert response.status_code == 200, address
        assert b"export function show(" in response.get_data()


def test_every_script_that_desk_runs_loads_a_module_that_is_served():
    bootinfo = {}
    boot.add_address_of_scripts(bootinfo)
    base = bootinfo["beesender_public_files"]
    scripts = [
        *PACKAGE.glob("beesender_support/**/*.js"),
        PACKAGE / "public/js/desk/hd_ticket.js",
    ]
    modules = {
        module
        for script in scripts
        for module in re.findall(r"/js/desk/\w+\.js", script.read_text())
    }
    assert {"/js/desk/tier_form.js", "/js/desk/plan_form.js"} <= modules
    for module in modules:
        assert fetch(f"{base}{module}").status_code == 200, module
