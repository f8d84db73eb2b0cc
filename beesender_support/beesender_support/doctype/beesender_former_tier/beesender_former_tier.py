from frappe.model.document import Document


class BeesenderFormerTier(Document):
    pass
