from frappe.model.document import Document


class BeesenderSupportWindow(Document):
    pass
