-- Checkpoints without a key: what there is nothing of, and what is said then. What is signed, and what becomes of
-- it, is tested on whole servers (t/100_checkpoint and on).
\set VERBOSITY verbose
\set SHOW_CONTEXT never
CREATE TABLE signed (id int) USING audit_immutable;
INSERT INTO signed VALUES (1);

-- Nothing is signed without the settings.
SELECT test.refused('SELECT audit_immutable.checkpoint()');
SELECT audit_immutable.latest_checkpoint() IS NULL AS none;
SELECT count(*) FROM audit_immutable.incarnation;

-- Nothing can be proved before there is a tree.
SELECT test.refused('SELECT audit_immutable.receipt(''signed'', 1, 1)');
SELECT test.refused('SELECT audit_immutable.receipt(''signed'', 1, 2)') LIMIT 1;
SELECT test.refused('SELECT audit_immutable.receipt(''pg_class'', 1, 1)') LIMIT 1;
SELECT test.refused('SELECT audit_immutable.inclusion_proof(0, 1)');
SELECT test.refused('SELECT audit_immutable.consistency_proof(0, 1, 7)');
SELECT test.refused('SELECT audit_immutable.tile(0, 0)') LIMIT 1;
SELECT test.refused('SELECT audit_immutable.entries(0)') LIMIT 1;
SELECT test.refused('SELECT audit_immutable.begin_incarnation(''why'')');
SELECT test.refused('SELECT audit_immutable.begin_incarnation(NULL)') LIMIT 1;

-- Notes: garbage, and one of somebody else's log.
SELECT test.refused('SELECT * FROM audit_immutable.check_note(''no note'')');
SELECT test.refused('SELECT * FROM audit_immutable.check_note('''')') LIMIT 1;
SELECT test.refused(format('SELECT * FROM audit_immutable.check_note(%L)', repeat('x', 100000))) LIMIT 1;
SELECT verdict, relation, chain, first_seq, last_seq, detail FROM audit_immutable.check_note($$other.example/log/1
4
hWoHa14/vcax25LQPkNnT+FVU0/guSOVg9SUhrdyY0Q=

— other.example/log/1 4To3Fq0NNzRrIgc5gAqfiJu6bHrClW0lA+j+vRXbINoPoZ7Upzi8g+FI8XMA8b07QSiPLj3e0qs6/C/umwVgjIuGsw8=
$$);

-- Verification from a checkpoint on, of which there is none: all rows.
SELECT relation, intact, rows FROM audit_immutable.verify('signed', since_checkpoint => 0);
SELECT test.refused('SELECT * FROM audit_immutable.verify(''signed'', since_checkpoint => -1)');
SELECT test.refused('SELECT * FROM audit_immutable.verify(''signed'', ''{}'', 1)');

-- The settings are the server's, and a session cannot have others.
SELECT name, setting, context FROM pg_settings WHERE name LIKE 'audit\_immutable.%' ORDER BY 1;
SELECT test.refused('SET audit_immutable.origin = ''mine''');
SELECT test.refused('ALTER DATABASE contrib_regression SET audit_immutable.origin = ''mine''') LIMIT 1;
SELECT relation, intact FROM audit_immutable.verify('signed');
