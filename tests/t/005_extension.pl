# CREATE EXTENSION and DROP EXTENSION: in a database, in template1, again; and where somebody else has the schema.

use strict;
use warnings;

use AuditCluster;
use Test::More;

my $node = new_node('extension', extension => 0);

sub schemas
{
	my ($database) = @_;
	return $node->safe_psql($database, q{SELECT count(*) FROM pg_namespace WHERE nspname = 'audit_immutable'});
}

# What somebody else owns, the extension does not move into.
$node->safe_psql('postgres', 'CREATE ROLE alice; GRANT CREATE ON DATABASE postgres TO alice; SET ROLE alice; CREATE SCHEMA audit_immutable');
my ($status, $out, $err) = $node->psql('postgres', 'CREATE EXTENSION audit_immutable');
like($err, qr/schema "audit_immutable" already exists/, 'a schema of that name is in the way');
$node->safe_psql('postgres', 'DROP SCHEMA audit_immutable');

$node->safe_psql('postgres', q{
	CREATE EXTENSION audit_immutable;
	CREATE TABLE t (id int) USING audit_immutable;
	INSERT INTO t VALUES (1);
});
verify_intact($node, 'postgres', 't');
($status, $out, $err) = $node->psql('postgres', 'DROP EXTENSION audit_immutable');
like($err, qr/while there are audit tables/, 'not while there is an audit table');
verify_intact($node, 'postgres', 't', 'which is as it was');
$node->safe_psql('postgres', q{SELECT audit_immutable.retire('t', 'over'); DROP EXTENSION audit_immutable});
is(schemas('postgres'), 0, 'DROP EXTENSION takes its schema along');
is($node->safe_psql('postgres', 'SELECT id FROM t'), '1', 'and leaves the rows of a retired table');

my $first = $node->safe_psql('postgres', q{
	CREATE EXTENSION audit_immutable;
	CREATE TABLE u (id int) USING audit_immutable;
	INSERT INTO u VALUES (1);
	SELECT count(*) FROM audit_immutable.opening;
});
is($first, 1, 'created again, it begins with nothing');
verify_intact($node, 'postgres', $_) for qw(u audit_immutable.opening audit_immutable.session audit_immutable.event);

# In template1: every new database has it, each with an identity of its own.
$node->safe_psql('template1', 'CREATE EXTENSION audit_immutable');
$node->safe_psql('postgres', "CREATE DATABASE $_") for qw(one two);
my @identities = map {
	$node->safe_psql($_, q{
		CREATE TABLE t (id int) USING audit_immutable;
		INSERT INTO t VALUES (1);
		SELECT id FROM audit_immutable.database;
	})
} qw(one two);
isnt($identities[0], $identities[1], 'two databases made from template1 differ');
verify_intact($node, $_, 't') for qw(one two);
$node->safe_psql('template1', 'DROP EXTENSION audit_immutable');
is(schemas('template1'), 0, 'and template1 is as it was');

# What belongs to the extension stays whole where no log relies on it yet: nobody could make it again.
create_database($node, 'bare');
$node->safe_psql('bare', 'CREATE EXTENSION audit_immutable');
for my $statement ('DROP INDEX audit_immutable.column_list_log_number_idx',
	'DROP TRIGGER audit_immutable_guard ON audit_immutable.event')
{
	($status, $out, $err) = $node->psql('bare', $statement);
	like($err, qr/cannot alter "audit_immutable\./, "refused: $statement");
}
$node->safe_psql('bare', 'CREATE TABLE t (id int) USING audit_immutable; INSERT INTO t VALUES (1)');
verify_intact($node, 'bare', 't');
$node->stop;

# A stranger's attempt in template1 is not the first row there: else all databases made from it would be one.
my $preloaded = new_node('preloaded', extension => 0, conf => "shared_preload_libraries = 'audit_immutable'\n");
$preloaded->safe_psql('template1', 'CREATE EXTENSION audit_immutable; CREATE ROLE stranger LOGIN');
($status, $out, $err) = $preloaded->psql('template1', 'ALTER EXTENSION audit_immutable DROP TABLE audit_immutable.event',
	extra_params => ['-U', 'stranger']);
isnt($status, 0, 'a stranger is refused in template1');
$preloaded->poll_query_until('template1', 'SELECT coalesce(audit_immutable.attempts_dropped() > 0, false)')
	or die 'the attempt was not counted';
is($preloaded->safe_psql('template1', 'SELECT count(*) FROM audit_immutable.database'), '0', 'which makes no identity');
$preloaded->safe_psql('postgres', "CREATE DATABASE $_") for qw(three four);
my @others = map {
	$preloaded->safe_psql($_, q{
		CREATE TABLE t (id int) USING audit_immutable;
		INSERT INTO t VALUES (1);
		SELECT id FROM audit_immutable.database;
	})
} qw(three four);
isnt($others[0], $others[1], 'and the databases made from it differ');

done_testing();
