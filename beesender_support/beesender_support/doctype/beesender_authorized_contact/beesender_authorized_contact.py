from frappe.model.document import Document


class BeesenderAuthorizedContact(Document):
    pass
