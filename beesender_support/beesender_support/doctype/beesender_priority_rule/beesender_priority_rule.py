from frappe.model.document import Document


class BeesenderPriorityRule(Document):
    pass
