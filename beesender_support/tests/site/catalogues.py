"""Catalogues of languages that the app does not have, in use on a site for a while."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib import resources

import frappe
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po
from frappe.gettext.translate import get_mo_path, write_binary
from frappe.translate import MERGED_TRANSLATION_KEY, USER_TRANSLATION_KEY

APP = "beesender_support"


@contextmanager
def in_use(language: str, messages: Catalog) -> Iterator[None]:
    """As if the catalogue had been compiled from a ``.po``. The file is the bench's, and is
    gone afterwards; somebody else's is left alone, and refused."""
    path = get_mo_path(APP, language.replace("-", "_"))
    if path.exists():
        raise FileExistsError(f"{path} is somebody else's catalogue")
    write_binary(APP, messages, language.replace("-", "_"))
    forget(language)
    try:
        yield
    finally:
        path.unlink()
        # Folders that were there before hold other apps' catalogues.
        with suppress(OSError):
            path.parent.rmdir()
            path.parent.parent.rmdir()
        forget(language)


def forget(language: str) -> None:
    """What the site remembers of a language's texts, for all its processes."""
    for key in (MERGED_TRANSLATION_KEY, USER_TRANSLATION_KEY):
        frappe.cache.hdel(key, language)
    frappe.cache.delete_value("bootinfo")


def template() -> Catalog:
    """Every text of the app."""
    with resources.files(APP).joinpath("locale", "main.pot").open("rb") as file:
        return read_po(file)
