"""Checkpoints beside the COPY whose rows they take in, and the proofs out of a large tree."""
import statistics
import subprocess
import threading

from . import server, tables
from .figures import grid
from .section import Section, progress

BATCHES = 10            # COPYs that the rows come in
PROOFS = 200            # of each kind


class Checkpoints(Section):
    """How fast rows become leaves, and what a proof costs."""

    name = "checkpoints"
    heading = "Checkpoints"
    note = (f"Typical rows in {BATCHES} COPYs of one client. First each COPY is followed by a checkpoint of its own, and the two take "
            "turns; then another session makes checkpoints without a pause while the COPYs run. Then, from the tree that has "
            f"all of them, {PROOFS} proofs of each kind at random places, as SQL functions called by one client, and what the "
            "tree takes on disk with its indexes and stamps.")
    default = False         # takes its time, and leaves a tree behind
    once = True

    def prepare(self):
        self.batch = self.sizes.checkpoint_rows // BATCHES
        self.file = self.scratch / "batch.csv"
        tables.write_rows(self.file, self.batch)
        key = self.scratch / "signing.pem"
        subprocess.run(["openssl", "genpkey", "-algorithm", "ed25519", "-out", key], check=True)
        key.chmod(0o600)
        for name, value in (("signing_key_file", key), ("origin", "bench.example.org")):
            server.psql(f"LOAD 'audit_immutable'; ALTER SYSTEM SET audit_immutable.{name} = '{value}';")
        server.psql("SELECT pg_reload_conf();")
        self.lines = []

    def round(self):
        tables.fresh("ours", tables.TYPICAL)
        self._turns()
        self._together()
        self._proofs()
        leaves = int(server.psql("SELECT max(size) FROM audit_immutable.tree_head;"))
        size = int(server.psql("SELECT pg_total_relation_size('audit_immutable.tree_hashes');"))
        hashes = int(server.psql("SELECT sum(length(hashes)) FROM audit_immutable.tree_hashes;"))
        self._line("hashes of the tree", f"{hashes / leaves:.2f}", "bytes a leaf")
        self._line("the same on disk, with indexes and stamps", f"{size / leaves:.2f}", "bytes a leaf")

    def finish(self):
        tables.drop("ours")
        server.psql("LOAD 'audit_immutable'; ALTER SYSTEM RESET audit_immutable.signing_key_file;")
        server.psql("LOAD 'audit_immutable'; ALTER SYSTEM RESET audit_immutable.origin;")
        server.psql("SELECT pg_reload_conf();")

    def _turns(self):
        progress("checkpoints: in turns with COPY")
        copies, checkpoints = [], []
        for _ in range(BATCHES // 2):
            copies.append(self.batch / tables.copy("ours", self.file))
            _, took = server.psql("SELECT audit_immutable.checkpoint();", before="SELECT 1;")
            checkpoints.append(self.batch / took)
        self.alone = statistics.median(copies)
        self._line("COPY", _spread(copies), "rows/s")
        self._line("checkpoint() after it", _spread(checkpoints), "rows/s")
        ratios = [made / copied for made, copied in zip(checkpoints, copies)]
        self._line("checkpoint() to COPY", _spread(ratios, 2), "times as fast")

    def _together(self):
        progress("checkpoints: while COPY runs")
        over, made = threading.Event(), []

        def sign():
            while not over.is_set():
                _, took = server.psql("SELECT audit_immutable.checkpoint();", before="SELECT 1;")
                made.append(took)

        signer = threading.Thread(target=sign)
        signer.start()
        copies = [self.batch / tables.copy("ours", self.file) for _ in range(BATCHES - BATCHES // 2)]
        over.set()
        signer.join()
        _, took = server.psql("SELECT audit_immutable.checkpoint();", before="SELECT 1;")
        self._line("COPY while another session makes checkpoints", _spread(copies), "rows/s")
        self._line("the longest of those checkpoints", f"{max(made):.2f}", "s")
        self._line("a last one for what was left", f"{took:.2f}", "s")

    def _proofs(self):
        size = int(server.psql("SELECT max(size) FROM audit_immutable.tree_head;"))
        last = int(server.psql("SELECT max(audit_seq) FROM bench_ours WHERE audit_chain = 1;"))
        kinds = (
            ("inclusion proof", f"\\set i random(0, {size - 1})", f"audit_immutable.inclusion_proof(:i, {size})", "length"),
            ("consistency proof", f"\\set i random(1, {size})", f"audit_immutable.consistency_proof(:i, {size})", "length"),
            ("receipt, with the row's line", f"\\set i random(1, {last})", "audit_immutable.receipt('bench_ours', 1, :i)", "octet_length"),
        )
        for what, choose, call, length in kinds:
            progress(f"checkpoints: {what}")
            load = server.pgbench(["-t", PROOFS], 1, f"{choose}\nSELECT {call};\n")
            self._line(f"{what}, of {size:,} leaves", f"{1000 / load.tps:.2f}", "ms")
            limit = last if "bench_ours" in call else size
            sample = call.replace(":i", f"(1 + (random() * {limit - 2})::bigint)")
            longest = server.psql(f"SELECT max({length}({sample})) FROM generate_series(1, {PROOFS});")
            self._line(f"{what}, the longest", f"{int(longest):,}", "bytes")

    def _line(self, what, value, unit):
        self.lines.append([what, value, unit])

    def body(self):
        return grid(["what", "measured", ""], self.lines)


def _spread(values, digits=0):
    middle, low, high = (f"{value:,.{digits}f}" for value in (statistics.median(values), min(values), max(values)))
    return f"{middle} ({low} - {high})"
