"""The test vectors of FORMAT.md for the tree, the checkpoint and the receipt, made from the first lines of vectors.jsonl."""
from note import WITNESS, RFC_8032, Key, b64, checkpoint, note, receipt
from tree import consistency, inclusion, incarnation_entry, leaf_hash, root, row_entry

ORIGIN = "audit.example/bank/1"
KEYS = [Key(ORIGIN), Key("witness.example/w1", WITNESS, RFC_8032)]
TREE = "5d0e4c86-7c3c-4c0b-8d6b-2f0c5a7f1e11"


class TreeVectors:
    def __init__(self, vectors):
        self.lines = [v["line"].encode() for v in vectors[:4]]
        self.entries = [row_entry(self.lines[0], line) for line in self.lines[1:]]
        self.leaves = [leaf_hash(entry) for entry in self.entries]
        self.next = incarnation_entry(TREE, 2, 3, root(self.leaves))
        self.note = note(checkpoint(ORIGIN, 3, root(self.leaves)), *KEYS)
        self.receipt = receipt(b"".join(self.lines[n] + b"\n" for n in (0, 2)), 1, inclusion(1, self.leaves), self.note)

    def blocks(self):
        """The parts of FORMAT.md, by the name in their markers."""
        of_leaf = lambda n, entry: [f"entry {n} {entry.hex()}", f"leaf {n} {b64(leaf_hash(entry))}"]  # noqa: E731
        tree = [line for n, entry in enumerate(self.entries) for line in of_leaf(n, entry)]
        tree.append(f"root {b64(root(self.leaves))}")
        tree += [f"inclusion {b64(hash)}" for hash in inclusion(1, self.leaves)]
        tree += [f"consistency {b64(hash)}" for hash in consistency(2, self.leaves)]
        return {"tree": tree, "incarnation": of_leaf(0, self.next), "keys": [key.vkey for key in KEYS],
                "checkpoint": self.note[:-1].split("\n")}
