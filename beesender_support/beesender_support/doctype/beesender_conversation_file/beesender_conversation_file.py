from frappe.model.document import Document


class BeesenderConversationFile(Document):
    """A file that was sent in a conversation, until its request is registered; see
    ``enforcement.conversation``. No role has a permission on it."""
