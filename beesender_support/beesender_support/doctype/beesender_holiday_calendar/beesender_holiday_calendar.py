from frappe.model.document import Document

from beesender_support.enforcement.calendars import calendar_validation
from beesender_support.records.cache import invalidate
from beesender_support.wording.renderer import refusals_in_words


class BeesenderHolidayCalendar(Document):
    """Dates that plans share; what they may be is decided by ``policy.calendar``."""

    def validate(self) -> None:
        with refusals_in_words(self):
            calendar_validation.check(self)

    def on_update(self) -> None:
        invalidate()

    def before_rename(self, old: str, new: str, merge: bool = False) -> None:
        if merge:
            with refusals_in_words(self):
                calendar_validation.take_over_days(old, new)

    def after_rename(self, *args: object, **kwargs: object) -> None:
        invalidate()

    def on_trash(self) -> None:
        calendar_validation.refuse_removal(self)
        invalidate()
