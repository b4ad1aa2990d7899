# Random bytes of a table's file, its TOAST table and its unique index are changed while the server
# is down. Whatever verify, findings, heads and export make of it, no backend crashes or hangs.
#
# AUDIT_DAMAGE_ROUNDS says how many tables are damaged, AUDIT_DAMAGE_SEED where the random numbers
# begin; a failure names the seed.

use strict;
use warnings;

use AuditCluster;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $rounds = $ENV{AUDIT_DAMAGE_ROUNDS} || 60;
my $seed = $ENV{AUDIT_DAMAGE_SEED} || 20261121;
srand($seed);
note("seed $seed");

my $node = new_node('damage', conf => "autovacuum = off\nstatement_timeout = 30s\n");
$node->safe_psql('postgres', q{
	CREATE TYPE pair AS (x int, y text, z int[]);
	CREATE TYPE mood AS ENUM ('sad', 'happy');
});
# The types whose values have a structure of their own that a length or an offset can break.
my $definition = 'id bigint, t text, j jsonb, n numeric, b bytea, ti text[], i2 int[], p pair, ps pair[],'
  . ' r numrange, m int8multirange, v tsvector, bits varbit, pa path, po polygon, ip inet, e mood, f float8[], big text, nothing int';
my $row = q{
	SELECT i, repeat('t', i %% 50), jsonb_build_object('k', i, 'a', jsonb_build_array(1, 'x', null, 1.5)), i * 1.2345,
		decode(md5(i::text), 'hex'), ARRAY['one', NULL, 'three' || i], ARRAY[[i, 2], [3, 4]], ROW(i, 'y' || i, ARRAY[i])::pair,
		ARRAY[ROW(i, 'z', NULL)::pair, NULL], numrange(i, i + 1.5), int8multirange(int8range(i, i + 2), int8range(i + 5, i + 9)),
		to_tsvector('simple', 'fat cat ' || i), B'10101', '((0,0),(1,1),(2,0))', '((0,0),(1,1),(2,0),(3,3))',
		('10.0.0.' || i %% 250)::inet, 'sad', ARRAY[1.5, 'NaN'], CASE WHEN i %% 10 = 0 THEN repeat(md5(i::text), 200) END, NULL
	FROM generate_series(1, 60) i};

my @tables = map { "damaged_$_" } 1 .. $rounds;
$node->safe_psql('postgres', join ';', map {
	"CREATE TABLE $_ ($definition) USING audit_immutable; ALTER TABLE $_ ALTER big SET STORAGE EXTERNAL; INSERT INTO $_ " . sprintf($row) } @tables);
$node->safe_psql('postgres', "VACUUM (FREEZE) $_") for @tables;
my %paths = map { split /\|/ } split /\n/, $node->safe_psql('postgres', q{
	SELECT c.relname, pg_relation_filepath(c.oid) || ',' || pg_relation_filepath(c.reltoastrelid) || ',' || pg_relation_filepath(i.indexrelid)
	FROM pg_class c JOIN pg_index i ON i.indrelid = c.oid WHERE c.relname LIKE 'damaged%' AND c.relkind = 'r'});
my $data = $node->data_dir;
$node->stop;

my %done;
for my $table (@tables)
{
	my @files = split /,/, $paths{$table};
	# Mostly the table itself; now and then its TOAST table or its index.
	my $path = "$data/" . $files[ (0, 0, 0, 0, 1, 2)[ int(rand(6)) ] ];
	open(my $file, '+<:raw', $path) or die "$path: $!";
	my $size = -s $path;
	for (1 .. 1 + int(rand(8)))
	{
		my $at = int(rand($size));
		# A page's header is looked at before anything else; leave most of it alone, to get further.
		next if $at % 8192 < 24 && rand() < 0.9;
		sysseek($file, $at, 0);
		sysread($file, my $byte, 1);
		sysseek($file, $at, 0);
		my $new = rand() < 0.5 ? chr(ord($byte) ^ 1 << int(rand(8))) : chr(int(rand(256)));
		syswrite($file, $new);
		push @{ $done{$table} }, sprintf('%s byte %d: %d to %d', $path, $at, ord($byte), ord($new));
	}
	close($file);
}
$node->start;

for my $table (@tables)
{
	my @outcome;
	for my $query ("SELECT count(*) FROM audit_immutable.findings('$table')",
		"SELECT intact FROM audit_immutable.verify('$table')", "SELECT count(*) FROM audit_immutable.heads('$table')",
		"SELECT count(*) FROM audit_immutable.export('$table')")
	{
		my ($status, $out, $err) = $node->psql('postgres', $query);
		push @outcome, "$query: " . ($out // '') . ' ' . ($err // '') if $status == 2 || $err =~ /statement timeout|server closed/;
		if ($node->psql('postgres', 'SELECT 1') != 0)
		{
			$node->stop('immediate', fail_ok => 1);
			$node->start;
		}
	}
	ok(!@outcome, "$table: every answer came") or diag(join "\n", "seed $seed", @{ $done{$table} || [] }, @outcome);
}
ok(!server_crashed($node), 'no backend crashed');

done_testing();
