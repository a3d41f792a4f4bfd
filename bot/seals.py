"""What the secret `AUDIT_KEY` is used for: seals that only its holder can make or check.

Each kind of seal covers its own name as well, so that none can be taken for another; the
reference to an address is the plain HMAC of it, so that others can compute it too.
"""

import hashlib
import hmac

from bot.models import Email

REFERENCE_CHARACTERS = 16
KEY_ID_CHARACTERS = 8


def seal(key: bytes, kind: str, text: str) -> str:
    """HMAC-SHA-256 of a text, in hex."""
    return hmac.new(key, f"gong-lookup {kind}\n{text}".encode(), hashlib.sha256).hexdigest()


def is_sealed(key: bytes, kind: str, text: str, claimed: str) -> bool:
    """Whether the seal claimed for a text is ours."""
    return hmac.compare_digest(seal(key, kind, text).encode(), claimed.encode())


def key_id(key: bytes) -> str:
    """Tells which key a seal was made under, and nothing else of it."""
    return seal(key, "key", "")[:KEY_ID_CHARACTERS]


def subject_reference(key: bytes, email: Email) -> str:
    """How we speak of an address without naming it.

    The same for the same address in any capitals; nobody without the key can make or undo it.
    Its plus-tag is kept: that is another address.
    """
    sealed = hmac.new(key, email.lower().encode(), hashlib.sha256)
    return sealed.hexdigest()[:REFERENCE_CHARACTERS]
