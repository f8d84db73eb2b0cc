from frappe.model.document import Document

from beesender_support.enforcement.replay import replay_runs
from beesender_support.screens.replay import replay_form
from beesender_support.wording.renderer import refusals_in_words


class BeesenderReplay(Document):
    """A draft tried on past tickets; what was found stays with it."""

    def validate(self) -> None:
        with refusals_in_words(self):
            replay_runs.check(self)

    def about(self) -> list[tuple[str, str]]:
        """What the print format says was asked."""
        return replay_form.about(self)

    def figures(self) -> str:
        """What the print format shows: escaped already."""
        return replay_form.html_of(self)
