from frappe.model.document import Document


class BeesenderAnswerChannel(Document):
    pass
