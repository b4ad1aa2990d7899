# A DBA's tools on a database with audit tables: vacuumdb, reindexdb, clusterdb, pg_repack, pgBackRest, barman, repmgr. Each
# works, or leaves audit tables out; afterwards all is intact, and inserting and signing go on.

use strict;
use warnings;

use AuditCluster;
use File::Basename;
use File::Copy;
use File::Path 'make_path';
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use SigningKey;
use Test::More;

my $key = new_key();
my $preload = "shared_preload_libraries = 'audit_immutable'\naudit_immutable.checkpoint_interval = 0\n";
my $node = new_signing_node('primary', key => $key, init => { allows_streaming => 1 },
	conf => "${preload}wal_log_hints = on\nmax_wal_senders = 10\n");
my $db = 'postgres';
$node->safe_psql($db, q{
	CREATE TABLE log (id bigint PRIMARY KEY, note text) USING audit_immutable;
	CREATE INDEX ON log (note);
	CLUSTER log USING log_note_idx;
	CREATE TABLE root (id int, note text) PARTITION BY RANGE (id);
	CREATE TABLE leaf PARTITION OF root FOR VALUES FROM (0) TO (1000000) USING audit_immutable;
	CREATE TABLE plain (id int PRIMARY KEY, note text);
	INSERT INTO log SELECT i, md5(i::text) FROM generate_series(1, 3000) AS i;
	INSERT INTO root SELECT i, 'row ' || i FROM generate_series(1, 3000) AS i;
	INSERT INTO plain SELECT i, 'row ' || i FROM generate_series(1, 3000) AS i;
	UPDATE plain SET note = note || '!';
});
my $next = 10_000;

# One test: everything in a database is intact, and goes on.
sub goes_on
{
	my ($where, $title) = @_;
	local $Test::Builder::Level = $Test::Builder::Level + 1;
	$next++;
	my ($status, undef, $error) = $where->psql($db, "INSERT INTO log VALUES ($next, 'goes on'); INSERT INTO root VALUES ($next, 'goes on')");
	my $wrong = $where->safe_psql($db, 'SELECT relation, first_finding FROM audit_immutable.verify() WHERE NOT intact');
	return is("$status$wrong", '0', $title) || diag($error);
}

sub is_installed
{
	my ($program) = @_;
	return grep { -x "$_/$program" } split /:/, $ENV{PATH};
}

# PostgreSQL's own.
for my $command (
	[ 'vacuumdb', '--analyze' ], [ 'vacuumdb', '--full' ], [ 'vacuumdb', '--freeze', '--jobs', '2' ], [ 'vacuumdb', '--all', '--analyze-in-stages' ],
	[ 'reindexdb' ], [ 'reindexdb', '--concurrently' ], [ 'reindexdb', '--concurrently', '--jobs', '2', '--schema', 'public' ], [ 'clusterdb' ])
{
	my $before = stamps($node, $db, 'log');
	$node->command_ok([ @$command, (grep { $_ eq '--all' } @$command) ? () : $db ], "@$command");
	is(stamps($node, $db, 'log'), $before, "@$command: rows and stamps are as they were");
	goes_on($node, "@$command: intact, and goes on");
}
is($node->safe_psql($db, q{SELECT count(*) FROM audit_immutable.event WHERE kind = 'storage_swapped'}), 0, 'none of them counts as a swap');

# pg_repack has nothing to do for a table whose rows never go, and leaves audit tables out as docs/OPERATIONS.md says.
SKIP:
{
	skip 'pg_repack is not installed: apt-get install postgresql-15-repack', 8 unless is_installed('pg_repack');
	$node->safe_psql($db, 'CREATE EXTENSION pg_repack');
	my @plain = split /\n/, $node->safe_psql($db, q{SELECT format('--table=%I.%I', n.nspname, c.relname)
		FROM pg_class AS c JOIN pg_am AS a ON a.oid = c.relam JOIN pg_namespace AS n ON n.oid = c.relnamespace
		WHERE c.relkind = 'r' AND a.amname = 'heap' AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'repack')});
	is("@plain", '--table=public.plain', 'the plain tables');
	my $file = $node->safe_psql($db, q{SELECT pg_relation_filenode('plain')});
	$node->command_ok([ 'pg_repack', '-d', $db, @plain ], 'pg_repack of them');
	isnt($node->safe_psql($db, q{SELECT pg_relation_filenode('plain')}), $file, 'works');
	goes_on($node, 'and nothing else was touched');
	# Of the whole database it stops at the first table of the extension's, before it has done anything there.
	$node->command_fails_like([ 'pg_repack', '-d', $db ], qr/cannot create a trigger on "audit_immutable\./, 'pg_repack -d is refused');
	goes_on($node, 'and has done nothing');
	# Without those it swaps the storage of the users' audit tables: on record, and found until somebody says why.
	$node->command_ok([ 'pg_repack', '-d', $db, '--exclude-extension', 'audit_immutable' ], 'pg_repack of all but the extension');
	like($node->safe_psql($db, q{SELECT first_finding FROM audit_immutable.verify('log')}), qr/^storage_swapped/, 'is found');
	$node->safe_psql($db, q{SELECT audit_immutable.acknowledge('log', 'pg_repack by the night job')});
	goes_on($node, 'acknowledged, all is intact');
}

my $note = checkpoint($node);

# A server out of a backup, with a copy of the directory of the key: intact, with all that was signed. Where recovery has
# begun another timeline, it signs when somebody has said what it is; else it goes on where the server of before stopped.
sub restored
{
	my ($copy, $timeline) = @_;
	my $tool = $copy->name;
	my $its_key = new_key();
	copy($_, dirname($its_key)) or die "$_: $!" for glob dirname($key) . '/*';
	$copy->append_conf('postgresql.conf', 'port = ' . $copy->port . "\narchive_mode = off\n" . signing_conf($its_key));
	$copy->start;
	$copy->poll_query_until($db, 'SELECT NOT pg_is_in_recovery()') or die "$tool: still in recovery";
	goes_on($copy, "$tool: the restored server is intact, and goes on");
	is($copy->safe_psql($db, "SELECT verdict FROM audit_immutable.check_note('$note')"), 'contained', "$tool: with all that was signed");
	is($copy->safe_psql($db, 'SELECT timeline_id FROM pg_control_checkpoint()'), $timeline, "$tool: timeline $timeline");
	my ($status, undef, $error) = $copy->psql($db, 'SELECT audit_immutable.checkpoint()');
	like($error, $timeline == 1 ? qr/^$/ : qr/not where its checkpoints were signed last/, "$tool: it signs where it goes on, and else not unasked");
	is($copy->safe_psql($db, "SELECT audit_immutable.begin_incarnation('restored', '$note')"), 'resumed', "$tool: told, it signs") if $timeline > 1;
	$copy->stop;
	return;
}

SKIP:
{
	skip 'pgBackRest is not installed: apt-get install pgbackrest', 9 unless is_installed('pgbackrest');
	my $home = $node->basedir . '/pgbackrest';
	my $copy = PostgreSQL::Test::Cluster->new('pgbackrest');
	make_path("$home/repo", "$home/log", "$home/lock", "$home/spool", $copy->data_dir, { mode => 0700 });
	my $configuration = "$home/pgbackrest.conf";
	append_to_file($configuration, "[global]\nrepo1-path=$home/repo\nlog-path=$home/log\nlock-path=$home/lock\nspool-path=$home/spool\nlog-level-console=warn\n"
		  . "[main]\npg1-path=" . $node->data_dir . "\npg1-port=" . $node->port . "\npg1-socket-path=" . $node->host . "\n");
	my @pgbackrest = ('pgbackrest', "--config=$configuration", '--stanza=main');
	$node->append_conf('postgresql.conf', "archive_mode = on\narchive_command = '@pgbackrest archive-push %p'\n");
	$node->restart;
	command_ok([ @pgbackrest, 'stanza-create' ], 'pgbackrest stanza-create');
	command_ok([ @pgbackrest, 'backup', '--type=full', '--start-fast' ], 'pgbackrest backup');
	goes_on($node, 'meanwhile');
	$node->safe_psql($db, 'SELECT pg_switch_wal()');
	command_ok([ @pgbackrest, '--pg1-path=' . $copy->data_dir, '--archive-mode=off', 'restore' ], 'pgbackrest restore');
	restored($copy, 2);
}

SKIP:
{
	skip 'barman is not installed: apt-get install barman', 7 unless is_installed('barman');
	my $home = $node->basedir . '/barman';
	make_path($home);
	my ($configuration, $user) = ("$home/barman.conf", scalar getpwuid($<));
	my $conninfo = 'host=' . $node->host . ' port=' . $node->port . " user=$user dbname=postgres";
	append_to_file($configuration, "[barman]\nbarman_user = $user\nbarman_home = $home\nbarman_lock_directory = $home\nlog_file = $home/barman.log\nlog_level = INFO\n"
		  . "[main]\ndescription = main\nconninfo = $conninfo\nstreaming_conninfo = $conninfo\nbackup_method = postgres\narchiver = on\n"
		  . 'path_prefix = ' . $node->config_data('--bindir') . "\n");
	my @barman = ('barman', '-c', $configuration);
	$node->append_conf('postgresql.conf', "archive_mode = on\narchive_command = 'cp %p $home/main/incoming/%f'\n");
	$node->restart;
	run_log([ @barman, 'check', 'main' ]); # it makes its directories
	run_log([ @barman, 'switch-wal', '--force', '--archive', 'main' ]);
	command_ok([ @barman, 'backup', 'main' ], 'barman backup');
	goes_on($node, 'meanwhile');
	run_log([ @barman, 'switch-wal', '--force', '--archive', 'main' ]);
	my $copy = PostgreSQL::Test::Cluster->new('barman');
	make_path($copy->data_dir, { mode => 0700 });
	command_ok([ @barman, 'recover', 'main', 'latest', $copy->data_dir ], 'barman recover');
	restored($copy, 1);
}

# repmgr: the standby takes over, the old primary comes back as its standby; all rows, and checkpoints go on.
SKIP:
{
	skip 'repmgr is not installed: apt-get install postgresql-15-repmgr repmgr', 13 unless is_installed('repmgr');
	$node->append_conf('postgresql.conf', "archive_mode = off\n");
	$node->restart;
	my $user = getpwuid($<);
	my $standby = PostgreSQL::Test::Cluster->new('standby');
	my (@repmgr, %conninfo);
	for ([ 1, $node ], [ 2, $standby ])
	{
		my ($id, $it) = @$_;
		$conninfo{$id} = 'host=' . $it->host . ' port=' . $it->port . " user=$user dbname=repmgr connect_timeout=5";
		my $configuration = $node->basedir . "/repmgr$id.conf";
		append_to_file($configuration, "node_id=$id\nnode_name='node$id'\nconninfo='$conninfo{$id}'\ndata_directory='" . $it->data_dir . "'\n"
			  . "pg_bindir='" . $node->config_data('--bindir') . "'\n"
			  . "service_start_command='pg_ctl -w -D " . $it->data_dir . ' -l ' . $it->logfile . " start'\n");
		$repmgr[$id] = [ 'repmgr', '-f', $configuration ];
	}
	$node->safe_psql($db, 'CREATE DATABASE repmgr');
	command_ok([ @{ $repmgr[1] }, 'primary', 'register' ], 'repmgr primary register');
	make_path($standby->basedir);
	command_ok([ @{ $repmgr[2] }, '-h', $node->host, '-p', $node->port, '-U', $user, '-d', 'repmgr', 'standby', 'clone', '--fast-checkpoint' ], 'repmgr standby clone');
	append_to_file($standby->data_dir . '/postgresql.conf', 'port = ' . $standby->port . "\nunix_socket_directories = '" . $standby->host . "'\n");
	$standby->start;
	command_ok([ @{ $repmgr[2] }, 'standby', 'register' ], 'repmgr standby register');
	goes_on($node, 'with a standby');
	$note = checkpoint($node);
	$node->stop; # in good order: what a switch-over does
	command_ok([ @{ $repmgr[2] }, 'standby', 'promote' ], 'repmgr standby promote');
	goes_on($standby, 'the new primary is intact, and goes on');
	like(($standby->psql($db, 'SELECT audit_immutable.checkpoint()'))[2], qr/not where its checkpoints were signed last/, 'it does not sign unasked');
	is($standby->safe_psql($db, "SELECT audit_immutable.begin_incarnation('switch-over', '$note')"), 'resumed', 'told what happened, it goes on');
	cmp_ok(note_size(checkpoint($standby)), '>', note_size($note), 'and signs in the same tree');
	command_ok([ @{ $repmgr[1] }, 'node', 'rejoin', '-d', $conninfo{2}, '--force-rewind' ], 'repmgr node rejoin: the old primary comes back');
	$node->_update_pid(1);
	my $until = $standby->lsn('insert');
	$node->poll_query_until($db, "SELECT pg_last_wal_replay_lsn() >= '$until'::pg_lsn") or die 'the old primary does not follow';
	is(stamps($node, $db, 'log'), stamps($standby, $db, 'log'), 'with the same rows');
	is($node->safe_psql($db, 'SELECT relation, first_finding FROM audit_immutable.verify() WHERE NOT intact'), '', 'intact');
	ok(!server_crashed($standby), 'no server crashed');
	$standby->stop;
}

ok(!server_crashed($node), 'no server crashed');
$node->stop;
done_testing();
