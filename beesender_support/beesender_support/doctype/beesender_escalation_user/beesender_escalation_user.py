from frappe.model.document import Document


class BeesenderEscalationUser(Document):
    pass
