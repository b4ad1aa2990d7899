-- Two values, two lines: pairs that row_to_json, or PostgreSQL's output of them, would print alike.
CREATE SCHEMA vals;
SET search_path = vals;
\a
\t on
CREATE SEQUENCE tables;
-- Stores values of a type, and shows what their lines say of them; and whether any two say the same.
CREATE FUNCTION written(kind text, VARIADIC expressions text[]) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
    log text := format('vals.t%s', nextval('vals.tables')); expression text; different bigint; stored bigint;
BEGIN
    EXECUTE format('CREATE TABLE %s (v %s) USING audit_immutable', log, kind);
    FOREACH expression IN ARRAY expressions LOOP
        EXECUTE format('INSERT INTO %s VALUES (%s)', log, expression);
    END LOOP;
    RETURN QUERY EXECUTE format($q$SELECT substring(audit_immutable.line(%1$L, audit_chain, audit_seq) FROM '"row":(.*)}$') FROM %1$s ORDER BY audit_seq$q$, log);
    EXECUTE format($q$SELECT count(DISTINCT substring(audit_immutable.line(%1$L, audit_chain, audit_seq) FROM '"row":.*')), count(*) FROM %1$s$q$, log)
        INTO different, stored;
    RETURN NEXT format('%s of %s differ, %s', different, stored, test.state(log::regclass));
END $$;
-- A JSON null is no NULL, and a JSON array no dimension.
SELECT written('json[]', $$'{NULL}'$$, $$'{"null"}'$$, $$'{"\"null\""}'$$, $$'{}'$$);
SELECT written('jsonb[]', $$'{NULL}'$$, $$'{"null"}'$$, $$'{"\"null\""}'$$, $$'{}'$$);
SELECT written('json[]', $$ARRAY['[1,2]', '[3,4]']::json[]$$, $$'{{1,2},{3,4}}'$$);
SELECT written('jsonb[]', $$ARRAY['[1,2]', '[3,4]']::jsonb[]$$, $$'{{1,2},{3,4}}'$$);
CREATE TYPE documents AS (j json, jb jsonb);
SELECT written('documents', 'ROW(NULL, NULL)', $$ROW('null', 'null')$$, $$ROW('"null"', '"null"')$$);
SELECT written('documents[]', 'ARRAY[NULL]::documents[]', $$ARRAY[ROW(NULL, NULL)]::documents[]$$, $$ARRAY[ROW(NULL, '{"a": [1]}')]::documents[]$$);
SELECT written('lines.hstore[]', $$'{NULL}'$$, $$ARRAY['a=>NULL'::lines.hstore]$$, $$ARRAY['a=>"NULL"'::lines.hstore]$$);
SELECT written('lines.hstore', $$'a=>NULL'$$, $$'a=>"NULL"'$$, $$''$$);
-- The text of a json counts, its line breaks too.
SELECT written('json', $$'[1, 2]'$$, $$E'[1,\n2]'$$, $$E'[1,\r2]'$$, $$E'[1,\r\n2]'$$, $$'"[1, 2]"'$$, $$'"[1,\n2]"'$$);
SELECT written('jsonb', $$'null'$$, $$'"null"'$$, $$'[1, 2]'$$, $$'"[1, 2]"'$$);
-- And that of an xml, its declaration too.
SELECT written('xml', $$'<a/>'$$, $$'<?xml version="1.0"?><a/>'$$, $$'<?xml version="1.0" encoding="UTF-8"?><a/>'$$, $$'<?xml version="1.0" standalone="yes"?><a/>'$$, $$E'<a>\n</a>'$$);
SELECT written('xml[]', $$ARRAY['<a/>'::xml]$$, $$ARRAY['<?xml version="1.0"?><a/>'::xml]$$, $$'{NULL}'$$);
-- Where an array begins.
SELECT written('int[]', $$'{1,2}'$$, $$'[0:1]={1,2}'$$, $$'[5:6]={1,2}'$$, $$'[-2147483648:-2147483647]={1,2}'$$, $$'{}'$$);
SELECT written('int[]', $$'{{1,2}}'$$, $$'[1:1][0:1]={{1,2}}'$$, $$'[0:0][0:1]={{1,2}}'$$, $$'[0:1][1:1]={{1},{2}}'$$);
SELECT written('int2vector', $$''$$, $$'1'$$, $$'1 2'$$);
SELECT written('oidvector', $$''$$, $$'1'$$, $$'1 2'$$);
-- An array in an array, by way of a domain, is no dimension.
CREATE DOMAIN ints AS int[];
SELECT written('ints[]', $$ARRAY['{1,2}', '{3,4}']::ints[]$$, $$ARRAY['{{1,2},{3,4}}']::ints[]$$, $$ARRAY['{}']::ints[]$$, $$ARRAY['[0:0]={1}', NULL]::ints[]$$, $$'{}'$$);
SELECT written('ints', $$'{1,2}'$$, $$'[0:1]={1,2}'$$);
CREATE TYPE holder AS (i int[]);
SELECT written('holder[]', $$ARRAY[ROW('{1,2}')]::holder[]$$, $$ARRAY[ROW('[0:1]={1,2}')]::holder[]$$);
-- A "char" above 127 is no UTF-8.
SELECT written('"char"', $$''$$, $$'a'$$, '(-23)::"char"', '(-128)::"char"', $$'\'$$, '(-1)::"char"');
SELECT written('"char"[]', $$'{NULL}'$$, $$ARRAY['']::"char"[]$$, 'ARRAY[(-23)::"char"]');
-- What the output of a tsquery leaves out.
SELECT written('tsquery', $$'a & (b & c)'$$, $$'(a & b) & c'$$, $$'a:A & b:*C'$$, $$'a <-> b'$$, $$'a <3> !b | c'$$, $$'!!a'$$, $$''$$, $$E'''it''''s'''$$, $$'ü'$$);
SELECT written('tsquery', $$to_tsquery('simple', 'a') && to_tsquery('simple', 'b')$$, $$tsquery_phrase('a', 'b', 7)$$, $$ts_rewrite('a & b', 'a', 'c | d')$$, $$plainto_tsquery('english', 'the')$$);
SELECT written('tsquery[]', $$ARRAY['a & (b & c)', '(a & b) & c']::tsquery[]$$, $$ARRAY['(a & b) & c', 'a & (b & c)']::tsquery[]$$);
-- What no writer of ours could tell apart is refused: the bounds of a range are printed by PostgreSQL.
CREATE TYPE queries AS RANGE (subtype = tsquery);
CREATE TYPE letters AS RANGE (subtype = "char");
CREATE TYPE marked AS (n int, x xml);
CREATE TYPE marks AS RANGE (subtype = marked);
SELECT test.refused('CREATE TABLE t (c queries) USING audit_immutable');
SELECT test.refused('CREATE TABLE t (c letters_multirange[]) USING audit_immutable');
SELECT test.refused('CREATE TABLE t (c marks) USING audit_immutable');
SELECT test.refused('CREATE TABLE t (c gtsvector) USING audit_immutable');
SELECT test.refused('ALTER TABLE t1 ADD COLUMN c pg_ndistinct');
-- A range of what has one text for each value is not.
CREATE TYPE plain AS (n int, t text[]);
CREATE TYPE plains AS RANGE (subtype = plain);
SELECT written('plains', $$plains(ROW(1, '{a}'), NULL)$$, $$plains(ROW(1, '[0:0]={a}'), NULL)$$);
