"""``docs/names.md`` lists what integrations rely on: all of it, and nothing else."""

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from beesender_support.cli import main
from beesender_support.cli.commands.lint import FIELDS as FIELDS_OF_FINDINGS
from beesender_support.cli.output import FIELDS_WITH_SOLUTION
from beesender_support.files.channels import COLUMNS as COLUMNS_OF_CHANNELS
from beesender_support.files.plans import READERS as COLUMNS_OF_PLANS
from beesender_support.files.tickets import readers_of_tickets
from beesender_support.policy.conversation import choices
from beesender_support.policy.conversation.dialogue import (
    PRIORITY_NOT_ALLOWED,
    PROBLEMS,
)
from beesender_support.policy.conversation.questions import ASKED, KINDS
from beesender_support.policy.lint.codes import SEVERITIES
from beesender_support.policy.replay.summary import FIGURES
from beesender_support.policy.requests.admission import (
    ACCEPTED,
    HELD,
    REASONS,
    REFUSED,
)
from beesender_support.policy.response.response_state import (
    AT_RISK,
    BREACHED,
    DUE,
    MET,
    NONE,
    PAUSED,
    WITHDRAWN,
)
from beesender_support.policy.sold.channels import ANSWER_CHANNELS, CHANNELS

ROOT = Path(__file__).parents[3]
PACKAGE = ROOT / "beesender_support"
RECORDS = PACKAGE / "beesender_support"
PAGE = (ROOT / "docs/names.md").read_text()
NAME = re.compile("`([^`]+)`")
ANY_METHOD = ["GET", "POST"]
COMMANDS = {
    each.code for each in vars(choices).values() if isinstance(each, choices.Choice)
}


def rows_of_page() -> Iterator[tuple[str, str]]:
    """The first two cells of each row."""
    for line in PAGE.splitlines():
        if line.startswith("| "):
            _, first, second, *_ = line.split("|")
            yield first.strip(), second.strip()


ROWS = dict(rows_of_page())


def names_beside(first: str) -> set[str]:
    return set(NAME.findall(ROWS[first]))


def python_files() -> Iterator[Path]:
    for path in PACKAGE.glob("**/*.py"):
        if "tests" not in path.relative_to(PACKAGE).parts:
            yield path


def endpoints_of(path: Path) -> Iterator[tuple[str, list[str]]]:
    """Whitelisted functions of a module by their dotted names, with their methods."""
    module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
    for function in ast.walk(ast.parse(path.read_text())):
        for decorator in getattr(function, "decorator_list", ()):
            if not isinstance(decorator, ast.Call):
                continue
            if ast.unparse(decorator.func) == "frappe.whitelist":
                methods = {
                    each.arg: ast.literal_eval(each.value)
                    for each in decorator.keywords
                }.get("methods", ANY_METHOD)
                yield f"{module}.{function.name}", methods


def test_every_endpoint_and_its_methods():
    endpoints = dict(pair for path in python_files() for pair in endpoints_of(path))
    listed = {
        NAME.fullmatch(first)[1]: second.split(", ")
        for first, second in ROWS.items()
        if "beesender_support.api" in first
    }
    assert endpoints == listed


def records_of(doctype: str) -> dict[str, dict]:
    """The records of the Frappe module that are of ``doctype``, by name."""
    records = (json.loads(path.read_text()) for path in RECORDS.glob("**/*.json"))
    return {each["name"]: each for each in records if each["doctype"] == doctype}


@pytest.mark.parametrize(
    ("row", "is_table"), [("DocTypes", False), ("rows of tables", True)]
)
def test_every_doctype(row, is_table):
    doctypes = records_of("DocType").values()
    assert names_beside(row) == {
        each["name"] for each in doctypes if bool(each.get("istable")) == is_table
    }


@pytest.mark.parametrize(
    ("row", "doctype"), [("workspace", "Workspace"), ("reports", "Report")]
)
def test_every_screen_that_has_a_name(row, doctype):
    assert names_beside(row) == set(records_of(doctype))


def test_every_role():
    roles = {
        node.value.value
        for path in python_files()
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Assign)
        and isinstance(node.value, ast.Constant)
        and ast.unparse(node.targets[0]).endswith("_ROLE")
        and node.value.value.startswith("Beesender ")  # not one of Helpdesk's
    }
    assert names_beside("roles") == roles


def test_every_field_that_is_added_to_tickets():
    added = set()
    for node in ast.walk(ast.parse((PACKAGE / "setup/custom_fields.py").read_text())):
        if isinstance(node, ast.Dict):
            for key, value in zip(node.keys, node.values, strict=True):
                if isinstance(key, ast.Constant) and key.value == "fieldname":
                    added.add(ast.literal_eval(value))
        elif isinstance(node, ast.keyword) and node.arg == "fieldname":
            added.add(ast.literal_eval(node.value))
    listed = {
        name
        for first in ROWS
        for name in NAME.findall(first)
        if name.startswith("beesender_") and "." not in name
    }
    assert added == listed


def test_the_page_of_a_plan_is_where_it_is():
    assert "`/support-plan`" in PAGE
    assert (PACKAGE / "www/support-plan.html").exists()


@pytest.mark.parametrize(
    ("row", "codes"),
    [
        ("verdicts", {ACCEPTED, HELD, REFUSED, "declined"}),
        ("reasons", {*REASONS, "fault"}),
        ("states of a promise", {DUE, AT_RISK, PAUSED, MET, BREACHED, WITHDRAWN, NONE}),
        ("registration channels", set(CHANNELS)),
        ("answer channels", set(ANSWER_CHANNELS)),
        ("columns of tickets", set(readers_of_tickets(None))),
        ("columns of plans", set(COLUMNS_OF_PLANS)),
        ("columns of channels", set(COLUMNS_OF_CHANNELS)),
        ("fields of findings", set(FIELDS_OF_FINDINGS)),
        ("severities of findings", {*SEVERITIES, *map(str.lower, SEVERITIES)}),
        ("fields of decisions", set(FIELDS_WITH_SOLUTION)),
        ("steps of `converse`", {*ASKED, "description_1"}),
        ("kinds of questions", set(KINDS)),
        ("commands of `converse`", COMMANDS),
        ("rules of `converse`", {*PROBLEMS, PRIORITY_NOT_ALLOWED, "not_kept"}),
        ("last object of `replay --format json`", set(FIGURES)),
    ],
)
def test_every_code_and_column(row, codes):
    assert names_beside(row) == codes


def test_every_command():
    said = re.search(r"`beesender-support` with (.+?)\.", PAGE)[1]
    assert set(NAME.findall(said)) == set(main.commands)


def fields_of_payload(name: str, module: str = "payloads") -> set[str]:
    """What the class ``name`` of a payload declares, without importing pydantic."""
    for path in (PACKAGE / "enforcement").glob(f"**/{module}.py"):
        for node in ast.parse(path.read_text()).body:
            if isinstance(node, ast.ClassDef) and node.name == name:
                declared = [
                    each for each in node.body if isinstance(each, ast.AnnAssign)
                ]
                return {ast.unparse(each.target) for each in declared}
    raise LookupError(name)


@pytest.mark.parametrize(
    ("row", "payload"),
    [
        ("`register` takes", "Registration"),
        ("`append` takes", "Message"),
        ("`status` takes", "Question"),
        ("`converse` takes", "Spoken"),
        ("an attachment has", "Attachment"),
    ],
)
def test_everything_that_the_intake_takes(row, payload):
    assert names_beside(row) == fields_of_payload(payload)


def test_everything_that_the_intake_answers():
    """As in the examples of its own page, which are run against a site."""
    page = (ROOT / "docs/intake-api.md").read_text()
    blocks = re.findall(r"```json\n(.+?)```", page, re.S)
    answers = [json.loads(each).get("message") for each in blocks]
    register, append, status, converse = (set(each) for each in answers if each)
    assert names_beside("`register` answers") == register
    assert names_beside("`converse` answers") == converse
    assert names_beside("`append` answers") == append
    assert names_beside("`status` answers") == status


def test_everything_that_a_conversation_answers():
    listed = names_beside("`converse` answers")
    assert listed == fields_of_payload("TurnAnswer", "replies")


def test_what_the_intake_answers_only_where_more_is_promised():
    further = fields_of_payload("_Further", "replies")
    assert names_beside("both answer of more promises") == further
