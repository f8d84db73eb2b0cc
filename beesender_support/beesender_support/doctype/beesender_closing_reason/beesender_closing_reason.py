from frappe.model.document import Document


class BeesenderClosingReason(Document):
    """Why a request was closed; ``counts_as_solution`` says whether that solved it."""
