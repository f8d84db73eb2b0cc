"""Runs of a Beesender Import: checked, or taken over, in the background.

A check does all that the import does, and takes it back. Rows are handled in lots that
are stored one by one, so an import that failed has made what its summary and report
say, and may be started again: what is there is not made twice.

A run has a name of its own, which whoever starts another or reports it dead takes away: a
job that lay in the queue for too long does nothing then, and one that was silent ends
before its next lot.
"""

import csv
import io
import json
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta
from itertools import groupby

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils.file_manager import save_file

from beesender_support.enforcement import runs
from beesender_support.enforcement.imports import made_before
from beesender_support.enforcement.imports.making import Maker, refused
from beesender_support.enforcement.imports.sanitizing import sanitized
from beesender_support.enforcement.runs import AT_WORK, QUEUED, RUNNING
from beesender_support.files.exports import (
    IN_DOUBT,
    MADE,
    REPORT_FIELDS,
    SKIPPED,
    ExportFile,
    RowDecided,
    decided_rows,
    open_exports,
)
from beesender_support.files.faults import KeptFaults
from beesender_support.files.formulas import harmless
from beesender_support.files.tables import read_encoding
from beesender_support.policy.calendar.zones import time_zone
from beesender_support.policy.errors import InvalidValue
from beesender_support.policy.imports.mappings import ImportMapping, mapping_of
from beesender_support.policy.imports.people import People, Person
from beesender_support.policy.imports.rows import Importing
from beesender_support.policy.imports.sources import (
    CONTACTS,
    CUSTOMERS,
    KINDS,
    SOURCES,
)
from beesender_support.policy.sold.catalogue import CATALOGUE, Catalogue
from beesender_support.records.site_time import now, to_column
from beesender_support.records.sold import catalogue
from beesender_support.wording.language import language_of_user, speaking
from beesender_support.wording.renderer import in_words

IMPORT = "Beesender Import"
MAY_IMPORT = ("System Manager", "Agent Manager")
CHECKED, DONE, FAILED, STOPPED = "Checked", "Done", "Failed", "Stopped"
LOT = 100
SILENCE = timedelta(minutes=2)
# How often a check says that it lives, which is asked apart from what it makes.
BEAT = SILENCE / 4
_CODES = {source.title: code for code, source in SOURCES.items()}
_SAVEPOINT, _CHECK = "beesender_import_lot", "beesender_import_check"
REFUSED, WAS_THERE = "refused", "was_there"


def check(doc: Document) -> None:
    """Raise PolicyError for a mapping or zone that means nothing, and refuse files that
    the user may not read."""
    mapping(doc)
    if doc.time_zone:
        time_zone(doc.time_zone)
    read_encoding(doc.encoding or "")
    for row in doc.files:
        readable_file(row.file)


def mapping(doc: Document) -> ImportMapping:
    stored = None
    if (doc.mapping or "").strip():
        try:
            stored = json.loads(doc.mapping)
        except ValueError as error:
            raise InvalidValue("mapping", str(error), allowed="JSON") from None
    return mapping_of(_CODES[doc.source], stored)


def readable_file(url: str) -> Document:
    """The file at an address that somebody typed or attached: only one they may read.
    Files of the same content share an address, whoever brought them."""
    names = frappe.get_all(
        "File", {"file_url": url}, order_by="creation desc", pluck="name"
    )
    for name in names:
        file = frappe.get_doc("File", name)
        if file.has_permission("read"):
            return file
    frappe.throw(_("The file {0} is not here, or you may not read it.").format(url))


def start(name: str, only_check: bool) -> None:
    """Queue a run; refused while another is at work on the same import."""
    row = frappe.db.get_value(
        IMPORT, name, ["state", "alive_at"], as_dict=True, for_update=True
    )
    if row.state in AT_WORK and runs.is_alive(row, SILENCE):
        frappe.throw(_("{0} is being imported. Wait until that is done.").format(name))
    run_name = frappe.generate_hash(length=10)
    begun = {"state": QUEUED, "run": run_name, "started_by": frappe.session.user}
    _set(name, **begun, rows_done=0, summary="", report="")
    frappe.enqueue(
        run,
        queue="long",
        timeout=6 * 60 * 60,
        enqueue_after_commit=True,
        name=name,
        only_check=only_check,
        run_name=run_name,
    )


class GivenUp(Exception):
    """Another run has taken the place of this one, or somebody was told that it died."""


def run(name: str, only_check: bool, run_name: str | None = None) -> None:
    """The background job; its starter is notified when it is done, or why it stopped. One
    that was queued before runs had names has none."""
    frappe.set_user_lang(frappe.session.user)
    before = frappe.flags.in_import, frappe.flags.mute_emails
    frappe.flags.in_import = frappe.flags.mute_emails = True
    try:
        _go_on(name, run_name)
        work = _Run(frappe.get_doc(IMPORT, name), only_check, run_name)
        try:
            state, outcome = CHECKED if only_check else DONE, work.go()
        except GivenUp:
            raise
        except Exception:
            _note_failure(name)
            state, outcome = FAILED, work.until_it_failed()
        _end(name, run_name, state, *outcome)
    except GivenUp:
        # What it made of its last lot, another run may be making, too.
        frappe.db.rollback()
    except Exception:
        # Also if the report itself could not be stored.
        _note_failure(name)
        _end(name, run_name, FAILED, _failed(only_check))
    finally:
        frappe.flags.in_import, frappe.flags.mute_emails = before


def report_dead() -> None:
    """Every few minutes: runs that fell silent, and those that never began."""
    for name in runs.dead(IMPORT, SILENCE):
        user = frappe.db.get_value(IMPORT, name, "started_by")
        with speaking(language_of_user(user)):
            summary = _(
                "The job was stopped from outside. What an import made before stays:"
                " start it again for the rest."
            )
            _set(name, state=STOPPED, run="", summary=summary)
            _tell(name, STOPPED, user)


def _note_failure(name: str) -> None:
    frappe.db.rollback()
    frappe.log_error(
        title="Beesender Support: import",
        reference_doctype=IMPORT,
        reference_name=name,
    )


def _failed(only_check: bool) -> str:
    if only_check:
        return _("It failed; look into the Error Log.")
    return _("It failed. What was made stays; look into the Error Log.")


class _Run:
    """One run: what it reads, makes and reports."""

    def __init__(self, doc: Document, only_check: bool, run_name: str | None) -> None:
        self._doc = doc
        self._name = run_name
        self._source = _CODES[doc.source]
        self._only_check = only_check
        self._maker = Maker(doc.name, self._source, is_rehearsal=only_check)
        self._said: Counter[tuple[str, str]] = Counter()
        self._report: list[tuple[object, ...]] = []
        self._beat = now()

    def go(self) -> tuple[str, list[tuple[object, ...]]]:
        """The summary and the rows of the report."""
        doc, faults = self._doc, KeptFaults()
        frappe.db.savepoint(_CHECK)
        with ExitStack() as opened:
            files = [self._opened(row, opened) for row in doc.files]
            encoding = read_encoding(doc.encoding or "")
            exports = open_exports(files, mapping(doc), encoding, faults)
            if faults.count:
                said = [f"{place}: {line}" for place, _kind, line in faults.kept]
                return "\n".join(said), []
            zone = time_zone(doc.time_zone) if doc.time_zone else None
            importing = Importing(mapping(doc), _catalogue(), self._people(), zone)
            done = 0
            for lot in _lots(decided_rows(exports, importing)):
                self._take(lot)
                done += len(lot)
                self._note_progress(done)
        if self._only_check:
            frappe.db.rollback(save_point=_CHECK)
            # What was to be done once it is stored is not stored.
            frappe.db.after_commit.reset()
        return "\n".join(self._summary()), self._report

    def until_it_failed(self) -> tuple[str, list[tuple[object, ...]]]:
        """The same of the lots before a failure."""
        return "\n".join((_failed(self._only_check), *self._summary())), self._report

    def _opened(self, row: Document, opened: ExitStack) -> ExportFile:
        file = readable_file(row.file)
        return ExportFile(
            file.file_name,
            opened.enter_context(open(file.get_full_path(), "rb")),
            (row.kind or "").lower() or None,
        )

    def _people(self) -> People:
        """Everybody who is known here, also by what the source calls them."""
        people = People(lists_customers=True)
        ids = {
            kind: {
                record: external_id
                for external_id, record in made_before.all_of(
                    self._source, kind
                ).items()
            }
            for kind in (CUSTOMERS, CONTACTS)
        }
        for name in frappe.get_all("HD Customer", pluck="name"):
            people.add_customer(name, ids[CUSTOMERS].get(name, ""))
        for contact, address, full_name, customer in _contacts():
            person = Person(address, full_name or address, customer)
            people.add_person(person, ids[CONTACTS].get(contact, ""))
        return people

    def _take(self, lot: list[RowDecided]) -> None:
        """Make a lot; if something refuses it, one by one, so that a row that cannot be
        made keeps none of the others."""
        rows = [row for row in lot if row.value is not None]
        others = [row for row in lot if row.value is None]
        try:
            self._make(rows)
        except Exception as error:
            why = refused(error)
            if len(rows) == 1:
                self._add(rows[0], IN_DOUBT, REFUSED, why)
                self._said[rows[0].kind, IN_DOUBT] += 1
            else:
                for row in rows:
                    self._take([row])
        for row in others:
            self._report_findings(row)
            self._said[row.kind, row.outcome] += 1

    def _make(self, rows: list[RowDecided]) -> None:
        if not rows:
            return
        frappe.db.savepoint(_SAVEPOINT)
        try:
            values = [row.value for row in rows]
            made = self._maker.make(rows[0].kind, values)
        except Exception:
            frappe.db.rollback(save_point=_SAVEPOINT)
            raise
        if not self._only_check:
            frappe.db.commit()
        for row in rows:
            outcome, external_id = row.outcome, row.value.external_id
            self._report_findings(row)
            if external_id in made.was_there:
                said = _("{0} is here already.").format(made.records[external_id])
                self._add(row, SKIPPED, WAS_THERE, said)
                outcome = SKIPPED if outcome == MADE else outcome
            self._said[row.kind, outcome] += 1

    def _report_findings(self, row: RowDecided) -> None:
        for finding in row.findings:
            outcome = IN_DOUBT if finding.is_doubt else SKIPPED
            self._add(row, outcome, finding.code, in_words(finding.sentence))

    def _add(self, row: RowDecided, outcome: str, code: str, said: str) -> None:
        place = row.place
        self._report.append((place.file, place.row, row.kind, outcome, code, said))

    def _note_progress(self, done: int) -> None:
        if not self._only_check:
            _go_on(self._doc.name, self._name, rows_done=done)
        elif now() - self._beat >= BEAT:
            if not runs.note_apart(IMPORT, self._doc.name, self._name):
                raise GivenUp
            self._beat = now()
        frappe.publish_realtime(
            "beesender_import",
            {"name": self._doc.name, "done": done},
            user=frappe.session.user,
        )

    def _summary(self) -> Iterator[str]:
        for kind in KINDS:
            counts = [self._said[kind, each] for each in (MADE, SKIPPED, IN_DOUBT)]
            if any(counts):
                yield _("{0}: {1} made, {2} skipped, {3} in doubt.").format(
                    _(kind.capitalize()), *counts
                )
        if self._only_check:
            yield _("This was a check: nothing was kept.")


def _lots(rows: Iterable[RowDecided]) -> Iterator[list[RowDecided]]:
    """Rows of one kind, at most ``LOT`` at a time."""
    for _kind, group in groupby(rows, key=lambda row: row.kind):
        lot: list[RowDecided] = []
        for row in group:
            lot.append(row)
            if len(lot) == LOT:
                yield lot
                lot = []
        if lot:
            yield lot


def _catalogue() -> Catalogue:
    codes = catalogue.priority_codes()
    # The rest is what rows are not compared with.
    return replace(
        CATALOGUE,
        tiers=catalogue.tiers(),
        categories=tuple(catalogue.categories()),
        priorities=tuple(each for each in CATALOGUE.priorities if each.code in codes),
    )


def _contacts() -> Iterable[tuple[str, str, str | None, str | None]]:
    """Each contact's name, address, full name, and customer if there is only one."""
    return frappe.db.sql("""select contact.name, address.email_id, contact.full_name,
            if(count(distinct member.parent) = 1, min(member.parent), null)
        from `tabContact Email` address
        join `tabContact` contact
            on contact.name = address.parent and address.parenttype = 'Contact'
        left join `tabHD Customer Member` member
            on member.contact_name = contact.name and member.parenttype = 'HD Customer'
        group by address.name order by address.is_primary, contact.name""")


def _go_on(name: str, run_name: str | None, **values: object) -> None:
    """Keep what was made so far, and note that the run lives; raise GivenUp for one that
    was given up."""
    if not runs.is_own(IMPORT, name, run_name):
        raise GivenUp
    _set(name, state=RUNNING, **values)
    frappe.db.commit()


def _set(name: str, **values: object) -> None:
    values = {**values, "alive_at": to_column(now())}
    frappe.db.set_value(IMPORT, name, values, update_modified=False)


def _end(
    name: str,
    run_name: str | None,
    state: str,
    summary: str,
    report: Iterable[tuple[object, ...]] = (),
) -> None:
    """Once only; one that was given up keeps nothing that is not stored yet."""
    if not runs.is_own(IMPORT, name, run_name):
        raise GivenUp
    url, rows = "", list(report)
    if rows:
        text = io.StringIO()
        writer = csv.writer(text)
        writer.writerow(REPORT_FIELDS)
        writer.writerows(map(harmless, row) for row in rows)
        content = text.getvalue().encode("utf-8-sig")
        file = save_file(f"{name} report.csv", content, IMPORT, name, is_private=1)
        url = file.file_url
    _set(name, state=state, run="", summary=sanitized(summary), report=url)
    _tell(name, state, frappe.session.user)
    frappe.db.commit()


def _tell(name: str, state: str, user: str | None) -> None:
    runs.tell(user, IMPORT, name, _("{0}: {1}").format(name, _(state)))
