# Whoever owns the disk edits a table's file while the server is down. Every edit
# is found, with the row that it hit, and none takes the server down.
#
# Each case has a table of its own with the same rows, so that the cases do not
# touch each other and one stop of the server serves them all.

use strict;
use warnings;

use AuditCluster;
use HeapFile;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = new_node('tamper', conf => "autovacuum = off\n");
my $rows = 40;
my $victim = 7;     # the row that is hit, by id; ids are given in order of seq

my @columns = (
	[ 'id', 'bigint' ], [ 'int2', 'smallint' ], [ 'int4', 'integer' ], [ 'bool', 'boolean' ],
	[ 'txt', 'text' ], [ 'vc', 'varchar(40)' ], [ 'bp', 'char(20)' ], [ 'uid', 'uuid' ],
	[ 'tz', 'timestamptz' ], [ 'ts', 'timestamp' ], [ 'day', 'date' ], [ 'tod', 'time' ],
	[ 'span', 'interval' ], [ 'jb', 'jsonb' ], [ 'js', 'json' ], [ 'bin', 'bytea' ],
	[ 'num', 'numeric' ], [ 'f4', 'real' ], [ 'f8', 'double precision' ], [ 'ip', 'inet' ],
	[ 'net', 'cidr' ], [ 'list', 'integer[]' ]);
my $definition = join ', ', map { "$_->[0] $_->[1]" } @columns;
my $insert = q{
	SELECT i, i, i, true, 'text of row ' || lpad(i::text, 3, '0'), 'varchar', 'char',
		md5(i::text)::uuid, timestamptz '2026-01-01 00:00:00+00' + i * interval '1 s',
		timestamp '2026-01-01 00:00:00' + i * interval '1 s', date '2026-01-01' + i,
		time '10:00' + i * interval '1 s', i * interval '1 day',
		jsonb_build_object('k', lpad(i::text, 3, '0'), 'v', repeat('j', 20)), '{"k": "json"}',
		decode(md5(i::text), 'hex'), 1234.5678 + i, 1.5 + i, 2.5 + i,
		('10.1.2.' || i)::inet, ('10.1.' || i || '.0/24')::cidr, ARRAY[i, i + 1, i + 2]
	FROM generate_series(1, %d) i};

my (%case, @order);

# A case: a name, an edit (gets the HeapFile and a sub that gives the ctid of the
# row with an id), and a check (gets the findings as a list of [chain, seq, kind]).
sub scenario
{
	my ($name, $edit, $check, $intact) = @_;
	push @order, $name;
	$case{$name} = { edit => $edit, check => $check, intact => $intact // 'f', table => 'case_' . scalar @order };
	return;
}

# All that is found is about these rows of chain 1, and each of them is named.
sub names_exactly
{
	my (@expected) = @_;
	return sub {
		my ($found) = @_;
		my %seqs = map { ($_->[1] => 1) } @$found;
		return join(',', sort { $a <=> $b } keys %seqs) eq join(',', @expected)
		  && !grep { $_->[0] != 1 } @$found;
	};
}

# As above, with these kinds only.
sub names_as
{
	my ($kinds, @expected) = @_;
	my $exactly = names_exactly(@expected);
	return sub {
		my ($found) = @_;
		return $exactly->($found) && !grep { $_->[2] !~ /^($kinds)$/ } @$found;
	};
}

# This row is among those found.
sub names
{
	my ($seq) = @_;
	return sub { return scalar grep { defined $_->[1] && $_->[1] eq $seq } @{ $_[0] } };
}

# One bit in each column, as far inside the value as it takes to keep it a value.
for my $column (map { $_->[0] } @columns)
{
	scenario("a bit in $column", sub {
		my ($file, $ctid) = @_;
		my $where = $file->columns($ctid->($victim))->{$column};
		my $inside = 0;
		$inside = $where->{length} - 1 if $where->{header};
		$inside = int($where->{length} / 2) if $column =~ /^(txt|vc|js)$/;
		$file->flip($where->{at} + $inside, 1);
	}, names_as('modified', $victim));
}

# The stamps. A chain or seq that changed is a row missing here and one too many
# there; a hash that changed breaks the link of the row behind it.
scenario('a bit in audit_at', sub {
	my ($file, $ctid) = @_;
	$file->flip($file->columns($ctid->($victim))->{audit_at}{at}, 1);
}, names_as('modified', $victim));
scenario('a bit in audit_session', sub {
	my ($file, $ctid) = @_;
	$file->flip($file->columns($ctid->($victim))->{audit_session}{at}, 1);
}, names_as('modified|session_missing', $victim));
my $negative = 'the sign of audit_session';
scenario($negative, sub {
	my ($file, $ctid) = @_;
	$file->flip($file->columns($ctid->($victim))->{audit_session}{at} + 7, 0x80);
}, names_as('modified', $victim));
scenario('an infinite audit_at', sub {
	my ($file, $ctid) = @_;
	$file->put($file->columns($ctid->($victim))->{audit_at}{at}, pack('q<', 2**63 - 1));
}, names_as('modified', $victim));
scenario('a bit in audit_chain', sub {
	my ($file, $ctid) = @_;
	$file->flip($file->columns($ctid->($victim))->{audit_chain}{at}, 2);
}, names($victim));
scenario('a bit in audit_seq', sub {
	my ($file, $ctid) = @_;
	$file->flip($file->columns($ctid->($victim))->{audit_seq}{at} + 1, 1);
}, names($victim));
scenario('a bit in audit_hash', sub {
	my ($file, $ctid) = @_;
	my $where = $file->columns($ctid->($victim))->{audit_hash};
	$file->flip($where->{at} + $where->{length} - 1, 1);
}, sub {
	my ($found) = @_;
	return names($victim)->($found)
	  && !grep { $_->[1] != $victim && $_->[1] != $victim + 1 } @$found;
});

# Whole rows.
for my $flags (0, 3)    # LP_UNUSED, LP_DEAD
{
	scenario('a row is gone, its line pointer ' . ($flags ? 'dead' : 'unused'), sub {
		my ($file, $ctid) = @_;
		$file->put($file->line_pointer($ctid->($victim))->{at}, pack('V', $flags << 15));
	}, names_as('missing', $victim));
}
scenario('the first row is gone', sub {
	my ($file, $ctid) = @_;
	$file->put($file->line_pointer($ctid->(1))->{at}, pack('V', 0));
}, names_as('missing', 1));
scenario('the last row is gone', sub {
	my ($file, $ctid) = @_;
	$file->put($file->line_pointer($ctid->($rows))->{at}, pack('V', 0));
}, sub { return !@{ $_[0] } }, 't');    # no run began with it: the index knows nothing of it
# A transaction that was rolled back leaves just this behind: without checkpoints it is no evidence.
scenario('the last row is gone, its line pointer dead', sub {
	my ($file, $ctid) = @_;
	$file->put($file->line_pointer($ctid->($rows))->{at}, pack('V', 3 << 15));
}, sub { return !@{ $_[0] } }, 't');
scenario('two rows swap a value', sub {
	my ($file, $ctid) = @_;
	my ($one, $two) = map { $file->columns($ctid->($_))->{txt} } ($victim, $victim + 5);
	my ($left, $right) = map { $file->get($_->{at}, $_->{length}) } ($one, $two);
	die 'lengths differ' if length($left) != length($right);
	$file->put($one->{at}, $right);
	$file->put($two->{at}, $left);
}, names_as('modified', $victim, $victim + 5));
scenario('two rows swap all but their stamps', sub {
	my ($file, $ctid) = @_;
	my @half;
	for my $id ($victim, $victim + 5)
	{
		my ($at) = $file->data($ctid->($id));
		my $stamps = $file->columns($ctid->($id))->{audit_chain}{at};
		push @half, [ $at, $file->get($at, $stamps - $at) ];
	}
	die 'lengths differ' if length($half[0][1]) != length($half[1][1]);
	$file->put($half[0][0], $half[1][1]);
	$file->put($half[1][0], $half[0][1]);
}, names_as('modified', $victim, $victim + 5));
# The row's place in its chain is empty then, and its model is there twice.
scenario('a row is overwritten with another', sub {
	my ($file, $ctid) = @_;
	my ($from, $length) = $file->data($ctid->($victim + 5));
	my ($to, $room) = $file->data($ctid->($victim));
	die 'lengths differ' if $length != $room;
	$file->put($to, $file->get($from, $length));
}, sub {
	my ($found) = @_;
	return names($victim)->($found)
	  && !grep { $_->[1] != $victim && $_->[1] != $victim + 5 } @$found;
});
# Copied into a line pointer of its own: nothing is missing, one is too many.
scenario('a row is there twice', sub {
	my ($file, $ctid) = @_;
	my $page = 8192 * ($file->pages - 1);
	my ($lower, $upper) = unpack('vv', $file->get($page + 12, 4));
	my $model = $file->line_pointer($ctid->($rows));
	my $size = ($model->{length} + 7) & ~7;
	die 'no room' if $lower + 4 > $upper - $size;
	$file->put($page + $upper - $size, $file->get($model->{tuple}, $model->{length}));
	$file->put($page + $lower, pack('V', ($upper - $size) | 1 << 15 | $model->{length} << 17));
	$file->put($page + 12, pack('vv', $lower + 4, $upper - $size));
}, names($rows));
# The index still knows of rows beyond the end of the file.
scenario('the last page is cut off', sub {
	my ($file) = @_;
	$file->{bytes} = substr($file->{bytes}, 0, -8192);
}, sub {
	my ($found) = @_;
	return @$found > 0 && !grep { $_->[2] !~ /^(truncated|missing)$/ } @$found;
});
scenario('the file is emptied', sub {
	my ($file) = @_;
	$file->{bytes} = '';
}, sub {
	my ($found) = @_;
	return @$found > 0 && !grep { $_->[2] !~ /^(truncated|missing)$/ } @$found;
});

# Lengths that lie: whatever the server makes of them, it says so and stays up.
for my $column (qw(txt jb num audit_hash))
{
	for my $bit (0 .. 7)
	{
		scenario("bit $bit of the length of $column", sub {
			my ($file, $ctid) = @_;
			$file->flip($file->columns($ctid->($victim))->{$column}{at}, 1 << $bit);
		}, names($victim));
	}
}

# Row headers that lie. The number of columns, whether there are NULLs, where the values begin:
for my $field ([ 18, 0 .. 7 ], [ 20, 0 ], [ 22, 0 .. 7 ])
{
	my ($byte, @bits) = @$field;
	for my $bit (@bits)
	{
		scenario("bit $bit of byte $byte of the header", sub {
			my ($file, $ctid) = @_;
			$file->flip($file->line_pointer($ctid->($victim))->{tuple} + $byte, 1 << $bit);
		}, names($victim));
	}
}
# One of the two hints that freeze a row: alone, the other makes it one that was never committed.
scenario('a row is made to look as if it was rolled back', sub {
	my ($file, $ctid) = @_;
	my $tuple = $file->line_pointer($ctid->($victim))->{tuple};
	$file->flip($tuple + 21, 1);
	$file->flip($tuple - $tuple % 8192 + 10, 4);    # the page is not "all visible" then
}, names_as('missing', $victim));
# A page that PostgreSQL refuses: it is named, and the rows of the other pages are still checked.
scenario('a page header that lies', sub {
	my ($file, $ctid) = @_;
	$file->put(12, pack('v', 0xffff));
	my ($last) = $file->columns($ctid->($rows))->{txt};
	$file->flip($last->{at} + $last->{length} - 1, 1);
}, sub {
	my ($found) = @_;
	return names($rows)->($found) && names(1)->($found)
	  && grep { $_->[0] eq '' && $_->[2] eq 'modified' } @$found;
});

# The tables, with one chain each, frozen so that no hint bit is written later.
my $sql = '';
for my $name (@order)
{
	$sql .= "CREATE TABLE $case{$name}{table} ($definition) USING audit_immutable;\n"
	  . "INSERT INTO $case{$name}{table} " . sprintf($insert, $rows) . ";\n";
}
$node->safe_psql('postgres', $sql);
$node->safe_psql('postgres', "VACUUM (FREEZE) $case{$_}{table}") for @order;
verify_intact($node, 'postgres', $case{$_}{table}, "$_: intact before") for @order;

is($node->safe_psql('postgres', "SELECT min(audit_chain), max(audit_chain), bool_and(audit_seq = id) FROM $case{$order[0]}{table}"),
	'1|1|t', 'one chain, in order of id');
my @layout = map { [ split /\|/ ] } split /\n/, $node->safe_psql('postgres', qq{
	SELECT attname, attlen, attalign FROM pg_attribute
	WHERE attrelid = '$case{$order[0]}{table}'::regclass AND attnum > 0 ORDER BY attnum});
for my $name (@order)
{
	my $table = $case{$name}{table};
	$case{$name}{path} = $node->data_dir . '/'
	  . $node->safe_psql('postgres', "SELECT pg_relation_filepath('$table')");
	$case{$name}{ctid} = { map { split /\|/ } split /\n/,
		$node->safe_psql('postgres', "SELECT id, ctid FROM $table") };
}

$node->stop;
for my $name (@order)
{
	my $file = HeapFile->new($case{$name}{path}, \@layout);
	my $ctid = $case{$name}{ctid};
	$case{$name}{edit}->($file, sub { return $ctid->{ $_[0] } });
	$file->save;
}
$node->start;

for my $name (@order)
{
	my $table = $case{$name}{table};
	my $found = findings($node, 'postgres', $table);
	my @found = map { [ split /\|/ ] } grep { !/^error/ } split /\n/, $found;
	ok($case{$name}{check}->(\@found), "$name: found") or diag("findings of $table:\n$found");

	my ($status, $out) = $node->psql('postgres',
		"SELECT intact FROM audit_immutable.verify('$table'::regclass)");
	like($out, qr/^$case{$name}{intact}$/, "$name: intact or not");

	if ($node->psql('postgres', 'SELECT 1') != 0)
	{
		fail("$name: the server stays up");
		$node->stop('immediate', fail_ok => 1);
		$node->start;
	}
}
like($node->safe_psql('postgres', "SELECT detail FROM audit_immutable.findings('$case{$negative}{table}')"),
	qr/cannot have been stamped so\. Its audit_session is negative\./, 'a session that cannot be is said to be none');
ok(!server_crashed($node), 'no edit took the server down');

done_testing();
