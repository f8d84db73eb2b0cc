"""``--jobs``: what several processes write and say is what one does."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from beesender_support.cli import jobs
from beesender_support.tests.cli.command import (
    COMMAND,
    NOW,
    PLAN,
    TICKET,
    run,
    write_rows,
)

HEADER = ",".join(TICKET)
ROW = ",".join(TICKET.values())


@pytest.fixture(autouse=True)
def chunks_of_three_lines(monkeypatch):
    """So that a small file is many chunks; workers are copies of this process."""
    monkeypatch.setattr(jobs, "LINES_OF_A_CHUNK", 3)


def outcome(desk, count, *options):
    """All that a run writes and says."""
    desk.output.unlink(missing_ok=True)
    result = desk.triage("--jobs", count, "--output", desk.output, *options)
    written = desk.output.read_bytes() if desk.output.exists() else None
    assert "Traceback" not in result.stderr
    return result.exit_code, written, result.stdout, result.stderr


def all_alike(desk, *options, counts=(2, 3, 4)):
    alone = outcome(desk, 1, *options)
    for count in counts:
        assert outcome(desk, count, *options) == alone
    return alone


def many(*changes):
    """Thirty tickets, and those of ``changes`` here and there among them."""
    rows = [{**TICKET, "ticket": f"T{number}"} for number in range(30)]
    for number, change in enumerate(changes):
        rows.insert(5 * number + 4, {**TICKET, "ticket": f"odd {number}", **change})
    return rows


@pytest.mark.parametrize("style", ["json", "csv", "table"])
def test_every_format(desk, style):
    desk.put_tickets(*many({"priority": "P4", "category": "Consultation"}) * 40)
    code, written, _stdout, said = all_alike(desk, "--format", style)
    assert code == 0
    assert written.count(b"\n") > 1_000
    assert "stands further up too" in said


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1251"])
@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
def test_encodings_and_line_ends(desk, encoding, ends):
    rows = many({"ticket": "Заявка\n«две»\n\nстроки", "customer": "Акме"})
    write_rows(desk.tickets, rows)
    text = desk.tickets.read_text(encoding="utf-8").replace("\r\n", ends)
    desk.tickets.write_bytes(text.encode(encoding))
    options = ("--encoding", encoding) if encoding == "cp1251" else ()
    code, written, *_said = all_alike(desk, "--format", "json", *options)
    assert code == 0
    assert written.count(b"\n") == 31


def test_faults_in_any_chunk(desk):
    desk.put_tickets(
        *many(
            {"opened_at": "yesterday"},
            {"contact": "nobody"},
            {"first_responded_at": "2020-01-01T00:00:00Z"},
            {"ticket": "T3"},
            {"priority": "P9", "channel": "fax"},
        )
    )
    code, written, _stdout, said = all_alike(desk)
    assert (code, written) == (2, None)
    assert len(said.splitlines()) == 4


def test_many_faults_and_warnings_are_counted(desk):
    desk.put_tickets(*many({"contact": "nobody"}, {"customer": "Acme Telecon"}) * 15)
    said = all_alike(desk)[3]
    assert "more of this kind" in said
    desk.put_tickets(*({"opened_at": "yesterday", "priority": "?"},) * 70)
    said = all_alike(desk)[3]
    assert "... and 50 more of this kind." in said


@pytest.mark.parametrize(
    "bad",
    [
        b'T"1,"open' + b"\nmore" * 9,
        b'"a"b,' + b"\n1,2" * 5,
        b'"' + b"long,\n" * 50 + b'",Acme Telecom\n',
        b"\xff\xfe\x00,\n",
        b",,,,\n\n   \n",
        b"sep=;\n",
        b"T,\0,x\n",
        b'=1,"x""y\n\r\r\n"\n',
    ],
)
def test_what_is_no_table_from_somewhere_on(desk, bad):
    lines = "\n".join([HEADER, *([ROW] * 10)]) + "\n"
    desk.tickets.write_bytes(lines.encode() + bad + f"{ROW}\n".encode() * 8)
    all_alike(desk)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        HEADER.encode(),
        b"\n\n" + HEADER.encode() + b"\n",
        b"a,b\n1,2\n",
        b'"ticket\nname",customer\n',
        b'"never closed',
        b"\xd0\xcf\x11\xe0",
        b"<!doctype html>",
        b"PK\x03\x04broken",
        b"\xff\xfet\x00\x00",
        f"sep=,\n{HEADER}\n{ROW}\n".encode(),
        f"{HEADER},pauses\n{ROW},x\n".encode(),
    ],
)
def test_files_that_hardly_are_one(desk, content):
    desk.tickets.write_bytes(content)
    all_alike(desk, counts=(2,))


def test_a_cut_file_in_utf_16(desk):
    text = "\n".join([HEADER, *([ROW] * 10)])
    desk.tickets.write_bytes(text.encode("utf-16")[:-1])
    code, _written, _stdout, said = all_alike(desk)
    assert code == 2
    assert "no text from here on" in said


CELLS = st.text(st.sampled_from('ab"\n\r,;\t\0 é=\ufeff'), max_size=8)
LINES = st.lists(
    st.one_of(
        st.just(ROW),
        CELLS.map(lambda text: ROW.replace("HD-1", text)),
        CELLS.map(lambda text: ROW.replace("HD-1", f'"{text}"')),
        CELLS,
    ),
    max_size=14,
)


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(LINES, st.sampled_from(["\n", "\r\n"]), st.integers(2, 4))
def test_odd_files_are_written_alike(desk, lines, ends, count):
    desk.tickets.write_bytes(ends.join([HEADER, *lines]).encode())
    all_alike(desk, "--format", "json", counts=(count,))


def test_a_missing_file(desk):
    desk.tickets.unlink()
    all_alike(desk, counts=(2,))


@pytest.mark.parametrize("count", ["0", "65", "many"])
def test_how_many_jobs_there_may_be(desk, count):
    assert desk.triage("--jobs", count).exit_code == 2
    assert replay(desk, "--jobs", count).exit_code == 2


def replay(desk, *options):
    """Against a plan of a higher tier that seats nobody but Anna."""
    changes = {"tier": "Premium", "authorized_contacts": TICKET["contact"]}
    other = write_rows(desk.folder / "other.csv", [{**PLAN, **changes}])
    files = (desk.tickets, "--plans", desk.plans, "--against", other)
    return run("replay", *files, "--now", NOW, *options)


def replays_alike(desk, *options):
    """All that runs of one and of several processes write and say."""
    page = desk.folder / "page.html"

    def outcome(count):
        for each in (desk.output, page):
            each.unlink(missing_ok=True)
        result = replay(
            desk, "--jobs", count, "--html", page, "--output", desk.output, *options
        )
        assert "Traceback" not in result.stderr
        written = [
            each.read_bytes() if each.exists() else None for each in (desk.output, page)
        ]
        return result.exit_code, *written, result.stdout, result.stderr

    alone = outcome(1)
    for count in (2, 3, 4):
        assert outcome(count) == alone
    return alone


ODD = (
    {"priority": "P4", "category": "Consultation"},
    {"contact": "boris@acme.example.com"},
    {"customer": "Acme Telecon"},
    {"customer": "Zephyr Airlines"},
    {"opened_at": "2026-11-23T14:30:00+03:00"},
)


@pytest.mark.parametrize("style", ["json", "table"])
@pytest.mark.parametrize("zone", [(), ("--time-zone", "Europe/Moscow")])
def test_replay(desk, style, zone):
    desk.put_tickets(*many(*ODD))
    code, written, page, _stdout, said = replays_alike(desk, "--format", style, *zone)
    assert code == 0
    assert b"Acme Telecom" in written
    assert b"Acme Telecom" in page
    assert said.count("'Acme Telecom' has one") == 1


def test_replay_of_faults_in_any_chunk(desk):
    desk.put_tickets(*many({"opened_at": "yesterday"}, {"ticket": "T3"}, *ODD) * 30)
    code, written, page, _stdout, said = replays_alike(desk)
    assert (code, written, page) == (2, None, None)
    assert "... and 10 more of this kind." in said


def test_replay_of_solutions(desk):
    solved = {**TICKET, "resolved_at": "2026-11-23T12:00:00+03:00"}
    rows = [{**solved, "ticket": f"T{number}"} for number in range(20)]
    write_rows(desk.tickets, rows)
    desk.put_plans({"solution_hours": "P1=1"})
    code, written, *_said = replays_alike(desk, "--format", "json")
    assert code == 0
    assert b'"name": "solution", "before": {"met": 0, "breached": 20' in written


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04broken", b"\xff\xfet\x00\x00"])
def test_replay_of_what_hardly_is_a_file(desk, content):
    desk.tickets.write_bytes(content)
    assert replays_alike(desk)[0] == 2
    desk.tickets.unlink()
    assert replays_alike(desk)[0] == 2


def triage_for_real(folder: Path, rows: int, *options, **popen):
    """A run of its own, long enough to be disturbed."""
    plans = write_rows(folder / "plans.csv", [PLAN])
    tickets = folder / "tickets.csv"
    lines = (f"T{number}{ROW[4:]}\n" for number in range(rows))
    tickets.write_text(f"{HEADER}\n{''.join(lines)}", encoding="utf-8")
    return subprocess.Popen(
        [
            *(*COMMAND, "triage", tickets, "--plans", plans, "--now", NOW),
            *("--jobs", "2", "--format", "json", *options),
        ],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        **popen,
    )


def hear_interrupts() -> None:
    """Also where these tests run in the background, which a shell makes deaf to them."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def children_of(pid: int) -> list[int]:
    return [
        int(each)
        for task in Path(f"/proc/{pid}/task").iterdir()
        for each in (task / "children").read_text().split()
    ]


def started_workers(process) -> list[int]:
    for _wait in range(600):
        if len(found := children_of(process.pid)) == 2:
            return found
        assert process.poll() is None
        time.sleep(0.02)
    raise AssertionError("no workers")


def are_gone(pids) -> bool:
    for _wait in range(250):
        if not any(Path(f"/proc/{each}").exists() for each in pids):
            return True
        time.sleep(0.02)
    return False


on_linux = pytest.mark.skipif(sys.platform != "linux", reason="needs /proc")


@on_linux
@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGTERM])
def test_a_worker_that_dies_ends_the_command_with_a_sentence(tmp_path, end):
    process = triage_for_real(tmp_path, 60_000, "--output", tmp_path / "out")
    workers = started_workers(process)
    os.kill(workers[1], end)
    stdout, stderr = process.communicate(timeout=120)
    assert (process.returncode, stdout) == (2, "")
    assert stderr.startswith("Error: a process that --jobs started has ended")
    assert not (tmp_path / "out").exists()
    assert not list(tmp_path.glob(".*"))
    assert are_gone(workers)


@on_linux
def test_an_interrupted_run_leaves_nothing_behind(tmp_path):
    process = triage_for_real(
        tmp_path,
        60_000,
        *("--output", tmp_path / "out"),
        start_new_session=True,
        preexec_fn=hear_interrupts,
    )
    workers = started_workers(process)
    os.killpg(process.pid, signal.SIGINT)
    stdout, stderr = process.communicate(timeout=120)
    assert (process.returncode, stdout, stderr.strip()) == (1, "", "Aborted!")
    assert not (tmp_path / "out").exists()
    assert not list(tmp_path.glob(".*"))
    assert are_gone(workers)


@on_linux
def test_workers_end_when_the_command_is_killed(tmp_path):
    process = triage_for_real(tmp_path, 60_000)
    workers = started_workers(process)
    process.kill()
    # Which ends once all that write there have ended.
    _stdout, stderr = process.communicate(timeout=120)
    assert are_gone(workers)
    assert stderr == ""


def test_a_reader_who_had_enough(tmp_path):
    process = triage_for_real(tmp_path, 3_000)
    assert process.stdout.readline().startswith('{"ticket": "T0"')
    process.stdout.close()
    assert process.stderr.read() == ""
    process.stderr.close()
    assert process.wait(timeout=120) in (0, 1)
