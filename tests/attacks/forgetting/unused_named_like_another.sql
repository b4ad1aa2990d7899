-- An empty log takes the name of one that was retired and dropped, or a retired log's place in its tree: whoever asks for
-- the old one's history gets the new one's.
-- role: app_owner
-- says: 42P01
-- verify: intact
-- may change: s.old
CREATE TABLE s.old (id int, v text) USING audit_immutable;
INSERT INTO s.old VALUES (1, 'to be forgotten');
SELECT FROM audit_immutable.retire('s.old', 'its years are over');
DROP TABLE s.old;
SELECT audit_immutable.verify('s.old');
CREATE TABLE s.new (id int, v text) USING audit_immutable;
ALTER TABLE s.new RENAME TO old;
INSERT INTO s.old VALUES (2, 'new');
SELECT 1 / (intact AND rows = 1)::int FROM audit_immutable.verify('s.old');
-- Both are on record, each as a log of its own.
\connect - postgres
SELECT 1 / (count(DISTINCT log) = 2)::int FROM audit_immutable.event WHERE relation = 's.old' AND kind IN ('retire', 'protect');
