"""One module of this app on every page of Helpdesk.

Form scripts run on the page of a ticket alone. Helpdesk's pages are one document, in
which this loads ``public/js/helpdesk/every_page.js``; where it cannot be loaded, they
stay Helpdesk's own.
"""

from werkzeug.wrappers import Request, Response

from beesender_support.screens.public_files import base_address

ROUTE = "/helpdesk"
HTML, END_OF_HEAD = "text/html", b"</head>"
LOADER = '<script type="module" src="{base}/js/helpdesk/every_page.js"></script>'


def add_module(response: Response, request: Request) -> None:
    """Called after every request: most are not for a page of Helpdesk."""
    path = request.path
    if not (path == ROUTE or path.startswith(f"{ROUTE}/")):
        return
    if response.mimetype != HTML or response.is_streamed or response.direct_passthrough:
        return
    page = response.get_data()
    if END_OF_HEAD in page:
        loader = LOADER.format(base=base_address()).encode()
        response.set_data(page.replace(END_OF_HEAD, loader + END_OF_HEAD, 1))
