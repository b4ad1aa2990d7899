# Data checksums, which from 18 on are there where initdb is not told otherwise: a flipped byte makes a page that cannot
# be read. It is named, and the rows of the other pages are checked.

use strict;
use warnings;

use AuditCluster;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = new_node('checksums', init => { extra => ['--data-checksums'] }, conf => "autovacuum = off\n");
$node->safe_psql('postgres', q{
	CREATE TABLE t (id int, note text) USING audit_immutable;
	INSERT INTO t SELECT i, repeat('x', 100) FROM generate_series(1, 200) i;
	VACUUM (FREEZE) t;
	CHECKPOINT;
});
my ($pages, $first, $last) = split /\|/, $node->safe_psql('postgres', q{
	SELECT pg_relation_size('t') / 8192, min(audit_seq), max(audit_seq) FROM t WHERE (ctid::text::point)[0] = 1});
cmp_ok($pages, '>', 2, 'there are several pages');
my $file = $node->data_dir . '/' . $node->safe_psql('postgres', q{SELECT pg_relation_filepath('t')});
$node->stop;

open(my $table, '+<:raw', $file) or die "$file: $!";
seek($table, 8192 + 8060, 0);
read($table, my $byte, 1);
seek($table, 8192 + 8060, 0);
print $table chr(ord($byte) ^ 1);
close($table) or die "$file: $!";
$node->start;

my ($status, $out, $err) = $node->psql('postgres', 'SELECT * FROM t');
like($err, qr/invalid page in block 1/, 'PostgreSQL does not read it');
is($node->safe_psql('postgres', q{SELECT intact FROM audit_immutable.verify('t')}), 'f', 'verify says no');
is(findings($node, 'postgres', 't'), join("\n", "1|$first|missing", '||modified'), 'the rows of that page, and the page');
like($node->safe_psql('postgres', q{SELECT detail FROM audit_immutable.findings('t')}), qr/Page 1 /, 'by its number');
$node->safe_psql('postgres', q{INSERT INTO t VALUES (201, 'after it')});
is($node->safe_psql('postgres', q{SELECT count(*) FROM audit_immutable.findings('t')}), '2', 'and the log goes on');
ok(!server_crashed($node), 'the server lives');

# Without one the byte is in a row that does not fit its hash any more; pg_checksums takes it for the truth.
$node->stop;
$node->command_ok([ 'pg_checksums', '--disable', '-D', $node->data_dir ], 'checksums are switched off');
$node->start;
like(findings($node, 'postgres', 't'), qr/^1\|\d+\|modified$/, 'the very row is named');
done_testing();
