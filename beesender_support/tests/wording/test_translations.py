"""The catalogue of translations says each thing once, and for the same values."""

import re
from collections import Counter
from importlib import resources

import pytest

LOCALE = resources.files("beesender_support").joinpath("locale")
CATALOGUES = sorted(each.name for each in LOCALE.iterdir() if each.name.endswith(".po"))


def blocks(name: str) -> list[str]:
    text = LOCALE.joinpath(name).read_text(encoding="utf-8")
    return [each for each in re.split(r"\n{2,}", text.strip()) if "msgid" in each]


@pytest.mark.parametrize("name", ["main.pot", *CATALOGUES])
def test_every_message_stands_in_a_block_of_its_own_and_only_once(name):
    for block in blocks(name):
        assert len(re.findall(r"^msgid ", block, re.M)) == 1, block
        assert len(re.findall(r"^msgstr ", block, re.M)) == 1, block
    messages = re.findall(
        r'^(?:msgctxt "(.*)"\n)?msgid "(.+)"$', "\n\n".join(blocks(name)), re.M
    )
    assert not [each for each, count in Counter(messages).items() if count > 1]


@pytest.mark.parametrize("name", CATALOGUES)
def test_a_translation_is_filled_with_the_same_values(name):
    for block in blocks(name):
        source = re.search(r'^msgid "(.+)"$', block, re.M)
        translated = re.search(r'^msgstr "(.+)"$', block, re.M)
        if source and translated:
            values = [
                set(re.findall(r"\{\w*\}", each[1])) for each in (source, translated)
            ]
            assert values[0] == values[1], block
