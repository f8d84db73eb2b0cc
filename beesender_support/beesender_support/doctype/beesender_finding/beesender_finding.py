from frappe.model.document import Document

from beesender_support.wording.lint import finding_words


class BeesenderFinding(Document):
    """Something that keeps, or will keep, a promise from being kept. Written by
    ``enforcement.lint``; its sentences are rendered for whoever reads it."""

    @property
    def sentence(self) -> str:
        return finding_words.sentence_of(self)

    @property
    def what_to_do(self) -> str:
        return finding_words.what_to_do_of(self)
