from frappe.model.document import Document


class BeesenderReplayCustomer(Document):
    pass
