# The rings among others: with other libraries that hook in, under a logical subscription, in
# single-user mode; and what an error carries when it has passed our hooks.

use strict;
use warnings;

use AuditCluster;
use IPC::Run;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

# The server's environment asks for backtraces; nobody shall see one.
$ENV{RUST_BACKTRACE} = '1';

# All errors that were seen, by whoever.
my @errors;

# One test: the statement fails, and says so.
sub refused
{
	my ($node, $statement, $pattern, $title, @set) = @_;
	local $Test::Builder::Level = $Test::Builder::Level + 1;
	my ($status, $out, $err) = $node->psql('postgres', $statement, @set);
	push @errors, $err;
	like($err, $pattern, $title // $statement);
	return $err;
}

sub rows
{
	my ($node, $table) = @_;
	return $node->safe_psql('postgres', "SELECT string_agg(id || ':' || v, ' ' ORDER BY id) FROM $table");
}

# (a) Other libraries with hooks, before ours and after.
for my $order ('pgaudit, pg_stat_statements, audit_immutable', 'audit_immutable, pgaudit, pg_stat_statements',
	'pg_stat_statements, audit_immutable, pgaudit')
{
	(my $name = $order) =~ s/\W+/_/g;
	my $node = new_node($name, conf => "shared_preload_libraries = '$order'\npgaudit.log = 'all'\npgaudit.log_catalog = off\n"
		  . "pg_stat_statements.track_utility = on\n");
	$node->safe_psql('postgres', q{
		CREATE EXTENSION pgaudit;
		CREATE EXTENSION pg_stat_statements;
		CREATE TABLE t (id int PRIMARY KEY, v text) USING audit_immutable;
		INSERT INTO t VALUES (1, 'one');
		INSERT INTO t VALUES (2, 'two');
		CREATE TABLE plain (id int);
		ALTER TABLE plain ADD v text;
		UPDATE plain SET v = 'x';
		DROP TABLE plain;
	});
	refused($node, "UPDATE t SET v = 'x'", qr/cannot update audit table "public\.t"/, "$order: UPDATE");
	refused($node, 'DELETE FROM t', qr/cannot delete from audit table "public\.t"/, "$order: DELETE");
	refused($node, 'TRUNCATE t', qr/cannot truncate audit table "public\.t"/, "$order: TRUNCATE");
	refused($node, 'DROP TABLE t', qr/cannot drop audit table "public\.t"/, "$order: DROP");
	refused($node, 'ALTER TABLE t DROP COLUMN v', qr/cannot use ALTER TABLE .* DROP COLUMN/, "$order: DROP COLUMN");
	refused($node, "UPDATE pg_class SET relam = 2 WHERE relname = 't'", qr/cannot edit system catalog/, "$order: catalog");
	is(rows($node, 't'), '1:one 2:two', "$order: the rows are there");
	verify_intact($node, 'postgres', 't', "$order: intact");
	ok($node->poll_query_until('postgres', 'SELECT count(*) = 6 FROM audit_immutable.attempt'), "$order: attempts are recorded");
	my $log = slurp_file($node->logfile);
	unlike($log, qr/INSERT INTO audit_immutable\.attempt/, "$order: pgaudit logs none of the workers' own statements");
	like($log, qr/AUDIT: SESSION,\d+,\d+,$_->[0]/, "$order: pgaudit logs $_->[1]")
	  for [ 'DDL,CREATE TABLE,[^\n]*CREATE TABLE t', 'CREATE TABLE' ], [ 'WRITE,INSERT,[^\n]*INSERT INTO t', 'INSERT' ],
	  [ 'DDL,DROP TABLE,[^\n]*DROP TABLE plain', 'DROP TABLE' ], [ 'WRITE,UPDATE,[^\n]*UPDATE plain', 'UPDATE' ];
	is( $node->safe_psql('postgres', "SELECT calls, rows FROM pg_stat_statements WHERE query LIKE 'INSERT INTO t VALUES%'"),
		'2|2', "$order: pg_stat_statements counts");
	is($node->safe_psql('postgres', "SELECT calls FROM pg_stat_statements WHERE query LIKE 'DROP TABLE plain'"),
		'1', "$order: utility statements too");
	ok(!server_crashed($node), "$order: no crash");
	push @errors, slurp_file($node->logfile);
	$node->stop;
}

# (b) A logical subscriber.
my $publisher = new_node('publisher', extension => 0, init => { allows_streaming => 'logical' });
$publisher->safe_psql('postgres', q{
	CREATE TABLE t (id int PRIMARY KEY, v text);
	INSERT INTO t VALUES (1, 'copied');
	CREATE TABLE root (id int, v text, PRIMARY KEY (id)) PARTITION BY LIST (id);
	CREATE TABLE leaf PARTITION OF root DEFAULT;
	CREATE PUBLICATION p FOR TABLE t;
});
for my $preload ('', 'audit_immutable')
{
	my $ring = $preload ? 'ring 3' : 'ring 2';
	my $name = $preload ? 'subscriber3' : 'subscriber2';
	my $subscriber = new_node($name, conf => "shared_preload_libraries = '$preload'\nwal_retrieve_retry_interval = 200ms\n");
	$publisher->safe_psql('postgres', "TRUNCATE t; INSERT INTO t VALUES (1, 'copied')");
	$subscriber->safe_psql('postgres', 'CREATE TABLE t (id int PRIMARY KEY, v text) USING audit_immutable');
	$subscriber->safe_psql('postgres', "CREATE SUBSCRIPTION $name CONNECTION '" . $publisher->connstr . " dbname=postgres' PUBLICATION p");
	$subscriber->wait_for_subscription_sync($publisher, $name);
	$publisher->safe_psql('postgres', "INSERT INTO t VALUES (2, 'streamed'), (3, 'streamed'); INSERT INTO t VALUES (4, 'streamed')");
	$publisher->wait_for_catchup($name);
	my $whole = '1:copied 2:streamed 3:streamed 4:streamed';
	is(rows($subscriber, 't'), $whole, "subscriber, $ring: the rows arrive");
	is( $subscriber->safe_psql('postgres', 'SELECT count(*) FROM t WHERE audit_seq > 0 AND audit_chain > 0 AND audit_session > 0'),
		4, "subscriber, $ring: stamped");
	verify_intact($subscriber, 'postgres', 't', "subscriber, $ring: intact");
	my $at = 0;
	for my $change ([ "UPDATE t SET v = 'x' WHERE id = 2", 'update' ], [ 'DELETE FROM t WHERE id = 2', 'delete from' ],
		[ 'TRUNCATE t', 'truncate' ])
	{
		my ($statement, $verb) = @$change;
		my $lsn = $publisher->safe_psql('postgres', "$statement; SELECT pg_current_wal_lsn()");
		ok($subscriber->wait_for_log(qr/ERROR: +(?:\w+: +)?cannot $verb audit table "public\.t"/, $at),
			"subscriber, $ring: $verb is refused");
		is(rows($subscriber, 't'), $whole, "subscriber, $ring: the rows are there");
		verify_intact($subscriber, 'postgres', 't', "subscriber, $ring: intact after $verb");
		# The change is left out, and the next one comes.
		$subscriber->safe_psql('postgres', "ALTER SUBSCRIPTION $name DISABLE");
		$subscriber->poll_query_until('postgres', "SELECT count(*) = 0 FROM pg_stat_activity WHERE backend_type = 'logical replication worker'");
		$at = -s $subscriber->logfile;
		$subscriber->safe_psql('postgres', "SELECT pg_replication_origin_advance('pg_' || oid, '$lsn') FROM pg_subscription");
		$subscriber->safe_psql('postgres', "ALTER SUBSCRIPTION $name ENABLE");
	}
	$publisher->safe_psql('postgres', "INSERT INTO t VALUES (5, 'after')");
	$publisher->wait_for_catchup($name);
	is(rows($subscriber, 't'), "$whole 5:after", "subscriber, $ring: what comes after arrives");
	verify_intact($subscriber, 'postgres', 't', "subscriber, $ring: intact at the end");
	ok(!server_crashed($subscriber), "subscriber, $ring: no crash");
	push @errors, slurp_file($subscriber->logfile);
	$subscriber->safe_psql('postgres', "DROP SUBSCRIPTION $name");
	$subscriber->stop;
}
$publisher->stop;

# (c) Single-user mode, where no event trigger fires. Whoever opens an audit table loads the library,
# so that without a preload most ways are refused all the same; what is not is found.
for my $preload ('', 'audit_immutable')
{
	my $ring = $preload ? 'preloaded' : 'not preloaded';
	my $node = new_node($preload ? 'single3' : 'single2', conf => "shared_preload_libraries = '$preload'\n");
	$node->safe_psql('postgres', "CREATE TABLE t (id int, v text) USING audit_immutable; INSERT INTO t VALUES (1, 'one'), (2, 'two')");
	for my $way (
		[ "UPDATE t SET v = 'x'", 'refused' ],
		[ 'DELETE FROM t', 'refused' ],
		[ 'TRUNCATE t', 'refused' ],
		[ "INSERT INTO t (id, audit_seq) VALUES (3, 3)", 'refused' ],
		[ "INSERT INTO t VALUES (3, 'single')", 'done' ],
		[ 'ALTER TABLE t DISABLE TRIGGER ALL', $preload ? 'refused' : 'found' ],
		[ 'DROP TRIGGER audit_immutable_guard ON t', $preload ? 'refused' : 'found' ],
		[ 'DROP TABLE t', $preload ? 'refused' : 'found' ],
		[ 'ALTER TABLE t SET ACCESS METHOD heap', $preload ? 'refused' : 'found' ],
		[ 'ALTER EVENT TRIGGER audit_immutable_check DISABLE', $preload ? 'refused' : 'found' ],
		[ 'DROP EXTENSION audit_immutable CASCADE', 'refused' ],
		[ "UPDATE pg_class SET relam = 2 WHERE relname = 't'", $preload ? 'refused' : 'found' ])
	{
		my ($statement, $expected) = @$way;
		$node->stop;
		# Each way starts from the same files.
		my $saved = $node->data_dir . '.saved';
		system_or_bail('cp', '-a', $node->data_dir, $saved);
		my ($out, $err) = ('', '');
		my $input = "$statement\n";
		IPC::Run::run([ 'postgres', '--single', '-D', $node->data_dir, 'postgres' ], '<', \$input, '>', \$out, '2>', \$err);
		push @errors, $err;
		unlike("$out$err", qr/PANIC|signal|panicked/, "single-user, $ring: $statement: no crash");
		if ($expected eq 'refused') { like($err, qr/ERROR:/, "single-user, $ring: $statement: refused") }
		elsif ($expected eq 'done') { unlike($err, qr/ERROR:/, "single-user, $ring: $statement: done") or diag($err) }
		note($1) if $err =~ /(ERROR:[^\n]*)/;
		$node->start;
		if ($expected eq 'found' && $err !~ /ERROR:/)
		{
			my ($status, $found) = $node->psql('postgres',
				'SELECT string_agg(first_finding, E\'\n\') FROM audit_immutable.verify() WHERE NOT intact');
			isnt($found, '', "single-user, $ring: $statement: found");
			note($found);
		}
		else
		{
			verify_intact($node, 'postgres', 't', "single-user, $ring: $statement: intact");
			is($node->safe_psql('postgres', 'SELECT count(*) FROM t'), $expected eq 'done' ? 3 : 2,
				"single-user, $ring: $statement: the rows are there");
		}
		$node->stop;
		system_or_bail('rm', '-rf', $node->data_dir);
		system_or_bail('mv', $saved, $node->data_dir);
		$node->start;
	}
	$node->stop;
}

# (d) What passes our hooks keeps everything it carries.
my $node = new_node('errors', conf => "shared_preload_libraries = 'audit_immutable'\n");
$node->safe_psql('postgres', q{
	CREATE TABLE plain (id int PRIMARY KEY, v text CONSTRAINT v_is_short CHECK (length(v) < 5));
	CREATE TABLE log (id int PRIMARY KEY, v text) USING audit_immutable;
	INSERT INTO plain VALUES (1, 'a'), (2, 'a');
	INSERT INTO log VALUES (1, 'a'), (2, 'a');
	CREATE FUNCTION said(command text) RETURNS text LANGUAGE plpgsql AS $$
	DECLARE
		state text; message text; constraint_name text; table_name text; schema_name text; detail text;
	BEGIN
		EXECUTE command;
		RETURN 'done';
	EXCEPTION WHEN OTHERS THEN
		GET STACKED DIAGNOSTICS state = RETURNED_SQLSTATE, constraint_name = CONSTRAINT_NAME, table_name = TABLE_NAME,
			schema_name = SCHEMA_NAME, detail = PG_EXCEPTION_DETAIL;
		RETURN concat_ws('|', state, schema_name, table_name, constraint_name, detail);
	END $$;
});
for my $case (
	[ "INSERT INTO plain VALUES (1, 'b')", '23505|public|plain|plain_pkey|Key (id)=(1) already exists.' ],
	[ "INSERT INTO plain VALUES (3, 'too long')", '23514|public|plain|v_is_short|Failing row contains (3, too long).' ],
	[ "INSERT INTO log VALUES (1, 'b')", '23505|public|log|log_pkey|Key (id)=(1) already exists.' ],
	[ 'ALTER TABLE plain ADD CONSTRAINT once UNIQUE (v)', '23505|public|plain|once|Key (v)=(a) is duplicated.' ],
	[ 'ALTER TABLE log ADD CONSTRAINT once UNIQUE (v)', '23505|public|log|once|Key (v)=(a) is duplicated.' ],
	[ 'CREATE UNIQUE INDEX once ON plain (v)', '23505|public|plain|once|Key (v)=(a) is duplicated.' ],
	[ 'CREATE UNIQUE INDEX once ON log (v)', '23505|public|log|once|Key (v)=(a) is duplicated.' ],
	[ 'ALTER TABLE log ADD CONSTRAINT c CHECK (id > 1)', '23514|public|log|c|' ])
{
	my ($statement, $expected) = @$case;
	my $said = $node->safe_psql('postgres', "SELECT said(\$s\$$statement\$s\$)");
	is($said, $expected, "error of $statement");
}
for my $case (
	[ 'CREATE VIEW w AS SELECT nope FROM plain', qr/LINE 1: CREATE VIEW w AS SELECT nope FROM plain\n +\^/ ],
	[ 'CREATE TABLE w AS SELECT nope FROM log', qr/LINE 1: CREATE TABLE w AS SELECT nope FROM log\n +\^/ ],
	[ 'ALTER TABLE log ADD COLUMN x nosuchtype', qr/LINE 1: ALTER TABLE log ADD COLUMN x nosuchtype\n +\^/ ],
	[ 'ALTER TABLE plain ADD CHECK (nope > 1)', qr/column "nope" does not exist/ ],
	[ 'CREATE INDEX ON log (nope)', qr/column "nope" does not exist/ ],
	[ 'CREATE TABLE w (a int DEFAULT nope)', qr/LINE 1: CREATE TABLE w \(a int DEFAULT nope\)\n +\^/ ],
	[ 'CREATE FUNCTION f() RETURNS int LANGUAGE sql AS \'SELECT nope\'', qr/LINE 1: .* AS 'SELECT nope'\n +\^/ ],
	[ 'CREATE TRIGGER x AFTER UPDATE ON plain FOR EACH ROW WHEN (OLD.nope) EXECUTE FUNCTION f()', qr/LINE 1: .*\n +\^/ ],
	[ 'SELECT nope FROM log', qr/LINE 1: SELECT nope FROM log\n +\^/ ],
	[ 'ALTER TABEL log', qr/LINE 1: ALTER TABEL log\n +\^/ ])
{
	my ($statement, $pattern) = @$case;
	refused($node, $statement, $pattern, "position in $statement");
}
# A context, too: whoever wraps a refusal in a function sees where it came from.
refused($node, q{DO $$ BEGIN UPDATE log SET v = 'x'; END $$}, qr/cannot update audit table "public\.log".*CONTEXT: +SQL statement "UPDATE log SET v = 'x'"\nPL\/pgSQL function/s);
refused($node, q{DO $$ BEGIN EXECUTE 'DROP TABLE log'; END $$}, qr/cannot drop audit table "public\.log".*CONTEXT: +SQL statement "DROP TABLE log"/s);

# (f) The extended protocol.
for my $mode (qw(simple extended prepared))
{
	for my $case ([ "UPDATE log SET v = :x WHERE id = 1;\n", 'update' ], [ "DELETE FROM log WHERE id = :x;\n", 'delete from' ],
		[ "TRUNCATE log;\n", 'truncate' ], [ "DROP TABLE log;\n", 'drop' ], [ "UPDATE pg_class SET relam = :x WHERE relname = 'log';\n", 'edit' ])
	{
		my ($script, $verb) = @$case;
		my $file = PostgreSQL::Test::Utils::tempdir() . '/script.sql';
		open(my $out, '>', $file) or die $!;
		print $out $script;
		close($out);
		my (undef, $err) = run_command([ 'pgbench', '-n', '-M', $mode, '-t', '1', '-D', 'x=1', '-f', $file, '-h', $node->host, '-p', $node->port, 'postgres' ]);
		push @errors, $err;
		like($err, $verb eq 'edit' ? qr/ERROR: +cannot edit system catalog/ : qr/ERROR: +cannot $verb audit table "public\.log"/, "pgbench -M $mode: $verb");
	}
}
is(rows($node, 'log'), '1:a 2:a', 'the rows are there');
verify_intact($node, 'postgres', 'log', 'intact');

# A database without the extension is none of our business, even with the library preloaded.
create_database($node, 'other');
my ($status, undef, $err) = $node->psql('other', q{
	CREATE TABLE t (id int); UPDATE pg_class SET relpages = 1 WHERE relname = 't';
	ALTER TABLE t RENAME TO u; DROP TABLE u;});
is($status, 0, 'elsewhere catalogs can be edited') or diag($err);

# (e) No backtrace anywhere.
push @errors, slurp_file($node->logfile);
my @traces = grep { /stack backtrace|RUST_BACKTRACE|^ +\d+: .*::|\.rs:\d+/m } @errors;
is(scalar(@traces), 0, 'no error carries a backtrace') or diag($traces[0]);
ok(!server_crashed($node), 'no crash');

done_testing();
