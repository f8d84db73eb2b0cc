from frappe.model.document import Document


class BeesenderWidgetSession(Document):
    """Written and read by ``enforcement.widget.sessions`` alone."""
