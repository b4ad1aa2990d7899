# Rows that are gone are not forgotten: no deed that ends, forgives or begins anew makes verify say less than it knew.

use strict;
use warnings;

use AuditCluster;
use HeapFile;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use SigningKey;
use Test::More;

my $node = new_signing_node('losses', conf => "autovacuum = off\n");
for my $table (qw(forgiven ended whole))
{
	$node->safe_psql('postgres', qq{
		CREATE TABLE $table (id int, note text) USING audit_immutable;
		INSERT INTO $table SELECT i, repeat('x', 100) FROM generate_series(1, 500) i;
	});
}
checkpoint($node);

# The owner of the disk cuts off the last pages, and has the indexes made anew.
my %path = map { ($_ => $node->data_dir . '/' . $node->safe_psql('postgres', "CHECKPOINT; SELECT pg_relation_filepath('$_')")) }
  qw(forgiven ended);
$node->stop;
truncate($_, (-s $_) - 2 * 8192) or die "$_: $!" for values %path;
$node->start;
my %gone;
for my $table (sort keys %path)
{
	$node->safe_psql('postgres', "REINDEX TABLE $table");
	my $first = 1 + $node->safe_psql('postgres', "SELECT max(audit_seq) FROM $table");
	$gone{$table} = "Rows $first to 500 of chain 1 are gone";
	is(findings($node, 'postgres', $table), "1|$first|truncated", "$table: rows are gone");
}
my (undef, undef, $warning) = $node->psql('postgres', 'SELECT audit_immutable.checkpoint()');
like($warning, qr/WARNING:.*not commit to all rows.*"public\.$_", row 500 of chain 1 is gone/s, "a checkpoint leaves $_ out") for sort keys %path;

# A new incarnation does not make them whole.
is($node->safe_psql('postgres', "SELECT audit_immutable.begin_incarnation('moved to a new rack')"), 'begun', 'a new incarnation');
checkpoint($node);
my $not_intact = 'SELECT relation FROM audit_immutable.verify() WHERE NOT intact ORDER BY relation::text';
is($node->safe_psql('postgres', $not_intact), "ended\nforgiven", 'verify goes on comparing with the one before');

# Somebody says why, of one of them.
$node->safe_psql('postgres', "SELECT audit_immutable.acknowledge('forgiven', 'the controller lost its cache')");
like($node->safe_psql('postgres', "SELECT detail #>> '{lost,0,what}' FROM audit_immutable.event WHERE kind = 'loss_acknowledged'"),
	qr/^$gone{forgiven}/, 'what is gone is on record');
is($node->safe_psql('postgres', $not_intact), 'ended', 'the rest of it is in order');
my $on_record = "SELECT on_record FROM audit_immutable.verify('forgiven'::regclass)";
my $acknowledged = qr/^loss acknowledged: $gone{forgiven}.* by postgres: the controller lost its cache$/;
like($node->safe_psql('postgres', $on_record), $acknowledged, 'and verify says what was acknowledged');
$node->safe_psql('postgres', "INSERT INTO forgiven SELECT i, 'in their place' FROM generate_series(1, 1000) i");
verify_intact($node, 'postgres', 'forgiven', 'new rows in their place are no further loss');
like($node->safe_psql('postgres', $on_record), $acknowledged, 'verify goes on saying it');
checkpoint($node);

# What happens later is not covered by it.
my $path = $node->data_dir . '/' . $node->safe_psql('postgres', "CHECKPOINT; SELECT pg_relation_filepath('forgiven')");
$node->stop;
truncate($path, (-s $path) - 8192) or die "$path: $!";
$node->start;
$node->safe_psql('postgres', 'REINDEX TABLE forgiven');
like(findings($node, 'postgres', 'forgiven'), qr/^1\|\d+\|truncated$/, 'a later loss is another');

# The other one is retired: the event has what is gone, and verify says it for ever.
$node->safe_psql('postgres', "SELECT audit_immutable.retire('ended', 'seven years are over')");
like($node->safe_psql('postgres', "SELECT detail #>> '{lost,0,what}' FROM audit_immutable.event WHERE kind = 'retire'"),
	qr/^$gone{ended}/, 'a log that ends says what was gone');
$node->safe_psql('postgres', 'DROP TABLE ended');
like($node->safe_psql('postgres', "SELECT first_finding FROM audit_immutable.verify('audit_immutable.opening')"),
	qr/of table public\.ended was not whole when it was retired\. $gone{ended}/, 'and verify goes on saying it');
is($node->safe_psql('postgres', $not_intact), "audit_immutable.opening\nforgiven", 'of everything too');

# Nothing is on record of a log that lost nothing.
$node->safe_psql('postgres', "SELECT audit_immutable.acknowledge('whole', 'nothing is missing')");
is($node->safe_psql('postgres', q{
		SELECT count(*) FROM audit_immutable.event WHERE relation = 'public.whole' AND kind = 'loss_acknowledged'}),
	'0', 'a log that is whole has no loss to acknowledge');
is($node->safe_psql('postgres', "SELECT intact AND on_record IS NULL FROM audit_immutable.verify('whole'::regclass)"), 't', 'and is in order');

# Another copy of a database in its place is in order by itself, but is not what was signed.
create_database($node, 'shop');
$node->safe_psql('shop', 'CREATE EXTENSION audit_immutable; CREATE TABLE sold (id int) USING audit_immutable; INSERT INTO sold VALUES (1)');
checkpoint($node, 'shop');
$node->safe_psql('postgres', 'CREATE DATABASE old TEMPLATE shop');
$node->safe_psql('shop', 'INSERT INTO sold VALUES (2)');
checkpoint($node, 'shop');
is($node->safe_psql('shop', $not_intact), '', 'the database itself is in order');
is($node->safe_psql('old', $not_intact), '', 'and so is a copy under its own name');
$node->safe_psql('postgres', $_) for 'ALTER DATABASE shop RENAME TO gone', 'ALTER DATABASE old RENAME TO shop';
is($node->safe_psql('shop', $not_intact), 'audit_immutable.signed_checkpoint', 'in its place it is found');
like($node->safe_psql('shop', "SELECT first_finding FROM audit_immutable.verify('audit_immutable.signed_checkpoint')"),
	qr/^checkpoint_mismatch: A checkpoint of tree size \d+ of ".*" was signed for this database; what is here has tree size \d+/,
	'by what is kept beside the key');
$node->safe_psql('shop', "SELECT audit_immutable.begin_incarnation('the copy of last night')");
is($node->safe_psql('shop', $not_intact), 'audit_immutable.incarnation', 'a new incarnation does not end that');
like($node->safe_psql('shop', "SELECT first_finding FROM audit_immutable.verify('audit_immutable.incarnation')"),
	qr/^checkpoint_mismatch: Incarnation 2 was begun over a loss: of incarnation 1 a checkpoint of tree size \d+ was known/, 'which says that it was begun over a loss');
checkpoint($node, 'shop');
is($node->safe_psql('shop', $not_intact), 'audit_immutable.incarnation', 'nor does another checkpoint');
$node->safe_psql('shop', "SELECT audit_immutable.acknowledge('audit_immutable.incarnation', 'the disk of the evening is lost')");
is($node->safe_psql('shop', $not_intact), '', 'but that somebody acknowledges it');
like($node->safe_psql('shop', "SELECT on_record FROM audit_immutable.verify('audit_immutable.incarnation')"),
	qr/^loss acknowledged: Incarnation 2 was begun over a loss.* by postgres: the disk of the evening is lost$/m, 'which verify goes on saying');
my (undef, undef, $notice) = $node->psql('shop', "SELECT audit_immutable.acknowledge('audit_immutable.incarnation', 'again')");
like($notice, qr/is as it is on record/, 'once');
like($node->safe_psql('shop', "SELECT on_record FROM audit_immutable.verify('audit_immutable.incarnation')"),
	qr/^incarnation 2 begun .* by postgres, after tree size \d+ of the one before: the copy of last night$/m, 'which verify goes on saying');
done_testing();
