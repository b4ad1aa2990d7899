# With the library preloaded checkpoints are made by themselves, in every
# database that has something new, and none where nothing is.

use strict;
use warnings;

use AuditCluster;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use SigningKey;
use Test::More;
use Time::HiRes qw(sleep);

my $key = new_key();
my $node = new_signing_node('launcher', key => $key, init => { allows_streaming => 1 }, conf => <<'CONF');
shared_preload_libraries = 'audit_immutable'
audit_immutable.checkpoint_interval = 1
max_prepared_transactions = 2
CONF
create_database($node, 'second');
create_database($node, 'without');
$node->safe_psql('second', 'CREATE EXTENSION audit_immutable');
my $table = 'CREATE TABLE t (id int) USING audit_immutable; INSERT INTO t VALUES (1)';
$node->safe_psql($_, $table) for qw(postgres second);

# The leaves that are there, below a signed checkpoint or not.
my $all_signed = q{
	SELECT (SELECT max(size) FROM audit_immutable.signed_checkpoint)
	= (SELECT sum(n) FROM (SELECT count(*) AS n FROM t UNION ALL SELECT count(*) FROM audit_immutable.opening
	UNION ALL SELECT count(*) FROM audit_immutable.session UNION ALL SELECT count(*) FROM audit_immutable.event
	UNION ALL SELECT count(*) FROM audit_immutable.attempt UNION ALL SELECT count(*) FROM audit_immutable.database
	UNION ALL SELECT count(*) FROM audit_immutable.column_list) AS s)};
for my $database (qw(postgres second))
{
	ok($node->poll_query_until($database, $all_signed), "$database: what was written is signed by itself");
}
like($node->safe_psql('second', 'SELECT audit_immutable.latest_checkpoint()'),
	qr/^db\.example\.org\/ledger\/second\/1\n/, 'each database signs for itself');

# Nothing new: nothing is signed.
my $count = 'SELECT count(*) FROM audit_immutable.signed_checkpoint';
my $before = $node->safe_psql('postgres', $count);
sleep 3;
is($node->safe_psql('postgres', $count), $before, 'while nothing is written, nothing is signed');
$node->safe_psql('postgres', 'BEGIN; INSERT INTO t VALUES (2); ROLLBACK');
sleep 2;
is($node->safe_psql('postgres', $count), $before, 'nor for what is rolled back');
$node->safe_psql('postgres', 'INSERT INTO t VALUES (3)');
ok($node->poll_query_until('postgres', $all_signed), 'a new row is');
cmp_ok($node->safe_psql('postgres', $count), '>', $before, 'in a new checkpoint');

# The interval and the key can be changed while the server runs.
$node->append_conf('postgresql.conf', "audit_immutable.checkpoint_interval = 0\n");
$node->reload;
sleep 1.5;
$node->safe_psql('postgres', 'INSERT INTO t VALUES (4)');
$before = $node->safe_psql('postgres', $count);
sleep 2.5;
is($node->safe_psql('postgres', $count), $before, 'interval 0: none by itself');
like(checkpoint($node), qr/^db\.example\.org/, 'but when asked for');
$node->append_conf('postgresql.conf', "audit_immutable.checkpoint_interval = 1\n");
$node->reload;

# A standby that is away: what it does not hold is not signed.
$node->append_conf('postgresql.conf', "audit_immutable.checkpoint_waits_for = 'away'\n");
$node->reload;
sleep 1;
$node->safe_psql('postgres', 'INSERT INTO t VALUES (5)');
my (undef, undef, $error) = $node->psql('postgres', 'SELECT audit_immutable.checkpoint()');
like($error, qr/a standby does not hold yet what would be signed.*"away".*HINT.*pg_stat_replication/s, 'a missing standby is named');
$node->backup('base');
my $standby = PostgreSQL::Test::Cluster->new('away');
$standby->init_from_backup($node, 'base', has_streaming => 1);
$standby->start;
ok($node->poll_query_until('postgres', $all_signed), 'when it is back, everything is signed');
$standby->stop;
$node->append_conf('postgresql.conf', "audit_immutable.checkpoint_waits_for = ''\n");
$node->reload;

# What a crash or a prepared transaction leaves behind is not forgotten.
$node->safe_psql('postgres', "BEGIN; INSERT INTO t VALUES (6); PREPARE TRANSACTION 'p'");
sleep 2;
$node->stop('immediate');
$node->start;
$node->safe_psql('postgres', "COMMIT PREPARED 'p'");
$node->safe_psql('postgres', 'INSERT INTO t VALUES (7)');
ok($node->poll_query_until('postgres', $all_signed), 'after a crash everything is signed');
is($node->safe_psql($_, 'SELECT bool_and(intact) FROM audit_immutable.verify()'), 't', "$_ is intact") for qw(postgres second);

# Nobody is in the way of DROP DATABASE for long.
$node->safe_psql('second', 'INSERT INTO t VALUES (8)');
is($node->psql('postgres', 'DROP DATABASE second WITH (FORCE)'), 0, 'a database can be dropped');
unlike(slurp_file($node->logfile), qr/panicked|was terminated by signal/, 'no process came down');
$node->stop;
done_testing();
