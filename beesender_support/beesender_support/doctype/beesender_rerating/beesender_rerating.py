from frappe.model.document import Document


class BeesenderRerating(Document):
    """A re-rating that runs in the background: how far it came, and that it still lives.
    Kept by ``enforcement.rerating_runs``."""
