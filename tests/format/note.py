"""Signed notes and receipts of FORMAT.md, "Checkpoints and receipts", made with keys that nobody may use."""
import base64
import hashlib

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

RFC_8410 = bytes.fromhex("d4ee72dbf913584ad5b6d8f1f769f8ad3afe7c28cbf1d4fbe097a88f44755842")  # section 10.3
RFC_8032 = bytes.fromhex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")  # section 7.1, test 1

DATABASE, WITNESS = b"\x01", b"\x04"  # the types of keys
TIME = 1795182647


def b64(data):
    return base64.b64encode(data).decode()


class Key:
    def __init__(self, name, kind=DATABASE, secret=RFC_8410):
        self.name, self.kind, self.private = name, kind, Ed25519PrivateKey.from_private_bytes(secret)
        self.public = self.private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        self.id = hashlib.sha256(name.encode() + b"\n" + kind + self.public).digest()[:4]

    @property
    def vkey(self):
        return f"{self.name}+{self.id.hex()}+{b64(self.kind + self.public)}"

    def sign(self, text, time=TIME):
        """What stands behind the key ID."""
        if self.kind == DATABASE:
            return self.private.sign(text.encode())
        return time.to_bytes(8, "big") + self.private.sign(f"cosignature/v1\ntime {time}\n{text}".encode())

    def signature(self, text):
        """The line of a note."""
        return signature(self.name, self.id + self.sign(text))


def signature(name, blob):
    return f"\u2014 {name} {b64(blob)}\n"


def checkpoint(origin, size, root):
    """The text that is signed."""
    return f"{origin}\n{size}\n{b64(root)}\n"


def note(text, *keys):
    return text + "\n" + "".join(key.signature(text) for key in keys)


def receipt(extra, index, proof, note):
    lines = ["c2sp.org/tlog-proof@v1", f"extra {b64(extra)}", f"index {index}", *map(b64, proof)]
    return "".join(line + "\n" for line in lines) + "\n" + note
