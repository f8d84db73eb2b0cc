from frappe.model.document import Document


class BeesenderWidgetCode(Document):
    """Written and read by ``enforcement.widget.codes`` alone."""
