# What leaves the server is checked without it: receipts and exports by
# audit-immutable and by other people's code, published tiles by a script that
# knows only the specification, checkpoints by a witness that cries out.

use strict;
use warnings;

use AuditCluster;
use File::Temp;
use JSON::PP;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use SigningKey;
use Test::More;

my $work = File::Temp::tempdir(CLEANUP => 1);
my $auditor = 'audit-immutable';

# Keys as the documentation has them made.
my ($log_vkey, $error) = run_command([ $auditor, 'keygen', '--out', "$work/log.pem", '--name', 'db.example.org/ledger/postgres/1' ]);
my ($witness_vkey) = run_command([ $auditor, 'keygen', '--witness', '--out', "$work/witness.pem", '--name', 'witness.example' ]);
my ($log_vkey_2) = run_command([ $auditor, 'vkey', '--key', "$work/log.pem", '--name', 'db.example.org/ledger/postgres/2' ]);
like($log_vkey, qr/^db\.example\.org\/ledger\/postgres\/1\+[0-9a-f]{8}\+/, 'a key of the log');
is((stat "$work/log.pem")[2] & 0777, 0600, 'that only its owner can read');

my $node = new_signing_node('auditor', key => "$work/log.pem", conf => "autovacuum = off\n");
$node->safe_psql('postgres', q{
	CREATE TABLE t (id int, note text, more jsonb) USING audit_immutable;
	INSERT INTO t SELECT i, 'row ' || i, '{"k": 1}' FROM generate_series(1, 700) i;
});
my $url = 'postgresql:///postgres?host=' . $node->host . '&port=' . $node->port . '&user=' . getpwuid($<);
my @witness = ($auditor, 'witness', '--database', $url, '--to', "$work/held", '--key', "$work/witness.pem",
	'--name', 'witness.example', '--log-key', $log_vkey);
my @publish = ($auditor, 'publish', '--database', $url, '--to', "$work/published", '--log-key', $log_vkey);

# A command's exit status and what it prints.
sub try_command
{
	my ($stdout, $stderr) = ('', '');
	IPC::Run::run([@_], '<', \undef, '>', \$stdout, '2>', \$stderr);
	return ($? >> 8, $stdout, $stderr);
}

# The witness sees the tree grow.
my ($status, $out, $err) = try_command(@witness);
is($status, 0, 'no checkpoint yet: nothing to witness') or diag($err);
checkpoint($node);
($status, $out, $err) = try_command(@witness);
is($status, 0, 'the first checkpoint is witnessed') or diag($err);
$node->safe_psql('postgres', "INSERT INTO t SELECT i, 'later', NULL FROM generate_series(701, 1500) i");
my $note = checkpoint($node);
($status, $out, $err) = try_command(@witness, '--json');
is($status, 0, 'and the next, which goes on from it') or diag($err);
is(decode_json($out)->{exit}, 0, 'in JSON too');
($status, $out) = try_command(@witness);
is($status, 0, 'nothing new is fine');

# Published tiles.
($status, $out, $err) = try_command(@publish);
is($status, 0, 'the tree is published') or diag($err);
my ($published) = grep { -e "$_/checkpoint" } ("$work/published", glob("$work/published/*"));
ok($published, 'with a checkpoint') or die `find $work/published`;
my @check = ('/usr/bin/python3', "$ENV{TESTDIR}/../format/check_tiles.py", $published, '--key', $log_vkey, '--entries');
($status, $out, $err) = try_command(@check);
is($status, 0, 'a script that knows only the specification finds it in order') or diag($out . $err);
$node->safe_psql('postgres', "INSERT INTO t SELECT i, 'more', NULL FROM generate_series(1501, 70000) i");
checkpoint($node);
is((try_command(@publish))[0], 0, 'what is new is published');
($status, $out, $err) = try_command(@check);
is($status, 0, 'and is in order') or diag($out . $err);
like($out, qr/size 7\d{4}, /, 'all of it');
($status) = try_command(@check[0 .. 3], (run_command([ $auditor, 'vkey', '--key', "$work/witness.pem", '--name', 'db.example.org/ledger/postgres/1' ]))[0]);
is($status, 1, 'not by another key');

# The command checks what is published, with what the witness holds.
my @published = ($auditor, 'check', "$work/published", '--key', $log_vkey);
my @held = ('--older', "$work/held", '--cosigned-by', $witness_vkey);
($status, $out, $err) = try_command(@published);
is($status, 0, 'and so does check') or diag($out . $err);
like($out, qr/^good: all 7\d{4} entries are those that were signed$/m, 'of all of it');
($status, $out, $err) = try_command(@published, @held);
is($status, 4, 'the newest entries are cosigned by nobody yet') or diag($out . $err);
like($out, qr/^OPEN: entries \d+ to \d+ are cosigned by no checkpoint yet$/m, 'which it says');
try_command(@witness);
($status, $out, $err) = try_command(@published, @held, '--json');
is($status, 0, 'until the witness looks again') or diag($out . $err);
my $checked = decode_json($out);
is($checked->{cosigned}{size}, $checked->{incarnations}[0]{size}, 'up to the end');
like($checked->{incarnations}[0]{logs}, qr/^[1-9]$/, 'of the logs of this database');
is((try_command($auditor, 'check', "$work/published"))[0], 4, 'without a key nobody vouches for it');
like($err, qr/^$/, 'no progress where there is no terminal');
{
	my $tile = "$work/published/1/tile/0/003";
	my $good = slurp_file($tile);
	chmod 0644, $tile;
	open(my $file, '+<', $tile) or die "$tile: $!";
	seek($file, 1000, 0);
	print $file 'x';
	close $file;
	($status, $out) = try_command(@published);
	is($status, 1, 'a changed byte is found');
	like($out, qr/^  changed       1\/tile\/0\/003: its hashes are not those of the signed tree$/m, 'in its tile');
	unlike($out, qr/entries \d+ to/, 'and all below it is proved from the entries');
	open($file, '>', $tile) or die "$tile: $!";
	print $file $good;
	close $file;
}
is((try_command(@published))[0], 0, 'put back, it is good again');

# A receipt, and an export, with the server stopped.
append_to_file("$work/receipt", $node->safe_psql('postgres', "SELECT audit_immutable.receipt('t', 1, 1234)") . "\n");
append_to_file("$work/export", $node->safe_psql('postgres', "SELECT audit_immutable.export('t')") . "\n");
append_to_file("$work/heads", $node->safe_psql('postgres', "SELECT unnest(heads) FROM audit_immutable.status WHERE relation = 't'::regclass") . "\n");
my ($refused, undef, $no_receipt) = $node->psql('postgres', "INSERT INTO t VALUES (0); SELECT audit_immutable.receipt('t', 1, 70001)");
like($no_receipt, qr/row 70001 of chain 1 of audit table "public\.t" is below no checkpoint yet/, 'no receipt before the checkpoint');
$node->stop;
($status, $out, $err) = try_command($auditor, 'receipt', "$work/receipt", '--key', $log_vkey);
is($status, 0, 'the receipt is good') or diag($err);
like($out, qr/"id":1234,"note":"later"/, 'and shows the row');
($status, $out, $err) = try_command('judge_receipt', "$work/receipt", $log_vkey);
is($status, 0, 'so do signed_note and tlog_tiles say') or diag($err);
like($out, qr/"seq":1234,/, 'of the same row');
my $forged = slurp_file("$work/receipt");
$forged =~ s/^index (\d+)$/'index ' . ($1 + 1)/me;
append_to_file("$work/forged", $forged);
is((try_command($auditor, 'receipt', "$work/forged", '--key', $log_vkey))[0], 1, 'a forged one is not good');
isnt((try_command('judge_receipt', "$work/forged", $log_vkey))[0], 0, 'nor for them');
is((try_command($auditor, 'receipt', "$work/receipt", '--key', $log_vkey_2))[0], 1, 'nor is it one of another incarnation');
($status, $out, $err) = try_command($auditor, 'verify', "$work/export", '--heads', "$work/heads");
is($status, 0, 'the export is intact') or diag($out . $err);
like($out, qr/intact; 70000 rows, 1 chain/, 'all of it');

# The disk's owner cuts off the end; the chain alone is fooled, the witness is not.
my $data = $node->data_dir;
my $late = "$work/late";
system_or_bail('cp', '-a', $data, $late);
$node->start;
my $held = checkpoint($node);
is((try_command(@witness))[0], 0, 'all is witnessed');
is((try_command(@publish))[0], 0, 'and published');
my $path = $data . '/' . $node->safe_psql('postgres', "SELECT pg_relation_filepath('t')");
$node->safe_psql('postgres', 'CHECKPOINT');
$node->stop;
truncate($path, (-s $path) - 3 * 8192) or die "$path: $!";
$node->start;
$node->safe_psql('postgres', 'REINDEX TABLE t');
append_to_file("$work/cut", $node->safe_psql('postgres', "SELECT audit_immutable.export('t')") . "\n");
is((try_command($auditor, 'verify', "$work/cut"))[0], 0, 'the chain alone is fooled');
is((try_command($auditor, 'verify', "$work/cut", '--heads', "$work/heads"))[0], 1, 'with heads kept elsewhere it is not');
like(findings($node, 'postgres', 't'), qr/^1\|\d+\|truncated$/, 'verify is not');
like($node->safe_psql('postgres', "SELECT verdict, first_seq < last_seq, last_seq FROM audit_immutable.check_note(\$n\$$held\$n\$)"),
	qr/^truncated\|t\|70001$/, 'nor is check_note');
$node->stop;

# An older copy of the data is put back: the witness refuses, and says what happened.
system_or_bail('rm', '-rf', $data);
rename $late, $data or die "$late: $!";
$node->start;
my @before = held_files();
# With another record beside the key, as on another machine, the server itself does not know.
unlink "$work/log.pem.postgres.signed";
($status, $out, $err) = try_command(@witness);
is($status, 5, 'the witness cries out over the older state');
like($out . $err, qr/older|rollback|rolled back|went back|smaller/i, 'and says what it is');
is_deeply([ held_files() ], \@before, 'what it holds is untouched');
$node->safe_psql('postgres', "INSERT INTO t SELECT i, 'another history', NULL FROM generate_series(1, 5000) i");
checkpoint($node);
($status, $out, $err) = try_command(@witness);
is($status, 5, 'and over another history');
like($out . $err, qr/fork|not consistent|inconsistent|another|does not go on/i, 'says that too');
is((try_command(@publish))[0], 5, 'nothing of it is published');
is($node->safe_psql('postgres', "SELECT verdict FROM audit_immutable.check_note(\$n\$$held\$n\$)"), 'forked', 'the server, asked about the note, admits it');
is($node->safe_psql('postgres', "SELECT audit_immutable.begin_incarnation('backup put back', \$n\$$held\$n\$)"), 'begun', 'a new incarnation commits to the note');
checkpoint($node);
($status, $out, $err) = try_command(@witness);
is($status, 0, 'which the witness accepts') or diag($out . $err);
like($out, qr/postgres\/2/, 'under its new name');

# So does what is published: of the rows that are lost for good, check speaks until somebody accepts it.
is((try_command(@publish))[0], 0, 'and which is published');
($status, $out, $err) = try_command(@published, '--older', "$work/held");
is($status, 0, 'it goes on from what was published and held before') or diag($out . $err);
like($out, qr/^checkpoint of db\.example\.org\/ledger\/postgres\/2$/m, 'both incarnations');
$node->stop;
done_testing();

sub held_files
{
	my @files = split /\n/, (run_command([ 'find', "$work/held", '-type', 'f', '-name', '*.note' ]))[0];
	return sort map { $_ . ' ' . unpack('%32C*', slurp_file($_)) } @files;
}
