# No code of a user's runs with another's privileges: a superuser calls every
# function of the extension in a database full of traps, with the workers at
# work, and every function that is called runs as the owner of what called it.

use strict;
use warnings;

use AuditCluster;
use Digest::SHA;
use FindBin;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use SigningKey;
use Test::More;

my $node = new_signing_node('trusted', conf => <<'CONF');
shared_preload_libraries = 'audit_immutable'
audit_immutable.checkpoint_interval = 1
autovacuum_naptime = 1s
min_parallel_table_scan_size = 0
parallel_setup_cost = 0
parallel_tuple_cost = 0
CONF
$node->safe_psql('postgres', q{
	CREATE ROLE owner LOGIN;
	CREATE ROLE auditor LOGIN;
	GRANT pg_read_all_data TO auditor;
	ALTER ROLE auditor BYPASSRLS;
	GRANT CREATE ON DATABASE postgres TO owner;
	ALTER ROLE auditor SET search_path = m, pg_catalog;
});
my @as_owner = (extra_params => [ '-U', 'owner' ]);
my $traps = slurp_file("$FindBin::RealBin/lib/traps.sql");
my ($status, $out, $err) = $node->psql('postgres', $traps, on_error_stop => 1, @as_owner);
is($status, 0, 'the traps are set') or BAIL_OUT($err);

# A log of another database, as the dump of its table would bring it, with the same traps.
my $log = '12345678-1234-4123-8123-123456789012';
my $opening = qq({"audit_immutable":1,"database":"11111111-2222-4333-8444-555555555555","log":"$log","table":"m.brought",)
  . q("columns":[["n","integer"],["k","integer"],["note","text"]],"opened":"2020-01-01T00:00:00+00:00","by":"alice"});
my $prev = Digest::SHA::sha256_hex($opening);
my $hash = Digest::SHA::sha256_hex(qq({"chain":1,"seq":1,"prev":"$prev","at":"2020-01-01T00:00:01+00:00","session":7,"row":{"n":1,"k":2,"note":"three"}}));
$node->safe_psql('postgres', qq{
	SET ROLE owner;
	CREATE TABLE m.brought (n int, k int, note text, audit_chain int, audit_seq bigint, audit_at timestamptz, audit_session bigint, audit_hash bytea)
		USING audit_immutable;
	RESET ROLE;
	INSERT INTO m.brought VALUES (1, 2, 'three', 1, 1, '2020-01-01 00:00:01+00', 7, '\\x$hash');
	SET ROLE owner;
	CREATE UNIQUE INDEX ON m.brought (audit_chain, audit_seq) WHERE m.trap('predicate of a chains'' index');
	CREATE INDEX ON m.brought USING audit_chain (audit_chain, audit_seq);
	SET search_path = m, pg_catalog;
	SELECT m.arm('brought');
	RESET ROLE;
	CREATE TRIGGER audit_immutable_guard BEFORE UPDATE OR DELETE OR TRUNCATE ON m.brought
		FOR EACH STATEMENT EXECUTE FUNCTION audit_immutable.guard('$log');
	CREATE TRIGGER audit_immutable_guard_row BEFORE UPDATE OR DELETE ON m.brought
		FOR EACH ROW EXECUTE FUNCTION audit_immutable.guard('$log');
	ALTER TABLE m.brought ENABLE ALWAYS TRIGGER audit_immutable_guard, ENABLE ALWAYS TRIGGER audit_immutable_guard_row;
	COMMENT ON TRIGGER audit_immutable_guard ON m.brought IS '$opening';
});

# What was called up to now was called by plain statements of the owner's.
my $said = -s $node->logfile;

# Calls something as a superuser whose search path finds the traps first.
sub call
{
	my ($sql, @as) = @_;
	my ($failed, $answer, $says) = $node->psql('postgres', $sql, @as);
	is($failed, 0, $sql) or diag($says);
	return $answer;
}

# What each function of the extension is called by. `off` is not called by hand: a handler, a trigger's function, a part
# of the aggregate.
my %calls = (
	import => q{SELECT audit_immutable.import('m.brought', 'from the old server')},
	handler => 'off', chain_handler => 'off', guard => 'off', check => 'off', finish => 'off', finish_create => 'off', refuse_rewrite => 'off',
	check_row => 'off', check_combine => 'off', check_serialize => 'off', check_deserialize => 'off',
	check_rows => q{SELECT audit_immutable.check_rows('audit_immutable.event'::regclass, 0, 1000, true) IS NULL},
	protect => q{SELECT audit_immutable.protect('m.bait'); SELECT audit_immutable.protect('m.plain_leaf');
		SELECT audit_immutable.protect('m.ordered', order_by => ARRAY['n DESC', 'e', 'p', 's'])},
	verify => q{SELECT * FROM audit_immutable.verify(); SELECT * FROM audit_immutable.verify('m.root'); SELECT * FROM audit_immutable.verify('m.log');
		SELECT * FROM audit_immutable.verify('m.log', since => '{}'); SELECT * FROM audit_immutable.verify(since_checkpoint => 1)},
	findings => q{SELECT * FROM audit_immutable.findings('m.log')},
	line => q{SELECT audit_immutable.line('m.log', 1, 1)},
	opening_line => q{SELECT audit_immutable.opening_line('m.log')},
	export => q{SELECT audit_immutable.export('m.log')},
	heads => q{SELECT audit_immutable.heads('m.log')},
	armed => q{SELECT audit_immutable.armed('m.log')},
	state => q{SELECT audit_immutable.state('m.log', 1, 1000); SELECT * FROM audit_immutable.status; SELECT * FROM audit_immutable.log},
	checkpoint => q{SELECT audit_immutable.checkpoint()},
	latest_checkpoint => q{SELECT audit_immutable.latest_checkpoint()},
	network_findings => q{SELECT * FROM audit_immutable.network_findings(passed => true)},
	check_note => q{SELECT audit_immutable.check_note(audit_immutable.latest_checkpoint())},
	receipt => q{SELECT audit_immutable.receipt('m.log', 1, 1)},
	inclusion_proof => q{SELECT audit_immutable.inclusion_proof(0, 1)},
	consistency_proof => q{SELECT audit_immutable.consistency_proof(1, 2)},
	tile => q{SELECT audit_immutable.tile(0, 0, 1)},
	entries => q{SELECT audit_immutable.entries(0, 1)},
	begin_incarnation => q{SELECT audit_immutable.begin_incarnation('another rack')},
	acknowledge => q{SELECT audit_immutable.acknowledge('m.log', 'as it is')},
	acknowledge_all => q{SELECT audit_immutable.acknowledge_all('as they are')},
	detach => q{SELECT audit_immutable.detach('m.plain_leaf', 'its year is over')},
	restrict => q{SELECT audit_immutable.restrict('m.log', require_tls => 'remote', reason => 'no plain text')},
	policy => q{SELECT audit_immutable.policy()},
	attempts_dropped => q{SELECT audit_immutable.attempts_dropped()},
	library_version => q{SELECT audit_immutable.library_version()},
	preloaded => q{SELECT audit_immutable.preloaded()},
	verifications => q{SELECT audit_immutable.verifications(); SELECT * FROM audit_immutable.verify_progress},
	retire => q{SELECT audit_immutable.retire('m.ordered', 'the end'); SELECT audit_immutable.retire('m.log', 'the end')},
);
my @functions = split /\n/, $node->safe_psql('postgres',
	q{SELECT DISTINCT proname FROM pg_proc WHERE pronamespace = 'audit_immutable'::regnamespace ORDER BY 1});
is_deeply([ sort keys %calls ], [ sort @functions ], 'each function of the extension is called, or said why not');

call("SET search_path = m, pg_catalog; $calls{protect}");
# Row level security that holds for the owner too: what it hides from the owner, verify sees.
call(q{SELECT audit_immutable.protect('m.forced'); ALTER TABLE m.forced FORCE ROW LEVEL SECURITY});
is($node->safe_psql('postgres', q{SELECT rows FROM audit_immutable.verify('m.forced')}), 3, 'all of its rows are verified');
my @last = qw(begin_incarnation acknowledge acknowledge_all detach retire);
for my $function (grep { my $it = $_; $it ne 'protect' && !grep { $it eq $_ } @last } @functions, @last)
{
	next if $calls{$function} eq 'off';
	call("SET search_path = m, pg_catalog; $calls{$function}");
}
# An auditor, who is no superuser, is nobody whose privileges an owner may have either.
call(q{SELECT * FROM audit_immutable.verify('m.leaf'); SELECT * FROM audit_immutable.verify('m.bait');
	SELECT * FROM audit_immutable.findings('m.bait')}, extra_params => [ '-U', 'auditor' ]);

# DDL of a superuser's that the guards look at, and a refusal that the workers record.
call(q{CREATE TABLE m.second_leaf PARTITION OF m.root FOR VALUES FROM (100) TO (200) USING audit_immutable}, @as_owner);
call(q{ALTER TABLE m.bait ADD COLUMN more int; ALTER TABLE m.bait OWNER TO owner; REINDEX TABLE m.bait});
$node->psql('postgres', q{UPDATE m.bait SET n = 0}, @as_owner);
ok($node->poll_query_until('postgres', q{SELECT count(*) > 0 FROM audit_immutable.attempt}), 'the refusal is recorded');
ok($node->poll_query_until('postgres', q{SELECT max(size) = (SELECT max(size) FROM audit_immutable.tree_head)
	FROM audit_immutable.signed_checkpoint}), 'checkpoints are made');

my @sprung = slurp_file($node->logfile, $said) =~ /trap: (.+ ran as .+ in a session of .+)\n/g;
my %by_others;
$by_others{$_}++ for grep { !/ ran as owner in / } @sprung;
is(join("\n", sort keys %by_others), '', 'whatever was called ran as its owner');
cmp_ok(scalar(grep { / in a session of (?!owner)/ } @sprung), '>', 0, 'some of it was called in sessions of others');
is($node->safe_psql('postgres', q{SELECT rolsuper FROM pg_roles WHERE rolname = 'owner'}), 'f', 'the owner is no superuser');
ok(!server_crashed($node), 'nothing crashed');

done_testing();
