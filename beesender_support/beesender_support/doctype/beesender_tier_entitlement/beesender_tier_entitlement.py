from frappe.model.document import Document


class BeesenderTierEntitlement(Document):
    """How much of an entitlement a Beesender Tier includes."""
