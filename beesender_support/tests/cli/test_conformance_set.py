"""The published set: its form, that each case counts, and that others can run it."""

import json
import re
import sys
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from beesender_support.cli.cases import KINDS
from beesender_support.cli.commands.conformance import PUBLISHED
from beesender_support.tests.cli.command import run, run_for_real, run_python

ROOT = Path(__file__).parents[3]
FILES = sorted((PUBLISHED / "cases").glob("*.json"))
CASES = [case for file in FILES for case in json.loads(file.read_text())]
SCHEMA = json.loads((PUBLISHED / "cases.schema.json").read_text())
VERSION = (PUBLISHED / "VERSION").read_text().strip()
README = (PUBLISHED / "README.md").read_text()
RUNNER = ROOT / "examples" / "conformance_runner.py"


def test_the_schema_is_one():
    Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_file_is_of_the_form_that_the_schema_says(file):
    Draft202012Validator(SCHEMA).validate(json.loads(file.read_text()))


@pytest.mark.parametrize("case", [CASES[0], CASES[-1]], ids=lambda case: case["id"])
def test_the_schema_refuses_what_is_no_case(case):
    validator = Draft202012Validator(SCHEMA)
    for name in case:
        if name != "about" or case["op"] == "admit":
            rest = {each: value for each, value in case.items() if each != name}
            assert not validator.is_valid([rest]), name
    assert not validator.is_valid([{**case, "more": 1}])
    assert not validator.is_valid([{**case, "op": "guess"}])
    assert not validator.is_valid([])


def test_every_case_has_a_name_of_its_own():
    names = [case["id"] for case in CASES]
    assert len(set(names)) == len(names)
    assert {case["origin"] for case in CASES} == set(
        SCHEMA["$defs"]["add"]["properties"]["origin"]["enum"]
    )


def test_the_policy_agrees_with_every_case():
    result = run("conformance")
    lines = result.stdout.splitlines()
    assert result.exit_code == 0
    assert lines[0] == f"Conformance set {VERSION}"
    assert [line.split(":")[0].strip() for line in lines[1:-1]] == list(KINDS.values())
    assert lines[-1] == f"{len(CASES)} of {len(CASES)} cases agree."


def changed(expected):
    """Another answer than the one that is right."""
    if isinstance(expected, dict):
        other = {"accepted": "held", "held": "refused", "refused": "accepted"}
        return {**expected, "verdict": other[expected["verdict"]]}
    if isinstance(expected, list):
        if not expected:
            return [{"due": None, "state": "none", "used": None, "late": None}]
        late = expected[-1]["late"]
        return [*expected[:-1], {**expected[-1], "late": (late or 0) + 1}]
    if isinstance(expected, str):
        return (datetime.fromisoformat(expected) + timedelta(seconds=1)).isoformat()
    return expected + 1


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_every_case_is_checked(tmp_path, case):
    file = tmp_path / "case.json"
    file.write_text(json.dumps([{**case, "expect": changed(case["expect"])}]))
    result = run("conformance", file, "--format", "json")
    assert result.exit_code == 1
    said = json.loads(result.stdout)
    (difference,) = said["differences"]
    assert (said["cases"], said["agree"]) == (1, 0)
    assert (difference["id"], difference["case"]) == (case["id"], 1)
    assert difference["kind"] == KINDS[case["op"]]
    assert difference["expected"] != difference["got"]


@pytest.mark.parametrize("part", ["reason", "plan"])
def test_of_a_verdict_each_part_is_checked(tmp_path, part):
    file = tmp_path / "case.json"
    case = next(each for each in CASES if each["op"] == "admit")
    other = {"reason": "no_plan", "plan": 1}[part]
    file.write_text(json.dumps([{**case, "expect": {**case["expect"], part: other}}]))
    result = run("conformance", file)
    assert result.exit_code == 1
    assert "accepted, by plan 0, expected accepted" in result.stdout


@pytest.mark.parametrize(
    "changes",
    [
        {"plans": 5},
        {"plans": [{}]},
        {"expect": {"verdict": "held"}},
        {"expect": 1},
        {"at": "2026-11-23"},
        {"contact": 5},
    ],
)
def test_an_admission_that_is_no_case_is_told(tmp_path, changes):
    file = tmp_path / "case.json"
    case = next(each for each in CASES if each["op"] == "admit")
    file.write_text(json.dumps([{**case, **changes}]))
    result = run("conformance", file)
    assert (result.exit_code, result.stdout) == (2, "")
    assert f"{file}, case 1: " in result.stderr
    assert "Traceback" not in result.stderr


def test_as_data_the_set_says_its_version_and_kinds():
    said = json.loads(run("conformance", "--format", "json").stdout)
    assert said["version"] == VERSION
    assert said["cases"] == said["agree"] == len(CASES)
    assert list(said["kinds"]) == list(KINDS.values())
    assert said["differences"] == []


def test_the_set_is_found_from_anywhere(tmp_path):
    result = run_for_real("conformance", cwd=tmp_path, env={"PYTHONPATH": str(ROOT)})
    assert result.returncode == 0, result.stderr


def test_its_own_changelog_ends_with_its_version():
    changes = (PUBLISHED / "CHANGELOG.md").read_text()
    assert re.findall(r"^## (\S+)", changes, re.M)[0] == VERSION


def test_the_folder_on_top_is_the_one_that_is_packaged():
    assert (ROOT / "conformance").resolve() == PUBLISHED.resolve()


def test_the_case_that_is_told_step_by_step_is_one_of_the_set():
    example = json.loads(re.search(r"```json\n(.+?)```", README, re.S)[1])
    assert example in CASES


def test_the_readme_names_every_file_and_origin():
    assert all(f"`{file.name}`" in README for file in FILES)
    assert all(f"| `{case['origin']}` |" in README for case in CASES)


ANSWERS_AS_EXPECTED = """
import json, sys
known = {case["id"]: case["expect"] for name in sys.argv[2:] for case in json.load(open(name))}
for line in sys.stdin:
    case = json.loads(line)
    assert case["expect"] is None
    answer = known[case["id"]]
    if sys.argv[1] == "few" and case["op"] != "add":
        answer = None
    if sys.argv[1] == "wrong" and case["id"] == "working-days-001":
        answer = "2021-02-20T12:30:00Z"
    print(json.dumps(answer))
"""


@pytest.mark.parametrize(
    ("manner", "status", "said"),
    [
        ("right", 0, f"{len(CASES)} of {len(CASES)} cases agree, 0 left out."),
        ("few", 0, " left out."),
        (
            "wrong",
            1,
            "working-days-001: expected 2021-02-20T12:30:00+03:00, got"
            " 2021-02-20T12:30:00Z",
        ),
    ],
)
def test_any_program_can_be_asked(tmp_path, manner, status, said):
    program = tmp_path / "program.py"
    program.write_text(ANSWERS_AS_EXPECTED)
    asked = sys.executable, program, manner, *FILES
    result = run_python(RUNNER, *FILES, "--", *asked)
    assert result.returncode == status, result.stderr
    assert said in result.stdout


def test_the_runner_says_how_it_is_called():
    result = run_python(RUNNER)
    assert result.returncode == 1
    assert "CASES.json... -- COMMAND" in result.stderr


@pytest.mark.parametrize("style", ["text", "json"])
def test_what_no_terminal_can_show_is_told_escaped(tmp_path, style):
    case = next(each for each in CASES if each["op"] == "admit")
    wrong = {**case, "id": "\ud800", "expect": {**case["expect"], "verdict": "\ud800"}}
    file = tmp_path / "cases.json"
    file.write_text(json.dumps([wrong]), encoding="utf-8")
    result = run_for_real("conformance", file, "--format", style)
    assert (result.returncode, result.stderr) == (1, "")
    assert "\\ud800" in result.stdout
