from frappe.model.document import Document


class BeesenderImportedRecord(Document):
    """What became of a record of another system: running an import twice makes nothing
    twice."""
