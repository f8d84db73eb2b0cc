from frappe.model.document import Document


class BeesenderRerating(Document):
    """A re-rating in the background: its progress and its last sign of life. Written by
    ``enforcement.rerating.rerating_runs``."""
