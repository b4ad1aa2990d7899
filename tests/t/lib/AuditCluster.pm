# What the TAP tests share: a thin layer over PostgreSQL::Test::Cluster.
package AuditCluster;

use strict;
use warnings;

use Exporter 'import';
use File::Basename qw(dirname);
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

our @EXPORT = qw(new_node init_node other_versions create_database verify_intact findings stamps server_crashed);

# A running server with the extension in its database postgres.
# Options: init => {...} as for PostgreSQL::Test::Cluster::init, conf => text,
# extension => 0 to leave the database empty, bin => FOLDER for another version's programs.
sub new_node
{
	my ($name, %option) = @_;
	my $node = PostgreSQL::Test::Cluster->new($name, $option{bin} ? (install_path => dirname($option{bin})) : ());
	init_node($node, %{ $option{init} // {} });
	$node->append_conf('postgresql.conf', $option{conf}) if $option{conf};
	$node->start;
	$node->safe_psql('postgres', 'CREATE EXTENSION audit_immutable')
	  if $option{extension} // 1;
	return $node;
}

# Files are edited here, and the versions mixed. 18 has checksums where nobody says otherwise.
sub init_node
{
	my ($node, %init) = @_;
	my @extra = @{ $init{extra} // [] };
	push @extra, '--no-data-checksums' if $node->pg_version >= 18 && !grep { $_ eq '--data-checksums' } @extra;
	$node->init(%init, extra => \@extra);
	return;
}

# The other versions that are installed beside the one at hand, each with the folder of its programs.
sub other_versions
{
	my ($node) = @_;
	my $lib = 'usr/lib/postgresql/[0-9]*';
	my %found;
	for my $bin (glob("$ENV{AUDIT_STAGE}/{$lib,[0-9]*/$lib}/bin"))
	{
		my ($version) = $bin =~ m{(\d+)/bin$};
		chomp(my $share = `$bin/pg_config --sharedir`);
		$found{$version} = $bin if -e "$share/extension/audit_immutable.control" && $version != $node->pg_version->major;
	}
	return %found;
}

# An empty database, without the extension: what a restore starts from.
sub create_database
{
	my ($node, $database) = @_;
	$node->safe_psql('postgres', "CREATE DATABASE $database TEMPLATE template0");
	return;
}

# One test: verify() says yes, and finds nothing.
sub verify_intact
{
	my ($node, $database, $table, $title) = @_;
	local $Test::Builder::Level = $Test::Builder::Level + 1;
	my ($status, $out, $err) = $node->psql($database,
		"SELECT intact FROM audit_immutable.verify('$table'::regclass)");
	my $good = is($out, 't', $title // "$table in $database is intact");
	diag($err || findings($node, $database, $table)) unless $good;
	return $good;
}

# The findings as text, one a line: chain|seq|kind.
sub findings
{
	my ($node, $database, $table) = @_;
	my ($status, $out, $err) = $node->psql($database,
		"SELECT chain, seq, kind FROM audit_immutable.findings('$table'::regclass) ORDER BY 1, 2, 3");
	return $status == 0 ? $out : "error: $err";
}

# Every stamp of a table with its row, as text: what a copy must equal.
sub stamps
{
	my ($node, $database, $table) = @_;
	return $node->safe_psql($database, "SET TimeZone = 'UTC'; "
		  . "SELECT t::text FROM $table t ORDER BY audit_chain, audit_seq");
}

# True when a process of the server died; psql may have seen only a lost connection.
sub server_crashed
{
	my ($node) = @_;
	return slurp_file($node->logfile) =~ /was terminated by signal|PANIC/;
}

1;
