from frappe.model.document import Document


class BeesenderAdmissionLog(Document):
    """What happened to requests, seats and mail, and who did it. Written, never edited."""
