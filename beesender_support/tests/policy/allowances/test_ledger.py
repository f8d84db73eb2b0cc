"""What is granted, reserved, used and left of an allowance in a contract year."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beesender_support.policy.allowances.ledger import (
    CONSUME,
    RELEASE,
    RESERVE,
    Balance,
    Entry,
    Ledger,
    amount_of,
)
from beesender_support.policy.errors import (
    AlreadyGivenBack,
    Negative,
    NoNumber,
    NothingLeft,
    OutOfRange,
    PolicyError,
    UnknownName,
)
from beesender_support.policy.sold.entitlements import COUNT, HOURS


def ledger(*entries: Entry, unit: str = COUNT, granted: int = 2) -> Ledger:
    return Ledger(unit, Decimal(granted), entries)


def reserved(name: str, amount: float = 1) -> Entry:
    return Entry(name, RESERVE, Decimal(str(amount)))


def used(name: str, amount: float = 1, billable: float = 0, **of: str) -> Entry:
    return Entry(name, CONSUME, Decimal(str(amount)), Decimal(str(billable)), **of)


def given_back(name: str, amount: float = 1, **of: str) -> Entry:
    return Entry(name, RELEASE, Decimal(str(amount)), **of)


def figures(balance: Balance) -> tuple[float, ...]:
    """Reserved, used, billable, remaining."""
    return tuple(map(float, (*balance[1:], balance.remaining)))


def test_nothing_is_taken_of_a_new_year():
    assert ledger().is_empty
    assert not ledger(reserved("a")).is_empty
    assert ledger().balance == Balance(Decimal(2))
    assert ledger().balance.remaining == 2


@pytest.mark.parametrize(
    ("entries", "stands"),
    [
        ([reserved("a")], (1, 0, 0, 1)),
        ([used("a")], (0, 1, 0, 1)),
        ([reserved("a"), used("b", reservation="a")], (0, 1, 0, 1)),
        ([reserved("a"), given_back("b", reservation="a")], (0, 0, 0, 2)),
        ([reserved("a", 2), given_back("b", reservation="a")], (1, 0, 0, 1)),
        ([reserved("a", 2), used("b", reservation="a")], (1, 1, 0, 0)),
        ([used("a"), given_back("b", reverses="a")], (0, 0, 0, 2)),
        # A reversed consumption does not open its reservation again.
        (
            [
                reserved("a"),
                used("b", reservation="a"),
                given_back("c", reverses="b"),
            ],
            (0, 0, 0, 2),
        ),
        # More than was reserved closes the reservation, and no more.
        ([reserved("a"), used("b", 2, reservation="a")], (0, 2, 0, 0)),
    ],
)
def test_the_balance_is_what_the_entries_say(entries, stands):
    assert figures(ledger(*entries).balance) == stands


def test_a_lower_tier_leaves_nothing_and_takes_nothing_back():
    balance = ledger(reserved("a"), used("b"), granted=0).balance
    assert (balance.granted, balance.remaining) == (0, 0)
    assert (balance.reserved, balance.used) == (1, 1)


# A number


def test_a_number_is_never_exceeded():
    one_left = ledger(used("a"))
    one_left.reserve(Decimal(1))
    assert one_left.consume(Decimal(1)) == (1, 0)
    for take in (one_left.reserve, one_left.consume):
        with pytest.raises(NothingLeft) as refusal:
            take(Decimal(2))
        assert str(refusal.value) == (
            "amount: 2 is more than is left: 1 of 2 in the contract year."
        )


def test_what_is_reserved_is_not_there_for_others():
    with pytest.raises(NothingLeft):
        ledger(reserved("a"), reserved("b")).consume(Decimal(1))


def test_a_reservation_is_used_when_nothing_else_is_left():
    full = ledger(reserved("a"), reserved("b"))
    assert full.consume(Decimal(1), "a") == (1, 0)
    with pytest.raises(NothingLeft):
        full.consume(Decimal(2), "a")


def test_what_was_reserved_before_a_lower_tier_may_be_used():
    assert ledger(reserved("a"), granted=0).consume(Decimal(1), "a") == (1, 0)


@pytest.mark.parametrize(
    "entries",
    [
        [],
        [used("a")],
        [reserved("a"), used("b", reservation="a")],
        [reserved("a"), given_back("b", reservation="a")],
    ],
)
def test_a_reservation_is_used_or_given_back_once(entries):
    for take in (ledger(*entries).consume, ledger(*entries).release):
        with pytest.raises(AlreadyGivenBack):
            take(Decimal(1), "a")


def test_no_more_is_given_back_than_is_open():
    ledger(reserved("a", 2)).release(Decimal(2), "a")
    with pytest.raises(OutOfRange) as refusal:
        ledger(reserved("a", 2), used("b", reservation="a")).release(Decimal(2), "a")
    assert str(refusal.value) == "amount: 2 is not possible. Give 1 to 1."


def test_a_consumption_is_reversed_once_and_as_a_whole():
    assert ledger(used("a", 2)).reverse("a") == 2
    for entries in (
        [],
        [reserved("a")],
        [used("a"), given_back("b", reverses="a")],
    ):
        with pytest.raises(AlreadyGivenBack):
            ledger(*entries).reverse("a")


# Hours


def hours(*entries: Entry, granted: int = 10) -> Ledger:
    return ledger(*entries, unit=HOURS, granted=granted)


@pytest.mark.parametrize(
    ("entries", "amount", "split"),
    [
        ([], 10, (10, 0)),
        ([], 12, (10, 2)),
        ([used("a", 9.5)], 1.25, (0.5, 0.75)),
        ([used("a", 12, 2)], 1, (0, 1)),
        ([reserved("a", 10)], 1, (0, 1)),
    ],
)
def test_hours_beyond_the_allowance_are_billable(entries, amount, split):
    assert hours(*entries).consume(Decimal(str(amount))) == split


def test_hours_of_a_reservation_are_covered_before_others():
    book = hours(reserved("a", 4), used("b", 6))
    assert book.consume(Decimal(3), "a") == (3, 0)
    assert book.consume(Decimal(5), "a") == (4, 1)


def test_hours_are_reserved_only_as_far_as_they_are_included():
    with pytest.raises(NothingLeft):
        hours().reserve(Decimal("10.01"))
    with pytest.raises(OutOfRange) as refusal:
        hours(reserved("a", 0.5)).release(Decimal(1), "a")
    assert str(refusal.value) == "amount: 1 is not possible. Give 0.01 to 0.5."


def test_what_was_billable_stays_billable_when_others_are_reversed():
    book = hours(used("a", 10), used("b", 2, 2), given_back("c", 10, reverses="a"))
    assert figures(book.balance) == (0, 0, 2, 10)


def test_billable_hours_are_given_back_with_their_consumption():
    book = hours(used("a", 12, 2), given_back("b", 12, reverses="a"))
    assert figures(book.balance) == (0, 0, 0, 10)


# Amounts


@pytest.mark.parametrize(
    ("unit", "typed", "amount"),
    [
        (COUNT, 1, "1"),
        (COUNT, "2", "2"),
        (COUNT, 3.0, "3"),
        (HOURS, "0.25", "0.25"),
        (HOURS, 1.5, "1.50"),
        (HOURS, "0.005", "0.01"),
        (HOURS, 8784, "8784.00"),
    ],
)
def test_an_amount_is_read_as_it_was_typed(unit, typed, amount):
    assert str(amount_of(unit, typed)) == amount


@pytest.mark.parametrize(
    ("unit", "typed", "error"),
    [
        (COUNT, 0, OutOfRange),
        (COUNT, None, OutOfRange),
        (COUNT, "1.5", OutOfRange),
        (COUNT, -1, Negative),
        (COUNT, 10_001, OutOfRange),
        (HOURS, "", OutOfRange),
        (HOURS, "0.004", OutOfRange),
        (HOURS, -0.5, Negative),
        (HOURS, 8785, OutOfRange),
        (HOURS, "an hour", NoNumber),
        (HOURS, "inf", NoNumber),
    ],
)
def test_what_is_no_amount_is_refused(unit, typed, error):
    with pytest.raises(error) as refusal:
        amount_of(unit, typed)
    assert refusal.value.field == "amount"


def test_an_action_nobody_defined_is_refused():
    with pytest.raises(UnknownName):
        Entry("a", "Steal", Decimal(1))


# Against a naive model: a wallet whose pieces are moved about one by one.


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["reserve", "consume", "fulfil", "release", "reverse", "tier"]),
        st.integers(1, 4),
        st.integers(0, 5),
    ),
    max_size=25,
)


class Wallet:
    """Reservations and consumptions in quarters, as open numbers that are moved."""

    def __init__(self, granted: int) -> None:
        self.granted = granted
        self.open: dict[str, int] = {}
        self.spent: dict[str, tuple[int, int]] = {}

    @property
    def left(self) -> int:
        taken = sum(self.open.values()) + sum(own for own, _ in self.spent.values())
        return max(self.granted - taken, 0)


@given(unit=st.sampled_from([COUNT, HOURS]), granted=st.integers(0, 6), steps=STEPS)
def test_the_ledger_agrees_with_a_naive_model_and_a_number_is_never_exceeded(
    unit, granted, steps
):
    wallet, entries = Wallet(granted), []
    most_granted = granted
    for number, (step, amount, which) in enumerate(steps):
        name = f"e{number}"
        book = Ledger(unit, Decimal(wallet.granted), entries)
        of = f"e{which}"
        try:
            if step == "tier":
                wallet.granted = which
                most_granted = max(most_granted, which)
                continue
            if step == "reserve":
                book.reserve(Decimal(amount))
                assert amount <= wallet.left
                wallet.open[name] = amount
                entries.append(reserved(name, amount))
            elif step in ("consume", "fulfil"):
                reservation = of if step == "fulfil" else None
                covered, billable = book.consume(Decimal(amount), reservation)
                drawn = min(wallet.open.get(reservation, 0), amount)
                beyond = max(amount - drawn - wallet.left, 0)
                assert (covered, billable) == (amount - beyond, beyond)
                if reservation:
                    wallet.open[reservation] -= drawn
                wallet.spent[name] = (amount - beyond, beyond)
                of_it = {"reservation": reservation} if reservation else {}
                entries.append(used(name, amount, beyond, **of_it))
            elif step == "release":
                book.release(Decimal(amount), of)
                wallet.open[of] -= amount
                assert wallet.open[of] >= 0
                entries.append(given_back(name, amount, reservation=of))
            else:
                whole = book.reverse(of)
                assert whole == sum(wallet.spent.pop(of))
                entries.append(given_back(name, float(whole), reverses=of))
        except PolicyError:
            covered = wallet.left + wallet.open.get(of, 0) * (step == "fulfil")
            assert (
                (step in ("reserve", "consume", "fulfil") and amount > covered)
                or (step in ("fulfil", "release") and amount > wallet.open.get(of, 0))
                or (step == "reverse" and of not in wallet.spent)
            )
            assert not (unit == HOURS and step == "consume")
        balance = Ledger(unit, Decimal(wallet.granted), entries).balance
        assert balance.reserved == sum(wallet.open.values())
        assert balance.used == sum(own for own, _ in wallet.spent.values())
        assert balance.billable == sum(beyond for _, beyond in wallet.spent.values())
        assert balance.remaining == wallet.left
        assert balance.reserved + balance.used <= most_granted
        assert unit == HOURS or not balance.billable
