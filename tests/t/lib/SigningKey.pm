# A signing key as a DBA would make one, and a server that signs with it.
package SigningKey;

use strict;
use warnings;

use AuditCluster;
use Exporter 'import';
use File::Temp;
use PostgreSQL::Test::Utils;

our @EXPORT = qw(new_key signing_conf new_signing_node checkpoint note_size);

# The file of a new Ed25519 key, made by somebody else's code, outside any data directory.
sub new_key
{
	my $directory = File::Temp::tempdir(CLEANUP => 1);
	my $file = "$directory/signing.pem";
	system_or_bail('openssl', 'genpkey', '-algorithm', 'ed25519', '-out', $file);
	chmod 0600, $file or die "chmod $file: $!";
	return $file;
}

# The settings with which a server signs.
sub signing_conf
{
	my ($key) = @_;
	return "audit_immutable.signing_key_file = '$key'\naudit_immutable.origin = 'db.example.org/ledger'\n";
}

# A running server that can sign. Takes what new_node takes, and key => FILE.
sub new_signing_node
{
	my ($name, %option) = @_;
	my $key = delete $option{key} // new_key();
	$option{conf} = signing_conf($key) . ($option{conf} // '');
	return new_node($name, %option);
}

# A checkpoint: the note.
sub checkpoint
{
	my ($node, $database) = @_;
	return $node->safe_psql($database // 'postgres', 'SELECT audit_immutable.checkpoint()');
}

# The tree size a note says.
sub note_size
{
	my ($note) = @_;
	return (split /\n/, $note)[1];
}

1;
