# Damage that was confirmed and cannot be mended: one deed with a reason anchors the chain again behind it. The rest is
# in order from then on, also for an auditor with nothing but an export; whatever else happens there is found.

use strict;
use warnings;

use AuditCluster;
use File::Temp;
use HeapFile;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use SigningKey;
use Test::More;

my $work = File::Temp::tempdir(CLEANUP => 1);
my $auditor = 'audit-immutable';
my ($vkey) = run_command([ $auditor, 'keygen', '--out', "$work/log.pem", '--name', 'db.example.org/ledger/postgres/1' ]);
my $node = new_signing_node('reanchor', key => "$work/log.pem", conf => "autovacuum = off\n");

$node->safe_psql('postgres', q{
	CREATE TABLE t (id int, note text) USING audit_immutable;
	INSERT INTO t SELECT i, 'row ' || lpad(i::text, 3, '0') FROM generate_series(1, 400) i;
	CREATE TABLE torn (id int, note text) USING audit_immutable;
	INSERT INTO torn SELECT i, 'row ' || lpad(i::text, 3, '0') FROM generate_series(1, 50) i;
	CREATE TABLE whole (id int) USING audit_immutable;
	INSERT INTO whole SELECT generate_series(1, 10);
	CREATE ROLE owner LOGIN;
	GRANT CREATE ON SCHEMA public TO owner;
	ALTER TABLE t OWNER TO owner;
});
checkpoint($node);
my @places = (6, 26, 400);
append_to_file("$work/before.$_", $node->safe_psql('postgres', "SELECT audit_immutable.receipt('t', 1, $_)") . "\n") for @places;

my %file = map { ($_ => $node->data_dir . '/' . $node->safe_psql('postgres', "CHECKPOINT; SELECT pg_relation_filepath('$_')")) } qw(t torn);
my %ctid = map { split /\|/ } split /\n/, $node->safe_psql('postgres', 'SELECT id, ctid FROM t');
my $torn = $node->safe_psql('postgres', 'SELECT ctid FROM torn WHERE id = 20');

# Edits a table's file while the server is down.
sub edit
{
	my ($table, $edit) = @_;
	$node->stop;
	my $file = HeapFile->new($file{$table}, [ [ 'id', 4, 'i' ], [ 'note', -1, 'i' ], [ 'audit_chain', 4, 'i' ], [ 'audit_seq', 8, 'd' ],
		[ 'audit_at', 8, 'd' ], [ 'audit_session', 8, 'd' ], [ 'audit_hash', -1, 'i' ] ]);
	$edit->($file);
	$file->save;
	$node->start;
	return;
}

sub bit_of
{
	my ($file, $row, $column, $bit) = @_;
	my $where = $file->columns($ctid{$row})->{$column};
	$file->flip($where->{at} + $where->{length} - 1, $bit // 1);
	return;
}

sub sql
{
	my ($sql) = @_;
	return $node->safe_psql('postgres', $sql);
}

sub exported
{
	my ($name) = @_;
	append_to_file("$work/$name", sql("SELECT audit_immutable.export('t')") . "\n");
	return "$work/$name";
}

sub status_of
{
	my ($out, $err) = ('', '');
	IPC::Run::run([@_], '<', \undef, '>', \$out, '2>', \$err);
	return $? >> 8;
}

# A row changed, five gone, a hash changed; and in another table a row that cannot be read at all.
my %gone = map { ($_ => undef) } 20 .. 24;
edit('t', sub {
	my ($file) = @_;
	bit_of($file, 7, 'note');
	bit_of($file, 40, 'audit_hash');
	for my $row (keys %gone)
	{
		my $at = $file->line_pointer($ctid{$row})->{at};
		$gone{$row} = $file->get($at, 4);
		$file->put($at, pack('V', 0));
	}
});
edit('torn', sub {
	my ($file) = @_;
	my $at = $file->columns($torn)->{note}{at};
	$file->put($at, pack('V', (1 << 28) << 2));
});
sql('REINDEX TABLE t');
is(findings($node, 'postgres', 't'), "1|7|modified\n1|20|missing\n1|40|modified", 'damage is found');
is(findings($node, 'postgres', 'torn'), '1|20|modified', 'and a row that cannot be read');
is(status_of($auditor, 'verify', exported('damaged')), 1, 'an auditor finds it too');

# One deed, by the owner, with a reason.
$node->safe_psql('postgres', "SELECT audit_immutable.acknowledge('t', 'the controller lost its cache, ticket 12')",
	connstr => $node->connstr('postgres') . ' user=owner');
verify_intact($node, 'postgres', 't', 'the rest is in order');
sql("SELECT audit_immutable.acknowledge('torn', 'a bad sector')");
verify_intact($node, 'postgres', 'torn', 'also where a row cannot be read');
is(sql("SELECT (detail #> '{damaged,1}') - '{before,hash,rows}'::text[] FROM audit_immutable.event WHERE kind = 'loss_acknowledged' AND relation = 'public.t'"),
	'{"last": 25, "chain": 1, "count": 6, "first": 20}', 'the rows are named');
my $on_record = sql("SELECT on_record FROM audit_immutable.verify('t'::regclass)");
like($on_record, qr/^loss acknowledged: $_.* by owner: the controller lost its cache, ticket 12$/m, 'verify says what was forgiven')
  for 'Row 7 of chain 1 does not hash', 'Rows 20 to 24 of chain 1 are missing', 'Row 40 of chain 1 does not hash';
my $events = 'SELECT count(*) FROM audit_immutable.event';
my $before = sql($events);
my (undef, undef, $notice) = $node->psql('postgres', "SELECT audit_immutable.acknowledge('t', 'once more')");
like($notice, qr/audit table "public\.t" is as it is on record/, 'there is nothing more to acknowledge');
sql("SELECT audit_immutable.acknowledge('torn', 'once more')");
is(sql($events), $before, 'and nothing is written');

# What an auditor sees.
my $event = sql("SELECT encode(audit_hash, 'hex') FROM audit_immutable.event WHERE kind = 'loss_acknowledged' AND relation = 'public.t'");
my $export = exported('acknowledged');
is(status_of($auditor, 'verify', $export), 1, 'whoever does not know the event refuses the export');
is(status_of($auditor, 'verify', $export, '--event', $event), 0, 'whoever does knows what is missing');
is(status_of('/usr/bin/python3', "$ENV{TESTDIR}/../../docs/verify.py", $export, '--event', $event), 0, 'so does the program of the specification');
my @gaps = grep { /"gap"/ } split /\n/, slurp_file($export);
is(scalar @gaps, 3, 'three gaps');
is(scalar(grep { /"event":"$event"/ } @gaps), 3, 'that name the event');

# Receipts of rows before and behind it, old ones and new ones.
for my $place (@places)
{
	is(status_of($auditor, 'receipt', "$work/before.$place", '--key', $vkey), 0, "the receipt of row $place is still good");
	append_to_file("$work/after.$place", sql("SELECT audit_immutable.receipt('t', 1, $place)") . "\n");
	is(status_of($auditor, 'receipt', "$work/after.$place", '--key', $vkey), 0, 'and another one of it is');
}

# The event is a row like others, with a receipt: what an auditor has the hash from.
checkpoint($node);
append_to_file("$work/event", sql(q{
	SELECT audit_immutable.receipt('audit_immutable.event', audit_chain, audit_seq) FROM audit_immutable.event
	WHERE kind = 'loss_acknowledged' AND relation = 'public.t'}) . "\n");
my ($receipt) = run_command([ $auditor, 'receipt', "$work/event", '--key', $vkey ]);
like($receipt, qr/the controller lost its cache, ticket 12/, 'a receipt of the event says why');
like($receipt, qr/$event/, 'and has the hash that the gaps name');

# What nobody can prove has none. Of a row whose stored hash alone was changed the line is still what was signed.
append_to_file("$work/still", sql("SELECT audit_immutable.receipt('t', 1, 40)") . "\n");
is(status_of($auditor, 'receipt', "$work/still", '--key', $vkey), 0, 'the receipt of row 40 is good');
for my $place (7, 25)
{
	my ($status, undef, $why) = $node->psql('postgres', "SELECT audit_immutable.receipt('t', 1, $place)");
	like($why, qr/row $place of chain 1 of audit table "public\.t" cannot be proved/, "no receipt of row $place");
}

# Writing goes on, and so do checkpoints, and verification from anywhere on.
sql("INSERT INTO $_ SELECT i, 'later' FROM generate_series(401, 450) i") for qw(t torn);
my $heads = sql("SELECT heads FROM audit_immutable.verify('t'::regclass)");
like(checkpoint($node), qr/^db\.example\.org/, 'a checkpoint');
sql("INSERT INTO t SELECT i, 'later' FROM generate_series(451, 500) i");
checkpoint($node);
is(sql('SELECT count(*) FROM audit_immutable.verify() WHERE NOT intact'), '0', 'all is in order');
is(sql("SELECT intact, rows FROM audit_immutable.verify('t'::regclass, since => '$heads')"), 't|50', 'what is new, too');
is(sql("SELECT intact FROM audit_immutable.verify('t'::regclass, since_checkpoint => $_)"), 't', "since tree size $_") for 0, 10, 30, 45, 300;
for my $place (7, 19, 25, 26, 39, 40, 41)
{
	my $hash = sql("SELECT encode(audit_hash, 'hex') FROM t WHERE audit_seq = $place");
	is(sql("SELECT intact, rows FROM audit_immutable.verify('t'::regclass, since => ARRAY['1:$place:$hash'])"),
		't|' . (500 - $place - ($place < 20 ? 5 : 0)), "since row $place");
}
is(sql(q{
	SET max_parallel_workers_per_gather = 2; SET parallel_setup_cost = 0; SET parallel_tuple_cost = 0;
	SET min_parallel_table_scan_size = 0; ALTER TABLE t SET (parallel_workers = 2);
	SELECT intact, rows FROM audit_immutable.verify('t'::regclass)}), 't|495', 'by several processes, too');

# A dump takes all of it along.
create_database($node, 'copy');
$node->run_log([ 'sh', '-c', 'pg_dump -T torn ' . $node->connstr('postgres') =~ s/(.*)/-d '$1'/r . " | psql -q -v ON_ERROR_STOP=1 -d '" . $node->connstr('copy') . "'" ]);
is(stamps($node, 'copy', 't'), stamps($node, 'postgres', 't'), 'the rows come back with the gap');
verify_intact($node, 'copy', 't', 'and are in order');
like($node->safe_psql('copy', "SELECT on_record FROM audit_immutable.verify('t'::regclass)"), qr/^loss acknowledged: Row 7 /m, 'with what is on record');
$node->safe_psql('copy', "INSERT INTO t VALUES (501, 'in the copy')");
verify_intact($node, 'copy', 't', 'and take new ones');

# A new incarnation makes leaves of all rows but those that are gone.
$node->append_conf('postgresql.conf', "audit_immutable.origin = 'db.example.org/new'");
$node->reload;
is(sql("SELECT audit_immutable.begin_incarnation('moved to a new rack')"), 'begun', 'a new incarnation');
like(checkpoint($node), qr{^db\.example\.org/new}, 'and its checkpoint');
is(sql('SELECT count(*) FROM audit_immutable.verify() WHERE NOT intact'), '0', 'all is in order');
is(sql("SELECT string_agg(first_seq || '-' || last_seq, ' ' ORDER BY first_leaf) FROM audit_immutable.leaf_range WHERE incarnation = 2 AND last_seq - first_seq > 15 AND chain = 1 AND log::text = audit_immutable.opening_line('t')::jsonb ->> 'log'"),
	'1-19 25-500', 'the rows that are gone are no leaves');

# Whatever happens now is another damage, and the old acknowledgement hides none of it.
sub then_found
{
	my ($title, $expected, $edit) = @_;
	sql('CHECKPOINT');
	my $whole = HeapFile->new($file{t}, []);
	edit('t', $edit);
	sql('REINDEX TABLE t');
	is(findings($node, 'postgres', 't'), $expected, "found: $title");
	$node->stop;
	$whole->save;
	$node->start;
	sql('REINDEX TABLE t');
	verify_intact($node, 'postgres', 't', 'put back');
	return;
}

then_found('a row that was changed is changed again', '1|7|modified', sub { bit_of($_[0], 7, 'note', 2) });
then_found('or changed back', '1|7|modified', sub { bit_of($_[0], 7, 'note', 1) });
then_found('or its hash is', '1|7|modified', sub { bit_of($_[0], 7, 'audit_hash', 4) });
then_found('or taken away', "1|7|missing", sub { $_[0]->put($_[0]->line_pointer($ctid{7})->{at}, pack('V', 0)) });
then_found('a row behind the gap, which nobody can prove, is changed', '1|25|modified', sub { bit_of($_[0], 25, 'note') });
then_found('a row comes back', '1|22|inserted', sub { $_[0]->put($_[0]->line_pointer($ctid{22})->{at}, $gone{22}) });
then_found('a row before it is changed', '1|19|modified', sub { bit_of($_[0], 19, 'note') });
then_found('a row behind it is changed', '1|26|modified', sub { bit_of($_[0], 26, 'note') });
# By the row itself, by what was acknowledged, and by the checkpoints of two incarnations.
then_found('the row before it has another hash', "1|19|checkpoint_mismatch\n1|19|checkpoint_mismatch\n1|19|modified\n1|19|modified", sub { bit_of($_[0], 19, 'audit_hash') });
then_found('another row is gone', "1|100|missing", sub { $_[0]->put($_[0]->line_pointer($ctid{100})->{at}, pack('V', 0)) });

# It can be acknowledged as well, and everything stays on record.
edit('t', sub { bit_of($_[0], 7, 'note', 2); bit_of($_[0], 300, 'note') });
sql("SELECT audit_immutable.acknowledge('t', 'and once more')");
verify_intact($node, 'postgres', 't', 'new damage is another acknowledgement');
$on_record = sql("SELECT on_record FROM audit_immutable.verify('t'::regclass)");
like($on_record, qr/$_/m, 'all of it is on record')
  for 'Row 7 of chain 1 does not hash.*: the controller', 'Row 7 of chain 1 is another than it was when its damage was acknowledged.*: and once more',
  'Row 300 .*: and once more';
checkpoint($node);
is(sql('SELECT count(*) FROM audit_immutable.verify() WHERE NOT intact'), '0', 'all is in order');

# A column may get another type all the same, with a rewrite: of what is damaged, what was left of it stays.
sql('ALTER TABLE t ALTER COLUMN id TYPE bigint');
sql("INSERT INTO t VALUES (1000000000000, 'a number that is larger than an int')");
is(sql('SELECT count(*) FROM audit_immutable.verify() WHERE NOT intact'), '0', 'a column of another type: all is in order');
$file{t} = $node->data_dir . '/' . sql("SELECT pg_relation_filepath('t')");
%ctid = map { split /\|/ } split /\n/, sql('SELECT id, ctid FROM t');

# Of a row that is there twice nothing can be told, and it stays a finding; so does what was acknowledged before.
sql('CHECKPOINT');
edit('t', sub {
	my ($file) = @_;
	my ($from, $to) = map { $file->line_pointer($ctid{$_}) } 200, 210;
	$file->put($to->{tuple}, $file->get($from->{tuple}, $from->{length}));
});
my $twice = "1|200|inserted\n1|210|missing";
is(findings($node, 'postgres', 't'), $twice, 'a row is there twice, in the place of another');
sql("SELECT audit_immutable.acknowledge('t', 'nobody knows which is true')");
is(findings($node, 'postgres', 't'), $twice, 'that cannot be acknowledged, and takes nothing else back');

# What somebody would have to look at row by row is not acknowledged.
sql("CREATE TABLE much (id int, note text) USING audit_immutable; INSERT INTO much SELECT i, 'x' FROM generate_series(1, 1200) i; CHECKPOINT");
$file{much} = $node->data_dir . '/' . sql("SELECT pg_relation_filepath('much')");
%ctid = map { split /\|/ } split /\n/, sql('SELECT id, ctid FROM much');
edit('much', sub { bit_of($_[0], $_, 'id') for 1 .. 1100 });
my ($status, undef, $err) = $node->psql('postgres', "SELECT audit_immutable.acknowledge('much', 'all of it')");
isnt($status, 0, 'too much is refused');
like($err, qr/too much of audit table "public\.much" is damaged to be acknowledged/, 'with the reason');
ok(!server_crashed($node), 'no process died');
done_testing();
