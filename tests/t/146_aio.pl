# Asynchronous reads, from 18 on: by workers, and by io_uring where the kernel lets. What verify says does not depend on
# how pages are read.

use strict;
use warnings;

use AuditCluster;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = new_node('aio', conf => "shared_buffers = 1MB\nmax_parallel_workers_per_gather = 2\n");
plan skip_all => 'from 18 on' if $node->pg_version < 18;
$node->safe_psql('postgres', q{
	CREATE TABLE t (id int, note text) USING audit_immutable;
	INSERT INTO t SELECT i, repeat('x', 200) FROM generate_series(1, 20000) i;
	SELECT set_config('min_parallel_table_scan_size', '0', false);
});
my $lines = $node->safe_psql('postgres', q{SELECT md5(string_agg(line, ' ')) FROM audit_immutable.export('t') AS line});
for my $method (qw(sync worker io_uring))
{
	$node->append_conf('postgresql.conf', "io_method = $method\n");
	$node->stop;
	SKIP:
	{
		unless ($node->start(fail_ok => 1))
		{
			skip "$method: the kernel does not let", 3 if $method eq 'io_uring';
			fail("$method: the server starts");
		}
		verify_intact($node, 'postgres', 't', "$method: intact");
		is($node->safe_psql('postgres', q{SELECT md5(string_agg(line, ' ')) FROM audit_immutable.export('t') AS line}), $lines,
			"$method: the same is exported");
		$node->safe_psql('postgres', "INSERT INTO t VALUES (0, '$method')");
		$lines = $node->safe_psql('postgres', q{SELECT md5(string_agg(line, ' ')) FROM audit_immutable.export('t') AS line});
		ok(!server_crashed($node), "$method: the server lives");
	}
}
done_testing();
