from frappe.model.document import Document


class BeesenderImportFile(Document):
    """A file of another system."""
