from frappe.model.document import Document


class BeesenderCalendarDay(Document):
    """A date on which the plans of a calendar are closed, or work."""
