-- The test vectors of docs/FORMAT.md, made by PostgreSQL itself: no extension needed.
--
--   psql -AtqX -f tests/format/vectors.sql > docs/vectors.jsonl     (a UTF-8 database, PostgreSQL 15 or newer)
--
-- Prints one JSON object a line: name, column, value, line, sha256. The first one also has setup: the SQL that
-- makes the types the columns need. Everything is rolled back at the end.
\set ON_ERROR_STOP 1
\set setup 'CREATE SCHEMA audit_vectors; CREATE TYPE audit_vectors.mood AS ENUM (''calm'', ''naïve''); CREATE TYPE audit_vectors.pair AS (x integer, y text); CREATE DOMAIN audit_vectors.percent AS numeric(5,2);'
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
  tm time, o oid, "say ""hi""" text);

CREATE TEMP TABLE vector (n int GENERATED ALWAYS AS IDENTITY, chain int, name text, col text, val text, line text);
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
(1, 'json line breaks',        'j json', $$E' {"k" :\r\n\t[1,\n2 ], "k":"a\\nb"}\r'$$),
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
(1, 'composite',               'p audit_vectors.pair', $$ROW(NULL, E'line\nbreak')$$),
(1, 'composite of NULLs is a value', 'p audit_vectors.pair', $$ROW(NULL, NULL)$$),
(1, 'range',                   'r int4range', $$'(1,5]'$$),
(1, 'range of time',           'tr tstzrange', $$'[2026-11-20 13:50:47.5+00,)'$$),
(1, 'domain over numeric',     'q audit_vectors.percent', $$99.5$$),
(1, 'time',                    'tm time', $$'24:00'$$),
(1, 'oid is a string',         'o oid', $$4294967295$$),
(1, 'column name escaped',     '"say ""hi""" text', $$'hi'$$),
(2, 'all NULL',                't text, i4 int4', $$NULL, NULL$$),
(2, 'column order, one NULL',  'i8 int8, t text, tz timestamptz, jb jsonb', $$7, NULL, '2026-11-20 13:50:47.105885+00', '{"k": 1}'$$),
(2, 'prev of seq 3',           'i8 int8, t text', $$8, 'the line before is vouched for here'$$),
(9, 'chain numbers may skip',  't text', $$'first row of its chain: prev is the opening line'$$);

-- {"id":7,…}: row_to_json of the columns that are not NULL, in column order. num_nulls, because a composite
-- value of NULLs IS NULL but is not a NULL. Line breaks can only stand between the tokens of a json value.
CREATE FUNCTION pg_temp.row_text(col text, val text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  name text; typ text; wanted text; is_null int; kept text[] := '{}'; result text;
BEGIN
  EXECUTE format('CREATE TEMP TABLE one (%s)', col);
  EXECUTE format('INSERT INTO one VALUES (%s)', val);
  FOR name, typ, wanted IN
    SELECT a.attname, format_type(a.atttypid, a.atttypmod), format_type(s.atttypid, s.atttypmod)
    FROM pg_attribute a LEFT JOIN pg_attribute s ON s.attrelid = 'audit_vectors.sample'::regclass AND s.attname = a.attname
    WHERE a.attrelid = 'pg_temp.one'::regclass AND a.attnum > 0 ORDER BY a.attnum
  LOOP
    IF typ IS DISTINCT FROM wanted THEN RAISE 'column % is % here and % in the table', name, typ, wanted; END IF;
    EXECUTE format('SELECT num_nulls(%I) FROM one', name) INTO is_null;
    IF is_null = 0 THEN kept := kept || quote_ident(name); END IF;
  END LOOP;
  EXECUTE format('SELECT row_to_json(kept_columns) FROM (SELECT %s FROM one) kept_columns', array_to_string(kept, ', ')) INTO result;
  DROP TABLE one;
  RETURN translate(result, E'\r\n', '  ');
END $$;

CREATE FUNCTION pg_temp.stamp(at timestamptz) RETURNS text LANGUAGE sql RETURN to_json(at)::text;
CREATE FUNCTION pg_temp.hash(line text) RETURNS text LANGUAGE sql
  RETURN encode(sha256(convert_to(line, 'UTF8')), 'hex');

CREATE TEMP TABLE opening (n int, name text, line text);
INSERT INTO opening
SELECT 0, 'opening line',
       '{"audit_immutable":1,"log":"0b9df7ec-5b1c-4a64-9d0c-3c1c5b1f0a01","table":"audit_vectors.sample","columns":['
       || string_agg('[' || to_json(attname::text) || ',' || to_json(format_type(atttypid, atttypmod)) || ']', ',' ORDER BY attnum)
       || '],"opened":' || pg_temp.stamp('2026-11-20 13:50:47+00') || ',"by":"auditor"}'
FROM pg_attribute WHERE attrelid = 'audit_vectors.sample'::regclass AND attnum > 0;
INSERT INTO opening VALUES (1000, 'opening line, one chain',
       '{"audit_immutable":1,"log":"0b9df7ec-5b1c-4a64-9d0c-3c1c5b1f0a02","table":"audit_vectors.\"One Chain\"",'
       || '"columns":[["t","text"]],"chains":1,"opened":' || pg_temp.stamp('2026-11-20 13:50:47.5+00') || ',"by":"the \"DBA\""}');

DO $$
DECLARE
  v vector; first text := (SELECT pg_temp.hash(line) FROM opening WHERE n = 0);
  prev text; chain int := 0; seq bigint;
BEGIN
  FOR v IN SELECT * FROM vector ORDER BY n LOOP
    IF v.chain <> chain THEN chain := v.chain; seq := 0; prev := first; END IF;
    seq := seq + 1;
    v.line := format('{"chain":%s,"seq":%s,"prev":"%s","at":%s,"session":%s,"row":%s}', chain, seq, prev,
      pg_temp.stamp('2026-11-20 13:50:47+00'::timestamptz + v.n * interval '0.25 second'), 16 + chain,
      pg_temp.row_text(v.col, v.val));
    UPDATE vector SET line = v.line WHERE n = v.n;
    prev := pg_temp.hash(v.line);
  END LOOP;
END $$;

-- The second log: only its opening line and one row.
INSERT INTO vector (chain, name, col, val, line)
SELECT 1, 'row of a log with one chain', 't text', $$'x'$$, format(
  '{"chain":1,"seq":1,"prev":"%s","at":%s,"session":18,"row":%s}', pg_temp.hash(line),
  pg_temp.stamp('2026-11-20 13:51:47.000001+00'), pg_temp.row_text('t text', $$'x'$$)) FROM opening WHERE n = 1000;

SELECT '{"name":' || to_json(name) || CASE WHEN n = 0 THEN ',"setup":' || to_json(:'setup'::text) ELSE '' END
       || ',"column":' || coalesce(to_json(col)::text, 'null') || ',"value":' || coalesce(to_json(val)::text, 'null')
       || ',"line":' || to_json(line) || ',"sha256":"' || pg_temp.hash(line) || '"}'
FROM (SELECT n, name, NULL AS col, NULL AS val, line FROM opening
      UNION ALL SELECT CASE WHEN name = 'row of a log with one chain' THEN 1001 ELSE n END, name, col, val, line FROM vector) v
ORDER BY n;
ROLLBACK;
