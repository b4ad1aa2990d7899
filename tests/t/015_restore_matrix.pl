# Every format of a dump, into a database that has the extension and into one that has not, with and without preload,
# while checkpoints are tried: what was dumped is back, to the last stamp, and the database goes on.
#
# AUDIT_RESTORES=whole tries every way with and without the extension, and takes a minute for each restore; else each
# way is tried once on each server.

use strict;
use warnings;

use AuditCluster;
use IPC::Run qw(start);
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Restores;
use SigningKey;
use Test::More;
use Time::HiRes qw(sleep);

my $whole = ($ENV{AUDIT_RESTORES} // '') eq 'whole';
my $nap = $whole ? 10 : 0.4;
my $at_once = $whole ? 15 : 6;
my $unknown_key = qr/^audit_immutable\.signed_checkpoint\|unknown_key: The last checkpoint of "[^\n]*"[^\n]*$/;
my @logs = qw(t h part_2025 part_2026 told app.log);

my $key = new_key();
my %conf = (
	ring2 => "max_worker_processes = 30\n",
	ring3 => "max_worker_processes = 30\nshared_preload_libraries = 'audit_immutable'\naudit_immutable.checkpoint_interval = 1\n",
);
my $origin = new_signing_node('origin', key => $key, conf => "$conf{ring3}audit_immutable.checkpoint_interval = 0\n");
$origin->safe_psql('postgres', 'CREATE ROLE alice');
fill($origin, 'source');
is(problems($origin, 'source'), '', 'what is dumped is intact');
my $users = lines($origin, 'source', @logs);
my $own = own_lines($origin, 'source');
my $directory = PostgreSQL::Test::Utils::tempdir();
my $number = 0;
my %dumped = map { $_->[0] => dumped($_) } @WAYS;
$origin->stop;

for my $ring (qw(ring2 ring3))
{
	my $node = new_signing_node($ring, key => new_key(), extension => 0, conf => $conf{$ring});
	$node->safe_psql('postgres', 'CREATE ROLE alice');
	my @cases = cases($ring);
	my @copies;
	while (my @some = splice @cases, 0, $at_once)
	{
		restore_all($node, @some);
		check_copy($node, $_) for @some;
		push @copies, map { $_->{database} } @some;
	}
	# The key of another server, once for all of its copies.
	$node->append_conf('postgresql.conf', "audit_immutable.former_keys = '" . vkey() . "'\n");
	$node->restart;
	is(problems($node, $copies[-1]), '', "$ring: intact where the key is known");
	unlike(slurp_file($node->logfile), qr/panicked|was terminated by signal/, "$ring: no process came down");
	$node->stop;
}
done_testing();

# The file that a way dumped into.
sub dumped
{
	my ($name, $dump) = @{ $_[0] };
	my $file = "$directory/" . ++$number;
	my $command = $dump =~ s/FILE/$file/gr =~ s/SOURCE/source/gr;
	local $ENV{PGHOST} = $origin->host;
	local $ENV{PGPORT} = $origin->port;
	is(system($command), 0, "$name: $dump");
	return $file;
}

# The verifier key of the server that was dumped.
sub vkey
{
	my ($out) = run_command([ 'audit-immutable', 'vkey', '--key', $key, '--name', 'db.example.org/ledger/source/1' ]);
	return $out;
}

# Every way with and without the extension; or each once, the one or the other.
sub cases
{
	my ($ring) = @_;
	my @all = map { my $way = $_; map { { ring => $ring, way => $way, before => $_ } } 0, 1 } @WAYS;
	my $turn = $ring eq 'ring2' ? 0 : 1;
	@all = @all[ map { 2 * $_ + ($_ + $turn) % 2 } 0 .. $#WAYS ] unless $whole;
	for my $case (@all)
	{
		$case->{database} = 'copy_' . ++$number;
		$case->{title} = "$ring, $case->{way}[0], " . ($case->{before} ? 'the extension was there' : 'into an empty database');
	}
	return @all;
}

# All of them at once, while checkpoints are tried.
sub restore_all
{
	my ($node, @cases) = @_;
	local $ENV{PGHOST} = $node->host;
	local $ENV{PGPORT} = $node->port;
	for my $case (@cases)
	{
		my ($file, $database) = ($dumped{ $case->{way}[0] }, $case->{database});
		create_database($node, $database);
		$node->safe_psql($database, 'CREATE EXTENSION audit_immutable') if $case->{before};
		my $command = $case->{way}[2] =~ s/FILE/$file/gr =~ s/TARGET/$database/gr =~ s/psql/psql -XqAt -v ON_ERROR_STOP=1/gr;
		local $ENV{PGOPTIONS} = "-c restores.nap=$nap";
		$case->{restore} = start([ 'sh', '-c', $command ], '>', \$case->{out}, '2>', \$case->{err});
	}
	while (grep { $_->{restore}->pumpable } @cases)
	{
		sleep 0.3;
		for my $case (grep { $_->{restore}->pumpable } @cases)
		{
			$case->{restore}->pump_nb;
			my (undef, undef, $error) = $node->psql($case->{database}, 'SELECT audit_immutable.checkpoint()');
			$case->{tried}++;
			$case->{refused}++ if $error =~ /ERROR/;
		}
	}
	for my $case (@cases)
	{
		ok($case->{restore}->finish, "$case->{title}: restored") or diag($case->{err});
		cmp_ok($case->{tried}, '>', 1, "$case->{title}: checkpoints were tried meanwhile");
		is($case->{refused}, $case->{tried}, "$case->{title}: and none was made");
	}
	return;
}

# The same lines everywhere; and then the database goes on, with checkpoints.
sub check_copy
{
	my ($node, $case) = @_;
	my ($title, $database) = ($case->{title}, $case->{database});
	is(lines($node, $database, @logs), $users, "$title: every row, every stamp");
	is(own_lines($node, $database), $own, "$title: every session, event, opening line, attempt, and the tree");
	is($node->safe_psql($database, 'SELECT count(*) FROM audit_immutable.live'), '0', "$title: nothing was written here");
	like(problems($node, $database), $unknown_key, "$title: intact, but that a key is not known here");
	$node->safe_psql($database, "INSERT INTO t (actor) VALUES ('after the restore')");
	is($node->safe_psql($database, q{SELECT count(*) FROM audit_immutable.event WHERE kind = 'restored'}),
		'1', "$title: on record");
	$node->safe_psql($database, "SELECT audit_immutable.begin_incarnation('restored')");
	like(checkpoint($node, $database), qr{^db\.example\.org/ledger/$database/2\n}, "$title: a checkpoint is signed");
	like(problems($node, $database), $unknown_key, "$title: and with that");
	return;
}
