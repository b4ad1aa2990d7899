"""The tables that are compared: three shapes of rows, and the peers that store them."""
import datetime
import pathlib
from dataclasses import dataclass

from .server import fail, psql

CHAIN = pathlib.Path(__file__).resolve().parent.parent / "plpgsql_chain.sql"

TITLES = {"plain": "plain table", "ours": "audit_immutable", "strict": "audit_immutable, chains => 1",
          "plpgsql": "PL/pgSQL chain", "same_width": "plain, same width", "no_index": "plain, same width, no index"}
PEERS = tuple(TITLES)
# Those that tell what the stamps cost and what the index does.
FEW = ("plain", "ours", "same_width", "no_index")
# What ratios are taken to.
BASELINES = ((TITLES["plain"], "to plain"), (TITLES["same_width"], "to same width"))

# As wide as ours: constants where ours has stamps. An index needs distinct pairs: a chain for each backend and a
# sequence that hardly ever writes.
SAME_WIDTH = (
    "audit_chain int NOT NULL DEFAULT {chain}, audit_seq bigint NOT NULL DEFAULT {seq},"
    " audit_at timestamptz NOT NULL DEFAULT '2026-01-01 00:00:00+00', audit_session bigint NOT NULL DEFAULT 1,"
    " audit_hash bytea NOT NULL DEFAULT decode(repeat('5a', 32), 'hex'){index}")
STAMPED = {"same_width": SAME_WIDTH.format(chain="pg_backend_pid()", seq="nextval('bench_same_width_seq')",
                                           index=", UNIQUE (audit_chain, audit_seq)"),
           "no_index": SAME_WIDTH.format(chain="1", seq="1", index="")}


@dataclass(frozen=True)
class Shape:
    """Columns as (name, type, value); a value is SQL in which {id} is the row's number."""
    columns: tuple
    options: str = ""

    @property
    def names(self):
        """The column list of an INSERT or COPY."""
        return ", ".join(name for name, _, _ in self.columns)

    @property
    def definition(self):
        """The column list of a CREATE TABLE."""
        return ", ".join(f"{name} {kind}" for name, kind, _ in self.columns)

    def row(self, number):
        """The values of one row."""
        return ", ".join(value.format(id=number) for _, _, value in self.columns)


NARROW = Shape((("id", "bigint", "{id}"), ("at", "timestamptz", "now()"), ("action", "text", "'update'")))
TYPICAL = Shape((
    ("id", "bigint", "{id}"), ("at", "timestamptz", "now()"), ("actor", "text", "'user' || ({id} % 1000)::text"),
    ("action", "text", "'update'"), ("object", "text", "'invoice'"), ("object_id", "bigint", "{id} % 100000"),
    ("address", "inet", "'192.0.2.7'"),
    ("details", "jsonb", "'{{\"field\": \"amount\", \"old\": 100.50, \"new\": 250.00, \"reason\": \"correction\", "
                         "\"approved\": true}}'")))
# Not compressed and not moved out of line: each peer stores the bytes themselves, two rows a page.
WIDE = Shape(
    (("id", "bigint", "{id}"), ("at", "timestamptz", "now()"),
     *((f"number_{n}", "bigint", f"{n * 1000003}") for n in range(18)),
     *((f"text_{n}", "text", "'" + (f"{n:02d} lorem ipsum dolor sit amet " * 7)[:184] + "'") for n in range(20))),
    " WITH (toast_tuple_target = 8160)")
SHAPES = {"narrow": NARROW, "typical": TYPICAL, "wide": WIDE}


def table(peer):
    """The peer's table."""
    return f"bench_{peer}"


def drop(peer):
    """Removes the peer's table. An audit table has to be retired first."""
    if peer in ("ours", "strict") and psql(f"SELECT to_regclass('{table(peer)}');"):
        psql(f"SELECT audit_immutable.retire('{table(peer)}', 'made for a benchmark');")
    psql(f"DROP TABLE IF EXISTS {table(peer)};")


def fresh(peer, shape):
    """The peer's table, new and empty, and no writing left over from what was before."""
    drop(peer)
    columns, options = shape.definition, shape.options
    if peer == "ours":
        psql(f"CREATE TABLE bench_ours ({columns}) USING audit_immutable{options};")
    elif peer == "strict":
        psql(f"CREATE TABLE bench_strict ({columns}) USING heap{options};"
             "SELECT audit_immutable.protect('bench_strict', chains => 1);")
    elif peer == "plpgsql":
        new, old = (", ".join(f"{row}.{name}" for name, _, _ in shape.columns) for row in ("NEW", "r"))
        psql("DROP FUNCTION IF EXISTS bench_plpgsql_verify(), bench_plpgsql_chain();"
             + CHAIN.read_text().format(columns=columns, options=options, new_values=new, r_values=old))
    elif peer == "same_width":
        psql("DROP SEQUENCE IF EXISTS bench_same_width_seq; CREATE SEQUENCE bench_same_width_seq CACHE 10000;"
             f"CREATE TABLE bench_same_width ({columns}, {STAMPED[peer]}) USING heap{options};")
    elif peer == "no_index":
        psql(f"CREATE TABLE bench_no_index ({columns}, {STAMPED[peer]}) USING heap{options};")
    else:
        psql(f"CREATE TABLE bench_plain ({columns}) USING heap{options};")
    psql("CHECKPOINT;")


def check(peer, rows):
    """No row is lost, and those of the chains verify."""
    if peer in ("ours", "strict"):
        query = f"SELECT rows, intact FROM audit_immutable.verify('{table(peer)}');"
    elif peer == "plpgsql":
        query = "SELECT bench_plpgsql_verify(), true;"
    else:
        query = f"SELECT count(*), true FROM {table(peer)};"
    found = psql(query)
    if found != f"{rows}|t":
        fail(f"{TITLES[peer]}: {rows} rows written, but the check says {found}")


def insert(peer, shape, numbers=(":id",)):
    """An INSERT of one row for each number, for pgbench."""
    rows = ",\n".join(f"({shape.row(number)})" for number in numbers)
    return f"INSERT INTO {table(peer)} ({shape.names}) VALUES {rows};\n"


def insert_select(peer, shape, rows):
    """An INSERT ... SELECT of so many rows."""
    return f"INSERT INTO {table(peer)} ({shape.names}) SELECT {shape.row('n')} FROM generate_series(1, {rows}) AS n;"


def copy(peer, rows_file):
    """Loads a file of typical rows; the seconds it took."""
    _, took = psql(f"\\copy {table(peer)} ({TYPICAL.names}) FROM '{rows_file}' (FORMAT csv)", before="")
    return took


def write_rows(path, rows):
    """A file of typical rows for COPY."""
    start = datetime.datetime(2026, 1, 1, tzinfo=datetime.timezone.utc)
    with open(path, "w", encoding="utf-8") as file:
        for n in range(rows):
            at = (start + datetime.timedelta(microseconds=n * 1234567)).isoformat()
            file.write(f'{n},{at},user{n % 1000},update,invoice,{n * 7 % 100000},192.0.2.{n % 256},"{{""field"": ""amount"", '
                       f'""old"": {n % 1000}.50, ""new"": {n % 777}.00, ""reason"": ""correction"", ""approved"": true}}"\n')
