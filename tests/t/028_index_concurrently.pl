# The index of the chains is built anew beside writers, again and again: each new one takes the place of the old one at
# once, so a row that it misses would be a fork, or a finding.

use strict;
use warnings;

use AuditCluster;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $rounds = 8;

# Rows of all sizes, some of which are undone, in savepoints and alone; and some in transactions that last.
my $script = PostgreSQL::Test::Utils::tempdir() . '/write.sql';
append_to_file($script, q{
\set n random(1, 9)
\set size random(1, 1500)
\set wait random(0, 30)
BEGIN;
INSERT INTO t SELECT repeat('x', :size) FROM generate_series(1, :n);
SAVEPOINT s;
INSERT INTO t SELECT repeat('y', :size) FROM generate_series(1, :n);
\if :even
ROLLBACK TO s;
\endif
INSERT INTO t SELECT repeat('z', :size) FROM generate_series(1, :n);
\sleep :wait ms
COMMIT;
BEGIN;
INSERT INTO t SELECT repeat('u', :size) FROM generate_series(1, :n);
ROLLBACK;
});

for my $preload ('', "shared_preload_libraries = 'audit_immutable'\n")
{
	my $ring = $preload ? 'ring 3' : 'ring 2';
	my $node = new_node($preload ? 'preloaded' : 'plain', conf => "${preload}autovacuum_naptime = 1s\n");
	# Few chains, so that writers take turns with them.
	$node->safe_psql('postgres', q{
		CREATE TABLE t (note text) USING heap;
		SELECT audit_immutable.protect('t', chains => 3);
	});
	my @clients = map {
		IPC::Run::start([ 'pgbench', '-n', '-c', 3, '-T', 600, '-f', $script, "-Deven=$_", $node->connstr('postgres') ],
			'>', '/dev/null', '2>', '/dev/null')
	} 0 .. 1;

	my ($index, $wrong, $broken) = ('t_audit_chain_audit_seq_idx', '', '');
	for my $round (1 .. $rounds)
	{
		my $next = "index_$round";
		for my $statement (
			"CREATE INDEX CONCURRENTLY $next ON t USING audit_chain (audit_chain, audit_seq)",
			"DROP INDEX CONCURRENTLY $index",
			($round % 3 ? () : ("REINDEX INDEX CONCURRENTLY $next")),
			($round % 4 ? () : ("VACUUM t")))
		{
			my ($status, undef, $err) = $node->psql('postgres', $statement);
			$broken .= "$statement: $err\n" if $status;
		}
		$index = $next;
		my $found = findings($node, 'postgres', 't');
		$wrong .= "$round: $found\n" if $found;
	}
	$_->kill_kill for @clients;
	is($broken, '', "$ring: every statement works");
	is($wrong, '', "$ring: after each, what is there is intact");
	ok($node->poll_query_until('postgres', "SELECT NOT EXISTS (SELECT FROM pg_stat_activity WHERE query ~ '^INSERT' AND state <> 'idle')"),
		"$ring: the writers are done");
	verify_intact($node, 'postgres', 't');
	is($node->safe_psql('postgres', q{
		SELECT audit_chain, count(*) - max(audit_seq), count(*) - count(DISTINCT audit_seq) FROM t
		GROUP BY 1 HAVING count(*) <> max(audit_seq)}), '', "$ring: no chain has a gap or a fork");
	cmp_ok($node->safe_psql('postgres', 'SELECT count(*) FROM t'), '>', 200, "$ring: and there were writers");
	$node->stop;
}

done_testing();
