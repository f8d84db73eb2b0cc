"""Every path that hooks and patches name leads somewhere, every text has a translation."""

from pathlib import Path

import frappe
from babel.messages.pofile import read_po
from frappe.gettext import translate

import beesender_support
from beesender_support import hooks

PACKAGE = Path(beesender_support.__file__).parent


def paths(value):
    if isinstance(value, str):
        return [value] if value.startswith("beesender_support.") else []
    if not isinstance(value, dict | list):
        return []
    values = value.values() if isinstance(value, dict) else value
    return [path for each in values for path in paths(each)]


def test_every_hook_resolves():
    named = [
        path
        for name, value in vars(hooks).items()
        if not name.startswith("_") and isinstance(value, str | dict | list)
        for path in paths(value)
    ]
    assert len(named) > 5
    for path in named:
        assert callable(frappe.get_attr(path)), path


def test_every_patch_resolves():
    for line in (PACKAGE / "patches.txt").read_text().splitlines():
        if line and not line.startswith(("[", "#", "execute:")):
            assert callable(frappe.get_attr(f"{line.split()[0]}.execute")), line


def test_every_text_is_in_the_template_and_has_a_russian_translation(monkeypatch):
    catalogues = []
    monkeypatch.setattr(
        translate, "write_catalog", lambda app, catalogue: catalogues.append(catalogue)
    )
    # A copy of the app on a bench need not be a git repository.
    monkeypatch.setattr(
        translate, "get_is_gitignored_function_for_app", lambda app: lambda path: False
    )
    translate.generate_pot("beesender_support")
    texts = [message.id for message in catalogues[0] if message.id]
    template, russian = catalogue_of("main.pot"), catalogue_of("ru.po")
    assert len(texts) > 100
    assert not [text for text in texts if not template.get(text)]
    assert not [
        text for text in texts if not (russian.get(text) and russian.get(text).string)
    ]


def catalogue_of(name):
    with (PACKAGE / "locale" / name).open("rb") as file:
        return read_po(file)
