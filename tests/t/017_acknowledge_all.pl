# A restore under other owners, or without some of the tables: one call says why, and verify tells of it for good.

use strict;
use warnings;

use AuditCluster;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Restores;
use SigningKey;
use Test::More;

my $key = new_key();
my $directory = PostgreSQL::Test::Utils::tempdir();
my $origin = new_signing_node('origin', key => $key, extension => 0);
$origin->safe_psql('postgres', 'CREATE ROLE alice; CREATE ROLE bob');
fill($origin, 'source');
my $told = lines($origin, 'source', 'told');
$origin->command_ok([ 'pg_dump', '-O', '-f', "$directory/no_owner", 'source' ], 'pg_dump --no-owner');
$origin->command_ok([ 'pg_dump', '-T', 't', '-T', 'app.log', '-f', "$directory/without", 'source' ], 'pg_dump -T');
$origin->command_ok([ 'pg_dump', '-t', 't', '-f', "$directory/t", 'source' ], 'pg_dump -t');
$origin->stop;

for my $ring (qw(ring2 ring3))
{
	my $preload = $ring eq 'ring3' ? "shared_preload_libraries = 'audit_immutable'\n" : '';
	# What was signed last is kept beside the key.
	system_or_bail('cp', '-p', $key, "$key.$ring");
	my $node = new_signing_node($ring, key => "$key.$ring", extension => 0, conf => "${preload}audit_immutable.checkpoint_interval = 0\n");
	$node->safe_psql('postgres', 'CREATE ROLE alice; CREATE ROLE bob');
	restore($node, $_) for qw(no_owner without);
	other_owners($node, $ring);
	without_tables($node, $ring);
	$node->stop;
}
done_testing();

sub restore
{
	my ($node, $database, $file) = @_;
	create_database($node, $database) unless $file;
	$file //= $database;
	$node->command_ok([ 'psql', '-XqAt', '-v', 'ON_ERROR_STOP=1', '-f', "$directory/$file", '-d', $node->connstr($database) ], "$file: restored");
	return;
}

sub acknowledge_all
{
	my ($node, $database, $reason, $before) = @_;
	my ($status, $out, $error) = $node->psql($database, ($before // '') . "SELECT audit_immutable.acknowledge_all('$reason')");
	return $status == 0 ? $out : $error;
}

sub other_owners
{
	my ($node, $ring) = @_;
	is(problems($node, 'no_owner'), 'told|schema_changed: Its owner is not as audit_immutable.event says.', "$ring: one table had another owner");
	$node->safe_psql('no_owner', 'GRANT EXECUTE ON FUNCTION audit_immutable.acknowledge_all TO bob');
	like(acknowledge_all($node, 'no_owner', 'r', 'SET ROLE alice;'), qr/permission denied for function acknowledge_all/, "$ring: not everybody may acknowledge");
	like(acknowledge_all($node, 'no_owner', 'r', 'SET ROLE bob;'), qr/cannot acknowledge every log.*Only a superuser can/s, "$ring: nor whoever was granted it");
	like(acknowledge_all($node, 'no_owner', ''), qr/the reason cannot be null or empty/, "$ring: nor without a reason");
	my $holder = $node->background_psql('no_owner');
	$holder->query_safe('BEGIN; LOCK TABLE told IN SHARE UPDATE EXCLUSIVE MODE');
	is(acknowledge_all($node, 'no_owner', 'r', "SET lock_timeout = '100ms';"), '0', "$ring: nobody is waited for");
	$holder->query_safe('ROLLBACK');
	$holder->quit;
	is(acknowledge_all($node, 'no_owner', 'restored under one owner'), '1', "$ring: one event");
	is(problems($node, 'no_owner'), '', "$ring: no alarm is left");
	is(acknowledge_all($node, 'no_owner', 'again'), '0', "$ring: nothing is left to acknowledge");
	is($node->safe_psql('no_owner', q{SELECT relation, kind, reason FROM audit_immutable.event WHERE kind = 'acknowledge'}),
		'public.told|acknowledge|restored under one owner', "$ring: on record");
	is(lines($node, 'no_owner', 'told'), $told, "$ring: the rows are as they were");
	return;
}

sub without_tables
{
	my ($node, $ring) = @_;
	my $missing = q{SELECT detail FROM audit_immutable.findings('audit_immutable.opening') WHERE kind = 'log_missing' ORDER BY detail COLLATE "C"};
	is(scalar(split /\n/, $node->safe_psql('without', $missing)), 2, "$ring: two logs have no table");
	is(acknowledge_all($node, 'without', 'left out to save space'), '2', "$ring: an event each");
	is(problems($node, 'without'), '', "$ring: no alarm is left");
	my @said = split /\n/, $node->safe_psql('without', q{SELECT on_record FROM audit_immutable.verify('audit_immutable.opening')});
	is(scalar(grep { /^table missing: log \S+ of table (public\.t, of which the tree has 102|app\.log, of which the tree has 20) rows, on record \S+ by \w+: left out to save space$/ } @said),
		2, "$ring: verify goes on saying it") or diag("@said");
	$node->safe_psql('without', "SELECT audit_immutable.begin_incarnation('a copy without t')");
	like(checkpoint($node, 'without'), qr{^db\.example\.org/ledger/without/2\n}, "$ring: a checkpoint is signed");

	# The table comes after all, and is that log's again; once it is gone again, that is another matter.
	$node->safe_psql('without', 'DROP SEQUENCE IF EXISTS t_id_seq');
	restore($node, 'without', 't');
	is(problems($node, 'without'), '', "$ring: the table is back");
	$node->safe_psql('without', "INSERT INTO t (actor) VALUES ('goes on')");
	is(problems($node, 'without'), '', "$ring: and goes on");
	return if $ring eq 'ring3';
	$node->safe_psql('without', q{UPDATE pg_class SET relam = (SELECT oid FROM pg_am WHERE amname = 'heap') WHERE oid = 't'::regclass});
	like($node->safe_psql('without', $missing), qr/^Log \S+ of table public\.t was opened here and not retired, and no table is its own\.$/,
		"$ring: what was acknowledged before the table came covers nothing after");
	return;
}
