from frappe.model.document import Document


class BeesenderAccessDetails(Document):
    """What a client gave for agents to get in, encrypted; see
    ``enforcement.access_details``. No role has a permission on it."""
