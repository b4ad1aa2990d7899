-- What became of the evidence, whoever asks: a superuser's answer.
--
-- A suite's setup.sql reads this file when its tables are there (\ir ../harness/judge.sql), names in judge.watched the
-- rows that must stay, and calls judge.begin(). judge.state() then says "whole" or what is wrong, and what was recorded
-- since: "state: 1 of 9 rows lost, found modified: …, recorded retire rings.t". Each part is looked for by itself, so
-- that verify is not its own judge.
CREATE SCHEMA judge;
GRANT USAGE ON SCHEMA judge TO PUBLIC;

-- Queries with one column of type text.
CREATE TABLE judge.watched (query text);
INSERT INTO judge.watched VALUES
    ('SELECT (log, line, audit_hash)::text FROM audit_immutable.opening'),
    ('SELECT (id, backend_pid, current_user_name, audit_hash)::text FROM audit_immutable.session'),
    ('SELECT (log, number, kind, relation, detail, audit_hash)::text FROM audit_immutable.event');
CREATE TABLE judge.before (contents text);
CREATE TABLE judge.events (n bigint);

-- A query that fails gives its error, and so does not give the rows it gave before.
CREATE FUNCTION judge.contents() RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
    source text;
BEGIN
    FOREACH source IN ARRAY (SELECT array_agg(query) FROM judge.watched) LOOP
        BEGIN
            RETURN QUERY EXECUTE source;
        EXCEPTION WHEN OTHERS THEN
            RETURN NEXT SQLERRM;
        END;
    END LOOP;
END $$;

CREATE FUNCTION judge.begin() RETURNS void LANGUAGE sql AS $$
    INSERT INTO judge.before SELECT contents FROM judge.contents();
    INSERT INTO judge.events SELECT count(*) FROM audit_immutable.event;
$$;

CREATE FUNCTION judge.state() RETURNS text LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    log_id CONSTANT text = '[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}';
    said text[] = '{}'; lost bigint; recorded text; found text; trouble text;
BEGIN
    SELECT count(*) INTO lost FROM (SELECT contents FROM judge.before EXCEPT ALL SELECT contents FROM judge.contents()) AS gone;
    IF lost > 0 THEN said = said || format('%s of %s rows lost', lost, (SELECT count(*) FROM judge.before)); END IF;
    BEGIN
        SELECT string_agg(kind || coalesce(' ' || relation, ''), ', ' ORDER BY audit_chain, audit_seq) INTO recorded
            FROM (SELECT e.*, row_number() OVER (ORDER BY audit_at, audit_seq) AS nth FROM audit_immutable.event AS e) AS e
            WHERE nth > (SELECT n FROM judge.events);
    EXCEPTION WHEN OTHERS THEN recorded = NULL;
    END;
    BEGIN
        -- Of each kind in each table one detail, and how many more there are; then each text once.
        SELECT string_agg(format('%s: %s', kind, detail), '; ' ORDER BY kind, detail) INTO found FROM (
            SELECT f.kind, min(regexp_replace(f.detail, log_id, 'LOG'))
                    || CASE WHEN count(DISTINCT f.detail) > 1 THEN format(' and %s more', count(DISTINCT f.detail) - 1) ELSE '' END AS detail
                FROM audit_immutable.verify() AS v, audit_immutable.findings(v.relation) AS f
                WHERE NOT v.intact GROUP BY v.relation, f.kind) AS x;
        found = (SELECT string_agg(one, '; ') FROM (SELECT DISTINCT one FROM regexp_split_to_table(found, '; ') AS one ORDER BY 1) AS y);
        IF found <> '' THEN said = said || ('found ' || found); END IF;
    EXCEPTION WHEN OTHERS THEN
        GET STACKED DIAGNOSTICS trouble = RETURNED_SQLSTATE;
        said = said || format('VERIFY FAILS: %s: %s', trouble, SQLERRM);
    END;
    IF said = '{}' THEN said = said || 'whole'::text; END IF;
    IF recorded <> '' THEN said = said || ('recorded ' || recorded); END IF;
    -- Identifiers and oids differ from run to run.
    RETURN 'state: ' || regexp_replace(regexp_replace(array_to_string(said, ', '), log_id, 'LOG', 'g'), '\m\d{5,}\M(?!: )', 'OID', 'g');
END $$;

REVOKE ALL ON FUNCTION judge.contents(), judge.begin() FROM PUBLIC;
