"""Exports of other systems become files that ``triage`` reads and decides."""

import csv
import json

import pytest
from openpyxl import Workbook

from beesender_support.cli.commands.imports import COLUMNS, REPORT
from beesender_support.tests.cli.command import run

ACCOUNTS = "Name;Type;Web\nAcme Telecom;Customer;https://www.acme.example.com/x\n"
CONTACTS = (
    "Full name;Account;Email;Mobile phone\n"
    "Anna Smith;Acme Telecom;anna@acme.example.com;+7 900\n"
)
AGREEMENTS = (
    "Number;Account;Support package;Start date;Expiration date;Status;Contacts\n"
    "7;Acme Telecom;Gold;01.01.2026;31.12.2026;Active;Anna Smith\n"
)
CASES = (
    "Number;Subject;Account;Contact;Category;Priority;Origin;Registration date;"
    "Actual response time\n"
    "SR1;=1+1;Acme Telecom;Anna Smith;Incident;Critical;Email;20.11.2026 17:30;"
    "20.11.2026 18:00\n"
)
MAPPING = {"words": {"tier": {"Gold": "Premium"}}, "defaults": {"time_zone": "GMT+3"}}


class Moving:
    """A folder with exports of a system, and what was made of them."""

    def __init__(self, folder):
        self.folder = folder
        self.out = folder / "out"

    def put(self, name, text, encoding="utf-8"):
        path = self.folder / name
        path.write_bytes(text.encode(encoding))
        return path

    def put_creatio(self, cases=CASES):
        texts = {"cases": cases, "accounts": ACCOUNTS, "contacts": CONTACTS}
        files = [self.put(f"{name}.csv", text) for name, text in texts.items()]
        return [*files, self.put("agreements.csv", AGREEMENTS)]

    def run(self, source, *arguments, status=0, stored=MAPPING):
        mapping = self.put("mapping.json", json.dumps(stored))
        options = ["--mapping", mapping, "--time-zone", "GMT+3", "--out", self.out]
        result = run("import", source, *arguments, *options)
        assert "Traceback" not in result.stderr
        assert result.exit_code == status, result.stdout + result.stderr
        return result

    def made(self, kind):
        with open(self.out / f"{kind}.csv", encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    def reasons(self):
        return [
            (each["row"], each["outcome"], each["reason"]) for each in self.made(REPORT)
        ]

    def decisions(self):
        files = self.out / "tickets.csv", "--plans", self.out / "plans.csv"
        result = run(
            "triage", *files, "--now", "2026-11-23T12:00:00Z", "--format", "json"
        )
        assert (result.exit_code, result.stderr) == (0, "")
        return list(map(json.loads, result.stdout.splitlines()))


@pytest.fixture
def moving(tmp_path):
    return Moving(tmp_path)


def test_exports_of_creatio_are_decided_by_triage(moving):
    result = moving.run("creatio", *moving.put_creatio())
    assert "tickets: 1 made, 0 skipped, 0 in doubt." in result.stdout
    assert moving.made(REPORT) == []
    (customer,) = moving.made("customers")
    assert customer["domain"] == "acme.example.com"
    (decision,) = moving.decisions()
    assert (decision["verdict"], decision["tier"]) == ("accepted", "Premium")
    assert (decision["priority"], decision["response_state"]) == ("P1", "met")
    assert decision["response_due"] == "2026-11-20T18:30:00+03:00"


def test_files_of_a_russian_excel(moving):
    contacts = (
        "ФИО;Контрагент;Email\nАнна Смирнова;ООО «Пример»;anna@primer.example.com\n"
    )
    cases = (
        "Номер;Тема;Контрагент;Контакт;Категория;Приоритет;Происхождение;"
        "Дата регистрации\n"
        "SR1;Сбой;ООО «Пример»;Анна Смирнова;Инцидент;Высокий;Портал;20.11.2026 17:30\n"
    )
    files = [
        moving.put("контакты.csv", contacts, "cp1251"),
        moving.put("обращения.csv", cases, "cp1251"),
    ]
    moving.run("creatio", *files, "--encoding", "cp1251")
    (ticket,) = moving.made("tickets")
    assert ticket["contact"] == "anna@primer.example.com"
    assert (ticket["priority"], ticket["channel"]) == ("P2", "portal")
    assert ticket["opened_at"] == "2026-11-20T14:30:00+00:00"


def test_a_workbook(moving):
    book = Workbook()
    for line in CASES.splitlines():
        book.active.append(line.split(";"))
    path = moving.folder / "cases.xlsx"
    book.save(path)
    *others, _cases = reversed(moving.put_creatio())
    moving.run("creatio", path, *others)
    assert [each["ticket"] for each in moving.made("tickets")] == ["SR1"]


def test_exports_of_zendesk(moving):
    organizations = "name,external_id,domain\nAcme,9,acme.example.com\n"
    users = (
        "name,email,external_id,organization,role\n"
        "Anna,anna@acme.example.com,7,Acme,end-user\n"
        "Agent,agent@support.example.com,8,,agent\n"
    )
    tickets = (
        "Id,Requester,Requester email,Subject,Status,Priority,Via,Ticket type,Created at,"
        "Organization,Solved at,First reply time in minutes\n"
        "1,Anna,anna@acme.example.com,Down,Solved,Urgent,Mail,Incident,2026-11-20 17:30,"
        "Acme,2026-11-21 09:00,12\n"
        "2,Anna,anna@acme.example.com,Gone,Deleted,-,Mail,-,2026-11-20 17:30,Acme,,\n"
    )
    files = [
        moving.put("tickets.csv", tickets),
        moving.put("users.csv", users),
        moving.put("organizations.csv", organizations),
    ]
    moving.run("zendesk", *files)
    (ticket,) = moving.made("tickets")
    assert ticket["first_responded_at"] == "2026-11-20T14:42:00+00:00"
    assert ticket["resolved_at"] == "2026-11-21T06:00:00+00:00"
    assert (ticket["category"], ticket["priority"]) == ("Incident", "P1")
    assert moving.reasons() == [
        ("3", "skipped", "of_the_staff"),
        ("3", "skipped", "gone_there"),
    ]


def test_exports_of_jira_repeat_columns(moving):
    customers = "Display name,Email,Organization\nAnna,anna@acme.example.com,Acme\n"
    issues = (
        "Summary,Issue key,Issue Type,Priority,Reporter,Created,Resolved,"
        "Custom field (Organizations),Custom field (Organizations),Comment,Comment\n"
        '"Down, again",SUP-1,[System] Incident,Highest,Anna,20/Nov/26 5:30 PM,,,Acme,a,b\n'
    )
    files = [moving.put("issues.csv", issues), moving.put("people.csv", customers)]
    moving.run("jira", *files, stored={"defaults": {"channel": "portal"}})
    (ticket,) = moving.made("tickets")
    assert (ticket["ticket"], ticket["customer"]) == ("SUP-1", "Acme")
    assert (ticket["contact"], ticket["priority"]) == ("anna@acme.example.com", "P1")


def test_rows_in_doubt_are_told_with_their_number_and_the_others_made(moving):
    more = (
        "SR2;x;Acme Telecom;Nobody;Incident;Odd;Email;3/4/2026 10:00;\n"
        "SR1;again;Acme Telecom;;Incident;Low;Email;20.11.2026 17:30;\n"
    )
    result = moving.run("creatio", *moving.put_creatio(CASES + more), status=1)
    assert "tickets: 1 made, 1 skipped, 1 in doubt." in result.stdout
    assert "report.csv" in result.stdout
    assert moving.reasons() == [
        ("3", "in doubt", "not_listed"),
        ("3", "in doubt", "unknown_name"),
        ("3", "in doubt", "ambiguous_date"),
        ("4", "skipped", "repeated_row"),
    ]
    assert len(moving.decisions()) == 1


def test_a_row_that_is_no_text_is_in_doubt(moving):
    cases = CASES.encode() + b"SR2;\xff;Acme Telecom;;Incident;Low;Email;20.11.2026;\n"
    path = moving.folder / "broken.csv"
    path.write_bytes(cases)
    moving.run(
        "creatio", path, moving.put("accounts.csv", ACCOUNTS), status=1, stored={}
    )
    assert ("3", "in doubt", "unreadable") in moving.reasons()


def test_what_is_made_is_read_again_as_it_was(moving):
    moving.run("creatio", *moving.put_creatio())
    text = (moving.out / "tickets.csv").read_text(encoding="utf-8")
    assert ",'=1+1\n" in text
    assert "'+7 900" in (moving.out / "contacts.csv").read_text(encoding="utf-8")


def test_the_same_twice_is_the_same(moving):
    files = moving.put_creatio()
    moving.run("creatio", *files)
    before = {each.name: each.read_bytes() for each in moving.out.iterdir()}
    moving.run("creatio", *reversed(files))
    assert {each.name: each.read_bytes() for each in moving.out.iterdir()} == before
    assert set(before) == {f"{each}.csv" for each in (*COLUMNS, REPORT)}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a,b\n1,2\n", "columns"),
        ("", "no rows"),
        ("Name;Number;Start date;Status\nx;1;;\n", "plans with customer"),
        ("<html>", "web page"),
    ],
)
def test_a_file_that_is_no_export_writes_nothing(moving, text, said):
    result = moving.run("creatio", moving.put("odd.csv", text), status=2)
    assert said in result.stderr
    assert "odd.csv" in result.stderr
    assert not moving.out.exists()


def test_a_kind_may_be_said(moving):
    path = moving.put("accounts.csv", ACCOUNTS)
    moving.run("creatio", f"customers={path}")
    assert len(moving.made("customers")) == 1
    result = moving.run("creatio", f"tickets={path}", status=2)
    assert "opened_at" in result.stderr


@pytest.mark.parametrize(
    ("stored", "said"),
    [
        ("{", "is not JSON"),
        ("[]", "mapping"),
        ('{"words": {"colour": {}}}', "colour"),
        ('{"dates": "backwards"}', "day first"),
    ],
)
def test_a_mapping_that_means_nothing(moving, stored, said):
    mapping = moving.put("bad.json", stored)
    path = moving.put("accounts.csv", ACCOUNTS)
    result = run("import", "creatio", path, "--mapping", mapping, "--out", moving.out)
    assert result.exit_code == 2
    assert said in result.stderr
    assert not moving.out.exists()


def test_no_input_is_written_over(moving):
    moving.out.mkdir()
    path = moving.out / "customers.csv"
    path.write_text(ACCOUNTS)
    result = moving.run("creatio", path, status=2)
    assert "would be lost" in result.stderr
    assert path.read_text() == ACCOUNTS


def test_places_that_are_not_there(moving):
    result = moving.run("creatio", moving.folder / "nothing.csv", status=2)
    assert "cannot be read" in result.stderr
    moving.out.write_text("a file")
    result = moving.run("creatio", moving.put("a.csv", ACCOUNTS), status=2)
    assert "is a file" in result.stderr
    result = run(
        *("import", "creatio", moving.folder / "a.csv"),
        *("--mapping", moving.folder / "no.json", "--out", moving.folder / "new"),
    )
    assert result.exit_code == 2
    assert "cannot be read" in result.stderr
