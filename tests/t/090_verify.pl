# A verification that takes a while: others see how far it has come, and it can be cancelled.

use strict;
use warnings;

use AuditCluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = new_node('verify', conf => "shared_preload_libraries = 'audit_immutable'\n");
$node->safe_psql('postgres', q{
	CREATE TABLE t (id int, v text) USING audit_immutable;
	INSERT INTO t SELECT i, repeat('x', 200) FROM generate_series(1, 300000) AS i;
	ANALYZE t;
});
my $progress = 'SELECT count(*) FROM audit_immutable.verify_progress';
is($node->safe_psql('postgres', $progress), '0', 'nothing is under way');

for my $workers (0, 2)
{
	my ($out, $err) = ('', '');
	my $verifying = start_verifying($workers, \$out, \$err);
	ok($node->poll_query_until('postgres',
			"SELECT count(*) = 1 FROM audit_immutable.verify_progress WHERE rows_checked BETWEEN 4096 AND 300000 AND rows_expected BETWEEN 200000 AND 400000"
			  . " AND relid = 't'::regclass AND datname = 'postgres' AND started < now()"),
		"$workers workers: its progress can be seen");
	ok($node->poll_query_until('postgres', "SELECT count(*) > 0 FROM pg_stat_activity WHERE backend_type = 'parallel worker'"),
		"$workers workers: others help") if $workers;
	$node->safe_psql('postgres', 'SELECT pg_cancel_backend(pid) FROM audit_immutable.verify_progress');
	$verifying->finish;
	like($err, qr/canceling statement due to user request/, "$workers workers: it can be cancelled");
	like($out, qr/^alive$/m, "$workers workers: the session goes on");
	is($node->safe_psql('postgres', $progress), '0', "$workers workers: and nothing is under way");
}
verify_intact($node, 'postgres', 't');
is($node->safe_psql('postgres', $progress), '0', 'nor after one that came to its end');
ok(!server_crashed($node), 'the server never came down');
$node->stop;
done_testing();

# psql that verifies over and over, until cancelled, and then says that it is alive.
sub start_verifying
{
	my ($workers, $out, $err) = @_;
	my $verify = "SELECT bool_and(intact) FROM generate_series(1, 1000) AS n, "
	  . "LATERAL audit_immutable.verify(CASE WHEN n > 0 THEN 't'::regclass END)";
	my @commands = ("SET max_parallel_workers_per_gather = $workers", 'SET min_parallel_table_scan_size = 0', $verify, "SELECT 'alive'");
	return IPC::Run::start([ 'psql', '-XAtq', '-d', $node->connstr('postgres'), map { ('-c', $_) } @commands ],
		'<', \undef, '>', $out, '2>', $err);
}
