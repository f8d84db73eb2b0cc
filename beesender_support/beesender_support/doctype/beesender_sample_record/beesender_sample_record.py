from frappe.model.document import Document


class BeesenderSampleRecord(Document):
    """A record that was made to be looked at, or to test with, and is taken away again:
    whatever it is called by then."""
