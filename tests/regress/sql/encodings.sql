-- A line is UTF-8. Of an encoding of single bytes, each byte has a character of its own there; of others, some have two.
CREATE SCHEMA encodings;
SET search_path = encodings;
\a
\t on
-- The text in UTF-8, and what it converts back to; NULL where there is none.
CREATE FUNCTION as_utf8(bytes bytea, encoding text) RETURNS bytea LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
    RETURN convert(bytes, encoding, 'UTF8');
EXCEPTION WHEN character_not_in_repertoire OR untranslatable_character THEN
    RETURN NULL;
END $$;
CREATE FUNCTION from_utf8(bytes bytea, encoding text) RETURNS bytea LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
    RETURN convert(bytes, 'UTF8', encoding);
EXCEPTION WHEN character_not_in_repertoire OR untranslatable_character THEN
    RETURN NULL;
END $$;
-- All encodings of single bytes that a database can be in, each byte of them: how many have a character, how many
-- characters there are, and how many convert back to another byte.
CREATE TABLE bytes AS
    SELECT pg_encoding_to_char(e) AS encoding, set_byte('\x00', 0, b) AS byte, as_utf8(set_byte('\x00', 0, b), pg_encoding_to_char(e)) AS utf8
    FROM generate_series(0, 34) AS e, generate_series(1, 255) AS b
    WHERE pg_encoding_max_length(e) = 1 AND pg_encoding_to_char(e) NOT IN ('', 'SQL_ASCII');
SELECT encoding, count(utf8) AS bytes, count(DISTINCT utf8) AS characters,
    count(*) FILTER (WHERE utf8 IS NOT NULL AND from_utf8(utf8, encoding) IS DISTINCT FROM byte) AS others
FROM bytes GROUP BY 1 ORDER BY 1;
-- Characters of two spellings, the second of which an INSERT into a database in that encoding refuses.
CREATE TABLE spellings (encoding text, bytes bytea);
INSERT INTO spellings SELECT e, prefix || set_byte(set_byte('\x0000', 0, a), 1, b)
    FROM (VALUES ('EUC_JP', ''::bytea), ('EUC_JP', '\x8f'), ('EUC_CN', ''), ('EUC_KR', ''), ('EUC_TW', ''), ('EUC_JIS_2004', ''), ('EUC_JIS_2004', '\x8f')) AS sets (e, prefix),
        generate_series(161, 254) AS a, generate_series(161, 254) AS b;
INSERT INTO spellings SELECT 'EUC_TW', set_byte(set_byte(set_byte(set_byte('\x00000000', 0, 142), 1, plane), 2, a), 3, b)
    FROM generate_series(161, 162) AS plane, generate_series(161, 254) AS a, generate_series(161, 254) AS b;
SELECT encoding, count(utf8) > 0 AS has_characters, count(*) FILTER (WHERE from_utf8(utf8, encoding) IS DISTINCT FROM bytes) > 0 AS has_two_spellings
FROM (SELECT encoding, bytes, as_utf8(bytes, encoding) AS utf8 FROM spellings) AS x WHERE utf8 IS NOT NULL GROUP BY 1 ORDER BY 1;
