# How a server's logs are, for who watches it: the columns of audit_immutable.status that members of pg_monitor see, and
# the plugin for Nagios and Icinga that asks for them as such a member.

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
my ($log_vkey) = run_command([ $auditor, 'keygen', '--out', "$work/log.pem", '--name', 'db.example.org/ledger/postgres/1' ]);
my ($witness_vkey) = run_command([ $auditor, 'keygen', '--witness', '--out', "$work/witness.pem", '--name', 'witness.example' ]);
my ($other_vkey) = run_command([ $auditor, 'keygen', '--witness', '--out', "$work/other.pem", '--name', 'other.example' ]);

my $node = new_signing_node('monitor', key => "$work/log.pem", conf => "audit_immutable.checkpoint_interval = 0\n");
$node->safe_psql('postgres', q{
	CREATE ROLE watcher LOGIN IN ROLE pg_monitor;
	CREATE ROLE nobody LOGIN;
	CREATE ROLE reader LOGIN;
	CREATE TABLE t (id int, secret text) USING audit_immutable;
	CREATE TABLE u (id int) USING audit_immutable;
	GRANT SELECT ON t TO reader;
	INSERT INTO t SELECT i, 'row ' || i FROM generate_series(1, 7) i;
	INSERT INTO u SELECT i FROM generate_series(1, 3) i;
});

# What a role reads of the logs t and u.
sub status
{
	my ($role, $columns) = @_;
	return $node->safe_psql('postgres', "SET ROLE $role; SELECT relation, $columns FROM audit_immutable.status WHERE relation IN ('t'::regclass, 'u'::regclass) ORDER BY relation::text");
}

my $new = 'rows IS NULL, heads IS NULL, last_checkpoint_at IS NULL, unsigned_rows, last_verified_at IS NULL, last_findings';
is(status('watcher', $new), "t|t|t|t|7|t|\nu|t|t|t|3|t|", 'who watches sees how many rows are unsigned, and no heads');
is(status('nobody', $new), "t|t|t|t||t|\nu|t|t|t||t|", 'another role sees nothing');
is(status('reader', $new), "t|f|f|t|7|t|\nu|t|t|t||t|", 'a reader sees it of its table');
checkpoint($node);
is(status('watcher', $new), "t|t|t|f|0|t|\nu|t|t|f|0|t|", 'a checkpoint takes all in');
$node->safe_psql('postgres', 'INSERT INTO t VALUES (8), (9)');
is(status('watcher', 'unsigned_rows'), "t|2\nu|0", 'what comes after it is unsigned');
$node->safe_psql('postgres', 'SET ROLE reader; SELECT * FROM audit_immutable.verify(\'t\', since_checkpoint => 0)');
is(status('watcher', 'last_verified_at > now() - interval \'1 minute\', last_findings'), "t|t|0\nu||", 'a verification on record is seen');
is(status('nobody', 'last_verified_at IS NULL, last_findings IS NULL'), "t|t|t\nu|t|t", 'but not by everybody');
$node->safe_psql('postgres', 'SELECT * FROM audit_immutable.verify(\'u\')');
is(status('watcher', 'last_verified_at IS NULL'), "t|f\nu|t", 'one without since_checkpoint leaves no record');
is($node->safe_psql('postgres', "SELECT string_agg(relation::text, ' ' ORDER BY relation::text) FROM audit_immutable.status WHERE unsigned_rows IS NULL"),
	join(' ', map { "audit_immutable.$_" } qw(incarnation leaf_range live signed_checkpoint tree_hashes tree_head)), 'the tree is not a leaf of itself');
my $plan = $node->safe_psql('postgres', 'SET enable_seqscan = off; EXPLAIN SELECT * FROM audit_immutable.status');
is(scalar(() = $plan =~ /event_relation_idx/g), 2, 'events are found by the name of the table');
unlike($plan, qr/event_database_idx/, 'not by going back through all of them');
is($node->safe_psql('postgres', "SET ROLE watcher; SELECT count(*) > 0, max(size) > 0 FROM audit_immutable.checkpoint_time"), 't|t', 'when checkpoints were signed');
my ($refused, undef, $denied) = $node->psql('postgres', "SET ROLE nobody; SELECT * FROM audit_immutable.checkpoint_time");
isnt($refused, 0, 'is not for everybody');
($refused, undef, $denied) = $node->psql('postgres', "SET ROLE nobody; SELECT * FROM audit_immutable.state('t', 1, 0)");
like($denied, qr/permission denied for table t/, 'nor is the function behind it');
is($node->safe_psql('postgres', "SET ROLE watcher; SELECT rows IS NULL, heads IS NULL, unsigned_rows FROM audit_immutable.state('t', 1, -5)"), 't|t|9', 'which says no more than that');

# Of a table whose rows are hidden, no more than the count; nothing of its owner's runs.
$node->safe_psql('postgres', q{
	CREATE FUNCTION trap() RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'the trap ran as %', current_user; END $$;
	CREATE TABLE hidden (id int) USING audit_immutable;
	INSERT INTO hidden VALUES (1);
	ALTER TABLE hidden ENABLE ROW LEVEL SECURITY;
	CREATE POLICY p ON hidden USING (trap());
	GRANT SELECT ON hidden TO watcher;
});
is($node->safe_psql('postgres', "SET ROLE watcher; SELECT rows IS NULL, unsigned_rows FROM audit_immutable.status WHERE relation = 'hidden'::regclass"), 't|1', 'no policy is asked');

my $url = 'postgresql://watcher@/postgres?host=' . $node->host . '&port=' . $node->port;

# The plugin's exit status and its line.
sub monitor
{
	my ($stdout, $stderr) = ('', '');
	IPC::Run::run([ $auditor, 'monitor', '--database', $url, @_ ], '<', \undef, '>', \$stdout, '2>', \$stderr);
	my $status = $? >> 8;
	is(($stdout =~ tr/\n//), 1, 'one line') or diag($stdout . $stderr);
	return ($status, $stdout);
}

checkpoint($node);
my ($status, $line) = monitor();
is($status, 0, 'all is well') or diag($line);
like($line, qr/^AUDIT OK - last checkpoint \d+ s ago, 0 rows unsigned, 3 logs \| checkpoint_age=\d+s;300;900;0; unsigned_rows=0;100000;1000000;0; findings=0;;0;0; verified_age=\d+s;;;0;$/, 'and measured');
$node->safe_psql('postgres', 'INSERT INTO t SELECT i FROM generate_series(1, 50) i');
($status, $line) = monitor('-w', 'unsigned_rows=49', '-c', 'unsigned_rows=100');
is($status, 1, 'too many unsigned rows are a warning') or diag($line);
like($line, qr/^AUDIT WARNING - 5[0-9] rows unsigned, /, 'which comes first');
is((monitor('-c', 'unsigned_rows=49'))[0], 2, 'or critical');
is((monitor('-c', 'unsigned_rows=59'))[0], 0, 'above the value that was given');
sleep 2;
($status, $line) = monitor('-c', 'checkpoint_age=1');
is($status, 2, 'an old checkpoint is critical') or diag($line);
checkpoint($node);
sleep 2;
is((monitor('-c', 'checkpoint_age=1'))[0], 0, 'but not where nothing is new');
($status, $line) = monitor('-w', 'verified_age=3600');
is($status, 1, 'who wants logs verified is told') or diag($line);
like($line, qr/2 never verified on record/, 'of how many');
my $json = decode_json((monitor('--json'))[1]);
is_deeply([ $json->{state}, $json->{exit}, $json->{data}{unsigned_rows} ], [ 'OK', 0, 0 ], 'in JSON');

# The witness.
my @held = ('--held', "$work/held", '--witness-key', $witness_vkey);
like((monitor(@held))[1], qr/^AUDIT UNKNOWN - .*held\/checkpoints: No such file/, 'a witness that holds nothing');
my @witness = ($auditor, 'witness', '--database', $url, '--to', "$work/held", '--key', "$work/witness.pem", '--name', 'witness.example', '--log-key', $log_vkey);
system_or_bail(@witness);
($status, $line) = monitor(@held);
is($status, 0, 'a witness that has seen all') or diag($line);
like($line, qr/witness up to date.* witness_age=0s;900;3600;0;$/, 'is said to have');
$node->safe_psql('postgres', 'INSERT INTO t VALUES (0)');
checkpoint($node);
sleep 2;
($status, $line) = monitor(@held, '-w', 'witness_age=1');
is($status, 1, 'one that has not is behind') or diag($line);
like($line, qr/^AUDIT WARNING - witness \d+ s behind/, 'by so long');
is((monitor('--held', "$work/held", '--witness-key', $other_vkey))[0], 3, "another witness's notes do not count");
system_or_bail(@witness);
my ($newest) = reverse sort glob("$work/held/checkpoints/*/*.note");
my ($folder) = $newest =~ /(.*)\//;
append_to_file("$folder/99999999999999999999.001.note", "forged\n");
is((monitor(@held))[0], 3, 'a forged note is unknown, not fine');
unlink "$folder/99999999999999999999.001.note";

# What is wrong.
$node->safe_psql('postgres', 'CREATE TABLE cut (id int) USING audit_immutable; INSERT INTO cut SELECT i FROM generate_series(1, 900) i');
checkpoint($node);
my $path = $node->data_dir . '/' . $node->safe_psql('postgres', "SELECT pg_relation_filepath('cut')");
$node->safe_psql('postgres', 'CHECKPOINT');
$node->stop;
truncate($path, (-s $path) - 8192) or die "$path: $!";
$node->start;
$node->psql('postgres', "SELECT * FROM audit_immutable.verify('cut', since_checkpoint => 0)");
($status, $line) = monitor();
is($status, 2, 'findings are critical') or diag($line);
like($line, qr/^AUDIT CRITICAL - \d+ findings? when last verified, in public\.cut, .* findings=[1-9]/, 'and where they are');

# Nothing is known.
my $answer = sub { my ($args, $like, $what) = @_;
	my ($stdout, $stderr) = ('', '');
	IPC::Run::run([ $auditor, 'monitor', @$args ], '<', \undef, '>', \$stdout, '2>', \$stderr);
	is($? >> 8, 3, "$what: unknown") or diag($stdout . $stderr);
	like($stdout . $stderr, $like, "$what: why");
};
(my $as_nobody = $url) =~ s/watcher/nobody/;
$answer->([ '--database', $as_nobody ], qr/^AUDIT UNKNOWN - .*(pg_monitor|permission denied)/, 'another role');
(my $elsewhere = $url) =~ s/\/postgres/\/template1/;
$answer->([ '--database', $elsewhere ], qr/^AUDIT UNKNOWN - there is no audit_immutable in this database/, 'another database');
$answer->([ '--database', $url, '-w', 'age=1' ], qr/is not measured/, 'no such metric');
$answer->([ '--nonsense' ], qr/unexpected argument/, 'no such option');
$node->stop;
$answer->([ '--database', $url ], qr/^AUDIT UNKNOWN - cannot connect to the database: /, 'no server');
done_testing();
