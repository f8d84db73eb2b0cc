"""What is found about a row has a stable code and a sentence."""

from beesender_support.policy.errors import NoDay
from beesender_support.policy.imports.doubts import (
    GoneThere,
    NotListed,
    finding_of,
)


def test_a_doubt_is_named_by_its_error():
    finding = finding_of(NotListed("customer", "Acme"))
    assert (finding.code, finding.is_doubt) == ("not_listed", True)
    assert "Acme" in str(finding.sentence)
    assert finding_of(NoDay("starts_on", "x")).code == "no_day"


def test_what_is_skipped_is_no_doubt():
    finding = finding_of(GoneThere("status", "Deleted"))
    assert (finding.code, finding.is_doubt) == ("gone_there", False)
