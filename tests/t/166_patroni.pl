# Patroni, with an etcd of one member: it makes the cluster, a switch-over takes place by its own command, and the old
# leader follows. All rows are there, intact, and checkpoints go on when somebody has said what happened.

use strict;
use warnings;

use AuditCluster;
use File::Temp;
use IPC::Run qw(start);
use JSON::PP ();
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use SigningKey;
use Test::More;
use Time::HiRes qw(sleep);

plan skip_all => 'Patroni or etcd is not installed: apt-get install patroni etcd-server'
  if grep { !installed($_) } qw(patroni patronictl etcd);

# Its own clients, which are other Python programs than ours, find nobody else's modules.
delete $ENV{PYTHONPATH};
my $work = File::Temp::tempdir(CLEANUP => 1);
my ($client, $peer) = map { PostgreSQL::Test::Cluster::get_free_port() } 1 .. 2;
my @running = start_etcd();
my %node = map { ($_ => member($_)) } qw(db1 db2);
my $key = new_key();

configure($_) for sort keys %node;
push @running, begin('db1');
until_leader('db1');
push @running, begin('db2');
waits_for('db1', q{SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming'}, '1') or die 'no standby';

sql('db1', q{CREATE EXTENSION audit_immutable; CREATE TABLE log (id int, note text) USING audit_immutable;
	INSERT INTO log SELECT i, 'row ' || i FROM generate_series(1, 500) AS i});
is(problems('db1'), '', 'the cluster that Patroni made: intact');
my $note = sql('db1', 'SELECT audit_immutable.checkpoint()');

# The switch-over, there and back.
for (['db1', 'db2'], ['db2', 'db1'])
{
	my ($old, $new) = @$_;
	my $rows = sql($old, 'SELECT count(*) FROM log');
	# What streams may still be on its way into the cluster as Patroni sees it, and then is no candidate. And what Patroni
	# sees may not stream yet: it would lead without the newest rows.
	until_replica($new);
	waits_for($old, "SELECT count(*) FROM pg_stat_replication WHERE application_name = '$new' AND state = 'streaming' AND replay_lsn = pg_current_wal_lsn()", '1')
	  or die "$new does not stream from $old";
	command_ok([ 'patronictl', '-c', "$work/$old.yml", 'switchover', 'audit', '--master', $old, '--candidate', $new, '--force' ], "patronictl switchover to $new");
	until_leader($new);
	is(sql($new, 'SELECT count(*) FROM log'), $rows, "$new leads: all rows");
	is(problems($new), '', "$new leads: intact");
	is(sql($new, "SELECT audit_immutable.begin_incarnation('switch-over to $new', \$n\$$note\$n\$)"), 'resumed', "$new leads: told what happened, it goes on signing");
	sql($new, "INSERT INTO log VALUES (0, 'on $new')");
	my $newer = sql($new, 'SELECT audit_immutable.checkpoint()');
	cmp_ok(note_size($newer), '>', note_size($note), "$new leads: it writes and signs in the same tree");
	$note = $newer;
	ok(waits_for($old, q{SELECT count(*) FROM log WHERE note = 'on } . "$new'", '1'), "$old follows, with the new row");
	is(problems($old), '', "$old follows: intact");
}
done_testing();

END
{
	my $status = $?;
	# The members first: each stops its server. The last one begun is stopped first.
	for (reverse @running)
	{
		$_->signal('TERM');
		$_->finish;
	}
	$? = $status;
}

sub installed
{
	my ($program) = @_;
	return scalar grep { -x "$_/$program" } split /:/, $ENV{PATH};
}

sub start_etcd
{
	my ($url, $peer_url) = map { "http://127.0.0.1:$_" } $client, $peer;
	my @etcd = ('etcd', '--name', 'one', '--data-dir', "$work/etcd", '--enable-v2', '--listen-client-urls', $url, '--advertise-client-urls', $url,
		'--listen-peer-urls', $peer_url, '--initial-advertise-peer-urls', $peer_url, '--initial-cluster', "one=$peer_url");
	return start(\@etcd, '<', \undef, '>', "$work/etcd.log", '2>&1');
}

sub member
{
	my ($name) = @_;
	return { data => "$work/$name", port => PostgreSQL::Test::Cluster::get_free_port(), rest => PostgreSQL::Test::Cluster::get_free_port() };
}

# What its manual has of a configuration, with our settings among PostgreSQL's parameters.
sub configure
{
	my ($name) = @_;
	my ($data, $port, $rest) = @{ $node{$name} }{qw(data port rest)};
	my ($bin) = run_command([ 'pg_config', '--bindir' ]);
	my $user = getpwuid($<);
	append_to_file("$work/$name.yml", <<"END");
scope: audit
name: $name
restapi: { listen: "127.0.0.1:$rest", connect_address: "127.0.0.1:$rest" }
etcd: { host: "127.0.0.1:$client" }
bootstrap:
  dcs:
    ttl: 20
    loop_wait: 1
    retry_timeout: 8
    postgresql:
      use_pg_rewind: true
      parameters:
        shared_preload_libraries: audit_immutable
        audit_immutable.checkpoint_interval: 0
        audit_immutable.signing_key_file: $key
        audit_immutable.origin: db.example.org/ledger
        wal_log_hints: "on"
        fsync: "off"
  initdb: [ { auth: trust }, { encoding: UTF8 }, { username: $user } ]
  pg_hba: [ "local all all trust", "local replication all trust", "host all all 127.0.0.1/32 trust", "host replication all 127.0.0.1/32 trust" ]
postgresql:
  listen: "127.0.0.1:$port"
  connect_address: "127.0.0.1:$port"
  data_dir: $data
  bin_dir: $bin
  pgpass: $work/$name.pgpass
  authentication:
    superuser: { username: $user }
    replication: { username: $user }
    rewind: { username: $user }
  parameters: { unix_socket_directories: $work }
END
	return;
}

sub begin
{
	my ($name) = @_;
	return start([ 'patroni', "$work/$name.yml" ], '<', \undef, '>', "$work/$name.log", '2>&1');
}

# The answer of a member's server; dies with what it says.
sub sql
{
	my ($name, $sql) = @_;
	my ($out, $err) = ('', '');
	IPC::Run::run([ 'psql', '-XAtq', '-v', 'ON_ERROR_STOP=1', '-h', '127.0.0.1', '-p', $node{$name}{port}, '-d', 'postgres' ], '<', \$sql, '>', \$out, '2>', \$err)
	  or die "$name: $err";
	chomp $out;
	return $out;
}

sub problems
{
	my ($name) = @_;
	return sql($name, 'SELECT relation, first_finding FROM audit_immutable.verify() WHERE NOT intact');
}

# Whether it answers so before long.
sub waits_for
{
	my ($name, $sql, $answer) = @_;
	for (1 .. 10 * $PostgreSQL::Test::Utils::timeout_default)
	{
		return 1 if (eval { sql($name, $sql) } // '') eq $answer;
		sleep 0.1;
	}
	diag(slurp_file("$work/$name.log"));
	return 0;
}

sub until_replica
{
	my ($name) = @_;
	for (1 .. 10 * $PostgreSQL::Test::Utils::timeout_default)
	{
		my $out = '';
		IPC::Run::run([ 'patronictl', '-c', "$work/$name.yml", 'list', '--format', 'json' ], '<', \undef, '>', \$out, '2>', \my $err);
		my ($member) = grep { $_->{Member} eq $name } @{ (eval { JSON::PP::decode_json($out) } // []) };
		return if ($member->{State} // '') =~ /^(?:running|streaming)$/ && ($member->{'Lag in MB'} // '') eq '0';
		sleep 0.1;
	}
	die "$name follows nobody:\n" . slurp_file("$work/$name.log");
}

sub until_leader
{
	my ($name) = @_;
	waits_for($name, 'SELECT pg_is_in_recovery()', 'f') or die "$name does not lead";
	return;
}
