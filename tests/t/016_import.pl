# A dump of single tables, into a database that is at work: audit_immutable.import takes their logs over, with their
# identity, and says for good that they came so.

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
$origin->safe_psql('postgres', 'CREATE ROLE alice');
fill($origin, 'source');
# Columns that came or changed between rows, and after the last one; and what is hard to quote.
$origin->safe_psql('source', q{
	ALTER TABLE app.log ADD COLUMN third text, ADD COLUMN "a ""b"" 'c' \\ä" text;
	INSERT INTO app.log (id, third) VALUES (100, 'x');
	ALTER TABLE app.log ADD COLUMN fifth int;
	INSERT INTO app.log (id, fifth) VALUES (101, 5);
	ALTER TABLE app.log ALTER COLUMN id TYPE bigint;
	INSERT INTO app.log (id) VALUES (3000000000);
	ALTER TABLE app.log ADD COLUMN sixth int;
	ALTER TABLE app.log ALTER COLUMN fifth TYPE bigint;
	CREATE TABLE app.empty (id int) USING audit_immutable;
});
my @logs = ('t', 'app.log', 'app.empty');
my $lines = lines($origin, 'source', @logs);
my $identity = $origin->safe_psql('source', 'SELECT id FROM audit_immutable.database');
my %file = map { my $file = "$directory/" . s/\W/_/gr; dump_into($file, '-t', $_); ($_ => $file) } @logs;
dump_into("$directory/app", '-n', 'app');
my $dump = slurp_file("$directory/t");
my $log = $origin->safe_psql('source', q{SELECT log FROM audit_immutable.log WHERE relation = 't'::regclass});

sub dump_into
{
	my ($file, @what) = @_;
	$origin->command_ok([ 'pg_dump', @what, '-f', $file, 'source' ], "pg_dump @what");
	return;
}

# One that is at work, and one that has the extension and nothing else.
for my $ring (qw(ring2 ring3))
{
	my $conf = $ring eq 'ring2' ? '' : "shared_preload_libraries = 'audit_immutable'\n";
	my $node = new_signing_node($ring, key => new_key(), conf => "${conf}audit_immutable.checkpoint_interval = 0\n");
	$node->safe_psql('postgres', 'CREATE ROLE alice; CREATE TABLE mine (id int) USING audit_immutable; INSERT INTO mine VALUES (1)');
	create_database($node, $_) for qw(fresh schema forged);
	$node->safe_psql($_, 'CREATE EXTENSION audit_immutable') for qw(fresh schema forged);
	taken_over($node, "$ring, $_", $_) for qw(postgres fresh);
	of_a_schema($node, $ring);
	refused($node, $ring);
	$node->stop;
}
$origin->stop;
done_testing();

sub restore
{
	my ($node, $database, $file) = @_;
	$node->command_ok([ 'psql', '-XqAt', '-v', 'ON_ERROR_STOP=1', '-f', $file, '-d', $node->connstr($database) ], "$database: restored");
	return;
}

sub answer
{
	my ($node, $database, $sql) = @_;
	my ($status, $out, $error) = $node->psql($database, $sql);
	return $status == 0 ? $out : $error;
}

sub taken_over
{
	my ($node, $title, $database) = @_;
	restore($node, $database, "$directory/t");
	like(answer($node, $database, "INSERT INTO t (actor) VALUES ('early')"), qr/has no opening line in this database/, "$title: nothing is stamped before");
	like(answer($node, $database, "SELECT audit_immutable.protect('t')"), qr/cannot make an audit table.*HINT:.*audit_immutable\.import\(\)/s, "$title: protect says what to do");
	is(answer($node, $database, "SELECT audit_immutable.import('t', 'moved here')"), $log, "$title: the log keeps its identifier");
	is(problems($node, $database), '', "$title: intact");
	is(lines($node, $database, 't'), (split /\n/, $lines)[-1], "$title: every row, and the opening line");
	$node->safe_psql($database, "INSERT INTO t (actor) VALUES ('goes on')");
	is(problems($node, $database), '', "$title: and goes on");
	like($node->safe_psql($database, q{SELECT on_record FROM audit_immutable.verify('t')}),
		qr/^imported: 103 rows up to \["1:.*\] of a log that says it is of database $identity, whose sessions and checkpoints are not here, on record \S+ by \w+: moved here$/m,
		"$title: it is on record");
	like($node->safe_psql($database, q{SELECT audit_immutable.opening_line('t')}), qr/"database":"$identity"/, "$title: whose it was");
	like(checkpoint($node, $database), qr{^db\.example\.org/ledger/$database/1\n}, "$title: a checkpoint is signed");
	like($node->safe_psql($database, q{SELECT audit_immutable.receipt('t', 1, 1)}), qr/^c2sp.org/, "$title: with receipts");
	like(answer($node, $database, 'DELETE FROM t'), qr/cannot delete from audit table/, "$title: guarded");
	like(answer($node, $database, "SELECT audit_immutable.import('t', 'again')"), qr/is an audit table already/, "$title: once");
	like(answer($node, $database, "SELECT audit_immutable.retire('t', 'done')"), qr/^$/, "$title: it can be retired");
	like(answer($node, $database, q{ALTER TABLE t RENAME TO t_before; ALTER INDEX t_audit_chain_audit_seq_idx RENAME TO i_before; ALTER SEQUENCE t_id_seq RENAME TO s_before}), qr/^$/, "$title: and is plain then");
	$node->command_checks_all([ 'psql', '-XqAt', '-v', 'ON_ERROR_STOP=1', '-f', "$directory/t", '-d', $node->connstr($database) ],
		3, [], [qr/make "public\.t" the audit table of log $log.*was retired/s], "$title: a log that is over does not come back");
	return;
}

# A whole schema; and then a dump of all of that, which brings everything along.
sub of_a_schema
{
	my ($node, $ring) = @_;
	restore($node, 'schema', "$directory/app");
	$node->safe_psql('schema', "SELECT audit_immutable.import(relation, 'the schema app') FROM unnest(ARRAY['app.log', 'app.empty']::regclass[]) AS relation");
	is(problems($node, 'schema'), '', "$ring, -n: intact");
	is(lines($node, 'schema', qw(app.log app.empty)), join("\n", (split /\n/, $lines)[0, 1]), "$ring, -n: every line, with every change of columns");
	$node->safe_psql('schema', 'INSERT INTO app.log (id, sixth) VALUES (1, 6); INSERT INTO app.empty VALUES (1)');
	is(problems($node, 'schema'), '', "$ring, -n: and goes on");
	my $again = $node->basedir . '/again';
	$node->command_ok([ 'pg_dump', '-f', $again, $node->connstr('schema') ], "$ring: dumped");
	create_database($node, 'again');
	restore($node, 'again', $again);
	is(problems($node, 'again'), '', "$ring: a dump of what was imported");
	like($node->safe_psql('again', q{SELECT on_record FROM audit_immutable.verify('app.log')}), qr/^imported: 23 rows/m, "$ring: says so too");
	dump_table($node, 'schema', 'app.log', "$again.log");
	create_database($node, 'twice');
	$node->safe_psql('twice', 'CREATE EXTENSION audit_immutable; CREATE SCHEMA app');
	restore($node, 'twice', "$again.log");
	$node->safe_psql('twice', "SELECT audit_immutable.import('app.log', 'moved twice')");
	is(problems($node, 'twice'), '', "$ring: a log is imported a second time, from where it was imported");
	return;
}

sub dump_table
{
	my ($node, $database, $table, $file) = @_;
	$node->command_ok([ 'pg_dump', '-t', $table, '-f', $file, $node->connstr($database) ], "pg_dump -t $table");
	return;
}

# What does not verify, is not whose it says, or may not be done. Nothing of it stays.
sub refused
{
	my ($node, $ring) = @_;
	clear($node);
	my $other = '11111111-2222-4333-8444-555555555555';
	my %forged = (
		'a row changed' => [ sub { $_[0] =~ s/\tactor 50\t/\tactor XX\t/r }, qr/does not verify.*does not hash/s ],
		'a row left out' => [ sub { $_[0] =~ s/^50\tactor 50\t.*\n//mr }, qr/does not verify/ ],
		'an opening line of another log' => [ sub { $_[0] =~ s/("log":")$log/$1$other/r }, qr/opening line in the comment on its guard trigger is of log $other/ ],
		'an opening line of another table' => [ sub { $_[0] =~ s/"table":"public\.t"/"table":"public.u"/r }, qr/is of log $log, table public\.u/ ],
		'an opening line of this database' => [ sub { my $own = own($node); $_[0] =~ s/("database":")$identity/$1$own/r }, qr/opened in this database, which has no such log/ ],
		'an opening line of another database' => [ sub { $_[0] =~ s/("database":")$identity/$1$other/r }, qr/does not verify/ ],
		'no opening line' => [ sub { $_[0] =~ s/^COMMENT ON TRIGGER .*;$//mr }, qr/comment on its guard trigger is no opening line/ ],
	);
	for my $what (sort keys %forged)
	{
		my ($forge, $expected) = @{ $forged{$what} };
		my $file = $node->basedir . '/forged.sql';
		my $altered = $forge->($dump);
		isnt($altered, $dump, "$ring, $what: it is forged");
		unlink $file;
		append_to_file($file, $altered);
		restore($node, 'forged', $file);
		my $before = $node->safe_psql('forged', 'SELECT count(*) FROM audit_immutable.opening');
		like(answer($node, 'forged', "SELECT audit_immutable.import('t', 'r')"), $expected, "$ring, $what: refused");
		is($node->safe_psql('forged', q{SELECT count(*) FROM audit_immutable.event WHERE kind = 'imported'}), '0', "$ring, $what: nothing is on record");
		is($node->safe_psql('forged', 'SELECT count(*) FROM audit_immutable.opening'), $before, "$ring, $what: nor opened");
		clear($node);
	}
	restore($node, 'forged', "$directory/t");
	like(answer($node, 'forged', "SELECT audit_immutable.import('t', ' ')"), qr/the reason cannot be null or empty/, "$ring: not without a reason");
	like(answer($node, 'forged', "SELECT audit_immutable.import('first', 'r')"), qr/is an audit table already/, "$ring: no log of this database's");
	like(answer($node, 'forged', "SELECT audit_immutable.import('audit_immutable.event', 'r')"), qr/not an audit table/, "$ring: none of the extension's");
	like(answer($node, 'forged', "SET ROLE alice; SELECT audit_immutable.import('t', 'r')"), qr/permission denied for function import/, "$ring: not by everybody");
	$node->safe_psql('forged', 'GRANT EXECUTE ON FUNCTION audit_immutable.import TO alice');
	like(answer($node, 'forged', "SET ROLE alice; SELECT audit_immutable.import('t', 'r')"), qr/must be owner of table t/, "$ring: nor by who is not the owner");
	$node->safe_psql('forged', "BEGIN; SELECT audit_immutable.import('t', 'r'); ROLLBACK");
	like(answer($node, 'forged', "INSERT INTO t (actor) VALUES ('early')"), qr/has no opening line in this database/, "$ring: rolled back, it is not imported");
	is(answer($node, 'forged', "SELECT audit_immutable.import('t', 'r')"), $log, "$ring: and then it is");
	is(problems($node, 'forged'), '', "$ring: intact after all that");
	return;
}

sub own
{
	my ($node) = @_;
	return $node->safe_psql('forged', 'SELECT id FROM audit_immutable.database');
}

# A table whose log is not this database's goes as it came: what cannot be verified guards nothing.
sub clear
{
	my ($node) = @_;
	$node->safe_psql('postgres', 'DROP DATABASE forged');
	create_database($node, 'forged');
	$node->safe_psql('forged', 'CREATE EXTENSION audit_immutable');
	$node->safe_psql('forged', 'CREATE TABLE first (id int) USING audit_immutable');
	return;
}
