# kill -9 under load: no acknowledged row is lost, and every chain is intact.
#
# AUDIT_CRASH_SECONDS: how long to write in all (default 9, a long run is 60).

use strict;
use warnings;

use AuditCluster;
use IPC::Run;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(sleep);

my $clients = 16;
my $rounds = 3;
my $seconds = $ENV{AUDIT_CRASH_SECONDS} || 9;

my $node = new_node('crash', conf => "max_connections = 50\nlog_statement = none\n");
my $dir = $node->basedir;

# Client c's n-th transaction of a round inserts (round, c, n). pgbench logs each
# transaction that was acknowledged, so the log tells which rows must exist.
$node->safe_psql('postgres', 'CREATE TABLE t (round int, client int, n int, filler text) USING audit_immutable');
append_to_file("$dir/insert.sql", <<'SQL');
\set n :n + 1
INSERT INTO t VALUES (:round, :client_id, :n, repeat('x', :n % 200));
SQL

# Every process of the server at once, as a power cut would.
sub kill_everything
{
	my $postmaster = (split /\n/, slurp_file($node->data_dir . '/postmaster.pid'))[0];
	my @children = split ' ', `ps -o pid= --ppid $postmaster`;
	kill 'STOP', $postmaster;    # lest it start more
	push @children, split ' ', `ps -o pid= --ppid $postmaster`;
	$node->kill9;
	kill 'KILL', @children;
	# The shared memory must be let go before a new server may start.
	for my $pid ($postmaster, @children)
	{
		sleep 0.05 until dead($pid);
	}
	# Where nobody buries the dead, the postmaster's pid would look alive.
	for (1 .. 60)
	{
		last unless -e "/proc/$postmaster";
		sleep 0.05;
	}
	unlink $node->data_dir . '/postmaster.pid' if -e "/proc/$postmaster";
	return;
}

sub dead
{
	my ($pid) = @_;
	open(my $file, '<', "/proc/$pid/stat") or return 1;
	return (readline($file) // ') Z ') =~ /\) Z /;
}

for my $round (1 .. $rounds)
{
	my ($out, $err) = ('', '');
	my $bench = IPC::Run::start(
		[
			'pgbench', '-n', '-c', $clients, '-j', 2, '-T', 3600,
			'-f', "$dir/insert.sql", '-D', 'n=0', '-D', "round=$round",
			'--log', '--log-prefix', "$dir/round$round",
			'-h', $node->host, '-p', $node->port, 'postgres'
		],
		'>', \$out, '2>', \$err);
	sleep($seconds / $rounds);
	ok($bench->pumpable, "round $round: pgbench still writes") or diag($err);
	kill_everything();
	$bench->finish;

	my %acknowledged = map { $_ => 0 } 0 .. $clients - 1;
	for my $log (glob "$dir/round$round.*")
	{
		/^(\d+) / and $acknowledged{$1}++ for split /\n/, slurp_file($log);
	}
	my $total = 0;
	$total += $_ for values %acknowledged;
	cmp_ok($total, '>', $clients, "round $round: $total rows were acknowledged");

	$node->start;
	my $values = join ', ', map { "($_, $acknowledged{$_})" } sort { $a <=> $b } keys %acknowledged;
	is($node->safe_psql('postgres', qq{
			SELECT count(*) FROM (VALUES $values) AS a (client, rows),
				generate_series(1, rows) AS n
			WHERE NOT EXISTS (SELECT FROM t
				WHERE t.round = $round AND t.client = a.client AND t.n = n.n)}),
		'0', "round $round: no acknowledged row is lost");
	# A client has at most one row that was committed but not acknowledged.
	is($node->safe_psql('postgres', qq{
			SELECT count(*) FROM (VALUES $values) AS a (client, rows)
			WHERE (SELECT count(*) FROM t WHERE t.round = $round AND t.client = a.client) > rows + 1}),
		'0', "round $round: and none came from nowhere");
	verify_intact($node, 'postgres', 't', "round $round: intact after the crash");
}

$node->safe_psql('postgres', "INSERT INTO t VALUES (0, 0, 0, 'after')");
verify_intact($node, 'postgres', 't', 'the chains go on');

done_testing();
