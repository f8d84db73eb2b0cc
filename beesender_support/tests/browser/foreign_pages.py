"""A page of somebody else's site, on an origin and a port of its own, with a strict
content security policy."""

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

PAGE = """<!doctype html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>A page of a client</title>
<link rel="icon" href="data:,">
</head>
<body>
<main><h1>Welcome</h1><p>What is sold here has support.</p><p><a href="#x">A link</a></p></main>
<script src="{site}/assets/beesender_support/js/widget.js" data-site="{site}"
 data-widget="{widget}" async></script>
</body>
</html>"""
# Neither inline nor other scripts, no styles at all, and calls to the site alone.
POLICY = (
    "default-src 'none'; script-src {site}; connect-src {site}; style-src 'none';"
    " img-src data:; base-uri 'none'; require-trusted-types-for 'script'"
)


class ForeignPages:
    """``origin`` is theirs; ``site``, ``widget`` and ``language`` are set before they are
    opened."""

    def __init__(self, origin: str) -> None:
        self.origin = origin
        self.site = self.widget = ""
        self.language = "en"

    def answer(self) -> tuple[bytes, str]:
        page = PAGE.format(language=self.language, site=self.site, widget=self.widget)
        return page.encode(), POLICY.format(site=self.site)


@contextmanager
def foreign_pages() -> Iterator[ForeignPages]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body, policy = pages.answer()
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Security-Policy", policy)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: object) -> None:
            """Not in the output of the tests."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    pages = ForeignPages(f"http://127.0.0.1:{server.server_port}")
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield pages
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
