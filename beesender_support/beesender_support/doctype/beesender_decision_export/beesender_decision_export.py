from frappe.model.document import Document


class BeesenderDecisionExport(Document):
    """Decision records of many tickets in one file: its progress and its last sign of
    life. Written by ``enforcement.audit.exports``."""
