"""What a worker of a bench does, where none runs: a job that a click has queued."""

import time
from collections.abc import Callable

import frappe
from frappe.utils.background_jobs import get_queue

from beesender_support.tests.site.factories import session_of

SECONDS_TO_BE_QUEUED = 10


def do_queued(method: Callable[..., object], queue: str = "long") -> None:
    """Do it here, as whoever queued it; a worker that runs was faster."""
    until = time.monotonic() + SECONDS_TO_BE_QUEUED
    while time.monotonic() < until:
        for job in get_queue(queue).jobs:
            if _is_ours(job, method):
                job.delete()
                frappe.db.rollback()
                with session_of(job.kwargs["user"]):
                    method(**job.kwargs["kwargs"])
                frappe.db.commit()
                return
        time.sleep(0.1)


def _is_ours(job, method: Callable[..., object]) -> bool:
    try:
        queued = job.kwargs
    except Exception:
        return False  # Of another site, with code that is not here.
    name, job_method = _name_of(method), queued.get("method")
    if callable(job_method):
        job_method = _name_of(job_method)
    return queued.get("site") == frappe.local.site and job_method == name


def _name_of(method: Callable[..., object]) -> str:
    return f"{method.__module__}.{method.__qualname__}"
