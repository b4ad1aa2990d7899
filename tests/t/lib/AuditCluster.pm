# What the TAP tests share: a thin layer over PostgreSQL::Test::Cluster.
package AuditCluster;

use strict;
use warnings;

use Exporter 'import';
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

our @EXPORT = qw(new_node create_database verify_intact findings stamps server_crashed);

# A running server with the extension in its database postgres.
# Options: init => {...} as for PostgreSQL::Test::Cluster::init, conf => text,
# extension => 0 to leave the database empty.
sub new_node
{
	my ($name, %option) = @_;
	my $node = PostgreSQL::Test::Cluster->new($name);
	$node->init(%{ $option{init} // {} });
	$node->append_conf('postgresql.conf', $option{conf}) if $option{conf};
	$node->start;
	$node->safe_psql('postgres', 'CREATE EXTENSION audit_immutable')
	  if $option{extension} // 1;
	return $node;
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
