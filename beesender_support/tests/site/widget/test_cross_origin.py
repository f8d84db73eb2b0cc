"""Which pages may read an answer, whatever else the site allows."""

import frappe
import pytest
from frappe.app import set_cors_headers
from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Request, Response

from beesender_support.enforcement.widget.cross_origin import ENDPOINTS, allow
from beesender_support.tests.site.widget.visitors import PAGE, make_widget

EVIL = "https://evil.example"


def headers_for(origin, path, widget="", method="GET"):
    builder = EnvironBuilder(
        path=path,
        method=method,
        query_string={"widget": widget},
        headers={"Origin": origin} if origin else {},
    )
    frappe.local.request = Request(builder.get_environ())
    response, conf = Response(), frappe.local.conf
    try:
        allow(response, frappe.local.request)
        # Frappe does this next.
        set_cors_headers(response)
    finally:
        frappe.local.conf = conf
        del frappe.local.request
        if hasattr(frappe.local, "allow_cors"):
            del frappe.local.allow_cors
    return {
        name.lower(): value
        for name, value in response.headers.items()
        if name.lower().startswith(("access-control", "vary"))
    }


@pytest.fixture(params=[None, "*", EVIL])
def allow_cors(request, monkeypatch):
    """What the site allows other programs."""
    monkeypatch.setitem(frappe.local.conf, "allow_cors", request.param)


@pytest.mark.usefixtures("allow_cors")
def test_a_site_that_allows_everybody_allows_nobody_more_here():
    widget = make_widget()
    path = f"/api/method/{ENDPOINTS}page"
    assert headers_for(EVIL, path, widget.name) == {"vary": "Origin"}
    assert headers_for(None, path, widget.name) == {"vary": "Origin"}
    listed = headers_for(PAGE, path, widget.name)
    assert listed["access-control-allow-origin"] == PAGE
    assert "access-control-allow-credentials" not in listed


@pytest.mark.usefixtures("allow_cors")
def test_version_15_which_looks_at_the_site_alone_finds_nothing_allowed():
    widget, conf = make_widget(), frappe.local.conf
    allowed = conf.allow_cors
    builder = EnvironBuilder(path=f"/api/method/{ENDPOINTS}page")
    builder.headers["Origin"] = PAGE
    builder.query_string = f"widget={widget.name}"
    try:
        allow(Response(), Request(builder.get_environ()))
        assert frappe.conf.allow_cors is None
        assert frappe.conf.db_name == conf.db_name
        # The next request may be anybody's.
        assert conf.allow_cors == allowed
    finally:
        frappe.local.conf = conf
        del frappe.local.allow_cors


@pytest.mark.parametrize("path", ["/", "/api/method/ping", "/api/resource/User"])
def test_nothing_else_of_the_site_is_opened(path):
    widget = make_widget()
    assert headers_for(PAGE, path, widget.name, "OPTIONS") == {}


@pytest.mark.parametrize("version", ["", "v1/", "v2/"])
def test_every_address_of_an_endpoint_is_answered_alike(version):
    widget = make_widget()
    path = f"/api/{version}method/{ENDPOINTS}page"
    preflight = headers_for(PAGE, path, widget.name, "OPTIONS")
    assert preflight["access-control-allow-methods"] == "GET, POST"
