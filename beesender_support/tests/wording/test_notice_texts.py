"""Every kind of notice has a text in both languages that uses what it may use."""

from pathlib import Path

import pytest
from jinja2 import meta
from jinja2.sandbox import SandboxedEnvironment

import beesender_support
from beesender_support.policy.notices.kinds import KINDS
from beesender_support.wording.notice_names import NOTICE_NAMES, VARIABLE_MEANINGS

TEXTS = Path(beesender_support.__file__).parent / "templates" / "notices"
LANGUAGES = sorted(each.name for each in TEXTS.iterdir())


def test_there_are_texts_of_all_kinds_and_of_nothing_else():
    codes = {each.code for each in KINDS}
    for language in LANGUAGES:
        assert {path.stem for path in (TEXTS / language).iterdir()} == codes


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.code)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_text_has_a_subject_and_uses_the_variables_of_its_kind(kind, language):
    text = (TEXTS / language / f"{kind.code}.html").read_text()
    subject, _blank, message = text.partition("\n\n")
    assert subject.strip()
    assert "\n" not in subject
    assert message.strip()
    used = meta.find_undeclared_variables(SandboxedEnvironment().parse(text))
    assert used <= set(kind.variables)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.code)
def test_all_languages_say_the_same_things(kind):
    used = [
        meta.find_undeclared_variables(
            SandboxedEnvironment().parse(
                (TEXTS / language / f"{kind.code}.html").read_text()
            )
        )
        for language in LANGUAGES
    ]
    assert all(each == used[0] for each in used)


def test_english_and_russian_are_among_them():
    assert {"en", "ru"} <= set(LANGUAGES)


def test_every_kind_and_every_variable_has_a_name():
    assert set(NOTICE_NAMES) == {each.code for each in KINDS}
    assert set(VARIABLE_MEANINGS) == {name for each in KINDS for name in each.variables}
