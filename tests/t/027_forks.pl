# Heads that are too old, put in place by hand: whatever makes a row follow on one, it is refused, or the fork is found.
# And a chain's tail that was cut off is found for as long as the index remembers it.

use strict;
use warnings;

use AuditCluster;
use HeapFile;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $t = 'CREATE TABLE t (note text) USING audit_immutable';

# The files of a table and of its chains' index, below the data directory.
sub files
{
	my ($node, $database) = @_;
	return split /\n/, $node->safe_psql($database,
		"SELECT pg_relation_filepath(c) FROM unnest('{t, t_audit_chain_audit_seq_idx}'::regclass[]) AS c");
}

# Writes a row into a log that has some it does not know of; then it was refused, or is found as the second in its place.
sub found_or_refused
{
	my ($node, $database, $seq, $what) = @_;
	my ($status, $out, $err) = $node->psql($database, "INSERT INTO t VALUES ('behind the head') RETURNING audit_seq");
	if ($status)
	{
		like($err, qr/chain 1 .*is broken|there are rows behind it/s, "$what: refused");
		is(findings($node, $database, 't') =~ /inserted/ ? 'a fork' : 'no fork', 'no fork', "$what: no fork");
		return 'refused';
	}
	is($out, $seq, "$what: written a second time");
	like(findings($node, $database, 't'), qr/^1\|$seq\|inserted$/m, "$what: found");
	return 'found';
}

# -- A head in shared memory. Nothing in the server makes it too old: so the rows behind it are written by a copy of the
# -- server, and come back with its files, under a database that nobody is in.

my $node = new_node('preloaded', init => { allows_streaming => 1 },
	conf => "shared_preload_libraries = 'audit_immutable'\nautovacuum = off\nallow_in_place_tablespaces = on\nwal_keep_size = 256MB\n");
# Four of the large ones fill a page, but for some small ones.
my %row = (small => "'small'", large => "repeat('x', 1800)");
my @cases = (
	[ 'in its block', [ ($row{small}) x 3 ] ],
	[ 'in its block, which is full, and behind it', [ ($row{small}) x 300 ] ],
	[ 'in another block', [ ($row{large}) x 3 ], ($row{large}) x 4 ],
);
for my $number (0 .. $#cases)
{
	my ($what, $more, @before) = @{ $cases[$number] };
	my $database = "d$number";
	create_database($node, $database);
	$node->safe_psql($database, 'CREATE EXTENSION audit_immutable');
	$node->safe_psql($database, $t);
	$node->safe_psql($database, "INSERT INTO t VALUES ($_)") for @before;
	$node->safe_psql($database, "INSERT INTO t VALUES ('the head in shared memory') RETURNING audit_seq");
	my @files = files($node, $database);

	$node->backup("backup$number");
	my $copy = PostgreSQL::Test::Cluster->new("copy$number");
	$copy->init_from_backup($node, "backup$number");
	$copy->start;
	$copy->safe_psql($database, "INSERT INTO t VALUES ($_)") for @$more;
	$copy->safe_psql($database, 'VACUUM (FREEZE) t; CHECKPOINT');
	is(join(' ', files($copy, $database)), join(' ', @files), 'the copy has the same files');
	$copy->stop;

	# Its pages are of a later place in the log than this server has come to.
	$node->safe_psql('postgres', 'SELECT pg_switch_wal(); CREATE TABLE junk AS SELECT 1; DROP TABLE junk') for 1 .. 3;
	$node->safe_psql('postgres', "CREATE TABLESPACE space$number LOCATION ''");
	$node->safe_psql('postgres', "ALTER DATABASE $database SET TABLESPACE space$number");
	my ($there) = glob($node->data_dir . '/pg_tblspc/' .
		$node->safe_psql('postgres', "SELECT oid FROM pg_tablespace WHERE spcname = 'space$number'") . '/PG_*');
	for my $file (@files)
	{
		(my $place = $file) =~ s{^base/}{$there/};
		unlink glob("${place}_*");
		system_or_bail('cp', $copy->data_dir . "/$file", $place);
	}
	# The log does not say what the files have now.
	is($node->safe_psql($database, 'SELECT count(*) FROM t'), @before + 1 + @$more, "rows $what are behind the head");
	my $came = found_or_refused($node, $database, @before + 2, "a head in shared memory, with rows $what");
	is($came, 'refused', 'the next run is looked for') if $number == 1;
	$copy->clean_node;
}
$node->stop('immediate');

# -- An index that is too old: the head is the last row that it leads to.

$node = new_node('indexed', conf => "autovacuum = off\n");
for my $case ([ 'in its block', 3 ], [ 'in other blocks', 300 ])
{
	my ($what, $more) = @$case;
	$node->safe_psql('postgres', $t);
	$node->safe_psql('postgres', "INSERT INTO t SELECT 'early' FROM generate_series(1, 20); CHECKPOINT");
	my (undef, $index) = map { $node->data_dir . "/$_" } files($node, 'postgres');
	$node->stop;
	system_or_bail('cp', $index, "$index.early");
	$node->start;
	$node->safe_psql('postgres', "INSERT INTO t SELECT 'late' FROM generate_series(1, $more); VACUUM (FREEZE) t; CHECKPOINT");
	$node->stop;
	rename("$index.early", $index) or die "$index: $!";
	$node->start;
	my ($status, $seq) = $node->psql('postgres', "INSERT INTO t VALUES ('behind the head') RETURNING audit_seq");
	if ($more == 3)
	{
		is($seq, 24, 'an old index leads to what stands in the block of the head');
		verify_intact($node, 'postgres', 't');
	}
	else
	{
		cmp_ok($seq, '<', 21 + $more, "an old index, with rows $what: written a second time");
		like(findings($node, 'postgres', 't'), qr/^1\|$seq\|inserted$/m, 'found');
		$node->safe_psql('postgres', 'REINDEX TABLE t');
		like(findings($node, 'postgres', 't'), qr/^1\|$seq\|inserted$/m, 'and after REINDEX too');
	}
	$node->safe_psql('postgres', "SELECT audit_immutable.retire('t', 'another one'); DROP TABLE t");
}

# -- The tail of a chain. Without a checkpoint, the index is all that remembers.

# The rows of t, each with its ctid; what is found after the file was changed by $change and before and after REINDEX.
sub cut
{
	my ($rows, $change) = @_;
	$node->safe_psql('postgres', $t);
	$node->safe_psql('postgres', "INSERT INTO t SELECT repeat('x', 1900) FROM generate_series(1, $rows); VACUUM (FREEZE) t; CHECKPOINT");
	my ($path) = map { $node->data_dir . "/$_" } files($node, 'postgres');
	my %ctid = split /[|\n]/, $node->safe_psql('postgres', 'SELECT audit_seq, ctid FROM t');
	$node->stop;
	my $file = HeapFile->new($path, []);
	$change->($file, sub { $file->line_pointer($ctid{ $_[0] }) });
	$file->save;
	$node->start;
	my $before = findings($node, 'postgres', 't');
	$node->safe_psql('postgres', 'REINDEX TABLE t');
	my $after = findings($node, 'postgres', 't');
	$node->safe_psql('postgres', "SELECT audit_immutable.retire('t', 'another one'); DROP TABLE t");
	return "$before / $after";
}

# Four rows stand in a page.
is(cut(12, sub { $_[0]{bytes} = substr($_[0]{bytes}, 0, -8192) }), '1|9|truncated / ', 'the last page, a run of its own');
is(cut(13, sub { $_[0]->put($_[1]->(13)->{at}, "\0" x 4) }), '1|13|missing / ', 'the last row freed, which began a run');
is(cut(12, sub { $_[0]->put($_[1]->(12)->{at}, "\0" x 4) }), ' / ', 'the last row freed, which did not: nothing remembers it');
is(cut(12, sub { $_[0]->put($_[1]->(11)->{at}, "\0" x 4) }), '1|11|missing / 1|11|missing', 'the row before the last one');
$node->stop;

done_testing();
