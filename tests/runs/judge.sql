-- A second opinion on the index of the chains, from its pages: what docs/DESIGN.md says of it must be so.

CREATE EXTENSION pageinspect;
CREATE SCHEMA judge;

CREATE FUNCTION judge.int4(bytes bytea, at int) RETURNS int IMMUTABLE LANGUAGE sql AS $$
    SELECT get_byte(bytes, at) | (get_byte(bytes, at + 1) << 8) | (get_byte(bytes, at + 2) << 16) | (get_byte(bytes, at + 3) << 24)
$$;

CREATE FUNCTION judge.int8(bytes bytea, at int) RETURNS bigint IMMUTABLE LANGUAGE sql AS $$
    SELECT (judge.int4(bytes, at)::bigint & 4294967295) | (judge.int4(bytes, at + 4)::bigint << 32)
$$;

-- The entries of an index of two columns, int4 and int8, on its leaves.
CREATE FUNCTION judge.entries(index regclass) RETURNS TABLE (chain int, seq bigint, tid tid)
LANGUAGE sql AS $$
    SELECT judge.int4(v, 0), judge.int8(v, 8), i.htid
    FROM generate_series(1, pg_relation_size(index) / 8192 - 1) AS block,
        LATERAL (SELECT get_raw_page(index::text, block::int)) AS p (page),
        -- BTPageOpaqueData: next page, level, flags.
        LATERAL (SELECT judge.int4(page, 8192 - 12), judge.int4(page, 8192 - 8), get_byte(page, 8192 - 4)) AS o (next, level, flags),
        LATERAL bt_page_items(page) AS i,
        LATERAL (SELECT decode(replace(i.data, ' ', ''), 'hex')) AS d (v)
    WHERE level = 0 AND flags & 20 = 0              -- neither deleted nor half dead
      AND (next = 0 OR i.itemoffset > 1)            -- without the page's upper bound
$$;

CREATE FUNCTION judge.block(tid tid) RETURNS bigint IMMUTABLE LANGUAGE sql AS
    $$ SELECT (tid::text::point)[0]::bigint $$;

-- What is wrong with a log and the index of its chains; no row for nothing. The index is found by its access method.
CREATE FUNCTION judge.wrong(log regclass) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
    chains regclass := (SELECT i.indexrelid FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
                        JOIN pg_am a ON a.oid = c.relam WHERE i.indrelid = log AND a.amname = 'audit_chain');
BEGIN
    IF to_regclass('pg_temp.judged') IS NULL THEN
        CREATE TEMP TABLE judged (chain int, seq bigint, tid tid);
        CREATE TEMP TABLE live (chain int, seq bigint, tid tid);
        CREATE INDEX ON live (chain, seq);
    END IF;
    TRUNCATE judged, live;
    EXECUTE format('INSERT INTO judged SELECT audit_chain, audit_seq, ctid FROM %s', log);
    INSERT INTO live SELECT e.* FROM judge.entries(chains) AS e JOIN judged USING (chain, seq, tid);
    ANALYZE judged, live;
    RETURN QUERY
        SELECT format('row %s of chain %s is at %s, and the last entry up to it is %s', r.seq, r.chain, r.tid, e)
        FROM judged AS r
        LEFT JOIN LATERAL (SELECT * FROM live AS l WHERE l.chain = r.chain AND l.seq <= r.seq ORDER BY l.seq DESC LIMIT 1)
            AS e ON true
        WHERE judge.block(e.tid) IS DISTINCT FROM judge.block(r.tid);
    RETURN QUERY
        SELECT format('chain %s has %s rows up to %s', chain, count(*), max(seq))
        FROM judged GROUP BY chain HAVING count(*) <> max(seq) OR count(DISTINCT seq) <> count(*);
END $$;

-- The same of what the extension answers through the index, of a log that is armed.
CREATE FUNCTION judge.answers(log regclass) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
    should_be text[];
    said text[];
    lines bigint;
    rows bigint;
    found text;
BEGIN
    EXECUTE format('SELECT array_agg(format(''%%s:%%s:%%s'', audit_chain, audit_seq, encode(audit_hash, ''hex'')) ORDER BY audit_chain)
        FROM (SELECT DISTINCT ON (audit_chain) * FROM %s ORDER BY audit_chain, audit_seq DESC) AS h', log) INTO should_be;
    EXECUTE format('SELECT count(*) FROM %s', log) INTO rows;
    SELECT s.heads::text[] INTO said FROM audit_immutable.status AS s WHERE s.relation = log;
    IF coalesce(said, '{}') <> coalesce(should_be, '{}') THEN
        RETURN NEXT format('the heads are said to be %s and are %s', said, should_be);
    END IF;
    SELECT count(*) INTO lines FROM audit_immutable.export(log);
    IF lines NOT IN (rows, rows + 1) THEN
        RETURN NEXT format('%s lines are exported of %s rows', lines, rows);
    END IF;
    SELECT first_finding INTO found FROM audit_immutable.verify(log) WHERE NOT intact;
    IF found IS NOT NULL THEN
        RETURN NEXT found;
    END IF;
END $$;
