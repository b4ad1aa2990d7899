# pg_upgrade, from this version and from each older one that is there, copying, linking and (from 18 on) swapping, without
# and with preload: every log goes along with its rows, its guards and its evidence, and goes on.
#
# Settings: AUDIT_UPGRADES=whole   from older versions too in every mode; otherwise each mode once
#           AUDIT_UPGRADES=older   from older versions alone

use strict;
use warnings;

use AuditCluster;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Restores;
use SigningKey;
use Test::More;

my $rows = q{
	CREATE TYPE mood AS ENUM ('sad', 'happy');
	CREATE DOMAIN posint AS int CHECK (VALUE > 0);
	CREATE TYPE pair AS (x int, y text);
	CREATE TABLE t (id int PRIMARY KEY, m mood, d posint, p pair, note text) USING audit_immutable;
	INSERT INTO t SELECT i, 'sad', i, ROW(i, 'y')::pair, repeat('x', 3000) FROM generate_series(1, 300) i;
	CREATE TABLE adopted (id int);
	INSERT INTO adopted VALUES (1), (2);
	SELECT audit_immutable.protect('adopted');
	INSERT INTO adopted VALUES (3);
	CREATE TABLE root (id int, at date) PARTITION BY RANGE (at);
	CREATE TABLE leaf PARTITION OF root FOR VALUES FROM ('2026-01-01') TO ('2027-01-01') USING audit_immutable;
	INSERT INTO root VALUES (1, '2026-05-05');
	CREATE TABLE old (id int) USING audit_immutable;
	INSERT INTO old VALUES (1);
	SELECT audit_immutable.retire('old', 'replaced by t');
	ALTER TABLE t ADD COLUMN more text;
	INSERT INTO t (id, more) VALUES (301, 'with the new column');
};
my @own = map { "audit_immutable.$_" } qw(opening session event database column_list signed_checkpoint tree_head);
my @logs = (qw(t adopted leaf old), @own);

sub upgraded
{
	my ($name, $preload, $from, @mode) = @_;
	my $key = new_key();
	my $conf = signing_conf($key) . ($preload ? "shared_preload_libraries = 'audit_immutable'\n" : '')
	  . "audit_immutable.checkpoint_interval = 0\n";
	my $old = new_node("old_$name", conf => $conf, bin => $from);
	$old->safe_psql('postgres', $rows);
	my $note = checkpoint($old);
	$old->safe_psql('postgres', q{INSERT INTO t (id, note) VALUES (302, 'after the checkpoint')});
	my %before = map { $_ => stamps($old, 'postgres', $_) } @logs;
	my $lines = exported($old);
	$old->stop;

	my $new = PostgreSQL::Test::Cluster->new("new_$name");
	init_node($new);
	$new->append_conf('postgresql.conf', $conf);
	forget_option($old, 'postgres', $preload) if $from && !knows_option($new);
	my @bins = map { $_->config_data('--bindir') } $old, $new;
	my @paths = ('--old-datadir', $old->data_dir, '--new-datadir', $new->data_dir, '--old-bindir', $bins[0], '--new-bindir', $bins[1]);
	my @sockets = ('--socketdir', $new->host, '--old-port', $old->port, '--new-port', $new->port);
	my $directory = $new->basedir;
	my ($out, $err) = ('', '');
	my $done = chdir_run($directory, \$out, \$err, 'pg_upgrade', '--no-sync', @paths, @sockets, @mode);
	ok($done, "$name: pg_upgrade") or diag($out, $err, logs_of($new));
	return unless $done;
	$new->start;
	is(exported($new), $lines, "$name: what is exported is the same, byte for byte");
	is(stamps($new, 'postgres', $_), $before{$_}, "$name: $_ has its rows") for @logs;
	verify_intact($new, 'postgres', $_, "$name: $_ is intact") for @logs;
	going_on($new, $name, $note);
	$new->stop;
	return;
}

# A dump, by this version's pg_dump as PostgreSQL says one should, of an older server.
sub dumped
{
	my ($version, $bin) = @_;
	my $old = new_signing_node("dumped_$version", bin => $bin);
	$old->safe_psql('postgres', 'CREATE ROLE alice');
	fill($old, 'source');
	my $new = new_node("restored_$version", extension => 0);
	$new->stop;
	my $knows = knows_option($new);
	$new->start;
	$old->stop;
	forget_option($old, 'source', 0) unless $knows;
	$old->start;
	$new->safe_psql('postgres', 'CREATE ROLE alice');
	my $file = $new->basedir . '/dump';
	for my $format ([ 'plain', 'psql', '-X', '-q', '-v', 'ON_ERROR_STOP=1', '-f' ], [ 'custom', 'pg_restore', '-e' ])
	{
		my ($name, @restore) = @$format;
		create_database($new, $name);
		my $title = "a dump from $version, $name";
		$new->command_ok([ 'pg_dump', "--format=$name", '-f', $file, '-h', $old->host, '-p', $old->port, 'source' ], "$title: dumped");
		$new->command_ok([ @restore, $file, '-d', $name ], "$title: restored") if $name eq 'plain';
		$new->command_ok([ @restore, '-d', $name, $file ], "$title: restored") if $name eq 'custom';
		is(problems($new, $name), '', "$title: intact");
		my @tables = qw(t h part_2025 part_2026 told app.log);
		is(lines($new, $name, @tables), lines($old, 'source', @tables), "$title: what is exported is the same, byte for byte");
		is(own_lines($new, $name), own_lines($old, 'source'), "$title: the evidence too");
	}
	return;
}

# The minor releases of November 2026 (15.20, 17.12) give each column an option that an earlier minor release of a later
# version refuses to restore (18.6): pg_upgrade fails, with any table. So the tests can go on, it is taken out by hand.
sub knows_option
{
	my ($new) = @_;
	$new->start;
	my $status = $new->psql('postgres', 'CREATE TABLE probe (a int); ALTER TABLE probe ALTER a SET (pg_attver = 1)');
	$new->safe_psql('postgres', 'DROP TABLE IF EXISTS probe');
	$new->stop;
	return $status == 0;
}

sub forget_option
{
	my ($old, $database, $preload) = @_;
	$old->append_conf('postgresql.conf', q{shared_preload_libraries = ''});
	$old->start;
	$old->safe_psql($database, 'UPDATE pg_attribute SET attoptions = NULL WHERE attoptions IS NOT NULL');
	$old->append_conf('postgresql.conf', q{shared_preload_libraries = 'audit_immutable'}) if $preload;
	$old->stop;
	return;
}

# Every line of every log, the extension's own among them.
sub exported
{
	my ($node) = @_;
	return join "\n", map { $node->safe_psql('postgres', "SELECT audit_immutable.export('$_')") } @logs;
}

# pg_upgrade writes into the directory where it is called.
sub chdir_run
{
	my ($directory, $out, $err, @command) = @_;
	my $before = Cwd::getcwd();
	chdir $directory or die "$directory: $!";
	my $done = IPC::Run::run(\@command, '>', $out, '2>', $err);
	chdir $before or die "$before: $!";
	return $done;
}

sub logs_of
{
	my ($node) = @_;
	my @files = glob($node->data_dir . '/pg_upgrade_output.d/*/log/pg_upgrade_dump_*.log');
	return join '', map { grep { /error/i } split /^/, slurp_file($_) } @files;
}

sub going_on
{
	my ($new, $name, $note) = @_;
	my ($status, $out, $err) = $new->psql('postgres', q{DELETE FROM t});
	like($err, qr/cannot delete from audit table "public.t"/, "$name: the guards are there");
	$new->safe_psql('postgres', q{INSERT INTO t (id, more) VALUES (303, 'after the upgrade'); INSERT INTO root VALUES (2, '2026-06-06')});
	verify_intact($new, 'postgres', $_, "$name: $_ goes on") for qw(t leaf audit_immutable.session);
	is($new->safe_psql('postgres', "SELECT count(DISTINCT verdict), max(verdict) FROM audit_immutable.check_note(\$note\$$note\$note\$)"),
		'1|contained', "$name: the note from before the upgrade holds");
	($status, $out, $err) = $new->psql('postgres', 'SELECT audit_immutable.checkpoint()');
	like($err, qr/begin_incarnation/, "$name: a checkpoint asks for the documented step");
	$new->safe_psql('postgres', "SELECT audit_immutable.begin_incarnation('pg_upgrade', \$note\$$note\$note\$)");
	like(checkpoint($new), qr{^db\.example\.org/ledger/postgres/\d+\n}, "$name: and then signs");
	like($new->safe_psql('postgres', q{SELECT audit_immutable.receipt('t', 1, 300)}), qr/^c2sp.org/, "$name: receipts");
	verify_intact($new, 'postgres', $_, "$name: $_ is intact behind the checkpoint") for @logs;
	return;
}

use Cwd;
my $here = PostgreSQL::Test::Cluster->new('here')->pg_version;
my @modes = (['copied'], ['linked', '--link'], $here >= 18 ? ['swapped', '--swap'] : ());
my $which = $ENV{AUDIT_UPGRADES} // '';
for my $mode ($which eq 'older' ? () : @modes)
{
	my ($name, @option) = @$mode;
	upgraded($name, 0, undef, @option);
	upgraded("${name}_preloaded", 1, undef, @option);
}
my %others = other_versions(PostgreSQL::Test::Cluster->new('there'));
for my $version (sort { $a <=> $b } grep { $_ < $here->major } keys %others)
{
	for my $at (0 .. $#modes)
	{
		my ($name, @option) = @{ $modes[$at] };
		my @preloads = $which eq 'whole' ? (0, 1) : ($at % 2);
		upgraded("${name}_from_${version}_preload_$_", $_, $others{$version}, @option) for @preloads;
	}
	dumped($version, $others{$version});
}
done_testing();
