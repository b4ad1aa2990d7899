# Whoever wrote a row is on record: a row whose session is not there, or came long after it, is found.

use strict;
use warnings;

use AuditCluster;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

# The end of the session log is left out of a dump: no chain has a gap.
my $node = new_node('origin');
$node->safe_psql('postgres', q{
	CREATE TABLE t (id int, note text) USING audit_immutable;
	INSERT INTO t VALUES (1, 'by a session that stays');
});
$node->safe_psql('postgres', q{SET application_name = 'forgotten'; INSERT INTO t SELECT i, 'by one that is left out' FROM generate_series(2, 4) i});
my $left_out = $node->safe_psql('postgres', q{SELECT id FROM audit_immutable.session WHERE application_name = 'forgotten'});
my $file = $node->basedir . '/dump.sql';
$node->command_ok([ 'pg_dump', '-f', $file, $node->connstr('postgres') ], 'a dump');
my $dump = slurp_file($file);
(my $shorter = $dump) =~ s/^$left_out\t.*\n//m;
isnt($shorter, $dump, 'without its last session');
append_to_file("$file.shorter", $shorter);
create_database($node, 'shorter');
$node->command_ok([ 'psql', '-XqAt', '-v', 'ON_ERROR_STOP=1', '-f', "$file.shorter", $node->connstr('shorter') ], 'is restored');
my $found = q{SELECT chain, seq, kind, detail FROM audit_immutable.findings('t') ORDER BY 1, 2};
is($node->safe_psql('shorter', $found),
	join("\n", map { "1|$_|session_missing|It was written by session $left_out, which audit_immutable.session does not have." } 2 .. 4),
	'each row that it wrote is found');
is($node->safe_psql('shorter', q{SELECT relation, findings FROM audit_immutable.verify() WHERE NOT intact ORDER BY relation::text}),
	't|3', 'and nothing else');
is($node->safe_psql('shorter', q{SELECT findings FROM audit_immutable.verify('t', since => ARRAY(
		SELECT format('%s:%s:%s', audit_chain, audit_seq, encode(audit_hash, 'hex')) FROM t WHERE audit_seq = 3))}),
	'1', 'behind a position, the rows there');
verify_intact($node, 'postgres', 't', 'in the origin all is well');

# Many sessions: more than are remembered, and read by parallel workers.
$node->safe_psql('postgres', q{
	CREATE TABLE many (id int, filler text) USING audit_immutable;
	ALTER TABLE many SET (parallel_workers = 2);
	DO $$ BEGIN FOR i IN 1 .. 5000 LOOP
		PERFORM set_config('application_name', 'request ' || i, false);
		INSERT INTO many VALUES (i, repeat('x', 500));
	END LOOP; END $$;
});
is($node->safe_psql('postgres', q{SET min_parallel_table_scan_size = 0; SET parallel_setup_cost = 0; SET parallel_tuple_cost = 0;
		SELECT intact, rows, findings FROM audit_immutable.verify('many')}), 't|5000|0', 'thousands of sessions');
$node->stop;

# A clock that is set back while a session writes is no forgery, unless by more than a day.
my ($library) = glob '/usr/lib/*/faketime/libfaketime.so.1';
my $clock = $node->basedir . '/clock';
sub set_clock
{
	my ($offset) = @_;
	unlink $clock;
	append_to_file($clock, "$offset\n");
	return;
}
set_clock('+0');
{
	local $ENV{LD_PRELOAD} = $library;
	local $ENV{FAKETIME_TIMESTAMP_FILE} = $clock;
	local $ENV{FAKETIME_NO_CACHE} = 1;
	$node->start;
}
$node->safe_psql('postgres', 'CREATE TABLE clock (id int) USING audit_immutable');
my $session = $node->background_psql('postgres');
$session->query_safe(q{SET application_name = 'early'; INSERT INTO clock VALUES (1)});
set_clock('-3h');
$session->query_safe('INSERT INTO clock VALUES (2)');
verify_intact($node, 'postgres', 'clock', 'a clock set back by hours');
set_clock('-2d');
$session->query_safe('INSERT INTO clock VALUES (3)');
$session->quit;
like($node->safe_psql('postgres', q{SELECT seq, kind, detail FROM audit_immutable.findings('clock')}),
	qr/^3\|session_missing\|It was written by session \d+, whose row in audit_immutable\.session is more than a day younger\.$/,
	'a row from long before its session');
$node->stop;
done_testing();
