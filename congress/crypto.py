"""Identity numbers and phones: encrypted at rest, found by a keyed index, shown masked.

Stored as `cipher$key id$base64(nonce + ciphertext)`: the cipher and the key stand beside the value,
so both can be changed while old rows stay readable.
"""

import base64
import hmac
import os
import unicodedata
from functools import cache

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.db import models

NONCE = 12


def encrypt(text: str, place: str) -> str:
    """Encrypt a value for one place (model.field): it cannot be moved to another place."""
    key_id, key = next(iter(settings.FIELD_KEYS.items()))
    cipher = settings.FIELD_CIPHER
    nonce = os.urandom(NONCE)
    sealed = nonce + _CIPHERS[cipher][0](key, nonce, text.encode(), place.encode())
    return f"{cipher}${key_id}${base64.b64encode(sealed).decode()}"


def decrypt(stored: str, place: str) -> str:
    """The value again; raises ValueError where the row was tampered with or the key is gone."""
    try:
        cipher, key_id, encoded = stored.split("$")
        sealed = base64.b64decode(encoded)
        key = settings.FIELD_KEYS[key_id]
        return _CIPHERS[cipher][1](key, sealed[:NONCE], sealed[NONCE:], place.encode()).decode()
    except Exception as fault:
        raise ValueError(f"unreadable value in {place}") from fault


_aes = cache(AESGCM)  # one for each key of the settings


def _aes_seal(key: bytes, nonce: bytes, text: bytes, place: bytes) -> bytes:
    return _aes(key).encrypt(nonce, text, place)


def _aes_open(key: bytes, nonce: bytes, sealed: bytes, place: bytes) -> bytes:
    return _aes(key).decrypt(nonce, sealed, place)


def _sm4_seal(key: bytes, nonce: bytes, text: bytes, place: bytes) -> bytes:
    sealer = Cipher(algorithms.SM4(key[:16]), modes.GCM(nonce)).encryptor()
    sealer.authenticate_additional_data(place)
    return sealer.update(text) + sealer.finalize() + sealer.tag


def _sm4_open(key: bytes, nonce: bytes, sealed: bytes, place: bytes) -> bytes:
    opener = Cipher(algorithms.SM4(key[:16]), modes.GCM(nonce, sealed[-16:])).decryptor()
    opener.authenticate_additional_data(place)
    return opener.update(sealed[:-16]) + opener.finalize()


_CIPHERS = {"aesgcm": (_aes_seal, _aes_open), "sm4gcm": (_sm4_seal, _sm4_open)}


class EncryptedTextField(models.TextField):
    """Text that the database never sees; it cannot be searched, see `blind_index`."""

    def _place(self) -> str:
        return f"{self.model._meta.label_lower}.{self.name}"

    def get_prep_value(self, value):
        value = super().get_prep_value(value)
        return encrypt(value, self._place()) if value else value

    def from_db_value(self, value, expression, connection):
        return decrypt(value, self._place()) if value else value


def blind_index(value: str) -> str:
    """A keyed fingerprint by which an encrypted value can be found again; "" for nothing."""
    text = unicodedata.normalize("NFKC", value or "").strip().upper().replace(" ", "")
    if not text:
        return ""
    return hmac.digest(_index_key(settings.SECRET_KEY), text.encode(), "sha256").hex()


@cache
def _index_key(secret: str) -> bytes:
    return hmac.digest(secret.encode(), b"blind index", "sha256")


def mask_phone(value: str) -> str:
    """138****5678."""
    return f"{value[:3]}****{value[-4:]}" if len(value) >= 8 else "*" * len(value)


def mask_id_number(value: str) -> str:
    """3201**********1234."""
    return (
        f"{value[:4]}{'*' * (len(value) - 8)}{value[-4:]}"
        if len(value) >= 12
        else ("*" * len(value))
    )
