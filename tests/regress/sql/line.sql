-- The line: recomputed in plain SQL, and the same bytes whatever the client's settings.
CREATE SCHEMA lines;
SET search_path = lines;
\a
\t on
CREATE TYPE mood AS ENUM ('sad', 'so "so"', 'ok');
CREATE TYPE pair AS (x int, y text);
CREATE TYPE deep AS (at timestamptz, cost money, pairs pair[], j json);
CREATE DOMAIN positive AS int CHECK (VALUE > 0);
CREATE DOMAIN days AS date[];
CREATE TYPE span AS RANGE (subtype = timestamptz);
CREATE EXTENSION hstore SCHEMA lines;   -- a type with a cast to json
-- The row part by to_json under the pinned settings: without the stamps, and without the columns that are NULL.
-- (num_nulls, since a composite of NULLs IS NULL.) What docs/FORMAT.md marks † has a rule for the column.
CREATE TABLE rules (name text PRIMARY KEY, expression text);
INSERT INTO rules VALUES
    ('js', $$CASE WHEN js::text ~ '^"|[\r\n]' THEN to_json(js::text)::text ELSE js::text END$$),
    ('x', $$to_json(x::text)::text$$),
    ('ai', $$CASE WHEN array_lower(ai, 1) <> 1 THEN format('{"lower":[%s],"array":%s}', array_lower(ai, 1), to_json(ai)) ELSE to_json(ai)::text END$$),
    ('aj', $$to_json(aj::text[])::text$$),
    ('ajb', $$to_json(ajb::text[])::text$$),
    ('ah', $$(SELECT to_json(array_agg(to_json(element)::text))::text FROM unnest(ah) AS element)$$),
    ('dp', $$(SELECT row_to_json(r)::text FROM (SELECT (dp).at, (dp).cost, (dp).pairs, (dp).j::text AS j) AS r)$$);
CREATE FUNCTION row_of(log regclass, chain int, seq bigint) RETURNS text LANGUAGE plpgsql
    SET TimeZone = 'UTC' SET DateStyle = 'ISO' SET IntervalStyle = 'postgres' SET extra_float_digits = 1
    SET bytea_output = 'hex' SET lc_monetary = 'C' SET search_path = pg_catalog AS $$
DECLARE
    source text := format('ONLY %I.%I WHERE audit_chain = %s AND audit_seq = %s',
        (SELECT nspname FROM pg_class JOIN pg_namespace AS n ON n.oid = relnamespace WHERE pg_class.oid = log),
        (SELECT relname FROM pg_class WHERE oid = log), chain, seq);
    attribute text; value text; members text[];
BEGIN
    FOR attribute IN SELECT attname FROM pg_attribute WHERE attrelid = log AND attnum > 0 AND NOT attisdropped
        AND attname NOT IN ('audit_chain', 'audit_seq', 'audit_at', 'audit_session', 'audit_hash') ORDER BY attnum
    LOOP
        EXECUTE format('SELECT CASE WHEN num_nulls(%I) = 0 THEN %s END FROM %s', attribute,
            coalesce((SELECT expression FROM lines.rules WHERE name = attribute), format('to_json(%I)::text', attribute)), source)
            INTO STRICT value;
        IF value IS NOT NULL THEN members := members || format('%s:%s', to_json(attribute), value); END IF;
    END LOOP;
    RETURN format('{%s}', array_to_string(members, ','));
END $$;
-- The whole line; `prev` from the row before, or from the opening line, and the columns where they are new to the chain.
CREATE FUNCTION line_of(log regclass, chain int, seq bigint) RETURNS text LANGUAGE plpgsql
    SET TimeZone = 'UTC' SET DateStyle = 'ISO' AS $$
DECLARE
    prev bytea; at text; session bigint; new_columns text;
BEGIN
    EXECUTE format('SELECT to_json(audit_at)::text, audit_session FROM ONLY %s WHERE audit_chain = $1 AND audit_seq = $2', log)
        INTO STRICT at, session USING chain, seq;
    IF seq = 1 THEN
        prev := sha256(convert_to(audit_immutable.opening_line(log), 'UTF8'));
    ELSE
        EXECUTE format('SELECT audit_hash FROM ONLY %s WHERE audit_chain = $1 AND audit_seq = $2', log)
            INTO STRICT prev USING chain, seq - 1;
    END IF;
    SELECT l.columns INTO new_columns FROM audit_immutable.column_list AS l
        WHERE l.log = (audit_immutable.opening_line(line_of.log)::json ->> 'log')::uuid AND seq - 1 = coalesce(
            (SELECT split_part(head, ':', 2)::bigint FROM unnest(string_to_array(l.heads, ',')) AS head WHERE split_part(head, ':', 1)::int = chain), 0)
        ORDER BY l.number DESC LIMIT 1;
    RETURN format('{"chain":%s,"seq":%s,"prev":"%s","at":%s,"session":%s%s,"row":%s}',
        chain, seq, encode(prev, 'hex'), at, session, ',"columns":' || new_columns, lines.row_of(log, chain, seq));
END $$;
-- How many rows agree on all three: the line, the line as recomputed, the hash.
CREATE FUNCTION agree(log regclass) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    answer text; bad text;
BEGIN
    EXECUTE format('SELECT count(*) FILTER (WHERE line = again AND sha256(convert_to(line, ''UTF8'')) = audit_hash)
            || '' of '' || count(*) || '' rows agree'',
            min(format(''%%s'' || chr(10) || ''%%s'', substring(line FROM ''"row":.*''), substring(again FROM ''"row":.*'')))
                FILTER (WHERE line <> again OR sha256(convert_to(line, ''UTF8'')) <> audit_hash)
        FROM (SELECT audit_hash, audit_immutable.line(%L, audit_chain, audit_seq) AS line,
            lines.line_of(%L, audit_chain, audit_seq) AS again FROM %s) AS x', log, log, log) INTO answer, bad;
    RETURN concat_ws(E'\n', answer, bad);
END $$;
-- All common types, plain and nested.
CREATE TABLE source (
    b bool, i2 int2, i4 int4, i8 int8, n numeric, n2 numeric(10, 2), f4 float4, f8 float8,
    t text, v varchar(20), c char(5), "Na me" name, ch "char", u uuid,
    tz timestamptz, ts timestamp, d date, tm time, tmz timetz, iv interval,
    by bytea, js json, jb jsonb, ip inet, ci cidr, mac macaddr, m money, bits bit varying, x xml, vec tsvector,
    o oid, pt point, e mood, p pair, dp deep, po positive, da days,
    ai int[], at text[], af float8[], atz timestamptz[], ab bytea[], am money[], ap pair[], aj json[], ajb jsonb[], ae mood[], a2 int[][],
    r4 int4range, rt span, mr int4multirange, h hstore, ah hstore[], lsn pg_lsn
);
INSERT INTO source VALUES (
    true, 1, -2, 9007199254740993, 1.50, 12345678.9, 0.1, 0.30000000000000004,
    E'quote " slash \\ tab \t line \n bell \x07 del \x7f / é 漢 🐘', 'varchar', 'pad', 'Name', 'c', '6F1E0000-0000-8000-8000-00000000000a',
    '2026-07-01 12:34:56.789012+09', '2026-07-01 12:34:56.5', '2026-02-28', '01:02:03.5', '01:02:03+02', '1 year -2 mons 3 days -04:05:06.7',
    '\x00ff5c', E'{ "a" :\r\n[1, 2.50, null ], "a": "\\n" }', '{"bb": 1, "a": [1, 2.50, {"k": null}], "ü": "é"}', '10.0.0.1/8', '10.0.0.0/8', '08:00:2b:01:02:03', 1234.56, B'1010', '<a b="c">é</a>', 'fat cat:3A',
    4294967295, '(1.5,-2)', 'so "so"', '(1,"a ""b"" \\ c")', ROW('2026-07-01 12:00+02', 9.99, ARRAY[ROW(1, 'x'), ROW(NULL, NULL)]::pair[], E'[1,\n2]'), 7, '{2026-01-01,infinity,NULL}',
    '{1,NULL,-3}', '{"a b","q\"q",NULL,""}', '{0.1,NaN,-Infinity}', '{2026-07-01 00:00+00}', '{"\\x00","\\xff"}', '{1.5,-2}', ARRAY[ROW(1, 'x')::pair, NULL], ARRAY[E'{"a":\n1}']::json[], ARRAY['{"b": 1}']::jsonb[], '{sad,ok}', '{{1,2},{3,4}}',
    '[1,5]', '[2026-07-01 00:00+00,)', '{[1,3),[5,7)}', 'a=>1, b=>NULL', ARRAY['x=>"y z"'::hstore], '16/B374D848');
INSERT INTO source DEFAULT VALUES;
-- The ends of the ranges, and the values that are strings where others are numbers.
INSERT INTO source (i2, i4, i8, n, f4, f8, tz, ts, d, iv) VALUES
    (-32768, -2147483648, -9223372036854775808, 'NaN', 'NaN', 'NaN', 'infinity', '-infinity', 'infinity', '00:00'),
    (32767, 2147483647, 9223372036854775807, 'Infinity', 'Infinity', '-Infinity', '-infinity', 'infinity', '-infinity', '-1 day'),
    (0, 0, 0, '-Infinity', '-0', '-0', '4714-11-24 00:00:00+00 BC', '4714-11-24 00:00:00 BC', '4714-11-24 BC', '178000000 years'),
    (1, 1, 1, 1e-30, 1e-5, 1e-5, '0001-01-01 00:00+00', '0001-12-31 BC', '0001-12-31 BC', '1 mon'),
    (1, 1, 1, 123456789012345678901234567890.00000, 1e6, 1e15, '294276-12-31 23:59:59.999999+00', '294276-12-31 23:59:59.999999', '5874897-12-31', '1 us'),
    (1, 1, 1, 0.000, 123456.7, 123456789012345.6, '10000-01-01 00:00:00.1+00', '9999-12-31 23:59:59.99', '10000-01-01', '-1.5 hours'),
    (1, 1, 1, -0.10, 3.4028235e38, 1.7976931348623157e308, '1883-11-18 12:03:57-07:52:58', '2026-01-01 00:00:00.000001', '2000-01-01', '1 year'),
    (1, 1, 1, 1e1000, 1e-45, 5e-324, '2026-03-29 01:30:00+01', '1970-01-01', '1970-01-01', NULL),
    (1, 1, 1, 1e23, 1e23, 1e23, '2000-01-01 00:00:00+00', '2000-01-01', '1999-12-31', NULL);
-- Empty things, and things that look like NULL but are none.
INSERT INTO source (t, v, c, ch, by, js, jb, p, dp, ai, at, r4, mr, h, x, vec) VALUES
    ('', '', '', '', '', 'null', 'null', ROW(NULL, NULL), ROW(NULL, NULL, NULL, NULL), '{}', '{}', 'empty', '{}', '', '', ''),
    ('null', 'NULL', E'\n', ' ', '\x22', '""', '""', ROW(NULL, ''), ROW(NULL, NULL, '{}', 'null'), '[5:6]={1,2}', '{NULL}', '(,)', '{(,)}', 'a=>""', ' ', NULL),
    (repeat('é"', 5000), 'x', 'x', 'x', decode(repeat('0022', 3000), 'hex'), '{}', '{}', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO source (t) SELECT chr(i) FROM generate_series(1, 160) AS i;
INSERT INTO source (jb) VALUES ('"\u0001 \" \\ / \u007f é \t"'), ('1.10'), ('[]'), ('[[], {}, [{"": ""}]]'), ('{"n": 1e400, "m": -0.0}'), ('true'),
    ((SELECT jsonb_build_object('deep', repeat('[', 200) || repeat(']', 200), 'nest', (repeat('[', 200) || repeat(']', 200))::jsonb)));
-- Through INSERT, through COPY, through CREATE TABLE AS, through protect.
CREATE TABLE inserted (LIKE source) USING audit_immutable;
INSERT INTO inserted SELECT * FROM source;
CREATE TABLE created USING audit_immutable AS TABLE source;
CREATE TABLE protected AS TABLE source;
SELECT FROM audit_immutable.protect('protected');
CREATE TABLE copied (t text, tz timestamptz, n numeric, jb jsonb, by bytea, ai int[], m money) USING audit_immutable;
COPY copied (t, tz, n, jb, by, ai, m) FROM stdin;
tab\tand "quote"	2026-07-01 12:00:00+02	1.50	{"b": 1, "a": null}	\\x00ff	{1,NULL}	$1.50
	-infinity	NaN	null	\\x	{}	-$0.01
\N	\N	\N	\N	\N	\N	\N
\.
SELECT agree('inserted');
SELECT agree('created');
SELECT agree('protected');
SELECT agree('copied');
SELECT test.state('inserted');
SELECT test.state('created');
SELECT test.state('protected');
SELECT test.state('copied');
-- What the recomputation itself says, for the eye.
SELECT row_of('inserted', 1, 1);
SELECT row_of('inserted', 1, 2);
SELECT left(row_of('inserted', 1, seq), 300) FROM generate_series(3, 11) AS seq;
SELECT row_of('inserted', 1, seq) FROM generate_series(12, 13) AS seq;
-- Reading under other settings: the same bytes.
CREATE TABLE settings (name text, value text);
INSERT INTO settings VALUES
    ('TimeZone', 'Asia/Kathmandu'), ('TimeZone', 'America/St_Johns'), ('TimeZone', '<+03:30>-03:30'),
    ('DateStyle', 'SQL, DMY'), ('DateStyle', 'German'), ('DateStyle', 'Postgres, MDY'), ('IntervalStyle', 'sql_standard'), ('IntervalStyle', 'iso_8601'),
    ('IntervalStyle', 'postgres_verbose'), ('extra_float_digits', '-15'), ('extra_float_digits', '3'), ('bytea_output', 'escape'),
    ('lc_monetary', 'C.UTF-8'), ('client_encoding', 'LATIN1'), ('client_encoding', 'SQL_ASCII'), ('search_path', 'lines, public'), ('search_path', ''),
    ('xmlbinary', 'hex'), ('xmloption', 'document'), ('escape_string_warning', 'off'), ('standard_conforming_strings', 'off'), ('quote_all_identifiers', 'on');
CREATE FUNCTION read_under(name text, value text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    before text := current_setting(name); answer text;
BEGIN
    value := set_config(name, value, false);
    SELECT concat_ws(' ', count(*), md5(string_agg(line, E'\n')),
        (SELECT intact FROM audit_immutable.verify('lines.inserted'))) INTO answer
    FROM audit_immutable.export('lines.inserted') AS line;
    IF current_setting(name) <> value THEN answer := answer || ' SETTING LOST'; END IF;
    PERFORM set_config(name, before, false);
    RETURN answer;
END $$;
SELECT count(DISTINCT read) AS distinct_readings, min(split_part(read, ' ', 1)) AS lines, min(split_part(read, ' ', 3)) AS intact
FROM (SELECT read_under(name, value) AS read FROM settings) AS x;
-- Writing under other settings: the same row.
CREATE TABLE written (name text, value text, LIKE source) USING audit_immutable;
CREATE FUNCTION write_under(name text, value text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    before text := current_setting(name);
BEGIN
    value := set_config(name, value, false);
    INSERT INTO lines.written SELECT name, value, s.* FROM lines.source AS s;
    IF current_setting(name) <> value THEN RAISE 'setting lost'; END IF;
    PERFORM set_config(name, before, false);
END $$;
SELECT count(write_under(name, value)) FROM settings;
SELECT (SELECT count(*) FROM settings) * (SELECT count(*) FROM source) AS expected, count(*) AS written FROM written;
WITH line AS (
    SELECT w.name, w.value, regexp_replace(audit_immutable.line('written', audit_chain, audit_seq), '^.*?"row":{"name":"[^"]*","value":"[^"]*",?', '') AS row,
        row_number() OVER (PARTITION BY w.name, w.value ORDER BY audit_seq) AS nth
    FROM written AS w)
SELECT count(*) AS rows_that_differ FROM (SELECT nth FROM line GROUP BY nth HAVING count(DISTINCT row) > 1) AS x;
SELECT test.state('written');
-- A column added later changes no older line; and is in the lines from then on.
SELECT md5(string_agg(line, E'\n')) AS before FROM audit_immutable.export('copied') AS line \gset
ALTER TABLE copied ADD COLUMN later pair;
SELECT md5(string_agg(line, E'\n')) = :'before' FROM audit_immutable.export('copied') AS line;
INSERT INTO copied (t, later) VALUES ('late', ROW(1, 'y'));
SELECT agree('copied');
SELECT test.state('copied');
-- The opening line, but for what is different each time.
SELECT regexp_replace(regexp_replace(audit_immutable.opening_line('copied'), '"(database|log)":"[0-9a-f-]{36}"', '"\1":"UUID"', 'g'), '"opened":"[^"]*\+00:00"', '"opened":"OPENED"');
CREATE TABLE "Quoted ""Name""" ("Col ""umn" numeric(10, 2), p pair, "char" "char", c char(3), vc varchar, iv interval day to second(3), tz timestamptz(0)[]) USING audit_immutable;
SELECT audit_immutable.opening_line('"Quoted ""Name"""')::json ->> 'table', audit_immutable.opening_line('"Quoted ""Name"""')::json -> 'columns';
SET TimeZone = 'Asia/Tokyo';
CREATE TABLE opened () USING audit_immutable;
SELECT audit_immutable.opening_line('opened')::json ->> 'opened' LIKE '%+00:00';
RESET TimeZone;
