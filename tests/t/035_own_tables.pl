# What a disk edit makes of the tables that other logs rest on: which database this is, and the columns of logs.

use strict;
use warnings;

use AuditCluster;
use HeapFile;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = new_node('own', conf => "autovacuum = off\n");
$node->safe_psql('postgres', q{
	CREATE TABLE t (id int) USING audit_immutable;
	INSERT INTO t VALUES (1), (2);
	ALTER TABLE t ADD COLUMN note text;
	INSERT INTO t (id, note) VALUES (3, 'three'), (4, 'four');
	VACUUM (FREEZE) audit_immutable.database, audit_immutable.column_list;
});
my $broken = 'SELECT relation FROM audit_immutable.verify() WHERE NOT intact ORDER BY relation::text COLLATE "C"';
is($node->safe_psql('postgres', $broken), '', 'everything is intact before');

# The server down, an edit of the first row of an own table, the server up: what verify says. Then the files as they
# were, the indexes' too: they remember that a row was gone.
sub edited
{
	my ($table, $edit, $query) = @_;
	my @layout = map { [ split /\|/ ] } split /\n/, $node->safe_psql('postgres', qq{
		SELECT attname, attlen, attalign FROM pg_attribute
		WHERE attrelid = 'audit_immutable.$table'::regclass AND attnum > 0 ORDER BY attnum});
	my @paths = map { $node->data_dir . "/$_" } split /\n/, $node->safe_psql('postgres', qq{
		SELECT pg_relation_filepath('audit_immutable.$table')
		UNION ALL SELECT pg_relation_filepath(indexrelid) FROM pg_index WHERE indrelid = 'audit_immutable.$table'::regclass});
	$node->stop;
	my @whole = map { HeapFile->new($_) } @paths;
	my $file = HeapFile->new($paths[0], \@layout);
	$edit->($file);
	$file->save;
	$node->start;
	my ($status, $out, $error) = $node->psql('postgres', $query);
	$node->stop;
	$_->save for @whole;
	$node->start;
	return "$out$error";
}

sub flip
{
	my ($column, $inside) = @_;
	return sub {
		my ($file) = @_;
		my $where = $file->columns('0,1')->{$column};
		$inside += $where->{length} if $inside < 0;
		$file->flip($where->{at} + $inside, 1);
	};
}

# Another identity: nothing of the extension's own starts where it should, and t does, by its own opening line.
is(edited('database', flip('id', 0), $broken), join("\n", map { "audit_immutable.$_" } qw(column_list database event live opening session)),
	'another identity: every own log that has rows is broken');
my $gone = sub { my ($file) = @_; $file->put($file->line_pointer('0,1')->{at}, pack('V', 0)) };
is(edited('database', $gone, $broken), join("\n", map { "audit_immutable.$_" } qw(column_list database event live opening session)),
	'no identity: so are they');
like(edited('database', $gone, "INSERT INTO t (id) VALUES (5); CREATE TABLE u () USING audit_immutable"),
	qr/it is not known which database this is/, 'and nobody can make another');

# Columns that a line carries cannot be changed without it.
is(edited('column_list', flip('columns', 5), $broken), "audit_immutable.column_list\nt", 'a list that was changed');
is(edited('column_list', flip('columns', 5), "SELECT chain, seq, kind FROM audit_immutable.findings('t') WHERE seq IS NOT NULL"),
	'1|3|modified', 'the row that carries it is named');
is(edited('column_list', flip('heads', -2), $broken), "audit_immutable.column_list\nt", 'heads that were changed');
is(edited('column_list', $gone, $broken), "audit_immutable.column_list\nt", 'a list that is gone');
is(edited('column_list', $gone, "SELECT detail FROM audit_immutable.findings('t') WHERE kind = 'schema_changed'"),
	'The columns are not those the log was opened with, nor those it got later.', 'and the catalog is not what is left on record');

is($node->safe_psql('postgres', $broken), '', 'with the files as they were, everything is intact');
ok(!server_crashed($node), 'no edit took the server down');

done_testing();
