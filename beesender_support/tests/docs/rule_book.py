"""The tables of the rule book: read out of both documents, in English."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TypeVar

import pytest

import beesender_support
from beesender_support.policy.calendar.zones import time_zone

Value = TypeVar("Value")

DOCUMENTS = Path(beesender_support.__file__).parents[1] / "docs"
ENGLISH, RUSSIAN = DOCUMENTS / "semantics.md", DOCUMENTS / "semantics.ru.md"
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
# The Russian tables say the same in other words.
IN_ENGLISH = {
    "о чём просят": "asked for",
    "остаток": "left",
    "по плану": "to the plan",
    "не считается": "not counted",
    "не входит": "not included",
    "входит": "included",
    "израсходовано всё": "used up",
    "Вопросы пользователей системы": "Questions of end users",
    "Консультации с разработчиками": "Consultation with the developers",
    "Обновления с переустановкой": "Updates with reinstallation",
    "было в обоих": "both before",
    "таблица": "the table",
    "поле": "the field",
    "стало в обоих": "then both",
    "тариф": "tier",
    "часы поддержки": "support hours",
    "P1, часов": "P1, hours",
    "P2-P4, часов": "P2-P4, hours",
    "контактных лиц": "authorized contacts",
    "обновлений в год": "updates a year",
    "стоимость, %": "fee, %",
    "категория": "category",
    "приоритет": "priority",
    "часовой пояс": "time zone",
    "нерабочие дни": "holidays",
    "рабочие дни": "working days",
    "свои нерабочие дни": "own holidays",
    "один календарь": "one calendar",
    "другой календарь": "another calendar",
    "указаны на": "listed for",
    "нет года": "year missing",
    "зарегистрировано": "opened",
    "срок": "due",
    "ответ дан": "answered",
    "на момент": "looked at",
    "состояние": "state",
    "опоздание": "late by",
    "закрыто": "closed",
    "просрочено": "overdue",
    "приоритет потом": "priority then",
    "пишет": "written by",
    "кому": "sent to",
    "что это": "what it is",
    "это ответ": "an answer",
    "сотрудник": "agent",
    "программа": "program",
    "клиент": "customer",
    "портал": "portal",
    "коллеги": "colleagues",
    "другие": "others",
    "клиент, коллеги": "customer, colleagues",
    "другие, клиент": "others, customer",
    "ответное сообщение": "reply",
    "фраза о разделении": "sentence about a split",
    "автоматическое": "automatic",
    "начало": "start",
    "рабочее время, часов": "working time, hours",
    "конец": "end",
    "причина": "reason",
    "значение": "meaning",
    "статус плана": "plan status",
    "план с": "plan starts",
    "план по": "plan ends",
    "место": "seat",
    "канал": "channel",
    "обращение": "asked at",
    "ответ": "answer",
    "запрошен": "asked",
    "станет": "becomes",
    "ошибка на портале": "error in the portal",
    "день": "day",
    "год с": "year begins",
    "следующий с": "next year begins",
    "стоимость лицензий": "licence price",
    "стоимость поддержки": "support fee",
    "дней": "days",
    "дней в году": "days of the year",
    "стоимость дней": "fee of the days",
    "продление с": "renewal starts",
    "продление по": "renewal ends",
    "следующий пояс": "next zone",
    "часов между": "hours between",
    "нет": "none",
    # The site widget
    "неверных попыток": "wrong tries",
    "минут после отправки": "minutes after it was sent",
    "был использован": "was used",
    "подтверждает адрес": "proves the address",
    "в «Кому» или «Копия»": "in To or Cc",
    "сообщение": "message",
    "показывается": "is shown",
    # Findings
    "дыра до полуночи, минут": "hole before midnight, minutes",
    "замечание": "finding",
    # Replays
    "тариф черновика": "tier of the draft",
    "было": "before",
    "по черновику": "under the draft",
    # Allowances
    "единица": "counted in",
    "положено": "granted",
    "зарезервировано": "reserved",
    "уже использовано": "used already",
    "берётся": "taken",
    "как": "as",
    "покрыто": "included",
    "к оплате": "billable",
    "число": "number",
    "часы": "hours",
    "использование": "used",
    "использование резерва": "used as reserved",
    "резерв": "reserved",
    "взято на день": "taken on",
    "считается в году с": "counts in the year from",
    "год договора с": "year from",
    "полагалось раньше": "granted before",
    "по тарифу теперь": "tier grants now",
    "положено в году": "granted in the year",
    "не записано": "not recorded",
    # Warnings
    "сообщено раньше": "told before",
    "говорится": "said",
    "пропущено": "missed",
    "есть": "yes",
    "да": "yes",
    # Settled promises, clocks, parts and merges
    "тариф потом": "tier then",
    "категория потом": "category then",
    "открыто заново": "open again",
    "отсчёт идёт с": "clock runs since",
    "отсчёт шёл с": "had run since",
    "ждало решения": "held or declined",
    "рассмотрено": "decided",
    "отсчёт начинается": "clock starts",
    "целое": "the whole",
    "часть": "the part",
    "вне правил": "outside",
    "удержано": "held",
    "отклонено": "declined",
    "принято": "accepted",
    "обычное": "plain",
    "рассматривается": "decided",
    "продолжается": "continued",
    "целое с": "the whole opened",
    "ответ на целое": "the whole answered",
    "отделено": "split off",
    "присоединено": "merged",
    "отвечено раньше": "answered before",
    "обещано": "promised",
    "считается": "counted",
    # Plans, seats and notices
    "сегодня": "today",
    "состояние плана": "plan is",
    "черновик": "draft",
    "закончился": "ended",
    "приостановлен": "suspended",
    "не начался": "not_started",
    "действует": "in_force",
    "место с": "seat from",
    "место по": "seat to",
    "завершено": "ended by hand",
    "сверх предела": "over the limit",
    "состояние места": "seat is",
    "закончилось": "ended",
    "приостановлено": "suspended",
    "не началось": "not_started",
    "мест": "seats",
    "сверх предела с": "over the limit since",
    "льготный срок, дней": "grace period, days",
    "мест действует": "seats in force",
    "мест приостановлено": "suspended seats",
    "возвращается": "come back",
    "сообщение за, дней": "notice, days before",
    "следующий план": "next plan",
    "следующий план с": "next plan starts",
    "следующий план по": "next plan ends",
    "сообщается о конце": "announced",
    "управляет клиентом": "manages the customer",
    "поставщик разрешил": "the vendor allows it",
    "меняет места": "may change seats",
    "может просить место": "may ask for a seat",
    "места по датам": "seats by date",
    "можно сохранить": "may be saved",
    "всегда, всегда": "any day, any day",
    "всегда, всегда, с 2027-01-01": "any day, any day, from 2027-01-01",
    "всегда, всегда, по 2026-11-22": "any day, any day, to 2026-11-22",
    "всегда, по 2026-12-31, с 2027-01-01": "any day, to 2026-12-31, from 2027-01-01",
    "всегда, по 2027-01-01, с 2027-01-01": "any day, to 2027-01-01, from 2027-01-01",
    # Answer channels, senders and notices to them
    "почта": "email",
    "телефон": "phone",
    "принимает обращения": "takes requests",
    "отвечает": "answers",
    "включён": "enabled",
    "предлагается для обращений": "offered for requests",
    "предлагается для ответов": "offered for answers",
    "тариф принимает": "tier takes requests",
    "тариф отвечает": "tier answers",
    "исключение": "exception",
    "отправитель": "sender",
    "переслано": "forwarded",
    "присоединяется": "joins",
    "обратившийся": "who asked",
    "участник": "participant",
    "посторонний": "stranger",
    "чей контакт": "contact of",
    "чьё место": "seated by",
    "чей план": "plans of",
    "за кого просит": "asks for",
    "неясно": "open",
    # Strangers
    "обращения посторонних": "strangers",
    "кто обращается": "asked by",
    "известный": "somebody known",
    "без плана удерживать": "held without a plan",
    "что будет": "request is",
    "как без плана": "Like customers without a plan",
    "регистрировать": "Register",
    "удерживать": "Hold",
    "отказывать": "Refuse",
    # Priority from impact
    "что затронуто": "what is affected",
    "по влиянию": "by impact",
    "Все операторы или лицензии": "All operators or the licences",
    "Система работоспособна лишь частично": "The system works only in part",
    "Один канал или другая мелкая неисправность": "One channel or another small fault",
    "Ничего, это вопрос": "Nothing: it is a question",
    "с обходным путём": "with a way round",
    "без него": "without one",
    "спрашивается": "is asked",
    "обходной путь": "way round",
    "нет ответа": "unanswered",
    "отказ": "refused",
    "оценивается по влиянию": "rated by impact",
    "на вопросе": "at the question",
    "сказано": "what is said",
    "следующий вопрос": "next question",
    "ждёт ответа": "waits for an answer",
    "сообщено": "told before",
    # Next answers and solutions
    "решение, часов": "solution within, hours",
    "потом, часов": "then within, hours",
    "что произошло": "what happened",
    "израсходовано": "used",
    "срок решения": "solution due",
    "прежние ответы": "earlier next answers",
    "срок ответа": "next answer due",
    "ответ обещан": "next answer promised",
    "решение обещано": "solution promised",
    "первый ответ": "first answer",
    "следующий ответ": "next answer",
    "решение": "solution",
    "статус соглашения": "agreement status",
    "отодвигается": "moves on",
    "сообщается": "told",
}
WORDS_IN_ENGLISH = dict(
    zip(("Пн", "Вт", "Ср", "Чт", "Пт", "Сб", "Вс"), DAYS, strict=True)
) | {
    "с": "from",
    "по": "to",
}
# What happens to a request, before the time at which it does.
HAPPENINGS_IN_ENGLISH = {
    "закрыто без решения": "closed without a solution",
    "клиент пишет": "customer writes",
    "ответ": "answered",
    "пауза окончена": "resumed",
    "пауза": "paused",
    "решено": "solved",
    "открыто заново": "reopened",
}


@dataclass(frozen=True)
class Example:
    """A row of a table: where it stands and its cells by column, in English."""

    place: str
    columns: tuple[str, ...]
    cells: tuple[str, ...]

    def __getitem__(self, column: str) -> str:
        return self.cells[self.columns.index(column)]


def in_english(cell: str) -> str:
    if cell in IN_ENGLISH:
        return IN_ENGLISH[cell]
    cell = "; ".join(map(happening_in_english, cell.split("; ")))
    first, *rest = cell.split(" ")
    cell = " ".join([WORDS_IN_ENGLISH.get(first, first), *rest])
    for russian in list(WORDS_IN_ENGLISH)[: len(DAYS)]:
        cell = cell.replace(russian, WORDS_IN_ENGLISH[russian])
    return cell


def happening_in_english(part: str) -> str:
    for russian, english in HAPPENINGS_IN_ENGLISH.items():
        if part.startswith(f"{russian} "):
            return english + part[len(russian) :]
    return part


def examples_of(document: Path) -> Iterator[Example]:
    columns: tuple[str, ...] = ()
    for number, line in enumerate(document.read_text(encoding="utf-8").splitlines(), 1):
        if not line.startswith("|"):
            columns = ()
            continue
        cells = tuple(in_english(cell.strip()) for cell in line.strip("|").split("|"))
        if not columns:
            columns = cells
        elif set(line) - set("|-: "):
            assert len(cells) == len(columns), f"{document.name}:{number}"
            yield Example(f"{document.name}:{number}", columns, cells)


EXAMPLES = {document: tuple(examples_of(document)) for document in (ENGLISH, RUSSIAN)}
TIERS = (
    "tier",
    "support hours",
    "P1, hours",
    "P2-P4, hours",
    "authorized contacts",
    "updates a year",
    "fee, %",
)
DEADLINES = (
    "tier",
    "category",
    "priority",
    "time zone",
    "holidays",
    "opened",
    "due",
)
PROOFS = (
    "wrong tries",
    "minutes after it was sent",
    "was used",
    "proves the address",
)
SHOWN_IN_WIDGET = ("written by", "in To or Cc", "what it is", "is shown")
REPLAYS = (
    "tier",
    "tier of the draft",
    "priority",
    "time zone",
    "opened",
    "answered",
    "before",
    "under the draft",
)
STATES = (
    "tier",
    "priority",
    "time zone",
    "opened",
    "answered",
    "looked at",
    "state",
    "late by",
)
CLOSED = (
    "tier",
    "priority",
    "time zone",
    "opened",
    "closed",
    "looked at",
    "state",
    "overdue",
)
SETTLED = (
    "tier",
    "priority",
    "time zone",
    "opened",
    "answered",
    "priority then",
    "state",
)
ANSWERS = ("written by", "sent to", "what it is", "an answer")
WORKING_TIMES = (
    "support hours",
    "time zone",
    "holidays",
    "start",
    "working time, hours",
    "end",
)
WORKING_DAYS = (
    "support hours",
    "time zone",
    "holidays",
    "working days",
    "start",
    "working time, hours",
    "end",
)
MERGED_DATES = ("own holidays", "one calendar", "another calendar", "holidays")
YEARS_MISSING = ("listed for", "today", "plan ends", "year missing")
MEANINGS = ("reason", "meaning")
ADMISSIONS = (
    "plan status",
    "plan starts",
    "plan ends",
    "seat",
    "time zone",
    "channel",
    "asked at",
    "answer",
    "reason",
)
STRANGERS = (
    "strangers",
    "asked by",
    "held without a plan",
    "channel",
    "request is",
)
CORRECTIONS = ("category", "asked", "becomes", "error in the portal")
CONTRACT_YEARS = ("plan starts", "day", "year begins", "next year begins")
FEES = ("licence price", "fee, %", "support fee")
FEES_OF_DAYS = (
    "licence price",
    "fee, %",
    "days",
    "days of the year",
    "fee of the days",
)
NEXT_PERIODS = ("plan starts", "plan ends", "renewal starts", "renewal ends")
GAPS = ("plan ends", "time zone", "next plan starts", "next zone", "hours between")
HOLES = ("support hours", "hole before midnight, minutes")
SEQUENCES = (
    "plan ends",
    "time zone",
    "next plan starts",
    "next zone",
    "looked at",
    "finding",
)
SEATED = ("plan starts", "seat from", "seat to", "looked at", "finding")
SETTLED_FOR_GOOD = (
    "tier",
    "category",
    "priority",
    "opened",
    "answered",
    "tier then",
    "category then",
    "priority then",
    "state",
)
REOPENED = (
    "tier",
    "priority",
    "opened",
    "answered",
    "closed",
    "open again",
    "looked at",
    "state",
    "overdue",
)
STARTS = (
    "clock runs since",
    "had run since",
    "held or declined",
    "opened",
    "decided",
    "clock starts",
)
PARTS = ("the whole", "the part")
PARTS_DUE = (
    "tier",
    "priority",
    "the whole opened",
    "the whole answered",
    "split off",
    "category",
    "due",
)
MERGES = ("merged", "answered before", "promised", "counted")
PLAN_STATES = ("plan status", "plan starts", "plan ends", "today", "plan is")
SEAT_STATES = (
    "seat from",
    "seat to",
    "ended by hand",
    "over the limit",
    "today",
    "seat is",
)
GRACE = (
    "tier",
    "seats",
    "over the limit since",
    "grace period, days",
    "today",
    "suspended",
)
RESTORED = ("tier", "seats in force", "suspended seats", "come back")
WARNINGS = ("told before", "answered", "looked at", "said", "missed")
NOTICES = ("plan status", "plan starts", "plan ends", "today", "notice, days before")
CONTINUED_PLANS = (
    "plan ends",
    "next plan",
    "next plan starts",
    "next plan ends",
    "announced",
)
SWAPS = (
    "plan is",
    "manages the customer",
    "the vendor allows it",
    "may change seats",
)
SEATS_BY_DATE = ("tier", "seats by date", "today", "may be saved")
ASKING_FOR_SEATS = ("plan is", "seat is", "may ask for a seat")
ANSWER_CHANNELS = ("tier", "portal", "email", "phone", "skype")
CHANNEL_RECORDS = (
    "takes requests",
    "answers",
    "enabled",
    "offered for requests",
    "offered for answers",
    "tier takes requests",
    "tier answers",
)
EXCEPTIONS = ("exception", "opened", "due")
JOINS = ("sender", "forwarded", "joins")
ASKS_FOR = ("contact of", "seated by", "plans of", "asks for")
IMPACTS = ("what is affected", "by impact")
WAYS_ROUND = (
    "with a way round",
    "without one",
    "is asked",
    "way round",
    "by impact",
)
RATED = ("channel", "rated by impact")
CONVERSED = ("at the question", "what is said", "next question")
ASKED = ("asked for", "tier", "left", "to the plan")
FOLLOWED = ("both before", "the table", "the field", "then both")
TOLD = (
    "channel",
    "sender",
    "waits for an answer",
    "told before",
    "asked at",
    "told",
)
NEXT_ANSWERS = (
    "what happened",
    "looked at",
    "earlier next answers",
    "state",
    "next answer due",
)
SOLUTIONS = (
    "solution within, hours",
    "what happened",
    "looked at",
    "state",
    "used",
    "solution due",
)
SOLUTIONS_RATED = (
    "solution within, hours",
    "then within, hours",
    "what happened",
    "looked at",
    "state",
    "used",
    "solution due",
)
PARTS_SOLVED = ("solution within, hours", "split off", "solution due")
MERGED_FURTHER = (
    "merged",
    "answered before",
    "next answer promised",
    "solution promised",
)
AGREEMENTS = (
    "first answer",
    "next answer",
    "solution",
    "earlier next answers",
    "agreement status",
)
TAKEN = (
    "counted in",
    "granted",
    "reserved",
    "used already",
    "taken",
    "as",
    "included",
    "billable",
)
TAKEN_ON = (
    "plan status",
    "plan starts",
    "plan ends",
    "today",
    "taken on",
    "as",
    "counts in the year from",
)
GRANTED = (
    "year from",
    "today",
    "granted before",
    "tier grants now",
    "granted in the year",
)
# How many examples of each kind there are at least.
KINDS = {
    HOLES: 4,
    SEQUENCES: 8,
    SEATED: 6,
    PROOFS: 5,
    SHOWN_IN_WIDGET: 6,
    REPLAYS: 6,
    TAKEN: 10,
    TAKEN_ON: 18,
    GRANTED: 5,
    NEXT_ANSWERS: 14,
    SOLUTIONS: 19,
    SOLUTIONS_RATED: 5,
    PARTS_SOLVED: 3,
    MERGED_FURTHER: 4,
    AGREEMENTS: 14,
    TIERS: 3,
    DEADLINES: 16,
    STATES: 9,
    CLOSED: 5,
    SETTLED: 3,
    ANSWERS: 9,
    WORKING_TIMES: 7,
    WORKING_DAYS: 10,
    MERGED_DATES: 4,
    YEARS_MISSING: 6,
    MEANINGS: 9,
    ADMISSIONS: 16,
    CORRECTIONS: 7,
    CONTRACT_YEARS: 5,
    FEES: 5,
    FEES_OF_DAYS: 6,
    NEXT_PERIODS: 6,
    GAPS: 5,
    SETTLED_FOR_GOOD: 5,
    REOPENED: 5,
    STARTS: 5,
    PARTS: 4,
    PARTS_DUE: 4,
    MERGES: 4,
    PLAN_STATES: 10,
    SEAT_STATES: 9,
    GRACE: 7,
    RESTORED: 4,
    NOTICES: 11,
    WARNINGS: 9,
    CONTINUED_PLANS: 6,
    SWAPS: 8,
    SEATS_BY_DATE: 6,
    ASKING_FOR_SEATS: 7,
    ANSWER_CHANNELS: 3,
    CHANNEL_RECORDS: 6,
    EXCEPTIONS: 5,
    JOINS: 7,
    ASKS_FOR: 9,
    STRANGERS: 14,
    TOLD: 9,
    IMPACTS: 4,
    WAYS_ROUND: 4,
    RATED: 5,
    CONVERSED: 15,
    ASKED: 7,
    FOLLOWED: 5,
}


def examples(columns: tuple[str, ...]):
    return pytest.mark.parametrize(
        "example",
        [
            pytest.param(example, id=example.place)
            for document in EXAMPLES.values()
            for example in document
            if example.columns == columns
        ],
    )


def optional(read: Callable[[str], Value], cell: str) -> Value | None:
    return None if cell == "none" else read(cell)


def day_in(cell: str) -> date:
    return date.fromisoformat(cell)


def is_yes(cell: str) -> bool:
    assert cell in ("yes", "none"), cell
    return cell == "yes"


def yes(is_so: bool) -> str:
    return "yes" if is_so else "none"


def in_zone(instant: datetime, zone: str) -> str:
    return instant.astimezone(time_zone(zone)).isoformat(timespec="minutes")


def hours_and_minutes(length: timedelta | None) -> str:
    if length is None:
        return "none"
    minutes = length // timedelta(minutes=1)
    return f"{minutes // 60}:{minutes % 60:02}"
