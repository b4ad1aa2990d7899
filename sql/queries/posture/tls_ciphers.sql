-- May TLS 1.2 use ciphers that are broken, or none? A word with ! or - takes ciphers away, and so does no harm.
SELECT CASE WHEN pg_catalog.bool_or(w.is_broken) THEN 'medium' ELSE 'low' END,
       s.name, s.setting,
       'these are too weak: ' || pg_catalog.string_agg(w.word, ', ' ORDER BY w.word),
       'ALTER SYSTEM SET ssl_ciphers = ''HIGH:!aNULL:!MD5:!3DES'''
FROM pg_catalog.pg_settings AS s
CROSS JOIN LATERAL (
    SELECT word, word ~ '(NULL|EXP|LOW|RC4|RC2|ADH|AECDH|MD5|SECLEVEL=0|^ALL$|OFALL$)' AS is_broken
    FROM pg_catalog.regexp_split_to_table(s.setting, '[:, ]+') AS word
    WHERE word !~ '^[!-]'
) AS w
WHERE s.name = 'ssl_ciphers' AND (w.is_broken OR w.word ~ '(MEDIUM|DES|IDEA|SEED)')
GROUP BY s.name, s.setting
