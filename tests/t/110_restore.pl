# What a chain alone cannot show, checkpoints do: a tail that was cut off, an old
# backup that was put back, a copy, a standby that took over.

use strict;
use warnings;

use AuditCluster;
use Digest::SHA qw(sha256);
use HeapFile;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use SigningKey;
use Test::More;

my $key = new_key();
my $node = new_signing_node('restore', key => $key, conf => "autovacuum = off\n", init => { allows_streaming => 1 });
$node->safe_psql('postgres', q{
	CREATE TABLE t (id int, note text) USING audit_immutable;
	INSERT INTO t SELECT i, repeat('x', 100) FROM generate_series(1, 500) i;
	CREATE TABLE untouched (id int) USING audit_immutable;
	INSERT INTO untouched VALUES (1);
});
# Two writers at once: two chains.
my $writer = $node->background_psql('postgres');
$node->safe_psql('postgres', 'CREATE TABLE two (id int) USING audit_immutable');
$writer->query_safe('BEGIN; INSERT INTO two VALUES (1), (2)');
$node->safe_psql('postgres', 'INSERT INTO two VALUES (3), (4), (5)');
$writer->query_safe('COMMIT');
$writer->quit;
my $early = checkpoint($node);
my $old_backup = $node->basedir . '/old_backup';
$node->stop;
system_or_bail('cp', '-a', $node->data_dir, $old_backup);
$node->start;
$node->safe_psql('postgres', "INSERT INTO t SELECT i, repeat('y', 100) FROM generate_series(501, 1000) i");
my $late = checkpoint($node);
is(note_size($late), note_size($early) + 501, 'a later checkpoint: 500 rows and a session more');

sub verdicts
{
	my ($server, $note, $database) = @_;
	return $server->safe_psql($database // 'postgres',
		"SELECT verdict, relation, chain, first_seq, last_seq FROM audit_immutable.check_note(\$note\$$note\$note\$)");
}
is(verdicts($node, $early), 'contained||||', 'the early note holds');
is(verdicts($node, $late), 'contained||||', 'the late note holds');

# The owner of the disk cuts off the last pages and has the index made anew.
my $path = $node->data_dir . '/' . $node->safe_psql('postgres', "SELECT pg_relation_filepath('t')");
my $whole = $node->safe_psql('postgres', 'CHECKPOINT; SELECT max(audit_seq) FROM t');
my $export = sub { $node->safe_psql('postgres', q{SELECT audit_immutable.export('t')}) . "\n" };
$node->stop;
system_or_bail('cp', $path, "$path.whole");
truncate($path, (-s $path) - 2 * 8192) or die "$path: $!";
$node->start;
$node->safe_psql('postgres', 'REINDEX TABLE t');
my $left = $node->safe_psql('postgres', 'SELECT max(audit_seq) FROM t');
cmp_ok($left, '<', $whole, 'rows are gone');
my $script = $node->basedir . '/export.jsonl';
append_to_file($script, $export->());
command_like([ 'python3', "$ENV{TESTDIR}/../../docs/verify.py", $script ], qr/\S/, 'the chain alone is fooled');
my $first_gone = $left + 1;
is(findings($node, 'postgres', 't'), "1|$first_gone|truncated", 'verify names the first row that is gone');
like($node->safe_psql('postgres', "SELECT first_finding FROM audit_immutable.verify('t'::regclass)"),
	qr/Rows $first_gone to $whole of chain 1 are gone/, 'and the last');
is(verdicts($node, $late), "truncated|public.t|1|$first_gone|$whole", 'check_note names them too');
is(verdicts($node, $early), 'contained||||', 'the early note, which commits to none of them, holds');
verify_intact($node, 'postgres', 'untouched');

# New rows must not take the place of those that are gone.
$node->safe_psql('postgres', "INSERT INTO t VALUES (0, 'in their place')");
my (undef, $since, $error) = $node->psql('postgres', 'SELECT audit_immutable.checkpoint()');
like($error, qr/WARNING: .*does not commit to all rows.*"public\.t", row $whole of chain 1 is gone/s, 'nothing of it is signed over the gap');
like($since, qr/^db\.example\.org/, 'but what others wrote is');
is($node->safe_psql('postgres', q{SELECT detail ->> 'why' FROM audit_immutable.event WHERE kind = 'checkpoint_skipped' AND relation = 'public.t'}),
	qq(In audit table "public.t", row $whole of chain 1 is gone.), 'with the reason on record');
my $second_gone = $first_gone + 1;
is(findings($node, 'postgres', 't'), "1|$first_gone|checkpoint_mismatch\n1|$second_gone|truncated",
	'verify names the row in their place, and those that are gone');
is($node->safe_psql('postgres', q{SELECT max(last_seq) FROM audit_immutable.leaf_range JOIN audit_immutable.log USING (log)
	WHERE relation = 't'::regclass}), $whole, 'no new row of it became a leaf');

# The last row marked dead, which is what a transaction that rolled back leaves.
$node->stop;
system_or_bail('cp', "$path.whole", $path);
$node->start;
$node->safe_psql('postgres', 'REINDEX TABLE t');
my $ctid = $node->safe_psql('postgres', "SELECT ctid FROM t WHERE audit_seq = $whole");
my $two = $node->data_dir . '/' . $node->safe_psql('postgres', "SELECT pg_relation_filepath('two')");
my $of_second = $node->safe_psql('postgres', 'CHECKPOINT; SELECT ctid FROM two WHERE audit_chain = 2');
$node->stop;
system_or_bail('cp', $two, "$two.whole");
mark_dead($path, $ctid);
mark_dead($two, split /\n/, $of_second);
$node->start;
is(findings($node, 'postgres', 't'), "1|$whole|truncated", 'a last row marked dead is missed');
$node->safe_psql('postgres', 'REINDEX TABLE two');
is($node->safe_psql('postgres', 'SELECT count(*), count(DISTINCT audit_chain) FROM two'), '2|1', 'a chain is gone');
is(findings($node, 'postgres', 'two'), '2|1|truncated', 'a chain that is gone is missed');
is(verdicts($node, $early), 'truncated|public.two|2|1|3', 'from its first row to its last');

# Put back, all is well.
$node->stop;
system_or_bail('cp', "$path.whole", $path);
system_or_bail('cp', "$two.whole", $two);
$node->start;
$node->safe_psql('postgres', 'REINDEX TABLE t');
$node->safe_psql('postgres', 'REINDEX TABLE two');
is(verdicts($node, $late), 'contained||||', 'put back, the note holds again');
verify_intact($node, 'postgres', 't', 'and verify finds nothing');
$late = $since;    # what was signed last

# The tree itself: a note, a root, and the hashes, in their files.
my %file_of = map { ($_ => $node->data_dir . '/' . $node->safe_psql('postgres', "SELECT pg_relation_filepath('audit_immutable.$_')")) }
  qw(signed_checkpoint tree_head);
$file_of{tree_hashes} = $node->data_dir . '/' . $node->safe_psql('postgres',
	"SELECT pg_relation_filepath(reltoastrelid) FROM pg_class WHERE oid = 'audit_immutable.tree_hashes'::regclass");
my %text_of = (signed_checkpoint => (split /\n/, $late)[2], tree_head => MIME_decode((split /\n/, $late)[2]));
$text_of{tree_hashes} = pack 'H*', $node->safe_psql('postgres', q{
	CHECKPOINT; SELECT substr(encode(hashes, 'hex'), 1, 64) FROM audit_immutable.tree_hashes ORDER BY audit_seq LIMIT 1});
for my $table (sort keys %file_of)
{
	$node->stop;
	my $bytes = slurp_file($file_of{$table});
	my $at = index($bytes, $text_of{$table});
	cmp_ok($at, '>', 0, "$table: the bytes are in its file");
	system_or_bail('cp', $file_of{$table}, "$file_of{$table}.whole");
	my $file = HeapFile->new($file_of{$table}, []);
	$file->flip($at + 5, 1);
	$file->save;
	$node->start;
	like(findings($node, 'postgres', "audit_immutable.$table"), qr/\|modified$/m, "$table: a byte that was changed is found");
	isnt($node->psql('postgres', 'SELECT audit_immutable.checkpoint()'), 0, "$table: nothing is signed on it") if $table eq 'tree_head';
	like(findings($node, 'postgres', 't'), qr/checkpoint_mismatch$/m, "$table: and no log is in order") if $table eq 'signed_checkpoint';
	is($node->safe_psql('postgres', 'SELECT count(*) FROM t'), $whole, "$table: all rows are there");
	$node->stop;
	system_or_bail('cp', "$file_of{$table}.whole", $file_of{$table});
	$node->start;
}
is($node->safe_psql('postgres', 'SELECT bool_and(intact) FROM audit_immutable.verify()'), 't', 'put back, all is well');

# Which rows are which leaves, forgotten: a chain that the tree does not know of could go unnoticed.
my $ranges = $node->data_dir . '/' . $node->safe_psql('postgres', "SELECT pg_relation_filepath('audit_immutable.leaf_range')");
my $last_range = $node->safe_psql('postgres', 'CHECKPOINT; SELECT ctid FROM audit_immutable.leaf_range ORDER BY audit_seq DESC LIMIT 1');
$node->stop;
system_or_bail('cp', $ranges, "$ranges.whole");
mark_dead($ranges, $last_range);
$node->start;
$node->safe_psql('postgres', 'REINDEX TABLE audit_immutable.leaf_range');
is(findings($node, 'postgres', 'audit_immutable.leaf_range'), '||checkpoint_mismatch', 'a range that is gone is missed');
like(findings($node, 'postgres', 't'), qr/^\|\|checkpoint_mismatch$/m, 'in every log');
like(verdicts($node, $late), qr/^rewritten\|\|\|\|$/m, 'and by check_note');
(undef, undef, $error) = $node->psql('postgres', 'SELECT audit_immutable.checkpoint()');
like($error, qr/contradicts an earlier checkpoint.*leaf_range does not say any more/s, 'and nothing is signed');
$node->stop;
system_or_bail('cp', "$ranges.whole", $ranges);
$node->start;
$node->safe_psql('postgres', 'REINDEX TABLE audit_immutable.leaf_range');
is(verdicts($node, $late), 'contained||||', 'put back, all is well');

# The old backup is put back, while the server is down.
$node->stop;
my $data = $node->data_dir;
my $present = $node->basedir . '/present';
rename $data, $present or die "$data: $!";
system_or_bail('cp', '-a', $old_backup, $data);
$node->start;
verify_intact($node, 'postgres', 't', 'by itself the old backup is in order');
is(verdicts($node, $early), 'contained||||', 'the early note holds in it');
is(verdicts($node, $late), 'behind||||', 'the late note tells that it is old');
$node->safe_psql('postgres', "INSERT INTO t SELECT i, 'another history' FROM generate_series(501, 2000) i");
(undef, undef, $error) = $node->psql('postgres', 'SELECT audit_immutable.checkpoint()');
like($error, qr/contradicts an earlier checkpoint.*has another root hash/s, 'the server signs nothing that contradicts what it signed');
is(slurp_file("$key.postgres.signed"), $late, 'what it signed last is remembered beside the key');
(undef, undef, $error) = $node->psql('postgres', "SELECT audit_immutable.begin_incarnation('')");
like($error, qr/reason cannot be null or empty/, 'a new incarnation needs a reason');
(undef, undef, $error) = $node->psql('postgres', "SELECT audit_immutable.begin_incarnation('r', 'no note')");
like($error, qr/not a signed checkpoint/, 'and a note, if one is given');
is($node->safe_psql('postgres', "SELECT audit_immutable.begin_incarnation('the disk failed; backup of last night', \$note\$$late\$note\$)"),
	'begun', 'rows are lost: a new incarnation begins');
my $anew = checkpoint($node);
like($anew, qr/^db\.example\.org\/ledger\/postgres\/2\n/, 'under an origin of its own');
is(verdicts($node, $anew), 'contained||||', 'its notes hold');
like($node->safe_psql('postgres', "SELECT verdict || ': ' || detail FROM audit_immutable.check_note(\$note\$$late\$note\$)"),
	qr/^(forked|behind): .*Incarnation 1 is over/, 'a note of the old one is told from it');
is($node->safe_psql('postgres', 'SELECT number, resumed, known_size, reason FROM audit_immutable.incarnation ORDER BY id DESC LIMIT 1'),
	'2|f|' . note_size($late) . '|the disk failed; backup of last night', 'with the reason on record');
my $leaf_0 = $node->safe_psql('postgres', 'SELECT encode(audit_immutable.entries(0, 1), \'hex\')');
my $root = unpack 'H*', MIME_decode((split /\n/, $late)[2]);
is(substr($leaf_0, -64), $root, 'its first leaf commits to the last note of the old one');
is($node->safe_psql('postgres', 'SELECT relation FROM audit_immutable.verify() WHERE NOT intact'), 'audit_immutable.incarnation', 'that rows are lost is said');
$node->safe_psql('postgres', "SELECT audit_immutable.acknowledge('audit_immutable.incarnation', 'what was written since the backup is lost')");
is($node->safe_psql('postgres', 'SELECT bool_and(intact) FROM audit_immutable.verify()'), 't', 'until it is acknowledged: every log is intact');

# A dump restored into another database is not where its checkpoints were signed.
$node->safe_psql('postgres', "INSERT INTO t VALUES (1, 'before the dump')");
local $ENV{PGTZ} = 'UTC';
$node->command_ok([ 'pg_dump', '-f', $node->basedir . '/dump.sql', $node->connstr('postgres') ], 'a dump');
create_database($node, 'copy');
$node->command_ok([ 'psql', '-XqAt', '-v', 'ON_ERROR_STOP=1', '-f', $node->basedir . '/dump.sql', $node->connstr('copy') ], 'restored');
is($node->safe_psql('copy', 'SELECT bool_and(intact) FROM audit_immutable.verify()'), 't', 'the copy is intact, the tree too');
is(verdicts($node, $anew, 'copy'), 'contained||||', 'the note holds in the copy');
(undef, undef, $error) = $node->psql('copy', 'SELECT audit_immutable.checkpoint()');
like($error, qr/not where its checkpoints were signed last.*database "postgres"/s, 'but the copy does not sign for it');
is($node->safe_psql('copy', "SELECT audit_immutable.begin_incarnation('a copy for the auditors')"), 'begun', 'until told to');
like(checkpoint($node, 'copy'), qr/^db\.example\.org\/ledger\/copy\/3\n/, 'then under its own name');
like(verdicts($node, checkpoint($node), 'copy'), qr/^behind|^contained/, 'a note of the original is known there');

# Whoever has a dump can compute a whole new history, every hash and link of it right.
create_database($node, 'forged');
append_to_file($node->basedir . '/forged.sql',
	forged(slurp_file($node->basedir . '/dump.sql'), $node->safe_psql('postgres', "SELECT audit_immutable.opening_line('t')"), 250));
$node->command_ok([ 'psql', '-XqAt', '-v', 'ON_ERROR_STOP=1', '-f', $node->basedir . '/forged.sql', $node->connstr('forged') ], 'a forged dump is restored');
is($node->safe_psql('forged', 'SELECT note FROM t WHERE audit_seq = 250'), 'forged', 'with another row');
is(findings($node, 'forged', 't'), "1|250|checkpoint_mismatch\n1|250|checkpoint_mismatch", 'verify names the row where the history parts, by the checkpoints of both incarnations');
is(verdicts($node, $anew, 'forged'), 'rewritten|public.t|1|250|' . $node->safe_psql('postgres', q{
	SELECT last_seq FROM audit_immutable.leaf_range AS r JOIN audit_immutable.log AS l USING (log)
	WHERE l.relation = 't'::regclass AND incarnation = 2 ORDER BY first_leaf LIMIT 1}), 'and so does check_note');
verify_intact($node, 'forged', 'untouched');

# A standby has everything that was signed, and can take over.
$node->append_conf('postgresql.conf', "audit_immutable.checkpoint_waits_for = 'second'\n");
$node->reload;
$node->backup('for_standby');
my $standby = PostgreSQL::Test::Cluster->new('second');
$standby->init_from_backup($node, 'for_standby', has_streaming => 1);
$standby->start;
$node->poll_query_until('postgres', "SELECT count(*) = 1 FROM pg_stat_replication WHERE state = 'streaming'");
$node->safe_psql('postgres', "INSERT INTO t VALUES (2, 'replicated')");
my $replicated = checkpoint($node);
$node->wait_for_catchup($standby, 'replay', $node->lsn('insert'));
is(verdicts($standby, $replicated), 'contained||||', 'the note holds on the standby');
(undef, undef, $error) = $standby->psql('postgres', 'SELECT audit_immutable.checkpoint()');
like($error, qr/cannot make a checkpoint on a standby/, 'which makes none itself');
is($standby->safe_psql('postgres', 'SELECT bool_and(intact) FROM audit_immutable.verify()'), 't', 'and verifies');
is($standby->safe_psql('postgres', "SELECT rows FROM audit_immutable.verify('t', since_checkpoint => " . note_size($replicated) . ')'),
	'0', 'from the checkpoint on too');
$node->stop;
$standby->promote;
$standby->safe_psql('postgres', "INSERT INTO t VALUES (3, 'after the failover')");
(undef, undef, $error) = $standby->psql('postgres', 'SELECT audit_immutable.checkpoint()');
like($error, qr/not where its checkpoints were signed last.*timeline 1.*timeline 2/s, 'after a failover it waits to be told');
is($standby->safe_psql('postgres', "SELECT audit_immutable.begin_incarnation('failover', \$note\$$replicated\$note\$)"),
	'resumed', 'nothing is lost: the incarnation goes on');
(undef, undef, $error) = $standby->psql('postgres', "SELECT audit_immutable.begin_incarnation('again', \$note\$$replicated\$note\$)");
like($error, qr/no reason to begin an incarnation/, 'once');
$standby->append_conf('postgresql.conf', "audit_immutable.checkpoint_waits_for = ''\n");
$standby->reload;
my $resumed = checkpoint($standby);
like($resumed, qr/^db\.example\.org\/ledger\/postgres\/2\n/, 'under the same origin');
is(note_size($resumed), note_size($replicated) + 3, 'and the tree goes on: a row, and the two sessions that wrote');
is(verdicts($standby, $replicated), 'contained||||', 'the note of before holds');
$standby->stop;

# The clock is set back by a year: no time is signed, so nothing depends on it.
my ($library) = glob '/usr/lib/*/faketime/libfaketime.so.1';
{
	local $ENV{LD_PRELOAD} = $library;
	local $ENV{FAKETIME} = '-365d';
	$standby->start;
}
cmp_ok($standby->safe_psql('postgres', 'SELECT extract(epoch FROM clock_timestamp())'), '<', time - 360 * 86400, 'by a year');
$standby->safe_psql('postgres', "INSERT INTO t VALUES (4, 'out of the past')");
my $past = checkpoint($standby);
is(note_size($past), note_size($resumed) + 2, 'the tree goes on: a row and its session');
is(verdicts($standby, $_), 'contained||||', 'notes of before and after hold') for $replicated, $resumed, $past;
is($standby->safe_psql('postgres', 'SELECT bool_and(intact) FROM audit_immutable.verify()'), 't', 'and every log is intact');
$standby->stop;
done_testing();

# Makes line pointers dead, as they are left when a transaction rolls back.
sub mark_dead
{
	my ($path, @ctids) = @_;
	my $file = HeapFile->new($path, []);
	$file->put($file->line_pointer($_)->{at}, pack('V', 3 << 15)) for @ctids;
	$file->save;
	return;
}

# A dump with another note in one row of t, and every hash from there on computed anew.
sub forged
{
	my ($dump, $opening, $victim) = @_;
	my ($before, $rows, $after) = $dump =~ /^(.*?COPY public\.t [^\n]*FROM stdin;\n)(.*?)(\n\\\.\n.*)$/s or die 'no rows of t';
	my @rows = sort { $a->[3] <=> $b->[3] } map { [ split /\t/ ] } split /\n/, $rows;
	my $prev = unpack 'H*', sha256($opening);
	for my $row (@rows)
	{
		my ($id, $note, $chain, $seq, $at, $session) = @$row;
		$note = $row->[1] = 'forged' if $seq == $victim;
		(my $time = $at) =~ s/ (.*)\+00$/T$1+00:00/;
		my $line = qq({"chain":$chain,"seq":$seq,"prev":"$prev","at":"$time","session":$session,"row":{"id":$id,"note":"$note"}});
		$prev = unpack 'H*', sha256($line);
		$row->[6] = "\\\\x$prev";
	}
	return $before . join("\n", map { join "\t", @$_ } @rows) . $after;
}

sub MIME_decode
{
	require MIME::Base64;
	return MIME::Base64::decode_base64($_[0]);
}
