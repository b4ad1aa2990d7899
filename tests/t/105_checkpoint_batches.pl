# The first checkpoint of a large database takes several transactions. What comes between two of them: a crash, a lock,
# the end of a log, another checkpoint, another incarnation.

use strict;
use warnings;

use AuditCluster;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use SigningKey;
use Test::More;
use Time::HiRes qw(usleep);

# More rows than become leaves in one transaction, in one chain. Logs are taken in the order of their identifiers, which
# are random: of the small ones, some come before the large one and some behind it.
my $batch = 1 << 20;
my $node = new_signing_node('batches', conf => "restart_after_crash = on\nautovacuum = off\nmax_wal_size = 4GB\n");
create_database($node, 'loaded');
$node->safe_psql('loaded', 'CREATE EXTENSION audit_immutable');
$node->safe_psql('loaded', 'CREATE TABLE big (id int) USING audit_immutable');
$node->safe_psql('loaded', "COPY big (id) FROM PROGRAM 'seq 1 ${\ ($batch + 5000)}'");
$node->safe_psql('loaded', "CREATE TABLE small$_ (id int) USING audit_immutable; INSERT INTO small$_ VALUES ($_)") for 1 .. 12;

# How many rows there are that become leaves, and how many leaves there are.
my $small = join(' UNION ALL ', map { "SELECT count(*) AS n FROM $_" } (map { "small$_" } 1 .. 12),
	map { "audit_immutable.$_" } qw(opening session event attempt database column_list));
my $rows = "SELECT sum(n) FROM ($small) AS s";
my $leaves = 'SELECT max(size) FROM audit_immutable.tree_head WHERE incarnation = (SELECT max(incarnation) FROM audit_immutable.tree_head)';

# Starts a checkpoint, and then a statement that waits for the first batch to end: answers both sessions.
sub between
{
	my ($database, $statement, $awaits) = @_;
	$node->safe_psql('postgres', "CREATE DATABASE $database TEMPLATE loaded") unless $awaits;
	my $signer = $node->background_psql($database, on_error_stop => 0);
	$signer->query_until(qr/started/, "\\echo started\nSELECT audit_immutable.checkpoint();\n");
	$node->poll_query_until($database,
		"SELECT EXISTS (SELECT FROM pg_locks WHERE relation = 'big'::regclass AND mode = 'AccessShareLock' AND granted)")
	  or die 'the checkpoint did not come to the large log';
	my $other = $node->background_psql($database, on_error_stop => 0);
	my $answer = $other->query($statement);
	return ($signer, $other, $answer);
}

sub all_is_well
{
	my ($database, $what, $more) = @_;
	$more //= 0;
	is($node->safe_psql($database, "$leaves") - $node->safe_psql($database, $rows),
		$batch + 5000 + $more, "$what: every row is a leaf, and one");
	is($node->safe_psql($database, 'SELECT string_agg(relation::text, \' \') FROM audit_immutable.verify() WHERE NOT intact'), '',
		"$what: all is intact");
	return;
}

# -- A crash

my ($signer, $other) = between('crashed', 'BEGIN; LOCK TABLE audit_immutable.leaf_range IN ACCESS EXCLUSIVE MODE');
is($node->safe_psql('crashed', $leaves), $batch, 'a batch is there');
my $worker = $node->safe_psql('crashed', "SELECT pid FROM pg_stat_activity WHERE backend_type = 'audit_immutable checkpoint worker'");
kill 'KILL', $worker;
$_->{run}->finish for $signer, $other;
$node->poll_query_until('crashed', 'SELECT true') or die 'no recovery';
is($node->safe_psql('crashed', 'SELECT count(*) FROM audit_immutable.signed_checkpoint'), 0, 'nothing is signed for it');
is($node->safe_psql('crashed', 'SELECT string_agg(relation::text, \' \') FROM audit_immutable.verify() WHERE NOT intact'), '', 'all is intact');
is(note_size(checkpoint($node, 'crashed')), $node->safe_psql('crashed', $leaves), 'the next checkpoint goes on');
all_is_well('crashed', 'after a crash');

# -- A lock

($signer, $other) = between('locked', 'BEGIN; LOCK TABLE big IN ACCESS EXCLUSIVE MODE');
my $half = $signer->query('');
$other->query('ROLLBACK');
$half =~ s/^.*?(?=db\.example)//s;
my $size = note_size($half);
cmp_ok($size, '<', $batch + 5000, 'a log that is locked between two batches: the note is of a tree half grown');
like($node->safe_psql('locked', "SELECT string_agg(verdict, ' ') FROM audit_immutable.check_note(\$note\$$half\n\$note\$)"), qr/^contained$/, 'which holds');
my $whole = note_size(checkpoint($node, 'locked'));
is($node->safe_psql('locked', "SELECT length(audit_immutable.consistency_proof($size, $whole)) > 40"), 't', 'and what follows is consistent with it');
all_is_well('locked', 'after a lock');
$_->quit for $signer, $other;

# -- The end of a log

($signer, $other) = between('retired', "SELECT audit_immutable.retire('big', 'seven years are over')");
$signer->query('');
checkpoint($node, 'retired');
my $taken = $node->safe_psql('retired', q{
	SELECT max(last_seq) FROM audit_immutable.leaf_range
	WHERE log = (SELECT log FROM audit_immutable.event WHERE kind = 'retire')});
cmp_ok($taken, '<', $batch + 1, 'a log that is retired: no further row of it is a leaf');
is($node->safe_psql('retired', $leaves), $taken + $node->safe_psql('retired', $rows), 'all others are');
is($node->safe_psql('retired', 'SELECT string_agg(relation::text, \' \') FROM audit_immutable.verify() WHERE NOT intact'), '', 'all is intact');
$_->quit for $signer, $other;

# -- Another checkpoint

$node->safe_psql('postgres', 'CREATE DATABASE twice TEMPLATE loaded');
my @both = map { $node->background_psql('twice') } 1 .. 2;
$_->query_until(qr/started/, "\\echo started\nSELECT audit_immutable.checkpoint();\n") for @both;
my @notes = map { $_->query('') =~ s/^.*?(?=db\.example)//sr } @both;
is(note_size($_), $node->safe_psql('twice', $leaves), 'two at once: each is of the whole') for @notes;
all_is_well('twice', 'two at once');
$_->quit for @both;

# -- Another incarnation: rows were lost, and that is said while the tree grows anew.

$node->safe_psql('postgres', 'CREATE DATABASE lost TEMPLATE loaded');
$node->safe_psql('lost', "INSERT INTO small1 VALUES (2)");
my $note = checkpoint($node, 'lost');
$node->safe_psql('postgres', 'DROP DATABASE lost');
($signer, $other, my $begun) = between('lost', "SELECT audit_immutable.begin_incarnation('restored', \$note\$$note\n\$note\$)");
is($begun, 'begun', 'an incarnation begins between two batches');
my $first = $signer->query('') =~ s/^.*?(?=db\.example)//sr;
like($first, qr{^db\.example\.org/ledger/lost/2\n}, 'the checkpoint is of the new one');
is(note_size($first), $batch + 5000 + 1 + $node->safe_psql('lost', $rows), 'and commits to every row');
$_->quit for $signer, $other;

# -- By itself: the launcher gives every database its turn, and comes again at once to one that has not come to its end.

$node->stop;
$node->append_conf('postgresql.conf', "shared_preload_libraries = 'audit_immutable'\naudit_immutable.checkpoint_interval = 3600\n");
$node->start;
ok($node->poll_query_until('loaded', "SELECT (SELECT max(size) FROM audit_immutable.signed_checkpoint) = $batch + 5000 + ($rows)"),
	'all of a large database is signed, in as many turns as it takes');
$node->stop;

done_testing();
