"""A conversation answer by answer: never stuck, and no answer lost."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from beesender_support.policy.conversation.answers import (
    ASKING,
    CANCELLED,
    DONE,
    SENT,
    Conversation,
)
from beesender_support.policy.conversation.dialogue import (
    ADDS,
    BEGINS,
    NOTHING,
    SENDS,
    TELLS,
    Said,
    begin,
    take,
)
from beesender_support.policy.conversation.questions import question_at
from beesender_support.policy.conversation.understanding import as_compared
from beesender_support.policy.sentences import Name
from beesender_support.policy.sold.categories import Category, PriorityRule
from beesender_support.tests.policy.conversation.talk import (
    ALL_ANSWERS,
    NOTHING_OFFERED,
    OF_IMPACT,
    OFFERED,
    READERS,
    Person,
    file,
    ready,
)

MEGABYTE = 1024 * 1024


# From the beginning to the end


def test_everything_that_was_answered_is_in_the_conversation():
    said = ready().conversation
    assert (said.category, said.priority, said.subject) == (
        "Incident",
        "P2",
        "No chats",
    )
    assert dict(said.described) == {
        "What happens?": "Nothing appears",
        "Since when?": "Since noon",
    }
    assert (said.has_said_files, said.has_access) == (True, False)


def test_sending_is_asked_for_and_then_done_once():
    person = ready().say("send")
    assert person.turn.action == SENDS
    assert person.conversation.stage == SENT
    person.say("And another thing")
    assert (person.turn.action, person.turn.text) == (ADDS, "And another thing")


def test_access_details_are_handed_on_and_shown_in_no_traceback():
    person = Person().say(*ALL_ANSWERS[:6], " root / secret ")
    assert (person.turn.answered, person.turn.text) == ("access", "root / secret")
    assert "secret" not in f"{person.turn!r} {Said('root / secret')!r}"
    assert person.say("change", "access", "go_on").turn.text == ""
    assert person.conversation.has_access is True


def test_the_answer_says_which_step_it_answered():
    assert Person().say("Incident").turn.answered == "category"
    assert Person().say("nonsense").turn.answered is None


@pytest.mark.parametrize("words", [("Да", "Отправить"), ("1", "1")])
def test_the_other_language_and_numbers_will_do(words):
    assert ready().say(words[1]).turn.action == SENDS


# What cannot be taken


@pytest.mark.parametrize(
    ("before", "text", "rule", "said"),
    [
        (
            (),
            "x",
            "not_understood",
            "Please choose one of these: Incident, Consultation.",
        ),
        ((), "", "empty", "Please write something."),
        ((), "\x00 ", "empty", "Please write something."),
        ((), "back", "first", "This is the first question."),
        ((), "go_on", "required", "Support needs an answer to this question."),
        (
            ("Consultation",),
            "P1",
            "priority_not_allowed",
            "Consultation allows these priorities: P3, P4. Please choose one of them.",
        ),
        (
            ("Consultation",),
            "P9",
            "not_understood",
            "Please choose one of these: P3, P4.",
        ),
        (
            ALL_ANSWERS[:2],
            "x" * 141,
            "too_long",
            "That is 141 characters. Please write at most 140.",
        ),
        (ALL_ANSWERS[:3], "go_on", "required", None),
        (ALL_ANSWERS[:3], "x" * 40_001, "too_long", None),
        (ALL_ANSWERS[:5], "no", "file_expected", "Please send a file, or say “Go on”."),
        (ALL_ANSWERS[:6], "x" * 10_001, "too_long", None),
        (ALL_ANSWERS, "perhaps", "not_understood", None),
    ],
)
def test_what_is_not_taken_changes_nothing_and_says_what_to_do(
    before, text, rule, said
):
    person = Person().say(*before)
    asked, conversation = person.asked, person.conversation
    person.say(text)
    assert person.rule == rule
    assert said in (None, person.said())
    assert (person.asked, person.conversation) == (asked, conversation)


def test_a_known_priority_of_the_category_is_no_refusal():
    """Also where its choice is called otherwise."""
    category = Category(
        "Incident", True, (PriorityRule("P1", True), PriorityRule("P2"))
    )
    person = Person(replace(OFFERED, categories=(category,))).say("Incident", "p2")
    assert person.conversation.priority == "P2"


def test_all_answers_together_have_room():
    person = Person().say(*ALL_ANSWERS[:3], "x" * 39_990)
    assert person.say("y" * 11).rule == "too_long"
    assert person.say("y" * 10).rule is None


# To and fro


def test_going_back_shows_the_earlier_answer_and_another_takes_its_place():
    person = ready().say("back", "back", "back")
    assert (person.step, person.asked.given) == ("description_2", "Since noon")
    person.say("Since one")
    assert person.step == "confirm"
    assert person.conversation.answer_to("Since when?") == "Since one"
    assert person.conversation.answer_to("What happens?") == "Nothing appears"


def test_going_back_and_on_changes_nothing():
    person = ready()
    before = person.conversation
    person.say("back", "back", "back", "back", "go_on")
    assert person.conversation == before


def test_an_answer_that_may_be_left_can_be_removed():
    person = ready().say("change", "priority", "remove")
    assert person.conversation.priority == ""
    person.say("change", "description_2", "remove")
    assert person.conversation.answer_to("Since when?") == ""
    person.say("change", "access", "root / secret", "change", "access", "remove")
    assert person.conversation.has_access is False
    assert person.step == "confirm"


def test_what_may_not_be_left_is_not_removed():
    person = ready().say("change", "subject", "remove")
    # Nobody is offered that here, so it is a subject like any other.
    assert person.conversation.subject == "remove"


def test_another_category_keeps_all_that_was_said():
    person = ready().say(
        "change", "priority", "P3", "change", "category", "Consultation"
    )
    assert person.step == "description"
    person.say("I would like to know", "change", "category", "Incident")
    assert person.step == "confirm"
    assert person.conversation.answer_to("What happens?") == "Nothing appears"
    assert person.conversation.answer_to("") == "I would like to know"


def test_nobody_has_to_change_anything():
    person = ready().say("change", "back")
    assert person.step == "confirm"
    assert person.say("change", "go_on").step == "confirm"
    assert person.say("go_on").step == "confirm"


def test_starting_over_forgets_everything():
    assert ready().say("start_over").conversation == Conversation()


@pytest.mark.parametrize("word", ["go_on", "back", "1", "Продолжить"])
def test_cancelling_can_be_taken_back(word):
    person = ready()
    before = person.conversation
    person.say("cancel")
    assert person.conversation.stage == CANCELLED
    assert person.say("what?").rule == "not_understood"
    assert person.say("cancel").conversation.stage == CANCELLED
    assert person.say(word).conversation == before


def test_after_cancelling_one_may_start_over():
    assert ready().say("cancel", "2").conversation == Conversation()


def test_a_choice_that_is_called_like_a_command_is_the_choice():
    back = Category("Back", True, (PriorityRule("P1", True),))
    person = Person(replace(OFFERED, categories=(back,))).say("Back")
    assert person.conversation.category == "Back"


# Files


def test_files_are_taken_at_any_question():
    person = Person().say("Incident", files=(file("a.png"),))
    assert (person.step, person.conversation.files) == ("priority", (file("a.png"),))
    person.say("", files=(file("b.png"),))
    assert person.rule is None
    assert len(person.conversation.files) == 2


def test_files_without_room_cost_no_answer():
    many = tuple(file(f"{number}.png") for number in range(11))
    person = Person().say("Incident", files=many)
    assert (person.rule, person.step) == ("too_many_files", "priority")
    person.say("P1", files=(file(size=11 * MEGABYTE),))
    assert (person.rule, person.step) == ("files_too_large", "subject")
    assert person.said() == (
        "All files together may have 10 MB. Please send smaller ones."
    )
    assert person.conversation.files == ()
    assert person.say("", files=many).rule == "too_many_files"


def test_an_answer_at_fault_is_said_before_a_file_at_fault():
    many = tuple(file(f"{number}.png") for number in range(11))
    assert Person().say("x", files=many).rule == "not_understood"


def test_nothing_is_sent_while_files_have_no_room():
    person = ready()
    before = person.conversation
    many = tuple(file(f"{number}.png") for number in range(11))
    person.say("send", files=many)
    assert (person.turn.action, person.rule) == (NOTHING, "too_many_files")
    assert person.conversation == before
    assert person.say("send").turn.action == SENDS


def test_going_on_keeps_the_files():
    person = Person().say("Incident", files=(file(),)).say(*ALL_ANSWERS[1:])
    assert person.step == "confirm"
    assert person.conversation.files == (file(),)


def test_all_files_can_be_removed():
    person = Person().say(*ALL_ANSWERS[:5]).say("", files=(file(),))
    assert person.say("remove").conversation.files == ()
    assert person.step == "access"


# The beginning


@pytest.mark.parametrize(
    ("text", "opening"),
    [
        ("Nothing works!", "Nothing works!"),
        ("/start", ""),
        ("/start@acme_bot from_the-site", ""),
        ("/var/log/ is full, nothing works", "/var/log/ is full, nothing works"),
        ("/api answers 502 since noon", "/api answers 502 since noon"),
        ("Start over", ""),
        ("Назад", ""),
        ("", ""),
    ],
)
def test_what_is_said_before_the_first_question_is_kept(text, opening):
    turn = begin(Said(text), OFFERED, READERS)
    assert (turn.conversation.opening, turn.problem) == (opening, None)


def test_a_beginning_has_files_too_and_room_for_them_and_for_its_words():
    turn = begin(Said("", (file(),)), OFFERED, READERS)
    assert turn.conversation.files == (file(),)
    turn = begin(Said("x" * 40_001), OFFERED, READERS)
    assert (turn.conversation, turn.problem.rule) == (Conversation(), "too_long")


def test_a_beginning_that_is_too_long_keeps_its_files():
    turn = begin(Said("x" * 40_001, (file(),)), OFFERED, READERS)
    assert turn.conversation == Conversation(files=(file(),))
    assert turn.problem.rule == "too_long"


def test_a_beginning_that_leaves_no_room_is_the_description():
    opening = "x" * OFFERED.limits.description
    begun = begin(Said(opening), OFFERED, READERS).conversation
    person = Person(conversation=begun).say("Incident", "P2", "No chats")
    assert person.step == "description_1"
    assert person.say("Nothing appears").rule == "too_long"
    assert "go_on" in [each.code for each in person.asked.commands]
    person.say("go_on", "go_on", "go_on", "go_on")
    assert (person.rule, person.step) == (None, "confirm")
    assert person.say("send").turn.action == SENDS


# Once it was sent


@pytest.mark.parametrize("stage", [SENT, DONE])
def test_what_is_written_afterwards_is_added_unless_it_asks(stage):
    person = Person(conversation=Conversation(stage=stage))
    assert person.say("Still broken").turn.action == ADDS
    assert person.say("", files=(file(),)).turn.action == ADDS
    assert person.say("status", files=(file(),)).turn.action == ADDS
    assert person.turn.text == "status"
    assert person.say("").turn.action == TELLS
    assert person.say("Status of the request").turn.action == TELLS
    assert person.conversation.stage == stage
    assert person.say("new", files=(file(),)).turn.action == BEGINS
    assert person.conversation == Conversation(files=(file(),))


def test_what_is_added_has_room_like_any_message():
    person = Person(conversation=Conversation(stage=DONE))
    assert person.say("x" * 50_001).rule == "too_long"
    assert person.turn.action == NOTHING


# Whatever is said


START_OVER = {"start_over", "start over"}
COMMANDS = ("back", "go_on", "remove", "start_over", "cancel", "send", "change")
TYPED = st.one_of(
    st.sampled_from(
        (
            *COMMANDS,
            *("1", "2", "Incident", "Консультация", "P1", "p4", "yes", "Нет", ""),
            *("subject", "files", "access", "category", "description_1", "affected"),
            "Some words",
        )
    ),
    st.text(max_size=8),
)
FILES = st.lists(st.just(file(size=3 * MEGABYTE)), max_size=2).map(tuple)
WALKS = st.lists(st.tuples(TYPED, FILES), max_size=30)
OFFERS = st.sampled_from((OFFERED, OF_IMPACT, NOTHING_OFFERED))


def answers_in(said: Conversation) -> dict[str, object]:
    return {
        **{
            name: getattr(said, name)
            for name in ("category", "priority", "affected", "way_round", "subject")
        },
        **{f"to {question}": text for question, text in said.described},
        **{each.key: each for each in said.files},
        "opening": said.opening,
        "access": said.has_access,
    }


def lost_or_changed(before: Conversation, after: Conversation) -> set[str]:
    became = answers_in(after)
    return {
        name
        for name, value in answers_in(before).items()
        if value and became.get(name) != value
    }


@settings(max_examples=60, deadline=None)
@given(OFFERS, st.lists(st.tuples(TYPED, FILES, OFFERS), max_size=30))
def test_an_answer_is_lost_only_by_another_one_or_by_starting_over(offered, walk):
    """Also where what is offered changes in between."""
    person = Person(offered)
    for text, files, offered_then in walk:
        person.offered = offered_then
        before, asked = person.conversation, person.asked
        person.say(text, files=files)
        lost = lost_or_changed(before, person.conversation)
        if person.turn.action == BEGINS or as_compared(text) in START_OVER:
            continue
        if asked.step == "cancelled" and as_compared(text) == "2":
            continue
        if person.turn.answered is None:
            assert lost == set()
        else:
            assert len(lost) <= 1 or as_compared(text) == "remove"


@settings(max_examples=60, deadline=None)
@given(OFFERS, WALKS)
def test_whatever_was_said_there_is_a_way_to_the_end(offered, walk):
    person = Person(offered)
    for text, files in walk:
        person.say(text, files=files)
    if person.conversation.stage == CANCELLED:
        person.say("go_on")
    for _attempt in range(12):
        if person.conversation.stage != ASKING:
            break
        question = person.asked
        has_answer = any(each.code == "go_on" for each in question.commands)
        answer = "go_on" if has_answer else "Some words"
        if question.choices and not has_answer:
            answer = question.choices[0].code
        person.say(answer)
        assert person.turn.problem is None, (question, answer)
    assert person.conversation.stage == SENT


@settings(max_examples=60, deadline=None)
@given(OFFERS, WALKS)
def test_every_question_can_be_shown_and_everything_offered_is_taken(offered, walk):
    person = Person(offered)
    for text, files in walk:
        person.say(text, files=files)
    for choice in (*person.asked.choices, *person.asked.commands):
        for code in (choice.code, *(each.show(choice.label) for each in READERS)):
            turn = take(Said(code), person.conversation, offered, READERS)
            assert turn.problem is None
            assert question_at(turn.conversation, offered).step


@given(st.sampled_from(ALL_ANSWERS), st.text(max_size=5))
def test_the_same_answers_give_the_same_conversation(answer, text):
    one, other = (Person().say(answer, text).conversation for _ in range(2))
    assert one == other


def test_nothing_is_done_while_questions_are_answered():
    person = Person()
    for answer in ALL_ANSWERS:
        assert person.say(answer).turn.action == NOTHING
    assert isinstance(person.asked.choices[0].label, Name)
