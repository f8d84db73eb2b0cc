"""Plans with exceptions, and the channels of a site: ``triage --channels``."""

import pytest

from beesender_support.tests.cli.command import write_rows


def test_hours_agreed_for_a_plan_count_instead_of_its_tiers(desk):
    desk.put_plans({"first_answer_hours": "P1=1"})
    record = desk.decide_one()
    # Friday 17:30 to 18:00, and half an hour of Monday.
    assert record["response_due"] == "2026-11-23T09:30:00+03:00"
    assert "within 1 h" in record["explanation"]


def test_priorities_that_are_not_named_have_the_hours_of_the_tier(desk):
    desk.put_plans({"first_answer_hours": "P1=1"})
    agreed = desk.decide_one(priority="P2")
    desk.put_plans({})
    assert agreed == desk.decide_one(priority="P2")


@pytest.mark.parametrize(
    ("windows", "due"),
    [
        ("24/7", "2026-11-20T21:30:00+03:00"),
        ("Mon-Sun 09:00-18:00", "2026-11-21T12:30:00+03:00"),
        ("mon-fri 9:00-18:00; Saturday 10:00\u201312:00", "2026-11-23T10:30:00+03:00"),
        ("Fri-Mon 20:00-02:00", "2026-11-21T00:00:00+03:00"),
        ("Fri-Mon 20:00-26:00", "2026-11-21T00:00:00+03:00"),
        ("", "2026-11-23T12:30:00+03:00"),
    ],
)
def test_support_hours_agreed_for_a_plan(desk, windows, due):
    desk.put_plans({"support_windows": windows})
    assert desk.decide_one()["response_due"] == due


def test_a_contact_limit_agreed_for_a_plan(desk):
    desk.put_plans({"authorized_contact_limit": "1"})
    result = desk.triage()
    assert result.stderr == (
        f"{desk.plans}, row 2: warning: authorized_contacts: 2 contacts, Basic includes"
        " 1.\n"
    )


@pytest.mark.parametrize(
    ("column", "cell", "said"),
    [
        ("first_answer_hours", "P1", "first_answer_hours"),
        ("first_answer_hours", "P9=1", "first_answer_hours"),
        ("first_answer_hours", "P1=0", "first_answer_hours"),
        ("first_answer_hours", "P1=1;P1=2", "first_answer_hours"),
        ("support_windows", "09:00-18:00", "24/7, or days with their hours"),
        ("support_windows", "Mon 9-18", "24/7, or days with their hours"),
        ("support_windows", "Mon-Foo 09:00-18:00", "24/7, or days with their hours"),
        ("support_windows", "Mon 09:00-49:00", "24/7, or days with their hours"),
        ("support_windows", "Mon 09:00-09:00", "support_windows"),
        ("support_windows", "Mon 09:00-18:00;Mon 17:00-19:00", "support_windows"),
        ("support_windows", "Mon 09:00:00-09:00:30", ""),
        ("authorized_contact_limit", "-1", "authorized_contact_limit"),
        ("authorized_contact_limit", "two", "authorized_contact_limit"),
        ("authorized_contact_limit", "1.5", "authorized_contact_limit"),
        ("registration_channels", "fax", "registration_channels"),
    ],
)
def test_what_cannot_be_agreed_is_a_fault(desk, column, cell, said):
    desk.put_plans({column: cell})
    (fault,) = desk.faults()
    assert fault.startswith(f"{desk.plans}, row 2: ")
    assert said in fault


def channels_in(desk, *rows):
    return "--channels", write_rows(desk.folder / "channels.csv", rows)


PORTAL = {"channel": "portal", "takes_requests": "yes", "enabled": ""}
SMS = {"channel": "SMS", "takes_requests": "yes", "enabled": "yes"}


def test_a_channel_of_the_site_is_known(desk):
    options = channels_in(desk, PORTAL, SMS)
    desk.put_plans({"registration_channels": "sms"})
    record = desk.decide_one(*options, channel="sms")
    assert record["verdict"] == "accepted"
    refused = desk.decide_one(*options, channel="portal")
    assert refused["reason"] == "channel_not_in_plan"
    assert "by SMS" in refused["explanation"]
    assert desk.decide_one(*options, channel="agent")["verdict"] == "accepted"


@pytest.mark.parametrize("change", [{"enabled": "0"}, {"takes_requests": "No"}])
def test_a_channel_that_takes_no_requests_now(desk, change):
    options = channels_in(desk, PORTAL, {**SMS, **change})
    desk.put_plans({"registration_channels": "SMS;portal"})
    record = desk.decide_one(*options, channel="SMS")
    assert record["reason"] == "channel_not_in_plan"


def test_a_shipped_channel_that_the_site_retired(desk):
    record = desk.decide_one(
        *channels_in(desk, {**PORTAL, "enabled": "no"}), channel="portal"
    )
    assert record["reason"] == "channel_not_in_plan"


def test_a_channel_that_is_not_in_the_file_is_a_fault(desk):
    (fault,) = desk.faults(*channels_in(desk, PORTAL))
    assert fault.endswith("channel: 'email' is not known. Allowed: portal, agent.")


@pytest.mark.parametrize(
    ("rows", "faults"),
    [
        ([PORTAL, {**SMS, "takes_requests": "maybe"}, {**SMS, "channel": ""}], 2),
        ([PORTAL, {**PORTAL, "channel": "Portal"}], 1),
        ([{**SMS, "channel": "agent"}], 1),
        ([{**SMS, "channel": "a;b"}], 1),
        ([{**SMS, "takes_requests": ""}], 1),
        ([{"channel": "portal"}], 1),
    ],
)
def test_every_fault_of_the_channels_is_named(desk, rows, faults):
    said = desk.faults(*channels_in(desk, *rows))
    assert len(said) == faults
    assert all(str(desk.folder / "channels.csv") in each for each in said)


def test_a_file_that_names_no_channel(desk):
    columns = ("channel", "takes_requests")
    path = write_rows(desk.folder / "channels.csv", [], columns)
    assert desk.faults("--channels", path) == [f"{path}: names no channel."]


def test_a_file_of_channels_that_is_not_there(desk):
    path = desk.folder / "none.csv"
    (fault,) = desk.faults("--channels", path)
    assert fault == f"{path}: cannot be read: No such file or directory"


def test_the_channels_are_not_written_over(desk):
    _option, path = options = channels_in(desk, PORTAL)
    result = desk.triage(*options, "--output", path)
    assert result.exit_code == 2
    assert "is also an input" in result.stderr
