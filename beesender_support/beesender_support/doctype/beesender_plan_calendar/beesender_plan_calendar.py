from frappe.model.document import Document


class BeesenderPlanCalendar(Document):
    """A holiday calendar that a plan takes."""
