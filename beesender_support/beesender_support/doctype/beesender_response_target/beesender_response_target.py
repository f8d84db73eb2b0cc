from frappe.model.document import Document


class BeesenderResponseTarget(Document):
    pass
