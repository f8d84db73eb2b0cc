from frappe.model.document import Document


class BeesenderAccessDetails(Document):
    """How agents get into a client's system, encrypted; see
    ``enforcement.requests.access_details``. No role has a permission on it."""
