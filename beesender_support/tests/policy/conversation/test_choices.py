"""What may always be said has codes that programs rely on."""

from beesender_support.policy.conversation import choices
from beesender_support.policy.conversation.choices import Choice


def test_codes_are_those_of_the_documentation():
    codes = {each.code for each in vars(choices).values() if isinstance(each, Choice)}
    assert codes == {
        *("send", "change", "go_on", "remove", "back", "start_over", "cancel"),
        *("new", "status"),
    }


def test_no_two_commands_are_called_the_same():
    commands = [*choices.ALWAYS, *choices.ONCE_SENT, choices.REMOVE]
    labels = [each.label.casefold() for each in commands]
    assert len(set(labels)) == len(labels)
