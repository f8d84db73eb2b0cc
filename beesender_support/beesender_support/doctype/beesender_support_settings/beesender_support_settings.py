from frappe.model.document import Document


class BeesenderSupportSettings(Document):
    pass
