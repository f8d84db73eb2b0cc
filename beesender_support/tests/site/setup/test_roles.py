"""The role of programs: a fixture as Frappe exports it, and the admin's where it is set."""

import json
from pathlib import Path

import frappe
import pytest
from frappe.core.doctype.data_import.data_import import export_json
from frappe.modules.import_file import import_file_by_path

import beesender_support
from beesender_support import hooks
from beesender_support.enforcement.chat.caller import CHANNEL_ROLE
from beesender_support.tests.site.factories import make_channel_user

FIXTURE = Path(beesender_support.__file__).parent / "fixtures/role.json"


def import_fixture() -> None:
    """As at each migration, without the commit."""
    import_file_by_path(
        str(FIXTURE), data_import=True, force=True, reset_permissions=True
    )


def test_what_is_exported_is_the_fixture(tmp_path):
    import_fixture()
    [exported] = hooks.fixtures
    export_json(exported["dt"], str(tmp_path / "role.json"), exported["filters"])
    assert json.loads((tmp_path / "role.json").read_text()) == json.loads(
        FIXTURE.read_text()
    )


def test_a_site_without_the_role_gets_it():
    frappe.delete_doc("Role", CHANNEL_ROLE, force=True)
    import_fixture()
    role = frappe.get_doc("Role", CHANNEL_ROLE)
    assert (role.desk_access, role.disabled) == (0, 0)


@pytest.mark.parametrize(
    "setting", [{"disabled": 1}, {"two_factor_auth": 1}, {"home_page": "/app"}]
)
def test_what_an_admin_set_stays_at_each_migration(setting):
    frappe.get_doc("Role", CHANNEL_ROLE).update(setting).save()
    for _migration in range(2):
        import_fixture()
    [(field, value)] = setting.items()
    assert frappe.db.get_value("Role", CHANNEL_ROLE, field) == value


def test_who_has_the_role_keeps_it():
    user = make_channel_user()
    import_fixture()
    frappe.clear_cache(user=user)
    assert CHANNEL_ROLE in frappe.get_roles(user)
    assert frappe.db.get_value("User", user, "user_type") == "Website User"
