-- Every other file relies on this one.
CREATE EXTENSION audit_immutable;
CREATE ROLE alice;
CREATE ROLE bob;
CREATE ROLE carol;
-- What the files share: asking for a refusal, and for a verdict in one line.
CREATE SCHEMA test;
GRANT USAGE ON SCHEMA test TO PUBLIC;
-- The error a command ends with, everything a DBA sees of it. A command that
-- succeeds is undone, and said to be. A temporary schema has its number left out.
CREATE FUNCTION test.refused(command text) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
    state text; message text; detail text; hint text;
BEGIN
    BEGIN
        EXECUTE command;
        RAISE EXCEPTION SQLSTATE 'ZZ000' USING MESSAGE = 'NOT REFUSED';
    EXCEPTION WHEN OTHERS THEN
        GET STACKED DIAGNOSTICS state = RETURNED_SQLSTATE, message = MESSAGE_TEXT,
            detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT;
    END;
    RETURN NEXT format('%s: %s', state, regexp_replace(message, 'pg_temp_\d+\.', 'pg_temp.'));
    IF detail <> '' THEN RETURN NEXT 'DETAIL: ' || detail; END IF;
    IF hint <> '' THEN RETURN NEXT 'HINT: ' || hint; END IF;
END $$;
-- Chains and rows are counted here too, so that verify is not its own judge.
CREATE FUNCTION test.state(log regclass) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    v record; counted bigint; gaps bigint;
BEGIN
    SELECT * INTO STRICT v FROM audit_immutable.verify(log);
    EXECUTE format('SELECT count(*) FROM %s', log) INTO counted;
    EXECUTE format('SELECT count(*) FROM (SELECT FROM %s GROUP BY audit_chain
        HAVING max(audit_seq) <> count(*) OR min(audit_seq) <> 1 OR count(DISTINCT audit_seq) <> count(*)) AS bad', log) INTO gaps;
    RETURN concat_ws(', ',
        CASE WHEN v.intact THEN 'intact' ELSE 'BROKEN: ' || v.first_finding END,
        counted || ' rows',
        CASE WHEN v.rows <> counted THEN 'verify saw ' || v.rows END,
        CASE WHEN gaps > 0 THEN gaps || ' CHAINS WITH GAPS' END);
END $$;
-- What \d would say, but for the identifier of the log.
CREATE FUNCTION test.shape(log regclass) RETURNS SETOF text LANGUAGE sql AS $$
    (SELECT concat_ws(' ', 'column', attname, format_type(atttypid, atttypmod), CASE WHEN attnotnull THEN 'not null' END,
        CASE attgenerated WHEN 's' THEN 'generated' ELSE 'default' END || ' ' || pg_get_expr(adbin, adrelid))
     FROM pg_attribute LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
     WHERE attrelid = log AND attnum > 0 AND NOT attisdropped ORDER BY attnum)
    UNION ALL
    (SELECT pg_get_indexdef(indexrelid) FROM pg_index WHERE indrelid = log ORDER BY indexrelid)
    UNION ALL
    (SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = log AND contype IN ('c', 'f') ORDER BY oid)
    UNION ALL
    (SELECT regexp_replace(pg_get_triggerdef(oid), '[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}', 'LOG') || CASE tgenabled WHEN 'A' THEN ' always' ELSE ' ' || tgenabled::text END
     FROM pg_trigger WHERE tgrelid = log AND NOT tgisinternal ORDER BY tgname)
$$;
-- What a superuser can do past the guards: edit catalogs by hand, as long as the session has not loaded the library
-- (\c begins another one). Each of these fails where it finds nothing to edit.
CREATE FUNCTION test.edit_trigger(log regclass, name text, change text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    n bigint;
BEGIN
    EXECUTE format('UPDATE pg_trigger SET %s WHERE tgrelid = %L::regclass AND tgname LIKE %L', change, log, name);
    GET DIAGNOSTICS n = ROW_COUNT;
    IF n = 0 THEN RAISE 'no trigger %', name; END IF;
END $$;
CREATE FUNCTION test.take_trigger(log regclass, name text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    n bigint;
BEGIN
    DELETE FROM pg_depend WHERE classid = 'pg_trigger'::regclass
        AND objid IN (SELECT oid FROM pg_trigger WHERE tgrelid = log AND tgname LIKE name);
    DELETE FROM pg_trigger WHERE tgrelid = log AND tgname LIKE name;
    GET DIAGNOSTICS n = ROW_COUNT;
    IF n = 0 THEN RAISE 'no trigger %', name; END IF;
    UPDATE pg_class SET relhastriggers = true WHERE oid = log;     -- has the table looked up anew
END $$;
CREATE FUNCTION test.store_by(log regclass, access_method name) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    UPDATE pg_class SET relam = am.oid FROM pg_am AS am WHERE amname = access_method AND pg_class.oid = log AND relam <> am.oid;
    IF NOT FOUND THEN RAISE 'not changed to %', access_method; END IF;
END $$;
