# FOR ALL TABLES publishes the extension's own tables too. None of their rows come into those of a subscriber, which goes
# on, whether it awaits a restore, is at work, or has the library preloaded.

use strict;
use warnings;

use AuditCluster;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my %conf = (
	ring2 => "wal_retrieve_retry_interval = 200ms\nmax_logical_replication_workers = 20\nmax_sync_workers_per_subscription = 8\nmax_worker_processes = 30\nmax_replication_slots = 30\n",
);
$conf{ring3} = "$conf{ring2}shared_preload_libraries = 'audit_immutable'\n";
my $publisher = new_node('publisher', init => { allows_streaming => 'logical' }, conf => "$conf{ring3}max_wal_senders = 30\n");
$publisher->safe_psql('postgres', q{
	CREATE TABLE t (id int PRIMARY KEY, note text) USING audit_immutable;
	INSERT INTO t VALUES (1, 'copied');
	CREATE TABLE plain (id int PRIMARY KEY, note text);
	INSERT INTO plain VALUES (1, 'copied');
	CREATE TABLE into_a_log (id int PRIMARY KEY, note text);
	INSERT INTO into_a_log VALUES (1, 'copied');
	CREATE PUBLICATION everything FOR ALL TABLES;
});
my @own = qw(opening database live column_list session event attempt incarnation tree_hashes leaf_range tree_head signed_checkpoint);
my $columns = 'audit_chain int, audit_seq bigint, audit_at timestamptz, audit_session bigint, audit_hash bytea';
my $own_rows = join ' UNION ALL ', map { "SELECT '$_', count(*) FROM audit_immutable.$_" } grep { $_ ne 'attempt' } @own;

for my $ring (qw(ring2 ring3))
{
	my $node = new_node($ring, conf => $conf{$ring});
	create_database($node, 'awaiting');
	$node->safe_psql('awaiting', 'CREATE EXTENSION audit_immutable');
	# A mirror is a plain table, with the stamps it is sent.
	$node->safe_psql($_, "CREATE TABLE plain (id int PRIMARY KEY, note text); CREATE TABLE t (id int PRIMARY KEY, note text, $columns); CREATE TABLE into_a_log (id int PRIMARY KEY, note text)") for qw(postgres awaiting);
	$node->safe_psql('postgres', 'CREATE TABLE mine (id int) USING audit_immutable; INSERT INTO mine VALUES (1)');
	subscribed($node, $ring, $_) for qw(postgres awaiting);
	into_a_log($node, $ring);
	$node->stop;
}
$publisher->stop;
done_testing();

sub subscribed
{
	my ($node, $ring, $database) = @_;
	my ($title, $name) = ("$ring, $database", "s_${ring}_$database");
	my $before = $node->safe_psql($database, $own_rows);
	$node->safe_psql($database, "CREATE SUBSCRIPTION $name CONNECTION '" . $publisher->connstr . " dbname=postgres' PUBLICATION everything");
	$node->wait_for_subscription_sync($publisher, $name, $database);
	is($node->safe_psql($database, q{SELECT count(*) FROM pg_subscription_rel WHERE srrelid::regclass::text LIKE 'audit_immutable.%' AND srsubstate IN ('r', 's')}),
		scalar(@own), "$title: the extension's tables are copied like the others");
	is($node->safe_psql($database, $own_rows), $before, "$title: and nothing has come into them");

	# New sessions and events, and a row at the end that says that all of it has passed.
	my $number = $publisher->safe_psql('postgres', 'SELECT count(*) + 1 FROM plain');
	$publisher->safe_psql('postgres', "SET application_name = '$name'; INSERT INTO t VALUES ($number, 'streamed'); SELECT audit_immutable.acknowledge('t', 'an event'); INSERT INTO plain VALUES ($number, 'streamed')");
	$publisher->wait_for_catchup($name);
	is($node->safe_psql($database, 'SELECT count(*) FROM plain'), $number, "$title: what is streamed arrives");
	is(stamps($node, $database, 't'), stamps($publisher, 'postgres', 't'), "$title: a mirror has the stamps");
	is($node->safe_psql($database, $own_rows), $before, "$title: and the extension's tables are as they were");
	is($node->safe_psql($database, 'SELECT relation, first_finding FROM audit_immutable.verify() WHERE NOT intact'), '', "$title: intact");
	$node->safe_psql($database, "CREATE TABLE later (id int) USING audit_immutable; INSERT INTO later VALUES (1)");
	is($node->safe_psql($database, 'SELECT relation, first_finding FROM audit_immutable.verify() WHERE NOT intact'), '', "$title: and at work");
	isnt($node->safe_psql($database, 'SELECT id FROM audit_immutable.database'), $publisher->safe_psql('postgres', 'SELECT id FROM audit_immutable.database'), "$title: as a database of its own");
	unlike(slurp_file($node->logfile), qr/ERROR|was terminated by signal/, "$title: without an error");
	$node->safe_psql($database, "DROP SUBSCRIPTION $name");
	return;
}

# What the subscriber itself writes about rows that come into a log of its own is not left out.
sub into_a_log
{
	my ($node, $ring) = @_;
	my $name = "log_$ring";
	create_database($node, 'log');
	$node->safe_psql('log', q{
		CREATE EXTENSION audit_immutable;
		CREATE TABLE into_a_log (id int PRIMARY KEY, note text) USING audit_immutable;
	});
	$publisher->safe_psql('postgres', 'DROP PUBLICATION IF EXISTS one; CREATE PUBLICATION one FOR TABLE into_a_log');
	$node->safe_psql('log', "CREATE SUBSCRIPTION $name CONNECTION '" . $publisher->connstr . " dbname=postgres' PUBLICATION one");
	$node->wait_for_subscription_sync($publisher, $name, 'log');
	$publisher->safe_psql('postgres', 'INSERT INTO into_a_log SELECT max(id) + 1 FROM into_a_log');
	$publisher->wait_for_catchup($name);
	is($node->safe_psql('log', q{SELECT count(*) > 1, bool_and(EXISTS (SELECT FROM audit_immutable.session WHERE id = audit_session)) FROM into_a_log}),
		't|t', "$ring: rows that come into a log have their sessions");
	is($node->safe_psql('log', 'SELECT relation, first_finding FROM audit_immutable.verify() WHERE NOT intact'), '', "$ring: intact");
	$node->safe_psql('log', "DROP SUBSCRIPTION $name");
	return;
}
