"""The codes of findings."""

import re
from string import Formatter

from beesender_support.policy.lint.codes import CODES, PLACES, SEVERITIES


def test_every_code_is_a_name_that_programs_can_keep():
    assert len(CODES) == 34
    for name, code in CODES.items():
        assert name == code.code
        assert re.fullmatch(r"[a-z0-9_]{4,40}", name)
        assert code.severity in SEVERITIES
        assert code.place in PLACES


def test_what_to_do_names_nothing_that_the_sentence_does_not():
    def fields(template: str) -> set[str]:
        return {name for _text, name, *_rest in Formatter().parse(template) if name}

    for code in CODES.values():
        assert fields(code.what_to_do) <= fields(code.sentence), code.code
        assert code.sentence.endswith((".", "}")), code.code
        assert code.what_to_do.endswith("."), code.code
