"""``recount``: decision records counted again without the site that exported them."""

import json
from zipfile import ZipFile

import pytest

from beesender_support.tests.cli.command import run, run_for_real
from beesender_support.tests.policy.audit.records import (
    make_record,
    on_paper,
    whole_life,
)

OTHER = "2026-11-30T12:00:00Z"


@pytest.fixture
def put(tmp_path):
    def write(name, plain):
        file = tmp_path / name
        file.write_text(plain if isinstance(plain, str) else json.dumps(plain))
        return file

    return write


def tampered():
    plain = on_paper(whole_life())
    plain["stored"]["solution"]["due_at"] = OTHER
    return plain


def test_a_clean_record_ends_well_and_says_what_was_checked(put):
    result = run("recount", put("a.json", on_paper(whole_life())))
    assert (result.exit_code, result.stderr) == (0, "")
    assert "Tickets: 1. Values checked: 36. Tickets that differ: 0." in result.stdout


def test_a_difference_names_ticket_and_target_and_explains_the_deadline(put):
    result = run("recount", put("a.json", tampered()))
    assert result.exit_code == 1
    first, *lines = result.stdout.splitlines()
    assert first == (
        "ticket '42': stored.solution.due_at:"
        " stored '2026-11-30T12:00:00Z', recounted '2026-11-25T07:30:00Z'"
    )
    assert "solves P1 within 16 h" in lines[0]
    assert any("not counted: paused" in line for line in lines)


def test_as_json_there_is_an_object_a_ticket_and_one_of_all(put):
    result = run("recount", put("a.json", tampered()), "--format", "json")
    assert result.exit_code == 1
    ticket, total = map(json.loads, result.stdout.splitlines())
    (difference,) = ticket["differences"]
    assert difference["place"] == "stored.solution.due_at"
    assert ticket["explanation"][0]["passages"][0]["support_seconds"] == 1800
    assert (total["tickets"], total["differing"]) == (1, 1)


@pytest.mark.parametrize("text", ["[{0}, {1}]", "{0}\n\n{1}\n", "\ufeff[{0},{1}]"])
def test_a_file_holds_a_list_or_one_a_line(put, text):
    plain = (json.dumps(on_paper(each)) for each in (make_record(), whole_life()))
    text = text.replace("{0}", next(plain)).replace("{1}", next(plain))
    result = run("recount", put("many.json", text))
    assert result.exit_code == 0
    assert "Tickets: 2." in result.stdout


def test_many_files_are_checked_at_once_and_the_standard_input(put):
    file = put("a.json", on_paper(make_record()))
    result = run_for_real("recount", file, "-", input=json.dumps(tampered()))
    assert result.returncode == 1
    assert "Tickets: 2." in result.stdout


def test_what_a_record_lacks_is_said(put):
    plain = on_paper(make_record())
    plain["incomplete"] = [{"code": "events_not_kept", "about": None}]
    for about in ("a log", "another log"):
        plain["incomplete"].append({"code": "snapshot_not_kept", "about": about})
    file = put("a.json", plain)
    said = run("recount", file).stdout
    assert "ticket '42': incomplete: events_not_kept\n" in said
    assert "ticket '42': incomplete: snapshot_not_kept ('a log')" in said
    as_json = run("recount", file, "--format", "json").stdout.splitlines()
    codes = ["events_not_kept", "snapshot_not_kept"]
    assert json.loads(as_json[0])["incomplete"] == codes


def test_another_time_zone_database_is_said(put):
    plain = on_paper(make_record())
    plain["terms"]["time_zone_database"] = "2019a"
    assert "'2019a'" in run("recount", put("a.json", plain)).stdout


def test_a_record_that_no_policy_knows_is_refused_with_every_fault(put):
    plain = on_paper(whole_life())
    plain["stored"]["solution"]["state"] = "Met"
    plain["answered_at"] = "2026-11-23T09:10:00+03:00"
    result = run("recount", put("a.json", plain))
    assert (result.exit_code, result.stdout) == (2, "")
    assert len(result.stderr.splitlines()) == 2
    assert "a.json, record 1: answered_at: " in result.stderr
    assert "stored.solution.state: 'Met'" in result.stderr


@pytest.mark.parametrize(
    ("name", "value"),
    [("response_targets", {"P1": -1}), ("time_zone", "Mars/Olympus")],
)
def test_terms_that_cannot_be_counted_with_are_refused(put, name, value):
    plain = on_paper(make_record())
    plain["terms"][name] = value
    result = run("recount", put("a.json", plain))
    assert (result.exit_code, result.stdout) == (2, "")
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize("text", ["", "nonsense", "[]", "{}\nnonsense", "[" * 100_000])
def test_what_is_no_record_is_refused(put, text):
    result = run("recount", put("a.json", text))
    assert (result.exit_code, result.stdout) == (2, "")
    assert "a.json" in result.stderr


def test_the_zip_of_a_customer_is_read_as_it_is(tmp_path):
    file = tmp_path / "all.zip"
    with ZipFile(file, "w") as archive:
        lines = (json.dumps(on_paper(each)) for each in (make_record(), whole_life()))
        archive.writestr("decisions.jsonl", "\n".join(lines))
    assert "Tickets: 2." in run("recount", file).stdout


@pytest.mark.parametrize("character", ["\u2028", "\u2029", "\u0085"])
def test_a_line_ends_where_json_says_so(put, character):
    plain = on_paper(whole_life())
    plain["ticket"]["category"] = f"Chats{character}and calls"
    line = json.dumps(plain, ensure_ascii=False)
    result = run("recount", put("a.jsonl", f"{line}\r\n\n{line}\n"))
    assert result.stderr == ""
    assert "Tickets: 2." in result.stdout


def test_half_a_zip_is_refused(tmp_path):
    file = tmp_path / "all.zip"
    file.write_bytes(b"PK\x03\x04 and no more")
    result = run("recount", file)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "cannot be read" in result.stderr


def test_a_file_that_is_not_there_is_refused(tmp_path):
    result = run("recount", tmp_path / "none.json")
    assert result.exit_code == 2
    assert "cannot be read" in result.stderr


def test_bytes_that_are_no_text_are_refused(tmp_path):
    file = tmp_path / "a.json"
    file.write_bytes(b"\xff\xfe{")
    assert run("recount", file).exit_code == 2
