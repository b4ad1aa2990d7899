# Which chain a writer takes among many, and how it learns the chain's head: from the index or, where
# the library is preloaded, from shared memory. Either way each row follows the one before it.

use strict;
use warnings;

use AuditCluster;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $conf = "max_prepared_transactions = 10\nmax_connections = 90\nautovacuum = off\n";

# -- Many writers at once

my $node = new_node('writers', conf => $conf);
$node->safe_psql('postgres', q{
	CREATE TABLE t (writer int, round int) USING audit_immutable;
	CREATE FUNCTION backend() RETURNS int LANGUAGE sql AS
		'SELECT b + (current_setting(''server_version_num'')::int >= 170000)::int FROM pg_stat_get_backend_idset() AS b WHERE pg_stat_get_backend_pid(b) = pg_backend_pid()';
});

my @writers = map { $node->background_psql('postgres') } 1 .. 70;
my @backend = map { $_->query_safe('SELECT backend()') } @writers;
my @chain = map {
	$writers[$_]->query_safe('BEGIN');
	$writers[$_]->query_safe("INSERT INTO t VALUES ($_, 1) RETURNING audit_chain")
} 0 .. $#writers;

is(join(' ', @chain[ 0 .. 3 ]), '1 2 3 4', 'the first writers take the common chains');
is_deeply([ @chain[ 4 .. $#chain ] ], [ @backend[ 4 .. $#backend ] ],
	'each further one takes the chain of its own number, whoever writes beside it');
$_->query_safe('COMMIT') for @writers;

# Now those who come later find the common chains free, and take them.
my $newcomer = $node->background_psql('postgres');
$newcomer->query_safe('BEGIN');
is($newcomer->query_safe('INSERT INTO t VALUES (100, 1) RETURNING audit_chain'), 1, 'a newcomer takes the first that is free');
my @again = map {
	$_->query_safe('BEGIN');
	$_->query_safe('INSERT INTO t VALUES (0, 2) RETURNING audit_chain')
} reverse @writers;
is_deeply([ (reverse @again)[ 1 .. $#chain ] ], [ @chain[ 1 .. $#chain ] ], 'all others keep the chain they had');
is((reverse @again)[0], $backend[0] > 4 ? $backend[0] : 5, 'whose chain is taken, takes the one of its own number');
$_->query_safe('ROLLBACK') for @writers;
$newcomer->query_safe('COMMIT');

# A prepared transaction keeps its chain after its backend has gone.
$writers[20]->query_safe("BEGIN; INSERT INTO t VALUES (20, 3); PREPARE TRANSACTION 'kept'");
is($writers[20]->query_safe('INSERT INTO t VALUES (20, 4) RETURNING audit_chain'), 1,
	'whose chain a prepared transaction holds, takes a free one');
$node->safe_psql('postgres', "COMMIT PREPARED 'kept'");
$_->quit for @writers, $newcomer;
is($node->safe_psql('postgres', "SELECT intact, rows, chains FROM audit_immutable.verify('t')"), 't|73|70', 'the table is intact');

# -- What a backend remembers

# Two of them take turns with one chain, and each goes on behind the other, whatever happened to the pages meanwhile: a
# row behind in the block, a run begun elsewhere, rows undone, VACUUM, files changed, a hint, an index page split.
$node->safe_psql('postgres', q{
	CREATE TABLE turns (n int, filler text) USING heap;
	SELECT audit_immutable.protect('turns', chains => 1);
	CREATE TABLE beside (n int) USING audit_immutable;
});
my ($mine, $other) = map { $node->background_psql('postgres') } 1 .. 2;
my @between = (
	'', "INSERT INTO turns SELECT n, repeat('x', 700) FROM generate_series(1, 25) AS n", 'CHECKPOINT',
	"BEGIN; INSERT INTO turns SELECT n, repeat('y', 700) FROM generate_series(1, 25) AS n; ROLLBACK",
	'VACUUM turns', 'VACUUM (FREEZE) turns', 'REINDEX TABLE turns', 'VACUUM FULL turns',
	"BEGIN; SAVEPOINT s; INSERT INTO turns VALUES (0, 'undone'); ROLLBACK TO s; INSERT INTO turns VALUES (0, 'kept'); COMMIT",
	'SELECT count(*) FROM turns', 'INSERT INTO beside SELECT n FROM generate_series(1, 500) AS n',
	"INSERT INTO turns VALUES (0, 'conflict') ON CONFLICT DO NOTHING");
my ($expected, @last) = (0);
for my $round (0 .. 5 * @between - 1) {
	my $what = $between[ $round % @between ];
	$other->query_safe($what) if $what;
	$mine->query_safe($what) if $what =~ /^(VACUUM|BEGIN)/;
	push @last, $mine->query_safe("INSERT INTO turns VALUES ($round, repeat('z', 300)) RETURNING audit_seq");
	push @last, $mine->query_safe("INSERT INTO turns VALUES ($round, repeat('z', 300)) RETURNING audit_seq");
	$expected++ if $last[-1] == $last[-2] + 1;
}
is($expected, 5 * @between, 'each row follows the one before it');
is($node->safe_psql('postgres', "SELECT intact, rows = (SELECT max(audit_seq) FROM turns), chains FROM audit_immutable.verify('turns')"),
	't|t|1', 'however two backends take turns with a chain, it has no fork');
$_->quit for $mine, $other;
$node->stop;

# -- Heads in shared memory

$node = new_node('preloaded', conf => $conf . "shared_preload_libraries = 'audit_immutable'\nrestart_after_crash = on\n");
$node->safe_psql('postgres', q{
	CREATE TABLE t (id int, note text) USING audit_immutable;
	CREATE UNIQUE INDEX t_id ON t (id);
	INSERT INTO t VALUES (0, 'the first');
});
my ($one, $two) = map { $node->background_psql('postgres') } 1 .. 2;
my $id = 0;

# Writes a row; answers its place.
sub place
{
	my ($session) = @_;
	$id++;
	return $session->query_safe("INSERT INTO t VALUES ($id, 'a row') RETURNING audit_chain || ':' || audit_seq");
}

# How often the index of the chains was read by others than this one.
sub probes
{
	$_->query_safe('SELECT pg_stat_force_next_flush()') for $one, $two;
	return $node->safe_psql('postgres', "SELECT idx_scan FROM pg_stat_all_indexes WHERE indexrelname = 't_audit_chain_audit_seq_idx'");
}

is(place($one), '1:2', 'a session goes on with the chain');
my $before = probes();
is(join(' ', map { place($_) } ($one, $two) x 3), join(' ', map { "1:$_" } 3 .. 8), 'two sessions take turns');
is(probes() - $before, 0, 'and need not look into the index');
$node->safe_psql('postgres', q{COPY t (id) FROM PROGRAM 'seq 10001 12500'});
is(place($two), '1:2509', 'after a COPY of many batches');
is(probes() - $before, 1, 'the index is asked once: the first batch ends in another page than the head is in');

$one->query_safe("BEGIN; INSERT INTO t VALUES (-1, 'undone'), (-2, 'undone'); ROLLBACK");
is(place($two), '1:2510', 'after a rollback');
cmp_ok(probes(), '>', $before, 'the index was asked');
$one->query_safe(q{BEGIN; INSERT INTO t VALUES (-3, 'kept'); SAVEPOINT s; INSERT INTO t VALUES (-4, 'undone');
	ROLLBACK TO s; COMMIT});
is(place($two), '1:2512', 'after a savepoint that was rolled back');
$one->query_safe(q{BEGIN; SAVEPOINT s; INSERT INTO t VALUES (-5, 'undone'); ROLLBACK TO s; SAVEPOINT s;
	INSERT INTO t VALUES (-6, 'kept'); RELEASE s; COMMIT});
is(place($two), '1:2514', 'after one that was released');
$one->query_safe("INSERT INTO t VALUES (0, 'there already') ON CONFLICT DO NOTHING");
is(place($two), '1:2515', 'after a row that met another');

$one->query_safe("BEGIN; INSERT INTO t VALUES (-7, 'prepared'); PREPARE TRANSACTION 'p'");
is(place($two), '2:1', 'a prepared transaction keeps its chain');
$node->safe_psql('postgres', "COMMIT PREPARED 'p'");
my $third = $node->background_psql('postgres');
is(place($third), '1:2517', 'and it is found when it is decided');
$one->query_safe("BEGIN; INSERT INTO t VALUES (-8, 'prepared'); PREPARE TRANSACTION 'p'");
$node->safe_psql('postgres', "ROLLBACK PREPARED 'p'");
is(place($one), '1:2518', 'as it is when it is undone');

# Rows move to another file, and in it.
$node->safe_psql('postgres', 'VACUUM FULL t');
is(place($one), '1:2519', 'after VACUUM FULL');
$one->query_safe('BEGIN; CREATE INDEX t_note ON t (note); CLUSTER t USING t_id; ROLLBACK');
is(place($one), '1:2520', 'after a rewrite that was rolled back');
$node->safe_psql('postgres', 'REINDEX TABLE t');
is(place($one), '1:2521', 'after REINDEX');
verify_intact($node, 'postgres', 't');

# A copy of the database has files of the same numbers; what is known of one says nothing of the other.
$_->quit for $one, $two, $third;
my $oid = 77777;
$node->safe_psql('postgres', 'CREATE DATABASE original TEMPLATE postgres');
for my $rows (1, 5000)
{
	$node->safe_psql('postgres', "CREATE DATABASE copy TEMPLATE original OID = $oid");
	is($node->safe_psql('copy', "INSERT INTO t VALUES (30000, 'copy') RETURNING audit_seq"), 2522, 'a copied database goes on');
	$node->safe_psql('copy', "INSERT INTO t SELECT i, 'copy' FROM generate_series(40001, 40000 + $rows) AS i");
	$node->safe_psql('postgres', 'DROP DATABASE copy');
}
$node->safe_psql('postgres', "CREATE DATABASE copy TEMPLATE original OID = $oid");
is($node->safe_psql('copy', "INSERT INTO t VALUES (30000, 'copy') RETURNING audit_seq"), 2522, 'one that comes in place of another too');
verify_intact($node, 'copy', 't');

# It may even have the row that was the last, and more behind it.
$node->safe_psql('postgres', 'DROP DATABASE copy');
$node->safe_psql('postgres', "CREATE DATABASE copy TEMPLATE original OID = $oid");
$node->safe_psql('copy', "INSERT INTO t VALUES (30000, 'copy')");
for my $more (1, 300)
{
	$node->safe_psql('postgres', 'CREATE DATABASE longer TEMPLATE copy');
	$node->safe_psql('longer', "INSERT INTO t SELECT i, repeat('longer', 20) FROM generate_series(50001, 50000 + $more) AS i");
	$node->safe_psql('postgres', 'DROP DATABASE copy');
	$node->safe_psql('postgres', "CREATE DATABASE copy TEMPLATE longer OID = $oid");
	is($node->safe_psql('copy', "INSERT INTO t VALUES (60000, 'copy') RETURNING audit_seq"), 2523 + $more, "a copy that has $more rows more goes on behind them");
	verify_intact($node, 'copy', 't');
	$node->safe_psql('postgres', 'DROP DATABASE copy');
	$node->safe_psql('postgres', 'DROP DATABASE longer');
	$node->safe_psql('postgres', "CREATE DATABASE copy TEMPLATE original OID = $oid");
	$node->safe_psql('copy', "INSERT INTO t VALUES (30000, 'copy')");
}

# A table that comes in place of another starts anew.
$node->safe_psql('postgres', q{
	SELECT audit_immutable.retire('t', 'the test goes on');
	ALTER TABLE t RENAME TO old;
	CREATE TABLE t (id int, note text) USING audit_immutable;
});
is($node->safe_psql('postgres', "INSERT INTO t VALUES (1, 'new') RETURNING audit_chain || ':' || audit_seq"), '1:1', 'a new table');

# What a crash takes with it.
my $victim = $node->background_psql('postgres', on_error_stop => 0);
$victim->query_safe('BEGIN');
$victim->query_safe("INSERT INTO t VALUES (2, 'lost')");
my $pid = $victim->query_safe('SELECT pg_backend_pid()');
kill 'KILL', $pid;
$node->poll_query_until('postgres', "SELECT NOT EXISTS (SELECT FROM pg_stat_activity WHERE pid = $pid)");
eval { $victim->quit };
is($node->safe_psql('postgres', "INSERT INTO t VALUES (3, 'after') RETURNING audit_chain || ':' || audit_seq"), '1:2', 'after a crash');
verify_intact($node, 'postgres', 't');

# -- Everything at once, with two chains for all and with as many as they like

$node->safe_psql('postgres', q{
	CREATE TABLE free (client int, n int) USING audit_immutable;
	CREATE TABLE two (client int, n int);
	SELECT FROM audit_immutable.protect('two', chains => 2);
});
my $commands = q{
\set what random(1, 5)
BEGIN;
INSERT INTO free VALUES (:client_id, 1);
INSERT INTO two VALUES (:client_id, 1);
\if :what = 1
SAVEPOINT s;
INSERT INTO free VALUES (:client_id, 2), (:client_id, 3);
ROLLBACK TO s;
INSERT INTO two VALUES (:client_id, 2);
COMMIT;
\elif :what = 2
ROLLBACK;
\else
INSERT INTO free VALUES (:client_id, 4);
COMMIT;
\endif
};
my $file = $node->basedir . '/commands.sql';
append_to_file($file, $commands);
$node->command_ok([ 'pgbench', '-n', '-c', 8, '-t', 500, '-M', 'prepared', '-f', $file, 'postgres' ], 'many transactions of all kinds');
for my $table ('free', 'two')
{
	is($node->safe_psql('postgres', "SELECT intact, rows = (SELECT count(*) FROM $table) FROM audit_immutable.verify('$table')"), 't|t',
		"$table is intact");
}
is($node->safe_psql('postgres', 'SELECT max(audit_chain) FROM two'), 2, 'no more chains than allowed');
ok($node->safe_psql('postgres', 'SELECT max(audit_chain) FROM free') <= 20, 'no more chains than backends');

done_testing();
