"""The app's own scripts and styles, at an address that changes with their content.

On a bench in production browsers cache everything under ``/assets`` for a year, and a
module names the others that it imports without a version. Served below a digest of all
of them, scripts and styles are cached for ever and still follow an upgrade at once:
``docs/decisions/javascript-modules.md``.
"""

from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

import frappe
from werkzeug.wrappers import Response

FOLDER = Path(__file__).parents[1] / "public"
PREFIX = "beesender_support/public"
# The name of JavaScript that a web server of a bench compresses.
MIME_TYPES = {".css": "text/css", ".js": "application/javascript"}
# Public, so that Frappe adds no cookies.
FOR_EVER = "public, max-age=31536000, immutable"
NOT_AT_ALL = "no-store"
# Modules of the widget are imported by pages of other origins; the code is public.
READ_BY_ANY_PAGE = {
    "Access-Control-Allow-Origin": "*",
    "Cross-Origin-Resource-Policy": "cross-origin",
}


class PublicFiles(NamedTuple):
    """All of them, read at once: what is served is what the digest was made of."""

    digest: str
    contents: dict[str, bytes]


def base_address() -> str:
    """Where they are served: ``/beesender_support/public/0f3c...``, without a slash
    behind it. ``{base}/js/desk/tier_form.js`` is the file ``public/js/desk/tier_form.js``.
    """
    return f"/{PREFIX}/{public_files().digest}"


def public_files() -> PublicFiles:
    """As they were when this process started; in developer mode they are read every
    time."""
    return read_files() if frappe.conf.developer_mode else files_at_start()


def read_files() -> PublicFiles:
    contents = {
        path.relative_to(FOLDER).as_posix(): path.read_bytes()
        for path in sorted(FOLDER.rglob("*"))
        if path.suffix in MIME_TYPES
    }
    digest = sha256()
    for name, content in contents.items():
        digest.update(f"{name}\0{len(content)}\0".encode() + content)
    return PublicFiles(digest.hexdigest()[:16], contents)


@cache
def files_at_start() -> PublicFiles:
    return read_files()


class PublicFileRenderer:
    """Answers below the base address; one of Frappe's page renderers.

    Below another digest, that of an upgrade which this process has not seen yet or of
    one long gone, today's files are served, and not cached.
    """

    def __init__(self, path: str, http_status_code: int | None = None) -> None:
        self.path = path

    def can_render(self) -> bool:
        return self.path.startswith(f"{PREFIX}/")

    def render(self) -> Response:
        digest, _, name = self.path.removeprefix(f"{PREFIX}/").partition("/")
        files = public_files()
        if name not in files.contents:
            return Response(status=404, headers={"Cache-Control": NOT_AT_ALL})
        is_known = digest == files.digest
        return Response(
            files.contents[name],
            mimetype=MIME_TYPES[Path(name).suffix],
            headers={
                "Cache-Control": FOR_EVER if is_known else NOT_AT_ALL,
                **READ_BY_ANY_PAGE,
            },
        )
