from frappe.model.document import Document


class BeesenderImpactRule(Document):
    pass
