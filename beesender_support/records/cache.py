"""Policy values cached in this process until their records change.

A ticket is saved far more often than a plan is edited, so values are not built again
for every save. Whether one is still current is not announced by edits, but read from
the records themselves: a *stamp* is made of all their columns and read in the same
snapshot as the records would be, once in a transaction. So an edit counts from its
commit on, however it was made, and values read before it are never cached as if they
were read after.
"""

from collections import OrderedDict, defaultdict
from collections.abc import Callable, Hashable, Sequence
from functools import wraps
from threading import Lock
from typing import Any, ParamSpec, TypeVar

import frappe
from frappe.model.document import Document

# What every site offers: few rows each. Plans are many, and are stamped one by one.
OFFER = (
    "Beesender Tier",
    "Beesender Entitlement",
    "Beesender Channel",
    "Beesender Category",
    "Beesender Priority",
)
SETTINGS, PLAN = "Beesender Support Settings", "Beesender Support Plan"
# Its dates are stamped with each plan that takes it.
CALENDAR = "Beesender Holiday Calendar"
RECORDS = (*OFFER, SETTINGS, PLAN, CALENDAR)
# Frappe's own bookkeeping columns.
NOT_SAID = {
    "owner",
    "creation",
    "modified_by",
    "docstatus",
    "parenttype",
    "parentfield",
    "_user_tags",
    "_comments",
    "_assign",
    "_liked_by",
    "_seen",
}
MAX_VALUES = 4_000

Arguments = ParamSpec("Arguments")
Value = TypeVar("Value")
Key = tuple[Any, ...]

_MISSING = object()
# Under which a transaction's answers lie among Frappe's own, and two of the questions.
_PLACE = "beesender_answers"
OFFERED, SET = "offer", "settings"


class Cache:
    """At most ``most`` values; the least recently used is dropped first.
    Thread-safe."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._values: OrderedDict[Hashable, object] = OrderedDict()
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self._values)

    def get(self, key: Hashable) -> object:
        """The value, or None if it is not cached."""
        with self._lock:
            value = self._values.get(key)
            if value is not None:
                self._values.move_to_end(key)
            return value

    def put(self, key: Hashable, value: object) -> None:
        with self._lock:
            self._values[key] = value
            self._values.move_to_end(key)
            while len(self._values) > self._most:
                self._values.popitem(last=False)


_cache = Cache(MAX_VALUES)


def cached(
    stamp: Callable[[], str],
) -> Callable[[Callable[Arguments, Value]], Callable[Arguments, Value]]:
    """Cache what a function makes of records, by their ``stamp`` and its arguments.

    It must not return None.
    """

    def keeping(read: Callable[Arguments, Value]) -> Callable[Arguments, Value]:
        name = f"{read.__module__}.{read.__qualname__}"

        @wraps(read)
        def recall(*args: Arguments.args, **kwargs: Arguments.kwargs) -> Value:
            key = (name, stamp(), args, tuple(kwargs.items()))
            [value] = get_or_make([key], lambda _missing: [read(*args, **kwargs)])
            return value

        return recall

    return keeping


def get_or_make(
    keys: Sequence[Key],
    make: Callable[[list[Key]], list[Value]],
) -> list[Value]:
    """The values for keys that contain a stamp; missing ones are made together."""
    site = frappe.local.site
    # Under a key lies what ``make`` made of it.
    values: dict[Key, Any] = {key: _cache.get((site, *key)) for key in keys}
    missing = [key for key, value in values.items() if value is None]
    if missing:
        for key, value in zip(missing, make(missing), strict=True):
            values[key] = value
            _cache.put((site, *key), value)
    return [values[key] for key in keys]


# What the records say, in this transaction


def stamp_of_offer() -> str:
    """Of all tiers, entitlements, channels, categories and priorities, and of the
    settings, with their rows."""
    return in_this_snapshot(OFFERED, _ask_for_offer)


def stamp_of_settings() -> str:
    """Of the settings alone: an ordinary save needs nothing else."""
    return in_this_snapshot(SET, _ask_for_settings)


def stamps_of_plans(where: str, values: dict[str, Any]) -> dict[str, str]:
    """By name, those of the plans that meet a condition on the table ``plan``.

    Code that reads plans reads the offer next, so one query reads both.
    """
    is_known = OFFERED in _answers()
    stamps = (
        _statement("plans", _stamps_of_plans)
        if is_known
        else _statement("plans and offer", _stamps_of_plans_and_offer)
    )
    # The condition is written in this app, its values are not.
    rows = frappe.db.sql(f"{stamps} where {where} order by plan.name", values)
    if rows and not is_known:
        _answers().update(zip((OFFERED, SET), rows[0][-2:], strict=True))
        rows = [row[:-2] for row in rows]
    return {name: " ".join(map(str, row)) for name, *row in rows}


def in_this_snapshot(question: Hashable, ask: Callable[[], Value]) -> Value:
    """``ask()``, once until the transaction ends or a record is written in it."""
    answers = _answers()
    answer = answers.get(question, _MISSING)
    if answer is _MISSING:
        answer = answers[question] = ask()
    return answer


def ask_again() -> None:
    """As at the start of a transaction, without touching Frappe's own cache."""
    for doctype in RECORDS:
        frappe.db.value_cache.get(doctype, {}).pop(_PLACE, None)


def invalidate(
    doc: Document | None = None, method: str | None = None, *args: Any
) -> None:
    """This transaction wrote a record, so its stamp must be read again."""
    for doctype in RECORDS:
        frappe.db.value_cache.pop(doctype, None)


def _answers() -> dict[Hashable, Any]:
    """The stamps that this transaction has read.

    They are stored among the values that Frappe itself caches of each DocType within a
    transaction, so they are dropped with them: when the transaction or a savepoint
    ends, and when one of the records is written, also behind its events.
    """
    cache = frappe.db.value_cache
    if all(_PLACE in cache.get(doctype, ()) for doctype in RECORDS):
        return cache[PLAN][_PLACE]
    answers: dict[Hashable, Any] = {}
    for doctype in RECORDS:
        # Frappe 16 creates entries on demand; 15 does not, and its own values outlive a
        # transaction.
        if not isinstance(cache, defaultdict):
            cache.setdefault(doctype, {})
        cache[doctype][_PLACE] = answers
    frappe.db.after_commit.add(invalidate)
    frappe.db.after_rollback.add(invalidate)
    return answers


# Stamps


def _ask_for_offer() -> str:
    statement = _statement("offer", _stamps_of_offer_and_settings)
    [(offer, settings)] = frappe.db.sql(statement)
    _answers()[SET] = settings
    return offer


def _ask_for_settings() -> str:
    [(settings,)] = frappe.db.sql(_statement("settings", _stamp_of_settings))
    return settings


def _statement(name: str, write: Callable[[], str]) -> str:
    """Built once in a process: new columns come with a new process."""
    [statement] = get_or_make([("statement", name)], lambda _missing: [write()])
    return statement


# The statements are made of names of this app's tables and columns only.


def _stamps_of_offer_and_settings() -> str:
    return f"select {_digests_of_offer()}, {_digests_of_settings()}"


def _stamp_of_settings() -> str:
    return f"select {_digests_of_settings()}"


def _stamps_of_plans() -> str:
    return f"select {_digests_of_plan()} from `tab{PLAN}` `plan`"  # noqa: S608


def _stamps_of_plans_and_offer() -> str:
    stamps = (_digests_of_plan(), _digests_of_offer(), _digests_of_settings())
    return f"select {', '.join(stamps)} from `tab{PLAN}` `plan`"  # noqa: S608


def _digests_of_offer() -> str:
    tables = [
        f"(select {_digests(doctype)} from `tab{doctype}`)"  # noqa: S608
        for parent in OFFER
        for doctype in (parent, *_rows_of(parent))
    ]
    return f"concat_ws(' ', {', '.join((*tables, _digests_of_settings()))})"


def _digests_of_settings() -> str:
    """The default category is cached as the ticket type that it is for."""
    return (
        "concat_ws(' ', (select sum(crc32(concat_ws('|', `field`, `value`)))"  # noqa: S608
        f" from `tabSingles` where `doctype` = '{SETTINGS}'),"
        " (select sum(crc32(concat_ws('|', `name`, `ticket_type`)))"
        " from `tabBeesender Category`))"
    )


def _digests_of_plan() -> str:
    rows = [
        f"(select {_digests(doctype)} from `tab{doctype}`"  # noqa: S608
        " where `parent` = `plan`.`name`)"
        for doctype in _rows_of(PLAN)
    ]
    # From the plan to its dates: MariaDB would read all dates of every calendar first.
    dates = [
        f"(select {_digests(doctype, '`day`.')}"  # noqa: S608
        " from `tabBeesender Plan Calendar` `taken`"
        f" straight_join `tab{doctype}` `day` on `day`.`parent` = `taken`.`calendar`"
        " where `taken`.`parent` = `plan`.`name`)"
        for doctype in _rows_of(CALENDAR)
    ]
    plan = _digest(PLAN, "`plan`.")
    return ", ".join(("`plan`.`name`", "`plan`.`modified`", plan, *rows, *dates))


def _rows_of(doctype: str) -> list[str]:
    fields = frappe.get_meta(doctype).get_table_fields()
    return sorted({field.options for field in fields})


def _digests(doctype: str, prefix: str = "") -> str:
    """Of all rows of a table, in any order."""
    digest = _digest(doctype, prefix)
    return f"concat_ws('|', count(*), max({prefix}`modified`), sum({digest}))"


def _digest(doctype: str, prefix: str = "") -> str:
    """Of what a row says, in SQL."""
    columns = sorted({*frappe.db.get_table_columns(doctype)} - NOT_SAID)
    return (
        f"crc32(concat_ws('|', {', '.join(f'{prefix}`{each}`' for each in columns)}))"
    )
