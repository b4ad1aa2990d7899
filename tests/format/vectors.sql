-- The test vectors of docs/FORMAT.md, made by PostgreSQL itself: no extension needed.
--
--   psql -AtqX -f tests/format/vectors.sql > docs/vectors.jsonl     (a UTF-8 database, PostgreSQL 15 or newer)
--
-- Prints one JSON object a line: name, column, value, line, sha256. The first one also has setup: the SQL that
-- makes the types the columns need. Everything is rolled back at the end.
\set ON_ERROR_STOP 1
\set setup 'CREATE SCHEMA audit_vectors; CREATE TYPE audit_vectors.mood AS ENUM (''calm'', ''naïve''); CREATE TYPE audit_vectors.pair AS (x integer, y text); CREATE DOMAIN audit_vectors.percent AS numeric(5,2); CREATE DOMAIN audit_vectors.ints AS integer[]; CREATE DOMAIN audit_vectors.note AS json; CREATE TYPE audit_vectors.doc AS (j json, jb audit_vectors.note, a integer[]);'
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SET client_min_messages = 'warning';
BEGIN;

-- The pinned settings (FORMAT.md, "The row").
SET LOCAL TimeZone = 'UTC';
SET LOCAL DateStyle = 'ISO, MDY';
SET LOCAL IntervalStyle = 'postgres';
SET LOCAL extra_float_digits = 1;
SET LOCAL bytea_output = 'hex';
SET LOCAL lc_monetary = 'C';
SET LOCAL search_path = pg_catalog;

:setup

-- The log all vectors belong to.
CREATE TABLE audit_vectors.sample (
  b bool, i2 int2, i4 int4, i8 int8, t text, vc varchar(20), c char(5), u uuid,
  tz timestamptz, ts timestamp, d date, jb jsonb, j json, by bytea, n numeric, nn numeric(10,3),
  f4 float4, f8 float8, ip inet, net cidr, iv interval, m money, e audit_vectors.mood,
  a int4[], ta text[], p audit_vectors.pair, r int4range, tr tstzrange, q audit_vectors.percent,
  tm time, o oid, "say ""hi""" text, ch "char", x xml, tq tsquery, dj audit_vectors.note,
  ja json[], jba jsonb[], aa audit_vectors.ints[], pj audit_vectors.doc, pja audit_vectors.doc[]);

CREATE TEMP TABLE vector (n int GENERATED ALWAYS AS IDENTITY, log int DEFAULT 1, chain int, name text, columns text, col text, val text, line text);
INSERT INTO vector (chain, name, col, val) VALUES
(1, 'bool true',               'b bool', $$true$$),
(1, 'bool false',              'b bool', $$false$$),
(1, 'int2 smallest',           'i2 int2', $$-32768$$),
(1, 'int4 largest',            'i4 int4', $$2147483647$$),
(1, 'int8 smallest',           'i8 int8', $$-9223372036854775808$$),
(1, 'text empty',              't text', $$''$$),
(1, 'text escapes',            't text', $$E'quote " backslash \\ slash / <&>'$$),
(1, 'text control characters', 't text', $$E'\b\f\n\r\t\x01\x0b\x1f\x7f'$$),
(1, 'text multi-byte',         't text', $$U&'gr\00FC\00DFe \6F22\5B57 \+01F512 e\0301 \2028 \0085'$$),
(1, 'varchar trailing space',  'vc varchar(20)', $$'two  '$$),
(1, 'char(n) padded',          'c char(5)', $$U&'\00E9b'$$),
(1, 'uuid upper case',         'u uuid', $$'A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11'$$),
(1, 'timestamptz fraction',    'tz timestamptz', $$'2026-11-20 15:20:47.105885+01:30'$$),
(1, 'timestamptz short fraction', 'tz timestamptz', $$'2026-11-20 13:50:47.120000+00'$$),
(1, 'timestamptz whole second','tz timestamptz', $$'2026-11-20 13:50:47+00'$$),
(1, 'timestamptz BC',          'tz timestamptz', $$'0044-03-15 12:00:00+00 BC'$$),
(1, 'timestamptz year 10000',  'tz timestamptz', $$'10000-01-01 00:00:00+00'$$),
(1, 'timestamptz first',       'tz timestamptz', $$'4714-11-24 00:00:00+00 BC'$$),
(1, 'timestamptz last',        'tz timestamptz', $$'294276-12-31 23:59:59.999999+00'$$),
(1, 'timestamptz infinity',    'tz timestamptz', $$'infinity'$$),
(1, 'timestamptz -infinity',   'tz timestamptz', $$'-infinity'$$),
(1, 'timestamp fraction',      'ts timestamp', $$'1999-12-31 23:59:59.999999'$$),
(1, 'timestamp BC',            'ts timestamp', $$'4713-01-01 00:00:00 BC'$$),
(1, 'timestamp infinity',      'ts timestamp', $$'infinity'$$),
(1, 'date',                    'd date', $$'2024-02-29'$$),
(1, 'date BC',                 'd date', $$'0001-12-31 BC'$$),
(1, 'date -infinity',          'd date', $$'-infinity'$$),
(1, 'jsonb deep',              'jb jsonb', $$'{"b": [1.50, {"c": [[], {}, [null, true, "x\ty"]]}], "aa": {"z": "\u00fc\u0001", "y": null}, "a": 1e3}'$$),
(1, 'jsonb null is a value',   'jb jsonb', $$'null'$$),
(1, 'json as stored',          'j json', $$E' {"k" :\t[1, 2 ], "k":"a\\nb\\u0041\\/"}'$$),
(1, 'json null is a value',    'j json', $$'null'$$),
(1, 'json line breaks',        'j json', $$E' {"k" :\r\n\t[1,\n2 ], "k":"a\\nb"}\r'$$),
(1, 'json string',             'j json', $$'"caf\u00e9"'$$),
(1, 'json string behind a space', 'j json', $$' "x"'$$),
(1, 'domain over json',        'dj audit_vectors.note', $$'"x"'$$),
(1, 'bytea',                   'by bytea', $$decode('00ff5c0a', 'hex')$$),
(1, 'bytea empty',             'by bytea', $$''$$),
(1, 'numeric trailing zeros',  'n numeric', $$1.5000$$),
(1, 'numeric NaN',             'n numeric', $$'NaN'$$),
(1, 'numeric -Infinity',       'n numeric', $$'-Infinity'$$),
(1, 'numeric large and small', 'n numeric', $$-12345678901234567890123456789.00000000000000000001$$),
(1, 'numeric zero with scale', 'n numeric', $$-0.000$$),
(1, 'numeric(10,3) rounded',   'nn numeric(10,3)', $$2.0005$$),
(1, 'float4',                  'f4 float4', $$'0.1'$$),
(1, 'float4 exponent',         'f4 float4', $$'1e-5'$$),
(1, 'float4 of two as close the even one', 'f4 float4', $$'1048576.25'$$),
(1, 'float8 shortest',         'f8 float8', $$'0.30000000000000004'$$),
(1, 'float8 NaN',              'f8 float8', $$'NaN'$$),
(1, 'float8 -Infinity',        'f8 float8', $$'-Infinity'$$),
(1, 'float8 minus zero',       'f8 float8', $$'-0'$$),
(1, 'float8 1e23',             'f8 float8', $$'1e23'$$),
(1, 'float8 1e15',             'f8 float8', $$'1e15'$$),
(1, 'float8 14 digits',        'f8 float8', $$'100000000000000'$$),
(1, 'float8 smallest',         'f8 float8', $$'5e-324'$$),
(1, 'inet v4 host',            'ip inet', $$'192.0.2.7'$$),
(1, 'inet v4 network',         'ip inet', $$'192.0.2.7/24'$$),
(1, 'inet v6',                 'ip inet', $$'2001:DB8:0:0:1:0:0:1/64'$$),
(1, 'inet v4 in v6',           'ip inet', $$'::ffff:192.0.2.7'$$),
(1, 'cidr v4',                 'net cidr', $$'10.0.0.0/8'$$),
(1, 'cidr v4 host',            'net cidr', $$'192.0.2.7'$$),
(1, 'cidr v6',                 'net cidr', $$'2001:db8::/32'$$),
(1, 'interval',                'iv interval', $$'1 year -2 months 3 days -04:05:06.789'$$),
(1, 'money',                   'm money', $$(-1234567.8)::money$$),
(1, 'enum',                    'e audit_vectors.mood', $$U&'na\00EFve'$$),
(1, 'array',                   'a int4[]', $$'{{1,NULL},{3,4}}'$$),
(1, 'array of text',           'ta text[]', $$ARRAY['a,b', '', NULL, 'say "x"']$$),
(1, 'array without elements',  'a int4[]', $$'{}'$$),
(1, 'array from 0',            'a int4[]', $$'[0:1]={1,NULL}'$$),
(1, 'array of two dimensions, one from 0', 'a int4[]', $$'[1:2][0:1]={{1,2},{3,4}}'$$),
(1, 'arrays in an array',      'aa audit_vectors.ints[]', $$'{"{1,2}","{}",NULL,"[0:0]={3}","{{4},{5}}"}'$$),
(1, 'arrays in an array from 0', 'aa audit_vectors.ints[]', $$'[0:0]={"{1}"}'$$),
(1, 'array of json',           'ja json[]', $$ARRAY['{"a": 1}', 'null', NULL, E'[\n]', '"x"']::json[]$$),
(1, 'array of jsonb',          'jba jsonb[]', $$ARRAY['{"a":1}', 'null', NULL, '[]', '"x"']::jsonb[]$$),
(1, 'composite',               'p audit_vectors.pair', $$ROW(NULL, E'line\nbreak')$$),
(1, 'composite of NULLs is a value', 'p audit_vectors.pair', $$ROW(NULL, NULL)$$),
(1, 'composite of json',       'pj audit_vectors.doc', $$ROW('[1, 2]', 'null', '[0:0]={1}')$$),
(1, 'composite of json, NULLs', 'pj audit_vectors.doc', $$ROW(NULL, NULL, NULL)$$),
(1, 'array of composites of json', 'pja audit_vectors.doc[]', $$ARRAY[ROW('null', '"x"', '{1}'), NULL]::audit_vectors.doc[]$$),
(1, 'range',                   'r int4range', $$'(1,5]'$$),
(1, 'range of time',           'tr tstzrange', $$'[2026-11-20 13:50:47.5+00,)'$$),
(1, 'domain over numeric',     'q audit_vectors.percent', $$99.5$$),
(1, 'time',                    'tm time', $$'24:00'$$),
(1, 'oid is a string',         'o oid', $$4294967295$$),
(1, '"char" of byte 0',        'ch "char"', $$0::"char"$$),
(1, '"char" of byte 127',      'ch "char"', $$127::"char"$$),
(1, '"char" of byte 128',      'ch "char"', $$(-128)::"char"$$),
(1, '"char" of byte 233',      'ch "char"', $$(-23)::"char"$$),
(1, 'xml',                     'x xml', $$'<a b="1">&lt;</a>'$$),
(1, 'xml with a declaration',  'x xml', $$U&'<?xml version="1.0" encoding="UTF-8"?>\000A<a>\00FC</a>'$$),
(1, 'tsquery to the left',     'tq tsquery', $$'(a & b) & c'$$),
(1, 'tsquery to the right',    'tq tsquery', $$'a & (b & c)'$$),
(1, 'column name escaped',     '"say ""hi""" text', $$'hi'$$),
(2, 'all NULL',                't text, i4 int4', $$NULL, NULL$$),
(2, 'column order, one NULL',  'i8 int8, t text, tz timestamptz, jb jsonb', $$7, NULL, '2026-11-20 13:50:47.105885+00', '{"k": 1}'$$),
(2, 'prev of seq 3',           'i8 int8, t text', $$8, 'the line before is vouched for here'$$),
(9, 'chain numbers may skip',  't text', $$'first row of its chain: prev is the opening line'$$);

-- The text of a value of most types is PostgreSQL's own to_json. The types marked with a dagger in FORMAT.md, and those that
-- hold others, are put together here: text_of answers an SQL expression for the text of the SQL expression e.
CREATE FUNCTION pg_temp.array_text(elements text[], lower int[], upper int[], d int DEFAULT 1) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  width int := coalesce(cardinality(elements) / (upper[d] - lower[d] + 1), 0);
BEGIN
  IF width = 0 THEN RETURN '[]'; END IF;
  RETURN (SELECT '[' || string_agg(CASE WHEN d = cardinality(lower) THEN elements[i]
            ELSE pg_temp.array_text(elements[i : i + width - 1], lower, upper, d + 1) END, ',' ORDER BY i) || ']'
          FROM generate_series(1, cardinality(elements), width) i);
END $$;

CREATE FUNCTION pg_temp.with_bounds(array_text text, lower int[], is_element boolean) RETURNS text LANGUAGE sql
  RETURN CASE WHEN is_element OR 1 <> ANY (lower)
              THEN '{"lower":' || to_json(coalesce(lower, '{}')) || ',"array":' || array_text || '}' ELSE array_text END;

CREATE FUNCTION pg_temp.text_of(typ regtype, e text, place text DEFAULT 'column') RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  t pg_type := (SELECT t FROM pg_type t WHERE oid = typ);
BEGIN
  IF t.typtype = 'd' THEN RETURN pg_temp.text_of(t.typbasetype, e, place); END IF;
  IF t.typcategory = 'A' THEN RETURN format(
    'CASE WHEN num_nulls(%1$s) = 0 THEN (SELECT pg_temp.with_bounds(pg_temp.array_text('
    || '(SELECT array_agg(coalesce(%2$s, ''null'') ORDER BY n) FROM (SELECT element, row_number() OVER () n FROM (SELECT unnest(%1$s) element) u) u), '
    || 'array_agg(array_lower(%1$s, d) ORDER BY d), array_agg(array_upper(%1$s, d) ORDER BY d)), '
    || 'array_agg(array_lower(%1$s, d) ORDER BY d), %3$L) FROM generate_series(1, array_ndims(%1$s)) d) END',
    e, pg_temp.text_of(t.typelem, 'element', 'element'), place = 'element'); END IF;
  IF t.typtype = 'c' THEN RETURN (SELECT format(
    'CASE WHEN num_nulls(%s) = 0 THEN ''{'' || %s || ''}'' END', e,
    string_agg(format('%L || coalesce(%s, ''null'')', CASE WHEN attnum > 1 THEN ',' ELSE '' END || to_json(attname::text) || ':',
                      pg_temp.text_of(atttypid, format('(%s).%I', e, attname), 'field')), ' || ' ORDER BY attnum))
    FROM pg_attribute WHERE attrelid = t.typrelid AND attnum > 0); END IF;
  RETURN format(CASE
    WHEN typ IN ('json'::regtype, 'jsonb') AND place <> 'column' THEN 'to_json(%1$s::text)::text'
    WHEN typ = 'json'::regtype THEN $e$CASE WHEN %1$s::text ~ '^"|[\r\n]' THEN to_json(%1$s::text) ELSE %1$s END::text$e$
    WHEN typ = 'jsonb'::regtype THEN '%1$s::text'
    WHEN typ = 'xml'::regtype THEN 'to_json(%1$s::text)::text'            -- the cast keeps the declaration, the output does not
    WHEN typ = '"char"'::regtype THEN $e$CASE WHEN %1$s::int < 0
      THEN format('"\\%%s%%s%%s"', (%1$s::int + 256) / 64, (%1$s::int + 256) / 8 %% 8, (%1$s::int + 256) %% 8)
      ELSE to_json(%1$s)::text END$e$
    WHEN typ = 'tsquery'::regtype THEN '''{"text":'' || to_json(%1$s::text) || '',"send":'' || to_json(tsquerysend(%1$s)) || ''}'''
    ELSE 'to_json(%1$s)::text' END, e);
END $$;

-- {"id":7,…}: the columns that are not NULL, in column order. num_nulls, because a composite value of NULLs IS NULL but is not a NULL.
CREATE FUNCTION pg_temp.row_text(col text, val text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  name text; typ regtype; is_text text; wanted text; member text; members text[] := '{}';
BEGIN
  EXECUTE format('CREATE TEMP TABLE one (%s)', col);
  EXECUTE format('INSERT INTO one VALUES (%s)', val);
  FOR name, typ, is_text, wanted IN
    SELECT a.attname, a.atttypid, format_type(a.atttypid, a.atttypmod), format_type(s.atttypid, s.atttypmod)
    FROM pg_attribute a LEFT JOIN pg_attribute s ON s.attrelid = 'audit_vectors.sample'::regclass AND s.attname = a.attname
    WHERE a.attrelid = 'pg_temp.one'::regclass AND a.attnum > 0 ORDER BY a.attnum
  LOOP
    IF is_text IS DISTINCT FROM wanted THEN RAISE 'column % is % here and % in the table', name, is_text, wanted; END IF;
    EXECUTE format('SELECT CASE WHEN num_nulls(%1$I) = 0 THEN %2$s END FROM one', name, pg_temp.text_of(typ, quote_ident(name))) INTO member;
    IF member IS NOT NULL THEN members := members || (to_json(name) || ':' || member); END IF;
  END LOOP;
  DROP TABLE one;
  RETURN '{' || array_to_string(members, ',') || '}';
END $$;

CREATE FUNCTION pg_temp.stamp(at timestamptz) RETURNS text LANGUAGE sql RETURN to_json(at)::text;
CREATE FUNCTION pg_temp.hash(line text) RETURNS text LANGUAGE sql
  RETURN encode(sha256(convert_to(line, 'UTF8')), 'hex');

CREATE FUNCTION pg_temp.opening(log int, tab text, columns text, more text, opened timestamptz, by text) RETURNS text LANGUAGE sql
  RETURN '{"audit_immutable":1,"database":"5b2f1c0e-94d7-4a3b-8e61-7d0a2c9f4e18","log":"0b9df7ec-5b1c-4a64-9d0c-3c1c5b1f0a0' || log
         || '","table":' || to_json(tab) || ',"columns":' || columns || more || ',"opened":' || pg_temp.stamp(opened)
         || ',"by":' || to_json(by) || '}';

CREATE TEMP TABLE opening (log int, name text, line text);
INSERT INTO opening
SELECT 1, 'opening line', pg_temp.opening(1, 'audit_vectors.sample',
       '[' || string_agg('[' || to_json(attname::text) || ',' || to_json(format_type(atttypid, atttypmod)) || ']', ',' ORDER BY attnum) || ']',
       '', '2026-11-20 13:50:47+00', 'auditor')
FROM pg_attribute WHERE attrelid = 'audit_vectors.sample'::regclass AND attnum > 0;

-- The second log has a limit on its chains. In the third a column was added, behind the first row of chain 1.
INSERT INTO opening VALUES
(2, 'opening line, one chain', pg_temp.opening(2, 'audit_vectors."One Chain"', '[["t","text"]]', ',"chains":1',
                                               '2026-11-20 13:50:47.5+00', 'the "DBA"')),
(3, 'opening line, columns change', pg_temp.opening(3, 'audit_vectors.changed', '[["i4","integer"]]', '',
                                                    '2026-11-20 13:50:48+00', 'auditor'));
INSERT INTO vector (log, chain, name, columns, col, val) VALUES
(2, 1, 'row of a log with one chain',    NULL, 't text', $$'x'$$),
(3, 1, 'before the columns changed',     NULL, 'i4 int4', $$1$$),
(3, 1, 'first row with the new columns', '[["i4","integer"],["t","text"]]', 'i4 int4, t text', $$2, NULL$$),
(3, 1, 'row with the same columns',      NULL, 'i4 int4, t text', $$3, 'new'$$),
(3, 2, 'a chain that begins with the new columns', '[["i4","integer"],["t","text"]]', 'i4 int4, t text', $$4, 'new'$$);

DO $$
DECLARE
  v vector; prev text; log int := 0; chain int; seq bigint;
BEGIN
  FOR v IN SELECT * FROM vector ORDER BY n LOOP
    IF (v.log, v.chain) IS DISTINCT FROM (log, chain) THEN
      log := v.log; chain := v.chain; seq := 0; prev := (SELECT pg_temp.hash(line) FROM opening o WHERE o.log = v.log);
    END IF;
    seq := seq + 1;
    v.line := format('{"chain":%s,"seq":%s,"prev":"%s","at":%s,"session":%s,%s"row":%s}', chain, seq, prev,
      pg_temp.stamp('2026-11-20 13:50:47+00'::timestamptz + v.n * interval '0.25 second' + (log - 1) * interval '1 microsecond'),
      16 + chain, '"columns":' || v.columns || ',', pg_temp.row_text(v.col, v.val));
    UPDATE vector SET line = v.line WHERE n = v.n;
    prev := pg_temp.hash(v.line);
  END LOOP;
END $$;

SELECT '{"name":' || to_json(name) || CASE WHEN log = 1 AND n = 0 THEN ',"setup":' || to_json(:'setup'::text) ELSE '' END
       || ',"column":' || coalesce(to_json(col)::text, 'null') || ',"value":' || coalesce(to_json(val)::text, 'null')
       || ',"line":' || to_json(line) || ',"sha256":"' || pg_temp.hash(line) || '"}'
FROM (SELECT log, 0 AS n, name, NULL AS col, NULL AS val, line FROM opening
      UNION ALL SELECT log, n, name, col, val, line FROM vector) v
ORDER BY log, n;
ROLLBACK;
