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
my $nap = $whole ? 10 : 0.3;
my $at_once = $whole ? 15 : 7;
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
my %lines = map { $_ => lines($origin, 'source', $_) } @logs;
my $own = own_lines($origin, 'source');
my $directory = PostgreSQL::Test::Utils::tempdir();
my $number = 0;
my %dumped = map { $_->[0] => dumped($_) } @WAYS;
my %whole = map { $_->[0] => dumped($_) } (
	[ 'pg_dumpall', 'pg_dumpall -f FILE' ],
	[ '--create --clean', 'pg_dump --create --clean -f FILE SOURCE' ],
	[ '--clean', 'pg_dump --clean -f FILE SOURCE' ],
);
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
	is(problems($node, $copies[0]), '', "$ring: intact where the key is known");
	of_a_server($node, $ring);
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
	my @all;
	for my $way (@WAYS)
	{
		my (undef, undef, undef, %more) = @$way;
		my $turn = (@all + ($ring eq 'ring3')) % 2;
		# Where a table alone is dumped, the extension does not come along.
		my @before = $more{partial} ? (1) : $whole ? (0, 1) : ($turn);
		push @all, map { { ring => $ring, way => $way, before => $_, %more } } @before;
	}
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
		cmp_ok($case->{tried}, '>', 0, "$case->{title}: checkpoints were tried meanwhile") unless $case->{partial};
		is($case->{refused}, $case->{tried}, "$case->{title}: and none was made");
	}
	return;
}

# The same lines everywhere; and then the database goes on, with checkpoints.
sub check_copy
{
	my ($node, $case) = @_;
	my ($title, $database) = ($case->{title}, $case->{database});
	my @here = @{ $case->{logs} // \@logs };
	is(lines($node, $database, @here), join("\n", map { $lines{$_} } sort @here), "$title: every row, every stamp") unless $case->{partial};
	is(own_lines($node, $database), $own, "$title: every session, event, opening line, attempt, and the tree") unless $case->{partial};
	is($node->safe_psql($database, 'SELECT count(*) FROM audit_immutable.live'), '0', "$title: nothing was written here");
	$node->safe_psql($database, $case->{settle}) if $case->{settle};
	my $expected = $case->{partial} ? qr/^$/ : $unknown_key;
	like(problems($node, $database), $expected, "$title: intact, but that a key is not known here");
	$node->safe_psql($database, $_) for map { { t => "INSERT INTO t (actor) VALUES ('after')", 'app.log' => "INSERT INTO app.log (note) VALUES ('after')" }->{$_} // () } @here;
	if ($case->{partial})
	{
		like(checkpoint($node, $database), qr{^db\.example\.org/ledger/$database/1\n}, "$title: a checkpoint is signed");
	}
	else
	{
		is($node->safe_psql($database, q{SELECT count(*) FROM audit_immutable.event WHERE kind = 'restored'}), '1', "$title: on record");
		$node->safe_psql($database, "SELECT audit_immutable.begin_incarnation('restored')");
		like(checkpoint($node, $database), qr{^db\.example\.org/ledger/$database/2\n}, "$title: a checkpoint is signed");
	}
	like(problems($node, $database), $expected, "$title: and with that");
	return;
}

# A whole server; a database in place of one that is at work; and what cannot be: the tables of one.
sub of_a_server
{
	my ($node, $ring) = @_;
	my $restore = sub {
		my ($file, $database) = @_;
		my ($out, $err) = ('', '');
		IPC::Run::run([ 'psql', '-XqAt', '-f', $file, $node->connstr($database) ], '>', \$out, '2>', \$err);
		return join "\n", grep { /ERROR|FATAL/ } split /\n/, $err;
	};
	for my $what ('pg_dumpall', '--create --clean')
	{
		unlike($restore->($whole{$what}, 'postgres'), qr/ERROR:  (?!role "[^"]*" already exists)/, "$ring, $what: restored");
		is(lines($node, 'source', @logs), join("\n", map { $lines{$_} } sort @logs), "$ring, $what: every row, every stamp");
		is(own_lines($node, 'source'), $own, "$ring, $what: the extension's own rows");
		$node->safe_psql('source', "INSERT INTO t (actor) VALUES ('at work')");
		is(problems($node, 'source'), '', "$ring, $what: at work");
	}
	my $before = lines($node, 'source', @logs);
	like($restore->($whole{'--clean'}, 'source'), qr/ERROR/, "$ring, --clean, into a database that is at work: refused");
	is(lines($node, 'source', @logs), $before, "$ring, --clean: every row is there");
	is(problems($node, 'source'), '', "$ring, --clean: and intact");
	return;
}
