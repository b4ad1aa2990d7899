# Refused attempts: a line in the server's log, and, where the library is
# preloaded, a row in audit_immutable.attempt that outlives the rollback.

use strict;
use warnings;

use AuditCluster;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(sleep time);

my $places = 1024;    # of the queue
my $prefix = "log_line_prefix = '%m [%p] %e '\n";

my $node = new_node('preloaded', init => { allows_streaming => 1, extra => ['--encoding=UTF8'] }, conf => $prefix
	  . "shared_preload_libraries = 'audit_immutable'\nrestart_after_crash = on\nlisten_addresses = '127.0.0.1'\n");

sub make_table
{
	my ($server, $database) = @_;
	$server->safe_psql($database, q{
		CREATE TABLE t (id int, note text) USING audit_immutable;
		INSERT INTO t VALUES (1, 'one'), (2, 'two');
		GRANT ALL ON t TO mallory;
	});
	return;
}

# Waits until so many attempts are recorded in the database.
sub recorded
{
	my ($database, $count, $title, $server) = @_;
	local $Test::Builder::Level = $Test::Builder::Level + 1;
	$server //= $node;
	ok( $server->poll_query_until($database,
			"SELECT count(*) = $count FROM audit_immutable.attempt"), $title)
	  or diag($server->safe_psql($database, 'SELECT count(*) FROM audit_immutable.attempt'));
	return;
}

sub dropped
{
	return $node->safe_psql('postgres', 'SELECT audit_immutable.attempts_dropped()');
}

sub log_since
{
	my ($server, $offset) = @_;
	return slurp_file($server->logfile, $offset);
}

# A session that lets no worker write until it is told to.
sub hold_back
{
	my ($server) = @_;
	my $session = $server->background_psql('postgres');
	$session->query_safe('BEGIN; LOCK TABLE audit_immutable.attempt IN ACCESS EXCLUSIVE MODE');
	return $session;
}

# The launcher's pid; undef where there is none.
sub launcher
{
	my ($server) = @_;
	my $postmaster = (split /\n/, slurp_file($server->data_dir . '/postmaster.pid'))[0];
	my ($pid) = `ps -o pid=,args= --ppid $postmaster` =~ /^\s*(\d+) .*attempt launcher/m;
	return $pid;
}

# A statement that is refused so many times, and says nothing of it.
sub quietly
{
	my ($times, $statement) = @_;
	return qq{DO \$\$ BEGIN FOR i IN 1..$times LOOP
		BEGIN $statement; EXCEPTION WHEN insufficient_privilege THEN NULL; END;
	END LOOP; END \$\$};
}

my $waiting_worker = q{
	SELECT pid FROM pg_stat_activity
	WHERE backend_type = 'audit_immutable attempt worker' AND wait_event_type = 'Lock'};

$node->safe_psql('postgres', 'CREATE ROLE mallory LOGIN; CREATE DATABASE "an other"');
$node->safe_psql('an other', 'CREATE EXTENSION audit_immutable');
make_table($node, $_) for 'postgres', 'an other';

# -- What an attempt leaves behind

my $offset = -s $node->logfile;
my $tcp = sprintf "host=127.0.0.1 port=%d user=mallory dbname='postgres' application_name=tool", $node->port;
my @attempts = (
	[ 'UPDATE t SET note = NULL', '42501', 'cannot update audit table "public.t"' ],
	[ 'DELETE FROM t', '42501', 'cannot delete from audit table "public.t"' ],
	[ 'TRUNCATE t', '42501', 'cannot truncate audit table "public.t"' ],
	[ 'INSERT INTO t (id, audit_seq) VALUES (1, 7)', '428C9',
		'cannot insert a value into column "audit_seq" of audit table "public.t"' ],
);
for my $attempt (@attempts)
{
	my ($statement, $state, $message) = @$attempt;
	my ($status, undef, $error) = $node->psql('postgres', "SET client_min_messages = log; $statement",
		connstr => $tcp);
	isnt($status, 0, "refused: $statement");
	like($error, qr/ERROR:  \Q$message\E/, 'with its error');
	unlike($error, qr/refused attempt/, "and without the log's line");
}
recorded('postgres', 4, 'each has a row');
is( $node->safe_psql('postgres', q{
		SELECT session_user_name, current_user_name, application_name, client_address,
			client_port > 1023, backend_pid > 0, backend_start BETWEEN now() - interval '1 h' AND at,
			state, message, object, statement, dropped
		FROM audit_immutable.attempt ORDER BY at}),
	join("\n", map { "mallory|mallory|tool|127.0.0.1|t|t|t|$_->[1]|$_->[2]|public.t|$_->[0]|0" } @attempts),
	'that says who, from where, and what');
is( $node->safe_psql('postgres', q{
		SELECT DISTINCT s.application_name FROM audit_immutable.attempt AS a
		JOIN audit_immutable.session AS s ON s.id = a.audit_session}),
	'audit_immutable attempt worker', 'the session is that of the worker');
my $text = log_since($node, $offset);
for my $attempt (@attempts)
{
	like($text,
		qr/ IA001 LOG:  refused attempt by "mallory" \(session user "mallory", client 127\.0\.0\.1, application "tool"\): \Q$attempt->[2]\E\n/,
		"a line in the log: $attempt->[2]");
}

$node->psql('postgres', q{
	SET ROLE mallory;
	DO $$ BEGIN DELETE FROM t; EXCEPTION WHEN OTHERS THEN NULL; END $$;
});
recorded('postgres', 5, 'an attempt that PL/pgSQL caught has a row too');
like( $node->safe_psql('postgres', q{
		SELECT session_user_name, current_user_name, client_address, client_port, statement
		FROM audit_immutable.attempt ORDER BY at DESC LIMIT 1}),
	qr/^(?!mallory).*\|mallory\|\|\|DO /,
	'of a role that was set, over a unix socket');

my $long = "UPDATE t SET note='" . ("\xc3\xa4" x 600) . "'";
$node->psql('postgres', $long);
recorded('postgres', 6, 'a long statement');
is( $node->safe_psql('postgres', q{
		SELECT octet_length(statement), right(statement, 1) = chr(228)
		FROM audit_immutable.attempt ORDER BY at DESC LIMIT 1}),
	'1023|t', 'is cut between two characters');

$node->psql('an other', 'DELETE FROM t');
recorded('an other', 1, 'an attempt in another database is recorded there');
recorded('postgres', 6, 'and only there');

my ($status, undef, $error) = $node->psql('postgres', 'DELETE FROM audit_immutable.attempt');
like($error, qr/cannot delete from audit table "audit_immutable.attempt"/, 'the rows are there for good');
recorded('postgres', 7, 'and who tries is remembered');
($status, undef, $error) = $node->psql('postgres', 'SET ROLE mallory; SELECT * FROM audit_immutable.attempt');
like($error, qr/permission denied/, 'not everybody can read them');
is( $node->safe_psql('postgres', 'SET ROLE mallory; SELECT audit_immutable.attempts_dropped()'),
	'0', 'everybody can see that none was dropped');
verify_intact($node, $_, 'audit_immutable.attempt') for 'postgres', 'an other';

# -- Encodings

$node->safe_psql('postgres', q{
	CREATE DATABASE raw ENCODING 'SQL_ASCII' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0});
$node->safe_psql('raw', 'CREATE EXTENSION audit_immutable');
make_table($node, 'raw');
$node->psql('raw', "UPDATE t SET note = '\xff\xfe'");
recorded('raw', 1, 'bytes that are no text do not keep an attempt out');
is($node->safe_psql('raw', 'SELECT statement FROM audit_immutable.attempt'),
	"UPDATE t SET note = '??'", 'they become question marks');
verify_intact($node, 'raw', 'audit_immutable.attempt');

# -- A database whose settings stand in the way

$node->safe_psql('postgres', q{
	ALTER DATABASE "an other" SET default_transaction_read_only = on;
	ALTER DATABASE "an other" SET default_transaction_isolation = 'serializable';
	ALTER DATABASE "an other" SET search_path = pg_temp;
});
sleep 1;    # until the worker that has the old settings is gone
$node->psql('an other', 'SET default_transaction_read_only = off; DELETE FROM public.t');
recorded('an other', 2, 'settings of the database do not matter');

# -- Interruptions

my $holder = hold_back($node);
$node->psql('postgres', 'DELETE FROM t') for 1 .. 3;
ok($node->poll_query_until('postgres', "SELECT EXISTS ($waiting_worker)"), 'a worker waits for a lock');
is($node->safe_psql('postgres', "SELECT pg_terminate_backend(pid, 10000) FROM ($waiting_worker) AS w"),
	't', 'it is terminated at once');
$holder->query_safe('ROLLBACK');
recorded('postgres', 10, 'the next worker records what it had taken');

kill 'TERM', launcher($node);
$node->psql('postgres', 'DELETE FROM t');
recorded('postgres', 11, 'a new launcher takes the place of one that was killed');

# -- More than the queue holds, and none is lost without being counted

my $before = dropped();
$holder->query_safe('BEGIN; LOCK TABLE audit_immutable.attempt IN ACCESS EXCLUSIVE MODE');
$node->safe_psql('postgres', quietly($places + 76, 'DELETE FROM t'));
is(dropped() - $before, 76, 'what finds no place is dropped, and counted');
$holder->query_safe('ROLLBACK');
recorded('postgres', 11 + $places, 'the others are recorded');
$node->psql('postgres', 'DELETE FROM t') for 1 .. 2;
recorded('postgres', 13 + $places, 'and what comes after');
is($node->safe_psql('postgres', 'SELECT dropped FROM audit_immutable.attempt ORDER BY at DESC LIMIT 2'),
	"0\n76", 'the first of which tells how many were dropped');
verify_intact($node, 'postgres', 'audit_immutable.attempt');

$before = dropped();
append_to_file($node->basedir . '/flood.sql', quietly(1, 'DELETE FROM t') . ";\n");
my $start = time;
$node->command_ok([ 'pgbench', '-n', '-c', 8, '-j', 2, '-t', 1250, '-f', $node->basedir . '/flood.sql', 'postgres' ],
	'a flood');
my $flood = time - $start;
$node->poll_query_until('postgres', qq{
	SELECT count(*) - 13 - $places + audit_immutable.attempts_dropped() - $before = 10000
	FROM audit_immutable.attempt});
my $rows = $node->safe_psql('postgres', 'SELECT count(*) FROM audit_immutable.attempt') - 13 - $places;
my $lost = dropped() - $before;
is($rows + $lost, 10000, 'every attempt of a flood is recorded or counted as dropped');
note(sprintf '%d recorded, %d dropped, %.1f s', $rows, $lost, $flood);
# The flood has used up what its session user may leave on record; another one has as much.
$node->psql('postgres', 'DELETE FROM t');
is(dropped() - $before, $lost + 1, 'of whoever made the flood no more is recorded for a while, but counted');
$lost++;
$node->psql('postgres', 'DELETE FROM t', extra_params => [ '-U', 'mallory' ]);
recorded('postgres', 14 + $places + $rows, 'one more');
is($node->safe_psql('postgres', 'SELECT sum(dropped) FROM audit_immutable.attempt'),
	76 + $lost, 'the rows tell of all that were dropped');
verify_intact($node, 'postgres', 'audit_immutable.attempt');

# -- Databases that go, and ones without the extension

# Its worker is there for a moment after this.
$node->safe_psql('postgres', 'CREATE DATABASE third TEMPLATE "an other"');
$node->psql('third', 'DELETE FROM t');
recorded('third', 3, 'a copied database records, too');
$start = time;
$node->safe_psql('postgres', 'DROP DATABASE third');
cmp_ok(time - $start, '<', 4, 'DROP DATABASE does not fail over the worker');

$before = dropped();
$offset = -s $node->logfile;
my $launcher = launcher($node);
kill 'STOP', $launcher;
$node->psql('an other', 'SET default_transaction_read_only = off; DELETE FROM public.t') for 1 .. 2;
$node->safe_psql('postgres', 'DROP DATABASE "an other"');
kill 'CONT', $launcher;
ok($node->poll_query_until('postgres', "SELECT audit_immutable.attempts_dropped() - $before = 2"),
	'attempts in a database that is gone are given up and counted as dropped');
like(log_since($node, $offset), qr/WARNING:  refused attempts in database \d+ that could not be recorded: 2/,
	'the log says so');

$before = dropped();
$offset = -s $node->logfile;
create_database($node, 'bare');
$node->safe_psql('bare', 'BEGIN; CREATE EXTENSION audit_immutable; CREATE TABLE t (id int) USING audit_immutable; '
	  . 'INSERT INTO t VALUES (1); ' . quietly(2, 'TRUNCATE t') . '; ROLLBACK');
ok($node->poll_query_until('postgres', "SELECT audit_immutable.attempts_dropped() - $before = 2"),
	'attempts in a database without the extension are counted as dropped');
# The worker may have come between the two, on a busy machine.
my $told = qr/refused attempts that could not be recorded: %d\n.*The extension is not in this database/;
my ($once, $twice) = map { $told =~ s/%d/$_/r } 1, 2;
$node->wait_for_log(qr/$twice|$once[\s\S]*$once/, $offset);

# -- A dump

create_database($node, 'restored');
system_or_bail('sh', '-c', sprintf "pg_dump -p %d -h '%s' postgres | psql -X -q -v ON_ERROR_STOP=1 -p %d -h '%s' restored >/dev/null",
	($node->port, $node->host) x 2);
is(stamps($node, 'restored', 'audit_immutable.attempt'), stamps($node, 'postgres', 'audit_immutable.attempt'),
	'a dump brings the attempts back');
# A database that waits for more of its restore records nothing.
$node->safe_psql('restored', 'INSERT INTO t SELECT FROM t LIMIT 1');
$node->psql('restored', 'DELETE FROM t');
recorded('restored', 15 + $places + $rows, 'and recording goes on');
verify_intact($node, 'restored', 'audit_immutable.attempt');

# -- A standby

$node->backup('base');
my $standby = PostgreSQL::Test::Cluster->new('standby');
$standby->init_from_backup($node, 'base', has_streaming => 1);
$standby->start;
is(launcher($standby), undef, 'nothing runs on a standby');
($status, undef, $error) = $standby->psql('postgres', 'DELETE FROM t');
like($error, qr/read-only transaction/, 'which refuses everything itself');
$standby->promote;
$standby->psql('postgres', 'DELETE FROM t');
recorded('postgres', 15 + $places + $rows, 'one that was promoted records', $standby);
$standby->stop;

# -- The server stops

$holder->query_safe('BEGIN; LOCK TABLE audit_immutable.attempt IN ACCESS EXCLUSIVE MODE');
$node->psql('postgres', 'DELETE FROM t', extra_params => [ '-U', 'mallory' ]) for 1 .. 3;
$node->poll_query_until('postgres', "SELECT EXISTS ($waiting_worker)");
$offset = -s $node->logfile;
$start = time;
$node->restart;
cmp_ok(time - $start, '<', 15, 'a fast restart waits for no attempt');
eval { $holder->quit };    # its server went
like(log_since($node, $offset), qr/WARNING:  refused attempts that are not recorded yet: 3/,
	'the log says how many were waiting');
is(dropped(), 0, 'the count starts anew');
$node->psql('postgres', 'DELETE FROM t');
recorded('postgres', 15 + $places + $rows, 'recording goes on');
verify_intact($node, 'postgres', 'audit_immutable.attempt');
ok(!server_crashed($node), 'no process died');

# A process that dies takes the shared memory, and the queue, with it.
kill 'KILL', launcher($node);
$node->wait_for_log(qr/all server processes terminated; reinitializing/);
$node->poll_query_until('postgres', 'SELECT true');
$node->psql('postgres', 'DELETE FROM t');
recorded('postgres', 16 + $places + $rows, 'recording goes on after a crash');
verify_intact($node, 'postgres', 'audit_immutable.attempt');
$node->stop;

# -- Without preloading

my $plain = new_node('plain', conf => $prefix);
$plain->safe_psql('postgres', 'CREATE ROLE mallory LOGIN');
make_table($plain, 'postgres');
$plain->psql('postgres', 'DELETE FROM t');
$plain->safe_psql('postgres', quietly(1, 'TRUNCATE t'));
like(slurp_file($plain->logfile), qr/ IA001 LOG:  refused attempt by .* cannot delete from audit table "public.t"\n/,
	'without preloading there is the line in the log');
like(slurp_file($plain->logfile), qr/ IA001 LOG:  refused attempt by .* cannot truncate audit table "public.t"\n/,
	'also when PL/pgSQL caught the error');
is( $plain->safe_psql('postgres',
		'SELECT count(*), audit_immutable.attempts_dropped() IS NULL FROM audit_immutable.attempt'),
	'0|t', 'and no row');

# -- Room for one worker beside the two launchers, and two databases

$plain->safe_psql('postgres', 'CREATE DATABASE second TEMPLATE postgres');
$plain->append_conf('postgresql.conf',
	"shared_preload_libraries = 'audit_immutable'\nmax_logical_replication_workers = 0\nmax_worker_processes = 3\n");
$plain->restart;
$holder = hold_back($plain);
$plain->psql('postgres', 'DELETE FROM t');
ok($plain->poll_query_until('postgres', "SELECT EXISTS ($waiting_worker)"), 'a worker waits for a lock');
$plain->psql('second', 'DELETE FROM t');
sleep 0.5;
is($plain->safe_psql('second', 'SELECT count(*) FROM audit_immutable.attempt'), '0',
	'there is none for the other database');
$holder->quit;
recorded('postgres', 1, 'the first goes on', $plain);
recorded('second', 1, 'then the other database has its turn', $plain);
is($plain->safe_psql('postgres', 'SELECT audit_immutable.attempts_dropped()'), '0', 'nothing is dropped');
ok(!server_crashed($plain), 'no process died');
$plain->stop;

# -- One process alone

my ($in, $out, $err) = ("DELETE FROM t\n", '', '');
ok(run_log([ 'postgres', '--single', '-D', $plain->data_dir, 'postgres' ], '<', \$in, '>', \$out, '2>', \$err),
	'in single-user mode, too');
like($err, qr/ IA001 LOG:  refused attempt by /, 'there is the line in the log');

done_testing();
