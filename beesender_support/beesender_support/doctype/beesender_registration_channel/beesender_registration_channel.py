from frappe.model.document import Document


class BeesenderRegistrationChannel(Document):
    pass
