# A dump restores the chains exactly, and they go on from where they were.

use strict;
use warnings;

use AuditCluster;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $origin = new_node('origin');
my $other = new_node('other', extension => 0);

my @tables = qw(t h part_2025 part_2026 told retired);
my $state = qq{SET TimeZone = 'UTC';
	SELECT 'session', s::text FROM audit_immutable.session s
	UNION ALL SELECT 'log', l::text FROM audit_immutable.log l
	UNION ALL SELECT 'event', e::text FROM audit_immutable.event e ORDER BY 1, 2};
my $broken = 'SELECT relation, first_finding FROM audit_immutable.verify() WHERE NOT intact';

$origin->safe_psql('postgres', q{
	CREATE TABLE t (id bigserial, actor text, details jsonb) USING audit_immutable;
	CREATE TABLE h (id int PRIMARY KEY, note text);
	INSERT INTO h SELECT i, 'before protection ' || i FROM generate_series(1, 50) i;
	SELECT audit_immutable.protect('h'::regclass);
	CREATE TABLE part (at date NOT NULL, note text) PARTITION BY RANGE (at);
	CREATE TABLE part_2025 PARTITION OF part
		FOR VALUES FROM ('2025-01-01') TO ('2026-01-01') USING audit_immutable;
	CREATE TABLE part_2026 PARTITION OF part
		FOR VALUES FROM ('2026-01-01') TO ('2027-01-01') USING audit_immutable;
});

# Logs of which there is more to tell than that they were opened. A dump creates a trigger before it
# disables it, and enables row level security at its end.
$_->safe_psql('postgres', 'CREATE ROLE alice') for ($origin, $other);
$origin->safe_psql('postgres', q{
	CREATE FUNCTION pass() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
	CREATE TABLE told (id int, note text) USING audit_immutable;
	ALTER TABLE told OWNER TO alice;
	ALTER TABLE told ADD COLUMN later text;
	CREATE TRIGGER a_first BEFORE INSERT ON told FOR EACH ROW EXECUTE FUNCTION pass();
	CREATE TRIGGER usual BEFORE INSERT ON told FOR EACH ROW EXECUTE FUNCTION pass();
	CREATE TRIGGER with_always AFTER INSERT ON told FOR EACH ROW EXECUTE FUNCTION pass();
	CREATE TRIGGER disabled BEFORE INSERT ON told FOR EACH ROW EXECUTE FUNCTION pass();
	ALTER TABLE told ENABLE ALWAYS TRIGGER with_always, DISABLE TRIGGER disabled;
	CREATE POLICY everybody ON told USING (true);
	ALTER TABLE told ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
	INSERT INTO told (id, note, later) VALUES (1, 'one', 'later'), (2, 'two', 'later');
	ALTER TABLE h ADD COLUMN added int;
	ALTER TABLE part ADD COLUMN added int;
	INSERT INTO h (id, added) VALUES (100, 1);
	CREATE TABLE retired (note text) USING audit_immutable;
	INSERT INTO retired VALUES ('kept'), ('kept too');
	SELECT audit_immutable.retire('retired', 'to see what a dump makes of it');
});

# Writers that overlap, so that there is more than one chain.
my @writers = map { $origin->background_psql('postgres') } 1 .. 3;
for my $round (1 .. 2)
{
	$_->query_safe('BEGIN') for @writers;
	for my $n (0 .. $#writers)
	{
		$writers[$n]->query_safe(qq{
			INSERT INTO t (actor, details)
				SELECT 'writer $n', jsonb_build_object('round', $round, 'i', i) FROM generate_series(1, 10) i;
			INSERT INTO h VALUES (1000 + $round * 10 + $n, NULL);
			INSERT INTO part VALUES ('2025-06-01', 'old'), ('2026-06-01', 'new');
		});
	}
	$_->query_safe('COMMIT') for @writers;
}
# A rolled back transaction leaves no hole.
$origin->safe_psql('postgres', "BEGIN; INSERT INTO t (actor) VALUES ('nobody'); ROLLBACK");
$_->quit for @writers;

is($origin->safe_psql('postgres', 'SELECT count(DISTINCT audit_chain) FROM t'),
	'3', 'three writers at once made three chains');
verify_intact($origin, 'postgres', $_) for @tables;
is($origin->safe_psql('postgres', $broken), '', 'everything is intact');
is($origin->safe_psql('postgres', q{
		SELECT string_agg(number || ' ' || replace(heads, ',', ' '), ', ' ORDER BY relation::text, number)
		FROM audit_immutable.column_list JOIN audit_immutable.log USING (log) WHERE relation::text IN ('told', 'h')}),
	'2 1:50, 2 ', 'columns have changed, before the first row and later');
is($origin->safe_psql('postgres', q{
		SELECT string_agg(kind, ' ' ORDER BY number) FROM audit_immutable.event WHERE relation = 'public.told'}),
	'protect owner_changed column_added ' . 'trigger_changed ' x 6 . 'row_security_changed', 'events are there to be dumped');

# The same rows, stamps, sessions and logs; and then the chains go on.
sub check_copy
{
	my ($node, $database) = @_;

	is(stamps($node, $database, $_), stamps($origin, 'postgres', $_),
		"$database: rows and stamps of $_") for @tables;
	is($node->safe_psql($database, $state), $origin->safe_psql('postgres', $state),
		"$database: sessions, logs and events");
	is(lines($node, $database), lines($origin, 'postgres'), "$database: every line of every log, the database's identity among them");
	verify_intact($node, $database, $_) for @tables;
	is($node->safe_psql($database, $broken), '', "$database: everything is intact");

	my $head = 'SELECT count(*), count(DISTINCT audit_chain), sum(audit_seq) FROM t';
	my ($rows, $chains) = split /\|/, $node->safe_psql($database, $head);
	$node->safe_psql($database, q{
		INSERT INTO t (actor) VALUES ('after the restore');
		INSERT INTO h VALUES (9999, 'after the restore');
		INSERT INTO part VALUES ('2025-07-01', 'after'), ('2026-07-01', 'after');
	});
	my ($rows_now, $chains_now) = split /\|/, $node->safe_psql($database, $head);
	is("$rows_now rows, $chains_now chains", ($rows + 1) . " rows, $chains chains",
		"$database: a new row goes to an old chain");
	is($node->safe_psql($database, q{SELECT id FROM t WHERE actor = 'after the restore'}),
		$rows + 2, "$database: the sequence goes on");
	verify_intact($node, $database, $_, "$database: $_ is intact with new rows") for @tables;
	is(events($node, $database), events($origin, 'postgres'), "$database: writing rows is no other event than that a restore has ended");
	is($node->safe_psql($database, q{
			SELECT count(*), bool_and(log IS NULL), max(detail #>> '{logs,00000000-0000-8000-8000-00000000000a,rows}')
			FROM audit_immutable.event WHERE kind = 'restored'}), '1|t|1', "$database: which is on record once, with what came");
	is($node->safe_psql($database, q{SELECT on_record LIKE 'restored: % rows up to ["1:%' FROM audit_immutable.verify('t'::regclass)}),
		't', "$database: and verify goes on saying it");
	isnt($node->psql($database, q{COPY audit_immutable.attempt (at, message, audit_chain, audit_seq, audit_at, audit_session, audit_hash)
			FROM PROGRAM 'printf "now\\tforged\\t1\\t1\\tnow\\t1\\t\\\\\\\\x00\n"'}), 0, "$database: the door is closed");
	$node->safe_psql($database, q{ALTER TABLE told ADD COLUMN last text; INSERT INTO told (last) VALUES ('x')});
	is(events($node, $database), events($origin, 'postgres') . "\nlog told 11: column_added", "$database: the next event has the next number");
	is($node->safe_psql($database, $broken), '', "$database: everything is intact with that");
	my $export = $node->basedir . "/$database.jsonl";
	append_to_file($export, $node->safe_psql($database, q{
		SELECT audit_immutable.export(relation) FROM audit_immutable.log ORDER BY relation::text COLLATE "C"}) . "\n");
	$node->command_ok([ 'python3', "$ENV{TESTDIR}/../../docs/verify.py", $export ], "$database: a verifier written from the format accepts every export");
	my ($status, undef, $error) = $node->psql($database, 'DELETE FROM t');
	isnt($status, 0, "$database: guarded as before");
	return;
}

# Every export, the opening lines included, as a digest.
sub lines
{
	my ($node, $database) = @_;
	my @own = map { "audit_immutable.$_" } qw(database opening column_list session event attempt);
	return join "\n", map {
		$node->safe_psql($database, qq{SELECT '$_', count(*), md5(string_agg(line, E'\n')) FROM audit_immutable.export('$_') AS line})
	} @own, @tables;
}

# What became of each log, in the order of its events.
sub events
{
	my ($node, $database) = @_;
	return $node->safe_psql($database, q{
		SELECT format('log %s %s: %s', coalesce(replace(relation, 'public.', ''), '-'), number, kind)
		FROM audit_immutable.event WHERE kind <> 'restored' ORDER BY relation IS NOT DISTINCT FROM 'public.told', relation, number, audit_chain, audit_seq});
}

my $plain = $origin->basedir . '/plain.sql';
my $custom = $origin->basedir . '/custom.dump';
my @plain_restore = ('psql', '-X', '-q', '-v', 'ON_ERROR_STOP=1', '-f', $plain);

$origin->command_ok([ 'pg_dump', '-f', $plain, 'postgres' ], 'pg_dump, plain');
$origin->command_ok([ 'pg_dump', '-Fc', '-f', $custom, 'postgres' ], 'pg_dump, custom');

for my $node ($origin, $other)
{
	my $where = $node->name;

	create_database($node, "plain_$where");
	$node->command_ok([ @plain_restore, '-d', "plain_$where" ], "psql restores in $where");
	check_copy($node, "plain_$where");

	create_database($node, "custom_$where");
	$node->command_ok([ 'pg_restore', '-e', '-j2', '-d', "custom_$where", $custom ],
		"pg_restore -j2 restores in $where");
	check_copy($node, "custom_$where");
}
create_database($other, 'at_once');
$other->command_ok([ 'pg_restore', '-e', '-1', '-d', 'at_once', $custom ], 'pg_restore --single-transaction');
check_copy($other, 'at_once');

# A dump without data brings the guard triggers, but not the opening line they name. Nothing is
# stamped under a log that is not there; protect opens a new one.
my $schema = PostgreSQL::Test::Utils::tempdir() . '/schema.sql';
$origin->command_ok([ 'pg_dump', '-s', '-f', $schema, 'postgres' ], 'pg_dump, schema only');
create_database($origin, 'schema');
$origin->command_ok([ 'psql', '-X', '-q', '-v', 'ON_ERROR_STOP=1', '-f', $schema, '-d', 'schema' ], 'psql restores the schema');
my ($refused, undef, $why) = $origin->psql('schema', "INSERT INTO t (actor) VALUES ('early')");
isnt($refused, 0, 'an insert without an opening line is refused');
like($why, qr/has no opening line in this database/, 'and says why');
is($origin->safe_psql('schema', 'SELECT count(*) FROM t'), '0', 'and stores nothing');
$origin->safe_psql('schema', "SELECT audit_immutable.protect('t'); INSERT INTO t (actor) VALUES ('alice')");
is($origin->safe_psql('schema', "SELECT audit_chain, audit_seq FROM t"), '1|1', 'protect opens a new log');
verify_intact($origin, 'schema', 't');

# Where rows were stamped already, the dump's would mix with them: refused.
create_database($other, 'used');
$other->safe_psql('used', q{
	CREATE EXTENSION audit_immutable;
	CREATE TABLE mine (note text) USING audit_immutable;
	INSERT INTO mine VALUES ('first');
});
my $before = stamps($other, 'used', 'mine');
$other->command_checks_all([ @plain_restore, '-d', 'used' ], 3, [],
	[qr/ERROR:.*(already|stamped|empty|restore)/s],
	'restoring where rows were stamped is refused');
is(stamps($other, 'used', 'mine'), $before, 'and changes nothing there');
verify_intact($other, 'used', 'mine');


# Another database has another identity, so that no chain can be passed off as its own.
isnt($other->safe_psql('used', 'SELECT id FROM audit_immutable.database'),
	$origin->safe_psql('postgres', 'SELECT id FROM audit_immutable.database'), 'another database is another');

# An identity that somebody changed in the dump, or a second one, is refused.
my $dump = slurp_file($plain);
my ($identity) = $dump =~ /^COPY audit_immutable\.database .*?\n(.*?\n)\\\.\n/ms;
sub identity_refused
{
	my ($database, $rows, $expected, $title) = @_;
	my ($altered, $file) = ($dump, PostgreSQL::Test::Utils::tempdir() . "/$database.sql");
	$altered =~ s/\Q$identity\E/$rows/;
	append_to_file($file, $altered);
	create_database($other, $database);
	$other->command_checks_all([ 'psql', '-X', '-q', '-v', 'ON_ERROR_STOP=1', '-f', $file, '-d', $database ], 3, [], [$expected], $title);
	is($other->safe_psql($database, 'SELECT count(*) FROM audit_immutable.database'), '0', "$title: nothing is there");
	return;
}
my $digit = substr($identity, 0, 1) eq '7' ? '8' : '7';
identity_refused('changed', $digit . substr($identity, 1), qr/cannot restore rows of "audit_immutable\.database"/, 'an identity that was changed');
identity_refused('doubled', $identity . $digit . substr($identity, 1), qr/duplicate key value|cannot restore rows/, 'a second identity');

# Rows have come whose identity has not come yet: nobody makes another meanwhile.
my $early = PostgreSQL::Test::Utils::tempdir() . '/early.sql';
my ($sessions) = $dump =~ /^(COPY audit_immutable\.session .*?\n\\\.\n)/ms;
append_to_file($early, "CREATE EXTENSION audit_immutable;\n$sessions");
create_database($other, 'half');
$other->command_ok([ 'psql', '-X', '-q', '-v', 'ON_ERROR_STOP=1', '-f', $early, '-d', 'half' ], 'half a restore');
my (undef, undef, $too_early) = $other->psql('half', 'CREATE TABLE mine (note text) USING audit_immutable');
like($too_early, qr/it is not known which database this is.*audit_immutable\.session has rows.*HINT:  Finish the restore/s,
	'a first row before the identity has come is refused');
like($other->safe_psql('half', "SELECT first_finding FROM audit_immutable.verify('audit_immutable.session')"),
	qr/The row of audit_immutable\.database is gone/, 'and what has come cannot be verified yet');

# What comes in pieces, each row in a transaction of its own, is taken until the first row is stamped here.
for my $how ('--inserts', '--column-inserts', '--rows-per-insert=3')
{
	my $file = PostgreSQL::Test::Utils::tempdir() . '/inserts.sql';
	my $database = 'pieces' . $how =~ s/\W+/_/gr;
	$origin->command_ok([ 'pg_dump', $how, '-f', $file, 'postgres' ], "pg_dump $how");
	create_database($other, $database);
	$other->command_ok([ 'psql', '-X', '-q', '-v', 'ON_ERROR_STOP=1', '-f', $file, '-d', $database ], "$how: restored");
	check_copy($other, $database);
}

done_testing();
