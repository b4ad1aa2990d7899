# Partition trees of audit tables as a DBA keeps them: pg_partman's partitions, retention and data, a table that becomes the
# first leaf of a root, leaves that leave and come back, dumped and restored.

use strict;
use warnings;

use AuditCluster;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = new_node('main');
my $db = 'postgres';

sub sql { return $node->safe_psql($db, $_[0]) }

# One test: every log of a tree is intact, and no leaf is anything else.
sub tree_intact
{
	my ($root, $title) = @_;
	local $Test::Builder::Level = $Test::Builder::Level + 1;
	my $wrong = sql("SELECT relation, first_finding FROM audit_immutable.verify('$root') WHERE NOT intact");
	return is($wrong, '', $title);
}

# What a statement is refused with: its SQLSTATE, its message and its hint.
sub refused
{
	my ($statement) = @_;
	my ($status, $out, $err) = $node->psql($db, "\\set VERBOSITY verbose\n$statement");
	return join ' ', $err =~ /ERROR:  (\w{5}): (.*)/, $err =~ /HINT:  (.*)/;
}

# An audit table that was not partitioned becomes the first leaf of a root, as docs/OPERATIONS.md says.
{
	sql(q{
		CREATE SCHEMA app;
		CREATE TABLE app.audit_log (id bigint GENERATED ALWAYS AS IDENTITY, at timestamptz NOT NULL, what text DEFAULT 'x') USING audit_immutable;
		INSERT INTO app.audit_log (at, what) SELECT '2026-01-01'::timestamptz + i * '1 h'::interval, 'row ' || i FROM generate_series(1, 1000) AS i;
	});
	my $before = stamps($node, $db, 'app.audit_log');
	sql(q{
		BEGIN;
		CREATE TABLE app.audit_logs (LIKE app.audit_log INCLUDING DEFAULTS) PARTITION BY RANGE (at);
		ALTER TABLE app.audit_logs ATTACH PARTITION app.audit_log FOR VALUES FROM (MINVALUE) TO ('2027-01-01');
		CREATE TABLE app.audit_log_2027 PARTITION OF app.audit_logs FOR VALUES FROM ('2027-01-01') TO ('2028-01-01')
		    USING audit_immutable;
		COMMIT;
	});
	is(stamps($node, $db, 'app.audit_log'), $before, 'the first leaf is as it was');
	sql(q{INSERT INTO app.audit_logs (id, at) VALUES (1001, '2026-12-31'), (1002, '2027-01-01')});
	is(sql('SELECT tableoid::regclass, count(*), max(audit_seq) FROM app.audit_logs GROUP BY 1 ORDER BY 1'),
		"app.audit_log|1001|1001\napp.audit_log_2027|1|1", 'rows go on in the same chain');
	tree_intact('app.audit_logs', 'and all is intact');
	like(sql(q{SELECT on_record FROM audit_immutable.verify('app.audit_logs') WHERE relation = 'app.audit_logs'::regclass}),
		qr/^attached: app\.audit_log \(log [-0-9a-f]+\) with 1000 rows/, 'what came with rows is on record');
	is(sql(q{SELECT count(*) FROM audit_immutable.export('app.audit_logs')}), 1004, 'export takes the whole tree');
	my $export = $node->basedir . '/export.jsonl';
	sql("COPY (SELECT audit_immutable.export('app.audit_logs')) TO '$export' (FORMAT csv, DELIMITER E'\\x01', QUOTE E'\\x02')");
	$node->command_like([ 'audit-immutable', 'verify', $export ], qr/app\.audit_log\b.*app\.audit_log_2027\b/s, 'which the auditor verifies as two logs');
}

# Others' DETACH and DROP of a leaf are refused with the way to do it.
{
	like(refused('ALTER TABLE app.audit_logs DETACH PARTITION app.audit_log'), qr/^42501 .* Detach it .*audit_immutable\.detach\(/, 'DETACH names detach()');
	like(refused('ALTER TABLE app.audit_logs DETACH PARTITION app.audit_log CONCURRENTLY'), qr/^42501 .* Detach it/, 'so it does concurrently');
	like(refused('DROP TABLE app.audit_log'), qr/^42501 .* To end its protection, .*retire/, 'DROP names retire()');
}

# A leaf that left is named by its root after a dump and restore too, where every oid is another, and the tree goes on.
{
	sql(q{CREATE TABLE app.audit_log_2028 PARTITION OF app.audit_logs FOR VALUES FROM ('2028-01-01') TO ('2029-01-01') USING audit_immutable;
		INSERT INTO app.audit_logs (id, at) VALUES (1, '2028-05-05');
		SELECT audit_immutable.detach('app.audit_log_2028', 'to the archive');
		CREATE TABLE app.audit_log_2029 PARTITION OF app.audit_logs FOR VALUES FROM ('2029-01-01') TO ('2030-01-01') USING audit_immutable;
		SELECT audit_immutable.retire('app.audit_log_2029', 'never used');
		DROP TABLE app.audit_log_2029});
	my $said = sql(q{SELECT on_record FROM audit_immutable.verify('app.audit_logs') WHERE relation = 'app.audit_logs'::regclass});
	like($said, qr/\ndetached: app\.audit_log_2028 .*: to the archive\nretired: app\.audit_log_2029 .*: never used$/, 'on record');
	create_database($node, 'restored');
	# So that no oid is the same.
	$node->safe_psql('restored', 'CREATE TABLE a (b int, c text); DROP TABLE a');
	my $dump = $node->basedir . '/dump.sql';
	$node->run_log([ 'pg_dump', '-f', $dump, $db ]);
	$node->command_ok([ 'psql', '-qXv', 'ON_ERROR_STOP=1', '-f', $dump, 'restored' ], 'a dump is restored');
	$node->safe_psql('restored', q{INSERT INTO app.audit_logs (id, at) VALUES (1003, '2026-12-30')});
	is($node->safe_psql('restored', q{SELECT relation, first_finding FROM audit_immutable.verify() WHERE NOT intact}), '', 'the copy is intact');
	my $copy = $node->safe_psql('restored', q{SELECT on_record FROM audit_immutable.verify('app.audit_logs') WHERE relation = 'app.audit_logs'::regclass});
	is($copy, $said, 'its root says the same');
	$node->safe_psql('restored', 'ALTER TABLE app.audit_logs RENAME TO all_of_them');
	is($node->safe_psql('restored', q{SELECT relation, first_finding FROM audit_immutable.verify() WHERE NOT intact}), '', 'a root can be renamed there');
}

# 200 leaves: a further one, and one that is attached with rows and then protected, take no lock on any of them.
{
	sql(q{CREATE TABLE app.many (k int, note text) PARTITION BY LIST (k);
		DO $$ BEGIN FOR i IN 1..200 LOOP
			EXECUTE format('CREATE TABLE app.many_%s PARTITION OF app.many FOR VALUES IN (%s) USING audit_immutable', i, i);
		END LOOP; END $$;
		CREATE TABLE app.filled (LIKE app.many INCLUDING DEFAULTS);
		INSERT INTO app.filled (k) SELECT 1001 FROM generate_series(1, 500)});
	my $siblings = q{SELECT count(*) FROM pg_locks AS l JOIN pg_class AS c ON c.oid = l.relation
		WHERE l.pid = pg_backend_pid() AND c.relname ~ '^many_\d'};
	is(sql("BEGIN; ALTER TABLE app.many ATTACH PARTITION app.filled FOR VALUES IN (1001); $siblings; "
			. "SELECT FROM audit_immutable.protect('app.filled'); $siblings; COMMIT"), "0\n0", 'attach and protect lock no sibling');
	sql(q{CREATE TABLE app.made (LIKE app.many INCLUDING DEFAULTS) USING audit_immutable});
	is(sql("BEGIN; ALTER TABLE app.many ATTACH PARTITION app.made FOR VALUES IN (1002); $siblings; COMMIT"), 0, 'nor does a log that is attached');
	is(sql("BEGIN; SELECT FROM audit_immutable.detach('app.made', 'a test'); $siblings; ROLLBACK"), 0, 'nor detach');
	tree_intact('app.many', 'all are intact');
}

SKIP:
{
	skip 'pg_partman is not installed: apt-get install postgresql-15-partman', 12
	  unless sql(q{SELECT count(*) FROM pg_available_extensions WHERE name = 'pg_partman'});
	partman();
}

sub partman
{
	# As its manual has it, but for the access method. The template is a plain table: it never has a row.
	sql(q{
		CREATE SCHEMA partman;
		CREATE EXTENSION pg_partman SCHEMA partman;
		CREATE TABLE app.log (id bigint, at timestamptz NOT NULL DEFAULT now(), what text) PARTITION BY RANGE (at);
		CREATE INDEX ON app.log (at);
		CREATE TABLE app.log_template (LIKE app.log) USING heap;
		ALTER TABLE app.log_template ADD PRIMARY KEY (id);
		SET default_table_access_method = audit_immutable;
		SELECT partman.create_parent('app.log', 'at', 'native', 'daily', p_template_table := 'app.log_template', p_premake := 2,
			p_start_partition := (now() - '10 days'::interval)::text);
	});
	my $leaves = q{SELECT count(*), count(*) FILTER (WHERE a.amname = 'audit_immutable'), count(*) FILTER (WHERE i.indisprimary)
		FROM pg_partition_tree('app.log') AS t JOIN pg_class AS c ON c.oid = t.relid AND t.isleaf JOIN pg_am AS a ON a.oid = c.relam
		LEFT JOIN pg_index AS i ON i.indrelid = c.oid AND i.indisprimary};
	is(sql($leaves), '14|14|14', 'create_parent: 13 days and the default, each an audit table with its primary key');
	sql(q{INSERT INTO app.log (id, at) SELECT i, now() - i * '6 h'::interval FROM generate_series(1, 36) AS i});
	tree_intact('app.log', 'intact');

	sql(q{UPDATE partman.part_config SET premake = 4 WHERE parent_table = 'app.log';
		SET default_table_access_method = audit_immutable;
		CALL partman.run_maintenance_proc()});
	is(sql($leaves), '16|16|16', 'run_maintenance makes two more');
	# Where the setting is forgotten, verify says so.
	sql(q{UPDATE partman.part_config SET premake = 5 WHERE parent_table = 'app.log'; SELECT partman.run_maintenance('app.log')});
	like(sql(q{SELECT first_finding FROM audit_immutable.verify('app.log') WHERE NOT intact}), qr/^guard_missing: Partition app\.log_p\w+ is not an audit table/,
		'a partition made without the setting is found');
	sql(q{SELECT audit_immutable.protect(relation) FROM audit_immutable.status WHERE root = 'app.log'::regclass AND NOT armed});
	tree_intact('app.log', 'and protected');

	# Retention of its own is refused, whether it keeps the tables or drops them.
	for ([ 'true', 'use ALTER TABLE ... DETACH PARTITION on' ], [ 'false', 'drop' ])
	{
		my ($keep, $action) = @$_;
		sql("UPDATE partman.part_config SET retention = '5 days', retention_keep_table = $keep WHERE parent_table = 'app.log'");
		like(refused(q{SELECT partman.run_maintenance('app.log')}), qr/^P0001 cannot \Q$action\E audit table "app\.log_p/,
			"retention that keeps: $keep, is refused");
		is(sql($leaves), '17|17|17', 'and nothing went');
	}
	# With the hook before it, it works. Kept: the log leaves its tree, and stays a log.
	my $expired = q{
		FROM partman.part_config AS c, partman.show_partitions(c.parent_table) AS p,
			partman.show_partition_info(p.partition_schemaname || '.' || p.partition_tablename, c.partition_interval, c.parent_table) AS i
		WHERE c.parent_table = 'app.log' AND i.child_end_time < now() - c.retention::interval};
	my $leaf = q{format('%I.%I', p.partition_schemaname, p.partition_tablename)::regclass};
	sql("UPDATE partman.part_config SET retention = '8 days', retention_keep_table = true WHERE parent_table = 'app.log'");
	my $kept = sql("SELECT count(audit_immutable.detach($leaf, 'older than ' || c.retention)::text) $expired");
	cmp_ok($kept, '>', 0, 'some are kept');
	sql(q{SET default_table_access_method = audit_immutable; SELECT partman.run_maintenance('app.log')});
	sql("UPDATE partman.part_config SET retention = '5 days', retention_keep_table = false WHERE parent_table = 'app.log'");
	my $dropped = sql("SELECT count(audit_immutable.retire($leaf, 'older than ' || c.retention)::text) $expired");
	cmp_ok($dropped, '>', 0, 'some are dropped');
	sql(q{SET default_table_access_method = audit_immutable; SELECT partman.run_maintenance('app.log')});
	is(sql($leaves), join('|', (17 - $kept - $dropped) x 3), 'run_maintenance drops what was retired');
	tree_intact('app.log', 'the rest is intact');
	is(sql(q{SELECT regexp_count(on_record, 'detached: '), regexp_count(on_record, 'retired: ')
			FROM audit_immutable.verify('app.log') WHERE relation = 'app.log'::regclass}), "$kept|$dropped", 'the root names all that went');

	# Data of a plain table goes into partitions; what is in an audit table stays there.
	sql(q{CREATE TABLE app.before (LIKE app.log INCLUDING DEFAULTS);
		INSERT INTO app.before (id, at) SELECT 100 + i, now() - i * '6 h'::interval FROM generate_series(1, 8) AS i;
		SET default_table_access_method = audit_immutable;
		CALL partman.partition_data_proc('app.log', p_source_table := 'app.before', p_wait := 0, p_quiet := true)});
	is(sql('SELECT (SELECT count(*) FROM app.before), (SELECT count(*) FROM app.log WHERE id > 100)'), '0|8', 'partition_data_proc moves a plain table\'s rows');
	tree_intact('app.log', 'and all is intact');
	sql(q{INSERT INTO app.log (id, at) VALUES (999, '2099-01-01')});
	like(refused(q{CALL partman.partition_data_proc('app.log', p_wait := 0, p_quiet := true)}), qr/cannot delete from audit table "app\.log_default"/,
		'rows of a default partition that is an audit table stay where they are');
	is(sql(q{SELECT tableoid::regclass FROM app.log WHERE id = 999}), 'app.log_default', 'and are there');
	return;
}

ok(!server_crashed($node), 'the server did not crash');
$node->stop;
done_testing();
