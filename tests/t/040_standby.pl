# Whatever reads works on a hot standby and in a READ ONLY transaction, and says
# the same there; after a promotion the chains go on.

use strict;
use warnings;

use AuditCluster;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $primary = new_node('primary', init => { allows_streaming => 1 });
$primary->safe_psql('postgres', q{
	CREATE TABLE t (id int, note text) USING audit_immutable;
	INSERT INTO t SELECT i, 'before the backup' FROM generate_series(1, 100) i;
});
$primary->backup('base');
my $standby = PostgreSQL::Test::Cluster->new('standby');
$standby->init_from_backup($primary, 'base', has_streaming => 1);
$standby->start;

$primary->safe_psql('postgres', "INSERT INTO t SELECT i, 'streamed' FROM generate_series(101, 200) i");
$primary->wait_for_catchup($standby, 'replay', $primary->lsn('insert'));

my %reads = (
	verify => "SELECT relation, intact, rows, chains, findings, first_finding FROM audit_immutable.verify('t'::regclass)",
	'verify, all logs' => 'SELECT relation, intact, rows FROM audit_immutable.verify() ORDER BY relation::text',
	findings => "SELECT * FROM audit_immutable.findings('t'::regclass)",
	line => "SELECT audit_immutable.line('t'::regclass, audit_chain, audit_seq) FROM t ORDER BY audit_chain, audit_seq",
	opening_line => "SELECT audit_immutable.opening_line('t'::regclass)",
	export => "SELECT audit_immutable.export('t'::regclass)",
	'view log' => 'SELECT * FROM audit_immutable.log ORDER BY 1',
);

for my $name (sort keys %reads)
{
	my ($status, $expected, $error) = $primary->psql('postgres', $reads{$name});
	is($status, 0, "$name on the primary") or diag($error);

	(my $status_ro, my $read_only, $error) =
	  $primary->psql('postgres', "BEGIN READ ONLY; $reads{$name}; COMMIT");
	is("$status_ro $read_only", "0 $expected", "$name in a READ ONLY transaction") or diag($error);

	(my $status_sb, my $replicated, $error) = $standby->psql('postgres', $reads{$name});
	is("$status_sb $replicated", "0 $expected", "$name on the standby") or diag($error);
}
# The status may well differ on a standby; it has to be readable.
for my $node ($primary, $standby)
{
	my ($status, undef, $error) =
	  $node->psql('postgres', 'BEGIN READ ONLY; SELECT * FROM audit_immutable.status; COMMIT');
	is($status, 0, 'view status on the ' . $node->name) or diag($error);
}
verify_intact($standby, 'postgres', 't', 'the standby is intact');

my ($status, undef, $error) = $standby->psql('postgres', "INSERT INTO t VALUES (0, 'no')");
like($error, qr/read-only transaction/, 'a standby takes no rows');

# A writer that was busy when the standby took over.
my $writer = $primary->background_psql('postgres');
$writer->query_safe("BEGIN; INSERT INTO t VALUES (201, 'never committed')");
$primary->wait_for_catchup($standby, 'replay', $primary->lsn('insert'));
$primary->stop('immediate');
$standby->promote;
$standby->safe_psql('postgres', "INSERT INTO t VALUES (201, 'after the promotion')");
is($standby->safe_psql('postgres', 'SELECT count(*), max(audit_seq), count(DISTINCT audit_chain) FROM t'),
	'201|201|1', 'the chain goes on after the promotion');
verify_intact($standby, 'postgres', 't', 'and is intact');

eval { $writer->quit };    # its server is gone
done_testing();
