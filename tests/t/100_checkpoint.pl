# Checkpoints: what is signed, when nothing is signed, and what happens when
# somebody is in the way.

use strict;
use warnings;

use AuditCluster;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use SigningKey;
use Test::More;
use Time::HiRes qw(usleep);

my $key = new_key();
my $node = new_node('signer', conf => "restart_after_crash = on\n");
$node->safe_psql('postgres', q{
	CREATE TABLE t (id int, note text) USING audit_immutable;
	INSERT INTO t SELECT i, 'row ' || i FROM generate_series(1, 1000) i;
});

# Without what it takes to sign, nothing is signed, and the error says what is missing.
sub refused
{
	my ($settings, $expected, $title) = @_;
	local $Test::Builder::Level = $Test::Builder::Level + 1;
	$node->append_conf('postgresql.conf', $settings);
	$node->reload;
	# A session of before the reload may not have read the settings yet; a new one has.
	my ($status, undef, $error) = $node->psql('postgres', 'SELECT audit_immutable.checkpoint()');
	isnt($status, 0, "$title: no checkpoint");
	like($error, $expected, "$title: the error says why");
	unlike($error, qr/panicked|backtrace/i, "$title: as PostgreSQL says it");
	is($node->safe_psql('postgres', 'SELECT count(*) FROM audit_immutable.signed_checkpoint'), '0', "$title: nothing is signed");
	return;
}
my $origin = "audit_immutable.origin = 'db.example.org/ledger'\n";
sub key_file { return "audit_immutable.signing_key_file = '$_[0]'\n" }
refused('', qr/checkpoints have no origin.*audit_immutable\.origin is empty.*HINT/s, 'no settings');
refused("audit_immutable.origin = 'two words'\n", qr/two words/, 'an origin with a space');
refused("audit_immutable.origin = 'db+1'\n", qr/db\+1/, 'an origin with a plus');
# The first incarnation is begun with the origin; so it has to be the right one from here on.
is($node->safe_psql('postgres', 'SELECT count(*) FROM audit_immutable.incarnation WHERE origin ~ \'^(two|db.1)\''), '0',
	'a bad origin begins nothing');
refused($origin, qr/there is no key to sign checkpoints with.*HINT:.*audit-immutable keygen/s, 'no key');
refused(key_file('/no/such/file'), qr/"\/no\/such\/file" cannot be used.*No such file/s, 'a missing key');
refused(key_file('signing.pem'), qr/not absolute/, 'a relative path');
my $inside = $node->data_dir . '/signing.pem';
system_or_bail('cp', $key, $inside);
chmod 0600, $inside;
refused(key_file($inside), qr/in the data directory/, 'a key in the data directory');
my $linked = "$key.link";
symlink $inside, $linked;
refused(key_file($linked), qr/in the data directory/, 'a link into the data directory');
my $open = "$key.open";
system_or_bail('cp', $key, $open);
for my $mode (0644, 0640, 0604, 0660)
{
	chmod $mode, $open;
	my $text = sprintf('%04o', $mode);
	refused(key_file($open), qr/Others than its owner can read or write it: its mode is $text/, "mode $text");
}
my $garbage = "$key.garbage";
append_to_file($garbage, "no key at all\n");
chmod 0600, $garbage;
refused(key_file($garbage), qr/no Ed25519 key in PKCS#8 PEM/, 'garbage');
my $rsa = "$key.rsa";
system_or_bail('openssl', 'genpkey', '-quiet', '-algorithm', 'rsa', '-pkeyopt', 'rsa_keygen_bits:1024', '-out', $rsa);
chmod 0600, $rsa;
refused(key_file($rsa), qr/no Ed25519 key in PKCS#8 PEM/, 'an RSA key');
chmod 0500, $key =~ s{/[^/]*$}{}r;
refused(key_file($key), qr/cannot be kept.*HINT:.*remembers what it signed/s, 'a directory that takes no record');
chmod 0700, $key =~ s{/[^/]*$}{}r;
for my $setting (qw(signing_key_file origin checkpoint_waits_for checkpoint_interval))
{
	my (undef, undef, $error) = $node->psql('postgres', "LOAD 'audit_immutable'; SET audit_immutable.$setting = '1'");
	like($error, qr/cannot be changed now/, "no session can set $setting");
}

# A note, and what is in it.
my $first = checkpoint($node);
my ($origin_line, $size, $root, $blank, $signature) = split /\n/, $first;
is($origin_line, 'db.example.org/ledger/postgres/1', 'the origin names server, database and incarnation');
is($size, $node->safe_psql('postgres', q{
	SELECT sum(n) FROM (SELECT count(*) AS n FROM t UNION ALL SELECT count(*) FROM audit_immutable.opening
	UNION ALL SELECT count(*) FROM audit_immutable.session UNION ALL SELECT count(*) FROM audit_immutable.event
	UNION ALL SELECT count(*) FROM audit_immutable.database) AS s}),
	'every row of every log is a leaf');
is($node->safe_psql('postgres', q{
	SELECT count(*) FILTER (WHERE entry = '\x01'::bytea || sha256(convert_to(audit_immutable.opening_line('t'), 'UTF8'))
			|| int4send(audit_chain) || int8send(audit_seq) || audit_hash) || ' of ' || count(*)
	FROM (SELECT t.*, substring(audit_immutable.entries(leaf / 256) FROM (leaf % 256 * 79 + 3)::int FOR 77) AS entry
		FROM t, LATERAL (SELECT r.first_leaf + t.audit_seq - r.first_seq AS leaf FROM audit_immutable.leaf_range AS r
			WHERE r.log = (audit_immutable.opening_line('t')::json ->> 'log')::uuid AND r.chain = t.audit_chain) AS place) AS rows}),
	'1000 of 1000', 'a leaf commits to the opening line, the place and the hash of its row');
like($signature, qr/^\x{e2}\x{80}\x{94} \Q$origin_line\E /, 'the signature is by the origin');
is(verdict($first), 'contained', 'what was signed is here');
is(checkpoint($node), $first, 'nothing new: the same note again');
like(slurp_file("$key.postgres.signed"), qr/^\Q$origin_line\E\n$size\n/, 'it is remembered beside the key');

# A caller who rolls back takes nothing back.
my $inside_transaction = $node->safe_psql('postgres', q{
	INSERT INTO t VALUES (1001, 'committed');
	BEGIN;
	INSERT INTO t VALUES (1002, 'rolled back');
	SELECT audit_immutable.checkpoint();
	ROLLBACK;
});
is(note_size($inside_transaction), note_size($first) + 2,
	'one row more, and the session that wrote it; the caller\'s own is not committed');
is($node->safe_psql('postgres', 'SELECT audit_immutable.latest_checkpoint()'), $inside_transaction, 'the note is there for good');
is(verdict($first), 'contained', 'the first note still holds');

# In any transaction: it is the worker's own that counts.
for my $mode ('READ ONLY', 'ISOLATION LEVEL SERIALIZABLE', 'ISOLATION LEVEL REPEATABLE READ')
{
	$node->safe_psql('postgres', "INSERT INTO t VALUES (0, '$mode')");
	my $note = $node->safe_psql('postgres', "BEGIN $mode; SELECT 1 FROM t LIMIT 0; SELECT audit_immutable.checkpoint(); COMMIT");
	is(verdict($note), 'contained', "$mode: a checkpoint");
}

# Two callers at once: every note is one of a tree that only grew.
my $script = ("INSERT INTO t VALUES (:client_id, 'at once');\nSELECT audit_immutable.checkpoint() AS note \\gset\n");
append_to_file($node->basedir . '/at_once.sql', $script);
$node->command_ok([ 'pgbench', '-n', '-c', '4', '-t', '8', '-f', $node->basedir . '/at_once.sql', $node->connstr('postgres') ],
	'four sessions insert and make checkpoints');
is(checkpoints_contained(), 't', 'every note that was signed still holds');
is($node->safe_psql('postgres', q{
	SELECT count(*) FROM (SELECT size, lag(size) OVER (ORDER BY size) AS before FROM audit_immutable.signed_checkpoint) AS s
	WHERE size <= before}), '0', 'each signed once');

# Whoever waits for the worker holds a lock that the worker needs: the table is left out.
my (undef, undef, $blocked) = $node->psql('postgres',
	"BEGIN; ALTER TABLE t ADD COLUMN more text; SELECT audit_immutable.checkpoint(); COMMIT");
like($blocked, qr/WARNING: .* not commit to all rows.*Left out: public\.t\./s, 'a caller in its own way is told');
verify_intact($node, 'postgres', 't');

# A process that is killed in the middle.
$node->safe_psql('postgres', "INSERT INTO t SELECT i, 'many' FROM generate_series(1, 400000) i");
my $before = $node->safe_psql('postgres', 'SELECT max(size) FROM audit_immutable.signed_checkpoint');
for my $pause (20_000, 150_000, 400_000)
{
	my ($out, $err) = ('', '');
	my $caller = IPC::Run::start([ 'psql', '-XAtq', '-d', $node->connstr('postgres'), '-c', 'SELECT audit_immutable.checkpoint()' ],
		'<', \undef, '>', \$out, '2>', \$err);
	my $pid = '';
	for (1 .. 200)
	{
		$pid = $node->safe_psql('postgres', "SELECT pid FROM pg_stat_activity WHERE backend_type = 'audit_immutable checkpoint worker'");
		last if $pid;
		usleep(5_000);
	}
	usleep($pause);
	kill 'KILL', $pid if $pid;
	$caller->finish;
	$node->poll_query_until('postgres', 'SELECT true');
}
my $after = checkpoint($node);
cmp_ok(note_size($after), '>=', $before + 400000, 'after the crashes, all rows are below a checkpoint');
is(checkpoints_contained(), 't', 'and every note ever signed still holds');
is($node->safe_psql('postgres', 'SELECT bool_and(intact) FROM audit_immutable.verify()'), 't', 'every log is intact, the tree among them');

# From the last checkpoint on.
$node->safe_psql('postgres', "INSERT INTO t VALUES (2, 'after the checkpoint')");
my $since = note_size($after);
my $incremental = $node->safe_psql('postgres', "SELECT intact, rows FROM audit_immutable.verify('t', since_checkpoint => $since)");
is($incremental, 't|1', 'verify goes on from a checkpoint');
like($node->safe_psql('postgres', "SELECT relation, detail FROM audit_immutable.event WHERE kind = 'verified'"),
	qr/^public\.t\|\{"rows": 1, "since": $since, "findings": 0, "tree_size": $since\}$/, 'and says so in an event');
is($node->safe_psql('postgres', "SELECT intact, rows FROM audit_immutable.verify('t', since_checkpoint => 0)"),
	$node->safe_psql('postgres', "SELECT 't', count(*) FROM t"), 'from no checkpoint: all rows');
my (undef, undef, $both) = $node->psql('postgres', "SELECT * FROM audit_immutable.verify('t', '{}', 1)");
like($both, qr/not from both/, 'from one place only');

# Two tables that say they are of one log: whose row would a leaf be? One of them was made so by hand.
$node->safe_psql('postgres', q{CREATE TABLE twin (id int) USING audit_immutable; INSERT INTO twin VALUES (1)});
$node->safe_psql('postgres', q{
	UPDATE pg_trigger AS twins SET tgargs = its.tgargs FROM pg_trigger AS its
	WHERE twins.tgrelid = 'twin'::regclass AND its.tgrelid = 't'::regclass AND its.tgname = twins.tgname});
my ($twice, undef, $names_both) = $node->psql('postgres', 'SELECT audit_immutable.checkpoint()');
isnt($twice, 0, 'two tables of one log: no checkpoint');
like($names_both, qr/"public\.t" and "public\.twin" are both the audit table of log [-0-9a-f]{36}/, 'and both are named');

$node->stop;
done_testing();

sub verdict
{
	my ($note) = @_;
	return $node->safe_psql('postgres', "SELECT verdict FROM audit_immutable.check_note(\$note\$$note\$note\$)");
}

sub checkpoints_contained
{
	return $node->safe_psql('postgres', q{
		SELECT bool_and(c.verdict = 'contained') FROM audit_immutable.signed_checkpoint AS s,
		LATERAL audit_immutable.check_note(s.note) AS c});
}
