# A week of a DBA's, step after step on the same data: backup and restore, new columns and types, new partitions, VACUUM
# FULL, a switch-over and back, another key, a minor upgrade, pg_upgrade, an incident. After each step an auditor looks:
# verify finds nothing, every line that was exported before is there, the new checkpoint goes on from the one before (as
# the auditor's own command has it), and the application's INSERT goes through.
#
# AUDIT_UPGRADE_BINDIR names the programs of another PostgreSQL, with this extension installed, for pg_upgrade to go to;
# else it goes from this one to the same. No second version of the extension exists yet to update to.

use strict;
use warnings;

use AuditCluster;
use Cwd;
use File::Basename;
use File::Copy;
use File::Temp;
use HeapFile;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use SigningKey;
use Test::More;

my $db = 'postgres';
my $work = File::Temp::tempdir(CLEANUP => 1);
my $keys = File::Temp::tempdir(CLEANUP => 1);
my @verifier_keys = (made_key('first'));
my $conf = "shared_preload_libraries = 'audit_immutable'\naudit_immutable.checkpoint_interval = 0\n"
  . "wal_log_hints = on\nautovacuum = off\n" . signing_conf("$keys/first.pem");
my ($server, $note, $step);
my %exported;

# ---- Sunday evening: an application with an audit table, and a tree of them by month.
$server = new_node('db1', init => { allows_streaming => 1 }, conf => $conf);
sql(q{
	CREATE SCHEMA app;
	CREATE TABLE app.log (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, actor varchar(20), details jsonb) USING audit_immutable;
	CREATE TABLE app.till (id int, note text) USING audit_immutable;
	CREATE TABLE app.orders (id int PRIMARY KEY, note text);
	CREATE TABLE app.events (at date NOT NULL, what text) PARTITION BY RANGE (at);
	CREATE TABLE app.events_01 PARTITION OF app.events FOR VALUES FROM ('2026-01-01') TO ('2026-02-01') USING audit_immutable;
	INSERT INTO app.log (actor, details) SELECT 'ann', jsonb_build_object('order', i) FROM generate_series(1, 500) AS i;
	INSERT INTO app.till SELECT i, 'sale ' || lpad(i::text, 4, '0') FROM generate_series(1, 500) AS i;
	INSERT INTO app.orders SELECT i, 'order ' || i FROM generate_series(1, 500) AS i;
	INSERT INTO app.events SELECT '2026-01-05', 'event ' || i FROM generate_series(1, 100) AS i;
});
in_order('the application is there');

# ---- Monday: backups, and a rehearsal of each restore on a server of its own.
$server->backup('monday');
in_order('pg_basebackup');
system_or_bail('pg_dump', '-Fd', '-j', '2', '-f', "$work/dump", $server->connstr($db));
in_order('pg_dump');
rehearse_backup();
rehearse_dump();
in_order('the restores were rehearsed');

# ---- Tuesday: the application's new version brings columns, and its ids get larger.
sql(q{ALTER TABLE app.log ADD COLUMN shop text; ALTER TABLE app.log ALTER COLUMN shop SET DEFAULT 'main street'});
in_order('a new column');
sql(q{ALTER TABLE app.log ALTER COLUMN actor TYPE text});
in_order('a column of another type, without a rewrite');
sql(q{ALTER TABLE app.log ALTER COLUMN id TYPE bigint});
in_order('int ids become bigint, which rewrites the table');
sql(q{ALTER TABLE app.events ADD COLUMN who text});
in_order('a new column on the root of a partition tree');

# ---- Wednesday: new partitions, an old one to the archive; and the disk is tidied up.
sql(q{CREATE TABLE app.events_02 PARTITION OF app.events FOR VALUES FROM ('2026-02-01') TO ('2026-03-01') USING audit_immutable});
in_order('a new partition');
sql(q{CREATE TABLE app.events_03 (LIKE app.events INCLUDING DEFAULTS) USING audit_immutable});
sql(q{ALTER TABLE app.events ATTACH PARTITION app.events_03 FOR VALUES FROM ('2026-03-01') TO ('2026-04-01')});
in_order('a partition made apart, and attached');
sql(q{SELECT audit_immutable.detach('app.events_01', 'January goes to the archive')});
in_order('a partition is detached, with a reason');
sql('VACUUM FULL');
in_order('VACUUM FULL');
sql('CLUSTER app.log USING log_pkey');
in_order('CLUSTER');
sql('REINDEX TABLE CONCURRENTLY app.log');
in_order('REINDEX CONCURRENTLY');
repack();

# ---- Thursday: the server changes places with its standby; the old primary comes back as a standby.
switch_over();

# ---- Friday: another key; a minor upgrade; ALTER EXTENSION UPDATE, which has nothing to do.
rotate_key();
minor_upgrade();
like(told('ALTER EXTENSION audit_immutable UPDATE'), qr/version "[0-9.]+" of extension "audit_immutable" is already installed/, 'no newer version yet');
in_order('ALTER EXTENSION UPDATE');

# ---- Saturday: another PostgreSQL, twice: once the files are copied, once linked.
pg_upgrade('copied');
pg_upgrade('linked', '--link');

# ---- Sunday: a bad sector.
incident();

done_testing();

# The auditor looks, and the application writes.
sub in_order
{
	my ($title) = @_;
	local $Test::Builder::Level = $Test::Builder::Level + 1;
	my ($status, undef, $error) = $server->psql($db, q{
		INSERT INTO app.log (actor) VALUES ('the application');
		INSERT INTO app.till VALUES (0, 'one more');
		INSERT INTO app.events (at, what) SELECT coalesce(max(at), '2026-03-05'), 'one more' FROM app.events});
	is("$status$error", '0', "$title: inserting goes on");
	is(sql('SELECT relation, first_finding FROM audit_immutable.verify() WHERE NOT intact'), '', "$title: intact");
	my %now = map { ($_ => 1) } map { split /\n/, sql("SELECT audit_immutable.export('$_')") } qw(app.log app.till app.events_01);
	is_deeply([ grep { !$now{$_} } keys %exported ], [], "$title: every line of before is there");
	%exported = %now;
	my $newer = checkpoint($server, $db);
	goes_on_from($note, $newer, $title) if $note;
	$note = $newer;
	return;
}

# The newer checkpoint commits to all that the older one does: what the auditor's command says, who has no access.
sub goes_on_from
{
	my ($older, $newer, $title) = @_;
	local $Test::Builder::Level = $Test::Builder::Level + 1;
	$step++;
	append_to_file("$work/older.$step", "$older\n");
	append_to_file("$work/newer.$step", "$newer\n");
	append_to_file("$work/proof.$step", sql('SELECT audit_immutable.consistency_proof(' . note_size($older) . ', ' . note_size($newer) . ')') . "\n");
	my @command = ('audit-immutable', 'checkpoint', "$work/newer.$step", '--older', "$work/older.$step", '--proof', "$work/proof.$step",
		map { ('--key', $_) } @verifier_keys);
	my ($out, $err) = ('', '');
	IPC::Run::run(\@command, '<', \undef, '>', \$out, '2>', \$err);
	is($? >> 8, 0, "$title: the checkpoint goes on from the one before") or diag($out, $err);
	return;
}

# Of Monday's backup: all that was there is there, and it knows that it is an old copy.
sub rehearse_backup
{
	my $copy = PostgreSQL::Test::Cluster->new('rehearsal');
	$copy->init_from_backup($server, 'monday');
	my $its_key = copied_keys();
	$copy->append_conf('postgresql.conf', signing_conf("$its_key/first.pem"));
	$copy->start;
	is($copy->safe_psql($db, q{SELECT relation, first_finding ~ 'was signed for this database; what is here has tree size' FROM audit_immutable.verify() WHERE NOT intact}),
		'audit_immutable.signed_checkpoint|t', 'a restored backup: intact, and older than what was signed');
	$copy->safe_psql($db, q{INSERT INTO app.log (actor) VALUES ('a rehearsal')});
	like(($copy->psql($db, 'SELECT audit_immutable.checkpoint()'))[2], qr/ERROR/, 'a restored backup: it does not sign a second history');
	$copy->stop;
	return;
}

# Of Monday's dump.
sub rehearse_dump
{
	my $copy = new_node('rehearsal_of_dump', extension => 0, conf => "shared_preload_libraries = 'audit_immutable'\n");
	system_or_bail('pg_restore', '-e', '-j', '2', '-d', $copy->connstr($db), "$work/dump");
	$copy->safe_psql($db, q{INSERT INTO app.log (actor) VALUES ('restored')});
	is($copy->safe_psql($db, 'SELECT relation, first_finding FROM audit_immutable.verify() WHERE NOT intact'), '', 'a restored dump: intact');
	is($copy->safe_psql($db, 'SELECT count(*) FROM app.till'), sql(q{SELECT count(*) - 1 FROM app.till}), 'a restored dump: all rows');
	$copy->stop;
	return;
}

sub repack
{
  SKIP:
	{
		skip 'pg_repack is not installed: apt-get install postgresql-15-repack', 4 unless grep { -x "$_/pg_repack" } split /:/, $ENV{PATH};
		sql('CREATE EXTENSION pg_repack');
		$server->command_ok([ 'pg_repack', '-d', $db, '--table=app.orders' ], 'pg_repack of a plain table');
		sql('DROP EXTENSION pg_repack');
		in_order('pg_repack of the plain tables');
	}
	return;
}

sub switch_over
{
	my ($old, $standby) = ($server, PostgreSQL::Test::Cluster->new('db2'));
	$old->backup('thursday');
	$standby->init_from_backup($old, 'thursday', has_streaming => 1);
	$standby->start;
	in_order('with a standby');
	$old->wait_for_catchup($standby, 'replay', $old->lsn('insert'));
	$old->stop;
	$standby->safe_psql($db, 'SELECT pg_promote()');
	$server = $standby;
	is(sql("SELECT audit_immutable.begin_incarnation('switch-over to db2', \$n\$$note\$n\$)"), 'resumed', 'told what happened, it goes on signing');
	in_order('a switch-over');
	# Somebody starts the old primary once more: it has to be rewound before it can follow.
	$old->start;
	$old->safe_psql($db, 'CHECKPOINT');
	$old->stop;
	sql('CHECKPOINT'); # until then pg_rewind does not see that the new primary is on another timeline
	my $its_conf = slurp_file($old->data_dir . '/postgresql.conf');
	command_ok([ 'pg_rewind', '--target-pgdata', $old->data_dir, '--source-server', $server->connstr($db), '--no-sync' ], 'pg_rewind of the old primary');
	open(my $file, '>', $old->data_dir . '/postgresql.conf') or die $!;
	print $file $its_conf;
	close $file or die $!;
	$old->enable_streaming($server);
	$old->set_standby_mode;
	$old->start;
	in_order('the old primary follows');
	$server->wait_for_catchup($old, 'replay', $server->lsn('insert'));
	is($old->safe_psql($db, 'SELECT relation, first_finding FROM audit_immutable.verify() WHERE NOT intact'), '', 'the new standby: intact');
	is($old->safe_psql($db, 'SELECT count(*) FROM app.log'), sql('SELECT count(*) FROM app.log'), 'the new standby: all rows');
	$old->stop;
	return;
}

# As docs/OPERATIONS.md says: the new key, the old one's verifier key, and what was signed last moves along.
sub rotate_key
{
	push @verifier_keys, made_key('second');
	my $signed = "$keys/first.pem.$db.signed";
	move($signed, "$keys/second.pem.$db.signed") or die "$signed: $!";
	$conf .= "audit_immutable.signing_key_file = '$keys/second.pem'\naudit_immutable.former_keys = '$verifier_keys[0]'\n";
	$server->append_conf('postgresql.conf', "audit_immutable.signing_key_file = '$keys/second.pem'\naudit_immutable.former_keys = '$verifier_keys[0]'\n");
	$server->reload;
	$server->poll_query_until($db, "SELECT current_setting('audit_immutable.signing_key_file') = '$keys/second.pem'");
	in_order('another key');
	is(sql(q{SELECT count(*) FROM audit_immutable.event WHERE kind = 'key_changed'}), '1', 'another key: on record');
	return;
}

# The library is put in its place anew, where this user may do that, as a package does; the server starts with it.
sub minor_upgrade
{
	my $library = $server->config_data('--pkglibdir') . '/audit_immutable.so';
	if (-w dirname($library))
	{
		copy($library, "$library.new") or die "$library: $!";
		chmod 0755, "$library.new" or die $!;
		move("$library.new", $library) or die "$library: $!";
		in_order('the library is put in place, and the server still runs');
	}
	$server->restart;
	in_order('a minor upgrade');
	return;
}

sub pg_upgrade
{
	my ($name, @mode) = @_;
	my $old = $server;
	my $install = $ENV{AUDIT_UPGRADE_BINDIR} ? dirname($ENV{AUDIT_UPGRADE_BINDIR}) : undef;
	my $new = PostgreSQL::Test::Cluster->new($name, install_path => $install);
	$new->init;
	$new->append_conf('postgresql.conf', $conf);
	$old->stop;
	my ($from, $to) = map { $_->config_data('--bindir') } $old, $new;
	my @command = ("$to/pg_upgrade", '--no-sync', '--old-datadir', $old->data_dir, '--new-datadir', $new->data_dir, '--old-bindir', $from,
		'--new-bindir', $to, '--socketdir', $new->host, '--old-port', $old->port, '--new-port', $new->port, @mode);
	my ($here, $out, $err) = (getcwd(), '', '');
	chdir $new->basedir or die $!;
	ok(IPC::Run::run(\@command, '>', \$out, '2>', \$err), "pg_upgrade, $name") or diag($out, $err);
	chdir $here or die $!;
	$new->start;
	$server = $new;
	is(sql("SELECT audit_immutable.begin_incarnation('pg_upgrade', \$n\$$note\$n\$)"), 'resumed', "pg_upgrade, $name: told what happened, it goes on signing");
	in_order("pg_upgrade, $name");
	return;
}

# One row of the till is not what it was. It is found, looked at, and acknowledged; it stays on record.
sub incident
{
	my $path = $server->data_dir . '/' . sql(q{CHECKPOINT; SELECT pg_relation_filepath('app.till')});
	my $place = sql('SELECT ctid FROM app.till WHERE id = 123');
	$server->stop;
	my $file = HeapFile->new($path, [ [ 'id', 4, 'i' ], [ 'note', -1, 'i' ] ]);
	my ($data) = $file->data($place);
	$file->put($data + 4 + 1, 'xxxx');
	$file->save;
	$server->start;
	like(sql('SELECT relation, first_finding FROM audit_immutable.verify() WHERE NOT intact'), qr/^app\.till\|[^\n]+$/, 'a bad sector: found, and in one table');
	delete @exported{ grep { /"sale 0123"/ } keys %exported };
	sql(q{SELECT audit_immutable.acknowledge('app.till', 'bad sector on disk 3, ticket 4711; the paper roll has the sale')});
	like(sql(q{SELECT on_record FROM audit_immutable.verify('app.till')}), qr/ticket 4711/, 'acknowledged: on record, for good');
	in_order('an incident, acknowledged');
	sql('ALTER TABLE app.till ALTER COLUMN id TYPE bigint');
	in_order('a rewrite of a table with damage that was acknowledged');
	return;
}

# A new key in the directory of keys: its verifier key.
sub made_key
{
	my ($name) = @_;
	my ($verifier_key, $error) = run_command([ 'audit-immutable', 'keygen', '--out', "$keys/$name.pem", '--name', "db.example.org/ledger/$db/1" ]);
	return $verifier_key || die $error;
}

sub copied_keys
{
	my $directory = File::Temp::tempdir(CLEANUP => 1);
	for (glob "$keys/*")
	{
		copy($_, $directory) or die "$_: $!";
		chmod 0600, "$directory/" . basename($_) or die $!;
	}
	return $directory;
}

sub sql
{
	my ($sql) = @_;
	return $server->safe_psql($db, $sql);
}

# What the server says beside the answer.
sub told
{
	my ($sql) = @_;
	return ($server->psql($db, $sql))[2];
}
