"""Sentences people read: a template to translate first, and what fills it afterwards."""

from typing import Any, NamedTuple


def marked(template: str) -> str:
    """Mark a template for translation without translating it here."""
    return template


class Sentence(NamedTuple):
    """``str()`` gives it in English; a site translates ``template`` and fills it in."""

    template: str
    context: dict[str, Any] = {}

    def __str__(self) -> str:
        return self.template.format(**self.context)
