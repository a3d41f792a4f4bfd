"""Seals under the secret `AUDIT_KEY`: only its holder can make or check one.

Each kind of seal covers its own name as well, so that none can be taken for another; the
reference to an address is the plain HMAC of it, so that others can compute it too.
"""

import hashlib
import hmac

from bot.models import Email

REFERENCE_CHARACTERS = 16
KEY_ID_CHARACTERS = 8


def seal(key: bytes, kind: str, text: str) -> str:
    """Return the HMAC-SHA-256 of a text of that kind, in hex."""
    return hmac.new(key, f"gong-lookup {kind}\n{text}".encode(), hashlib.sha256).hexdigest()


def is_sealed(key: bytes, kind: str, text: str, claimed: str) -> bool:
    """Whether the seal claimed for a text is ours."""
    return hmac.compare_digest(seal(key, kind, text).encode(), claimed.encode())


def derive_key(key: bytes, purpose: str) -> bytes:
    """Return a key for one purpose alone; it tells nothing of `AUDIT_KEY` or of another purpose."""
    return hmac.digest(key, f"gong-lookup key for {purpose}".encode(), "sha256")


def derive_key_id(key: bytes) -> str:
    """Return eight hex digits that tell one key from another, and nothing else of it."""
    return seal(key, "key", "")[:KEY_ID_CHARACTERS]


def derive_subject(key: bytes, email: Email) -> str:
    """Return the reference by which the trail speaks of an address without naming it.

    The same for the same address in any capitals; nobody without the key can make or undo it.
    Its plus-tag is kept: that is another address.
    """
    sealed = hmac.new(key, email.lower().encode(), hashlib.sha256)
    return sealed.hexdigest()[:REFERENCE_CHARACTERS]
