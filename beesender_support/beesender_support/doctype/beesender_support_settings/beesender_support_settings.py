from frappe.model.document import Document

from beesender_support.enforcement.remembered import forget


class BeesenderSupportSettings(Document):
    def on_update(self) -> None:
        forget()
