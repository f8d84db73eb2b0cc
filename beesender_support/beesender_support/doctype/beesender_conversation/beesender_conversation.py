from frappe.model.document import Document


class BeesenderConversation(Document):
    """A conversation that a program leads with one of its users; see
    ``enforcement.conversation``. No role has a permission on it."""
