from frappe.model.document import Document


class BeesenderNoticeText(Document):
    pass
