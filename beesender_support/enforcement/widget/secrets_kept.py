"""What a site stores of secrets: nothing from which they could be told."""

import hashlib
import hmac

from frappe.utils.password import get_encryption_key


def keyed(*parts: str) -> str:
    """A hash that only this site can make: a code of a few digits, or an address, could be
    guessed from any other. 64 hexadecimal digits."""
    message = "\0".join(parts).encode()
    return hmac.new(get_encryption_key().encode(), message, hashlib.sha256).hexdigest()


def hashed(token: str) -> str:
    """Of a token that is random itself."""
    return hashlib.sha256(token.encode()).hexdigest()
