# What the tests of restores share: a database that has everything a dump can carry, the ways to dump and to restore
# it, and what a copy must answer.
package Restores;

use strict;
use warnings;

use AuditCluster;
use Exporter 'import';
use PostgreSQL::Test::Utils;

our @EXPORT = qw(fill lines own_lines problems @WAYS);

# Restoring takes as long as the restorer's setting restores.nap says, six naps: before the extension's own rows, among
# the users', and behind them.
my $slow = q{
	CREATE SCHEMA a_first;
	CREATE SCHEMA z_last;
	CREATE FUNCTION public.nap() RETURNS bool LANGUAGE sql AS
		$$SELECT pg_sleep(coalesce(nullif(current_setting('restores.nap', true), ''), '0')::float8) IS NOT NULL$$;
	CREATE TABLE a_first.slow (n int CHECK (public.nap()));
	CREATE TABLE public.slow (n int CHECK (public.nap()));
	CREATE TABLE z_last.slow (n int CHECK (public.nap()));
	INSERT INTO a_first.slow VALUES (1), (2);
	INSERT INTO public.slow VALUES (1), (2);
	INSERT INTO z_last.slow VALUES (1), (2);
};

my $logs = q{
	CREATE TABLE t (id bigserial, actor text, details jsonb) USING audit_immutable;
	CREATE TABLE h (id int PRIMARY KEY, note text);
	INSERT INTO h SELECT i, 'before protection ' || i FROM generate_series(1, 50) i;
	SELECT audit_immutable.protect('h'::regclass);
	CREATE TABLE part (at date NOT NULL, note text) PARTITION BY RANGE (at);
	CREATE TABLE part_2025 PARTITION OF part FOR VALUES FROM ('2025-01-01') TO ('2026-01-01') USING audit_immutable;
	CREATE TABLE part_2026 PARTITION OF part FOR VALUES FROM ('2026-01-01') TO ('2027-01-01') USING audit_immutable;
	CREATE FUNCTION pass() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
	CREATE TABLE told (id int, note text) USING audit_immutable;
	ALTER TABLE told OWNER TO alice;
	ALTER TABLE told ADD COLUMN later text;
	CREATE TRIGGER usual BEFORE INSERT ON told FOR EACH ROW EXECUTE FUNCTION pass();
	CREATE TRIGGER disabled BEFORE INSERT ON told FOR EACH ROW EXECUTE FUNCTION pass();
	ALTER TABLE told DISABLE TRIGGER disabled;
	CREATE POLICY everybody ON told USING (true);
	ALTER TABLE told ENABLE ROW LEVEL SECURITY;
	INSERT INTO told (id, note, later) VALUES (1, 'one', 'later'), (2, 'two', 'later');
	ALTER TABLE h ADD COLUMN added int;
	INSERT INTO h (id, added) VALUES (100, 1);
	CREATE SCHEMA app;
	CREATE TABLE app.log (id int, note text) USING audit_immutable;
	INSERT INTO app.log SELECT i, 'row ' || i FROM generate_series(1, 20) i;
	CREATE TABLE retired (note text) USING audit_immutable;
	INSERT INTO retired VALUES ('kept'), ('kept too');
	SELECT audit_immutable.retire('retired', 'to see what a dump makes of it');
	INSERT INTO t (actor) SELECT 'actor ' || i FROM generate_series(1, 100) i;
	INSERT INTO part VALUES ('2025-06-01', 'old'), ('2026-06-01', 'new');
};

# Fills a database: logs of every kind, two chains, a refused attempt where the server records those, and rows behind
# the last checkpoint.
sub fill
{
	my ($node, $database) = @_;
	$node->safe_psql('postgres', "CREATE DATABASE $database");
	$node->safe_psql($database, "CREATE EXTENSION audit_immutable; $slow; $logs");
	my $writer = $node->background_psql($database);
	$writer->query_safe("BEGIN; INSERT INTO t (actor) VALUES ('first')");
	$node->safe_psql($database, "INSERT INTO t (actor) VALUES ('second')");
	$writer->query_safe('COMMIT');
	$writer->quit;
	$node->psql($database, 'DELETE FROM t');
	$node->poll_query_until($database, q{SELECT NOT audit_immutable.preloaded() OR count(*) > 0 FROM audit_immutable.attempt});
	$node->safe_psql($database, 'SELECT audit_immutable.checkpoint()');
	$node->safe_psql($database, "INSERT INTO t (actor) VALUES ('behind the checkpoint')");
	return;
}

# Every line of these logs, as digests: what a copy must equal.
sub lines
{
	my ($node, $database, @logs) = @_;
	my $names = join ', ', map { "'$_'" } @logs;
	return $node->safe_psql($database, qq{
		SELECT log, (SELECT count(*) || ' ' || md5(string_agg(line, E'\n')) FROM audit_immutable.export(log) AS line)
		FROM unnest(ARRAY[$names]::regclass[]) AS log ORDER BY log::text COLLATE "C"});
}

# The same of the extension's own logs that a dump carries.
sub own_lines
{
	my ($node, $database) = @_;
	return lines($node, $database, map { "audit_immutable.$_" }
		  qw(database opening column_list session event attempt incarnation leaf_range tree_head tree_hashes signed_checkpoint));
}

# What verify has to say against a database.
sub problems
{
	my ($node, $database) = @_;
	return $node->safe_psql($database, 'SELECT relation, first_finding FROM audit_immutable.verify() WHERE NOT intact');
}

# The ways, each with the commands that dump and those that restore. SOURCE and TARGET are the databases; FILE is where
# the dump is. Where not all of the database comes back: what is said of it (settle), and which logs there are (logs).
our @WAYS = (
	[ 'plain', 'pg_dump -f FILE SOURCE', 'psql -f FILE TARGET' ],
	[ 'plain, one transaction', 'pg_dump -f FILE SOURCE', 'psql -1 -f FILE TARGET' ],
	[ '-Fc', 'pg_dump -Fc -f FILE SOURCE', 'pg_restore -e -d TARGET FILE' ],
	[ '-Fc, one transaction', 'pg_dump -Fc -f FILE SOURCE', 'pg_restore -e -1 -d TARGET FILE' ],
	[ '-Fd -j', 'pg_dump -Fd -j2 -f FILE SOURCE', 'pg_restore -e -j4 -d TARGET FILE' ],
	[ '-Ft', 'pg_dump -Ft -f FILE SOURCE', 'pg_restore -e -d TARGET FILE' ],
	[ '--inserts', 'pg_dump --inserts -f FILE SOURCE', 'psql -f FILE TARGET' ],
	[ '--column-inserts', 'pg_dump --column-inserts -f FILE SOURCE', 'psql -f FILE TARGET' ],
	[ '--rows-per-insert', 'pg_dump --rows-per-insert=7 -f FILE SOURCE', 'psql -f FILE TARGET' ],
	[
		'--section',
		join(' && ', map { "pg_dump --section=$_ -f FILE.$_ SOURCE" } qw(pre-data data post-data)),
		join(' && ', map { "psql -f FILE.$_ TARGET" } qw(pre-data data post-data))
	],
	[
		'-Fc --section', 'pg_dump -Fc -f FILE SOURCE',
		join(' && ', map { "pg_restore -e -j2 --section=$_ -d TARGET FILE" } qw(pre-data data post-data))
	],
	[ '--clean --if-exists', 'pg_dump --clean --if-exists -f FILE SOURCE', 'psql -f FILE TARGET' ],
	[ '-Fc --clean', 'pg_dump -Fc -f FILE SOURCE', 'pg_restore -e --clean --if-exists -d TARGET FILE' ],
	[ '-T, a plain table', 'pg_dump -T z_last.slow -f FILE SOURCE', 'psql -f FILE TARGET' ],
	[ '-N, a plain schema', 'pg_dump -Fc -N z_last -f FILE SOURCE', 'pg_restore -e -d TARGET FILE' ],
	[
		'--no-owner', 'pg_dump -Fc -f FILE SOURCE', 'pg_restore -e -O -d TARGET FILE',
		settle => q{SELECT audit_immutable.acknowledge_all('under one owner')}
	],
	[
		'-T, an audit table', 'pg_dump -T app.log -f FILE SOURCE', 'psql -f FILE TARGET',
		settle => q{SELECT audit_immutable.acknowledge_all('without app.log')},
		logs => [qw(t h part_2025 part_2026 told)]
	],
	[
		'-t', 'pg_dump -t t -f FILE SOURCE', 'psql -f FILE TARGET',
		settle => q{SELECT audit_immutable.import('t', 'moved')}, logs => ['t'], partial => 1
	],
	[
		'-n', 'pg_dump -n app -f FILE SOURCE', 'psql -f FILE TARGET',
		settle => q{SELECT audit_immutable.import('app.log', 'moved')}, logs => ['app.log'], partial => 1
	],
);

1;
