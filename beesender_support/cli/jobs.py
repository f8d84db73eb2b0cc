"""``--jobs``: chunks of a file of tickets decided by several processes, in its order.

Each worker is a copy of this process, with all that was read so far. It gets one chunk
of lines after the other and gives back what its command makes of it, with the faults it
found, so that what is written and said is what one process would have.
"""

import multiprocessing
import signal
from array import array
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import tzinfo
from multiprocessing.connection import Connection
from typing import Any, NamedTuple, Protocol

import click

from beesender_support.cli.faults import SHOWN_OF_A_KIND, Faults, InputRefused
from beesender_support.files.csv_files import (
    Chunk,
    Lines,
    chunks_of,
    report_no_text,
    rows_of_lines,
)
from beesender_support.files.faults import Faults as FaultsOfFiles
from beesender_support.files.faults import Place
from beesender_support.files.tables import Header, csv_lines, read_header, sound_rows
from beesender_support.files.tickets import (
    MAY_LACK,
    Seen,
    Ticket,
    readers_of_tickets,
    sound_tickets,
    warn_of_a_repeated,
)

LINES_OF_A_CHUNK = 4_000
_FORK = "fork"
_MOST_JOBS = 64
# The option of a command whose work can be shared.
jobs_option = click.option(
    "--jobs",
    type=click.IntRange(1, _MOST_JOBS),
    default=1,
    help="How many processes share the work; 1 if not given.",
)

# What a command makes of tickets that are sound, and where it reports those that are not.
Work = Callable[[Iterator[Ticket], FaultsOfFiles], Any]


class Asked(Protocol):
    """What a command was asked about a file of tickets, read already but for these."""

    @property
    def name(self) -> str: ...

    @property
    def encoding(self) -> str: ...

    @property
    def time_zone(self) -> tzinfo | None: ...

    @property
    def channels(self) -> tuple[str, ...]: ...

    def work(self, has_solution: bool) -> Work:
        """To be done with any part of the file; what it makes is sent between
        processes. ``has_solution`` is whether the file says how solutions went."""
        ...


def can_be_shared() -> bool:
    """Whether this machine can copy a process with what it has read."""
    return _FORK in multiprocessing.get_all_start_methods()


class _Task(NamedTuple):
    """A chunk, and what is known of the file it is from."""

    chunk: Chunk
    delimiter: str
    header: Header


class _Found(NamedTuple):
    """A fault or warning of a worker; ``ticket`` is the number of those before it."""

    ticket: int
    is_warning: bool
    arguments: tuple[Any, ...]


class _Result(NamedTuple):
    """What became of a chunk: what was made of its tickets, their names and rows, what
    was found, in order, and how much more of each kind."""

    made: Any
    names: list[str]
    rows: Sequence[int]
    found: list[_Found]
    more: Counter[tuple[bool, tuple[str, str, str]]]


class _Names(Seen):
    """Keeps the names: which of them were seen before is known only to who has all."""

    def __init__(self) -> None:
        self.names: list[str] = []
        self.rows = array("Q")

    def before(self, name: str, place: Place) -> bool:
        self.names.append(name)
        self.rows.append(place.row)
        return False


class _Kept(FaultsOfFiles):
    """Keeps what a worker finds, of a kind no more than is ever said."""

    def __init__(self, names: _Names) -> None:
        super().__init__()
        self.found: list[_Found] = []
        self.more: Counter[tuple[bool, tuple[str, str, str]]] = Counter()
        self._names = names
        self._kept: Counter[tuple[bool, tuple[str, str, str]]] = Counter()

    def take(self, place: str | Place, kind: str, sort: str, line: str) -> None:
        self._keep(place, False, kind, sort, (place, kind, sort, line))

    def warn(self, warning: str, place: str | Place, kind: str) -> None:
        self._keep(place, True, kind, "", (warning, place, kind))

    def _keep(
        self,
        place: str | Place,
        is_warning: bool,
        kind: str,
        sort: str,
        arguments: tuple[Any, ...],
    ) -> None:
        file = place.file if isinstance(place, Place) else place
        alike = is_warning, (file, kind, sort)
        if self._kept[alike] < SHOWN_OF_A_KIND:
            self._kept[alike] += 1
            number = len(self._names.names)
            self.found.append(_Found(number, is_warning, arguments))
        else:
            self.more[alike] += 1


@contextmanager
def _deaf_to_interrupts() -> Iterator[None]:
    """An interrupt waits until a worker, which inherits this, can leave it to whoever
    started it: else one that is just starting would complain of it."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


# In a worker


def _work(asked: Asked, tasks: Connection, others: Sequence[Connection]) -> None:
    # Whoever started the workers ends them; and sees that they have ended only if
    # nobody else holds the other end of a pipe.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    for each in others:
        each.close()
    work = _Worker(asked)
    while True:
        try:
            task = tasks.recv()
        except EOFError:
            return
        try:
            result: object = work.result_of(task)
        except Exception as error:
            result = error
        try:
            tasks.send(result)
        except BrokenPipeError:
            # Whoever asked was killed meanwhile: there is nobody to complain to.
            return


class _Worker:
    """Does a command's work on chunks."""

    def __init__(self, asked: Asked) -> None:
        self._asked = asked
        self._readers = readers_of_tickets(asked.time_zone, asked.channels)
        self._work: Work | None = None

    def result_of(self, task: _Task) -> _Result:
        names = _Names()
        faults = _Kept(names)
        chunk, header = task.chunk, task.header
        lines = Lines(chunk.each, task.delimiter, chunk.first)
        rows = rows_of_lines(lines, self._asked.name, faults)
        values = sound_rows(rows, header, self._readers, faults, MAY_LACK)
        tickets = sound_tickets(values, faults, names)
        if self._work is None:
            self._work = self._asked.work(header.has_optional)
        made = self._work(tickets, faults)
        return _Result(made, names.names, names.rows, faults.found, faults.more)


# In the process that was started


class Workers:
    """Processes that wait for chunks."""

    def __init__(self, asked: Asked, count: int) -> None:
        context: Any = multiprocessing.get_context(_FORK)
        self._asked = asked
        self._ends: list[Connection] = []
        self._processes: list[Any] = []
        for _number in range(count):
            end, tasks = context.Pipe()
            self._ends.append(end)
            process = context.Process(
                target=_work, args=(asked, tasks, [*self._ends]), daemon=True
            )
            with _deaf_to_interrupts():
                process.start()
            tasks.close()
            self._processes.append(process)

    def results_of(self, tasks: Iterator[_Task]) -> Iterator[_Result]:
        """Of each task, in order. Each worker has one, and the next is ready for the
        first to finish."""
        waiting: list[Connection] = []
        for number, task in enumerate(tasks):
            end = self._ends[number % len(self._ends)]
            if len(waiting) == len(self._ends):
                result = self._received(waiting.pop(0))
                self._send(end, task)
                yield result
            else:
                self._send(end, task)
            waiting.append(end)
        for end in waiting:
            yield self._received(end)

    def _send(self, end: Connection, task: _Task) -> None:
        with _lives_of_workers():
            end.send(task)

    def _received(self, end: Connection) -> _Result:
        with _lives_of_workers():
            result: _Result | Exception = end.recv()
        if isinstance(result, Exception):
            raise result
        return result

    def end(self) -> None:
        for end in self._ends:
            end.close()
        for process in self._processes:
            process.terminate()
            process.join()
            process.close()


@contextmanager
def _lives_of_workers() -> Iterator[None]:
    try:
        yield
    except (EOFError, OSError):
        raise InputRefused(
            "a process that --jobs started has ended, perhaps for want of memory."
            " Nothing was written. Fewer --jobs need less."
        ) from None


@contextmanager
def workers(asked: Asked, count: int) -> Iterator[Workers | None]:
    """Processes that end with the block, whatever happens in it; None where this one
    does all."""
    if count == 1 or not can_be_shared():
        yield None
        return
    started = Workers(asked, count)
    try:
        yield started
    finally:
        started.end()


def made_by(
    started: Workers, file: Any, asked: Asked, faults: Faults
) -> Iterator[Any] | None:
    """First whether the file says how solutions went, then what is made of each chunk;
    None of a file that one process has to read, such as a workbook."""
    try:
        lines = csv_lines(file, asked.name, asked.encoding, _columns(asked))
    except UnicodeError as error:
        report_no_text(error, Place(asked.name, 1), faults)
        return iter((False,))
    return None if lines is None else _made(started, lines, asked, faults)


def _columns(asked: Asked) -> Sequence[str]:
    return tuple(readers_of_tickets(asked.time_zone, asked.channels))


def _made(
    started: Workers, lines: Lines, asked: Asked, faults: Faults
) -> Iterator[Any]:
    below = _Counted(lines.each)
    rows = rows_of_lines(lines._replace(each=below), asked.name, faults)
    readers = readers_of_tickets(asked.time_zone, asked.channels)
    header = read_header(rows, asked.name, readers, faults, MAY_LACK)
    if header is None:
        yield False
        return
    yield header.has_optional
    rest = lines._replace(each=below, first=lines.first + below.count)
    tasks = (
        _Task(chunk, lines.delimiter, header)
        for chunk in chunks_of(rest, LINES_OF_A_CHUNK)
    )
    seen = Seen()
    for result in started.results_of(tasks):
        _say_all(result, asked.name, seen, faults)
        yield result.made


class _Counted(Iterator[str]):
    """Lines, and how many of them were read."""

    def __init__(self, lines: Any) -> None:
        self._lines = iter(lines)
        self.count = 0

    def __next__(self) -> str:
        line: str = next(self._lines)
        self.count += 1
        return line


def _say_all(result: _Result, file: str, seen: Seen, faults: Faults) -> None:
    """Say what a worker found, and which tickets stand further up, in their order."""
    found = iter(result.found)
    following = next(found, None)
    places = zip(result.names, result.rows, strict=True)
    for number, (name, row) in enumerate(places, start=1):
        while following and following.ticket < number:
            _say(following, faults)
            following = next(found, None)
        place = Place(file, row)
        if seen.before(name, place):
            warn_of_a_repeated(name, place, faults)
    if following:
        _say(following, faults)
    for each in found:
        _say(each, faults)
    for (is_warning, alike), count in result.more.items():
        faults.add_more(alike, count, is_warning=is_warning)


def _say(found: _Found, faults: Faults) -> None:
    if found.is_warning:
        faults.warn(*found.arguments)
    else:
        faults.count += 1
        faults.take(*found.arguments)
