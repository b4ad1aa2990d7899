// node-postgres: named columns, prepared statements, a refusal's fields. Started by test_node.py, on a database of its own.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { after, test } from "node:test";

const pg = createRequire(`${process.env.CLIENTS_NODE}/`)("pg");
const pool = new pg.Pool({ max: 4 });
after(() => pool.end());

await pool.query("CREATE TABLE log (id bigint GENERATED ALWAYS AS IDENTITY, actor text, details jsonb) USING audit_immutable");

test("rows of many connections are in order", async () => {
    const text = "INSERT INTO log (actor, details) VALUES ($1, $2) RETURNING audit_chain, audit_seq, audit_hash";
    const insert = (n) => pool.query({ name: "insert", text, values: [`actor ${n}`, { n }] });
    const answers = await Promise.all(Array.from({ length: 40 }, (_, n) => insert(n)));
    assert.ok(answers.every(({ rows }) => rows[0].audit_hash.length === 32));
    const verdict = await pool.query("SELECT intact, rows FROM audit_immutable.verify('log')");
    assert.deepEqual(verdict.rows, [{ intact: true, rows: "40" }]);
});

test("a refusal can be told from a missing grant", async () => {
    const refused = { code: "42501", constraint: "audit_immutable", table: "log" };
    await assert.rejects(pool.query("UPDATE log SET actor = $1", ["mallory"]), refused);
    await assert.rejects(pool.query("DELETE FROM log"), refused);
    await pool.query("DELETE FROM log WHERE actor = $1", ["nobody"]);
});

test("a value for a column behind the stamps is not lost", async () => {
    await pool.query("ALTER TABLE log ADD COLUMN note text");
    await assert.rejects(pool.query("INSERT INTO log VALUES (DEFAULT, $1, NULL, $2)", ["a", 0]), { code: "428C9" });
    await pool.query("INSERT INTO log (actor, note) VALUES ($1, $2)", ["a", "n"]);
});
