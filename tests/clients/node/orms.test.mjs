// Sequelize, TypeORM and Drizzle: each makes its table, which becomes an audit table, writes and reads it, reads a
// refusal, and gets a column. Started by test_node.py, on a database of its own.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { after, test } from "node:test";

const require = createRequire(`${process.env.CLIENTS_NODE}/`);
const pg = require("pg");
const pool = new pg.Pool({ max: 2 });
after(() => pool.end());

const STAMPS = ["audit_chain", "audit_seq", "audit_at", "audit_session", "audit_hash"];
const { PGHOST: host, PGPORT: port, PGUSER: username, PGDATABASE: database } = process.env;

function isRefusal({ code, constraint }) {
    return code === "42501" && constraint === "audit_immutable";
}

async function intact(table, rows) {
    const verdict = await pool.query("SELECT intact, rows FROM audit_immutable.verify($1::regclass)", [table]);
    assert.deepEqual(verdict.rows, [{ intact: true, rows: String(rows) }]);
}

test("Sequelize", async () => {
    const { DataTypes, Sequelize } = require("sequelize");
    const sequelize = new Sequelize(database, username, undefined, { host, port, dialect: "postgres", logging: false });
    const fields = { actor: DataTypes.TEXT, details: DataTypes.JSONB };
    // It sends no UPDATE by itself; `updatedAt` would stay what it was.
    const options = { tableName: "sequelize_log", updatedAt: false };
    const Log = sequelize.define("Log", fields, options);
    await Log.sync();
    await sequelize.query("SELECT audit_immutable.protect('sequelize_log')");
    const entry = await Log.create({ actor: "ann", details: { order: 1 } });
    await Log.bulkCreate([{ actor: "bob" }, { actor: "carol" }]);
    assert.deepEqual((await Log.findByPk(entry.id)).details, { order: 1 });
    await assert.rejects(entry.update({ actor: "mallory" }), (error) => isRefusal(error.original));
    await assert.rejects(entry.destroy(), (error) => isRefusal(error.original));
    await Log.destroy({ where: { actor: "nobody" } });
    await assert.rejects(Log.truncate(), (error) => isRefusal(error.original));
    // A migration, and the model with it; `sync` leaves alone what is there.
    await sequelize.getQueryInterface().addColumn("sequelize_log", "shop", { type: DataTypes.TEXT });
    const Later = sequelize.define("Log", { ...fields, shop: DataTypes.TEXT }, options);
    await Later.sync();
    await Later.create({ actor: "dora", shop: "main street" });
    // It takes the stamps for columns that the model has lost, and drops them: of a log with rows that is refused.
    await assert.rejects(Later.sync({ alter: true }), (error) => isRefusal(error.original));
    await intact("sequelize_log", 4);
    await sequelize.close();
});

test("TypeORM", async () => {
    require("reflect-metadata");
    const { DataSource, EntitySchema } = require("typeorm");
    const columns = { id: { type: "bigint", primary: true, generated: "increment" }, actor: { type: "text" },
        details: { type: "jsonb", nullable: true } };
    const source = (more, synchronize = false) => new DataSource({ type: "postgres", host, port: Number(port), username, database, synchronize,
        entities: [new EntitySchema({ name: "Log", tableName: "typeorm_log", columns: { ...columns, ...more } })] }).initialize();
    const first = await source({}, true);
    await first.query("SELECT audit_immutable.protect('typeorm_log')");
    const log = first.getRepository("Log");
    const entry = await log.save({ actor: "ann", details: { order: 1 } });
    await log.insert([{ actor: "bob" }, { actor: "carol" }]);
    assert.deepEqual((await log.findOneBy({ id: entry.id })).details, { order: 1 });
    await assert.rejects(log.save({ ...entry, actor: "mallory" }), (error) => isRefusal(error.driverError));
    await assert.rejects(log.delete({ id: entry.id }), (error) => isRefusal(error.driverError));
    await log.delete({ actor: "nobody" });
    await assert.rejects(log.clear(), (error) => isRefusal(error.driverError));
    await first.query("ALTER TABLE typeorm_log ADD COLUMN shop text");
    await first.destroy();
    const later = await source({ shop: { type: "text", nullable: true } });
    await later.getRepository("Log").save({ actor: "dora", shop: "main street" });
    // `synchronize` and `migration:generate` would drop the stamps, unless the entity has them.
    const drops = (await later.driver.createSchemaBuilder().log()).upQueries.map(({ query }) => query);
    assert.ok(STAMPS.every((stamp) => drops.some((query) => query.includes(`DROP COLUMN "${stamp}"`))), drops.join("\n"));
    await assert.rejects(later.synchronize(), (error) => isRefusal(error.driverError));
    await later.destroy();
    await intact("typeorm_log", 4);
});

test("Drizzle", async () => {
    const { bigint, jsonb, pgTable, text } = require("drizzle-orm/pg-core");
    const { drizzle } = require("drizzle-orm/node-postgres");
    const { eq } = require("drizzle-orm");
    await pool.query(`CREATE TABLE drizzle_log (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, actor text NOT NULL, details jsonb)
        USING audit_immutable`);
    const columns = () => ({ id: bigint("id", { mode: "number" }).generatedAlwaysAsIdentity(), actor: text("actor").notNull(), details: jsonb("details") });
    const db = drizzle(pool);
    const log = pgTable("drizzle_log", columns());
    const [entry] = await db.insert(log).values({ actor: "ann", details: { order: 1 } }).returning();
    await db.insert(log).values([{ actor: "bob" }, { actor: "carol" }]);
    assert.deepEqual((await db.select().from(log).where(eq(log.id, entry.id)))[0].details, { order: 1 });
    await assert.rejects(db.update(log).set({ actor: "mallory" }), (error) => isRefusal(error.cause));
    await assert.rejects(db.delete(log), (error) => isRefusal(error.cause));
    await db.delete(log).where(eq(log.actor, "nobody"));
    await assert.rejects(db.insert(log).values({ ...entry, actor: "mallory" }).onConflictDoUpdate({ target: log.id, set: { actor: "mallory" } }));
    await pool.query("ALTER TABLE drizzle_log ADD COLUMN shop text");
    await db.insert(pgTable("drizzle_log", { ...columns(), shop: text("shop") })).values({ actor: "dora", shop: "main street" });
    await intact("drizzle_log", 4);
});
