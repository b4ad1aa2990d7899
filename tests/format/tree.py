"""The tree of FORMAT.md, "Leaf entries and the tree": entries, hashes and proofs, as RFC 6962, section 2.1, writes them."""
import hashlib
import re
import uuid


def sha256(data):
    return hashlib.sha256(data).digest()


def row_entry(opening, line):
    """The 77 bytes that stand for a row; opening and line are the bytes of the two lines."""
    chain, seq = map(int, re.match(rb'{"chain":([0-9]+),"seq":([0-9]+),', line).groups())  # the rest may be no JSON in a case
    return b"\1" + sha256(opening) + chain.to_bytes(4, "big") + seq.to_bytes(8, "big") + sha256(line)


def incarnation_entry(tree, number, size, root):
    """The 61 bytes that begin incarnation `number`, where the last known checkpoint before has that size and root."""
    return b"\2" + uuid.UUID(tree).bytes + number.to_bytes(4, "big") + size.to_bytes(8, "big") + root


def leaf_hash(entry):
    return sha256(b"\0" + entry)


def node(left, right):
    return sha256(b"\1" + left + right)


def split(count):
    """The largest power of two below count."""
    return 1 << (count - 1).bit_length() - 1


def root(leaves):
    if len(leaves) < 2:
        return leaves[0] if leaves else sha256(b"")
    k = split(len(leaves))
    return node(root(leaves[:k]), root(leaves[k:]))


def inclusion(index, leaves):
    """PATH(m, D[n])."""
    if len(leaves) == 1:
        return []
    k = split(len(leaves))
    if index < k:
        return inclusion(index, leaves[:k]) + [root(leaves[k:])]
    return inclusion(index - k, leaves[k:]) + [root(leaves[:k])]


def consistency(size, leaves, whole=True):
    """PROOF(m, D[n]), and SUBPROOF where `whole` says whether the first `size` leaves are the old tree as it was."""
    if size == len(leaves):
        return [] if whole else [root(leaves)]
    k = split(len(leaves))
    if size <= k:
        return consistency(size, leaves[:k], whole) + [root(leaves[k:])]
    return consistency(size - k, leaves[k:], False) + [root(leaves[:k])]
