from frappe.model.document import Document


class BeesenderPlanException(Document):
    """What a plan has instead of what its tier says."""
