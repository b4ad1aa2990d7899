# Another signing key: what was signed with the one before stays genuine, and from when on the new one signs is on
# record. And settings that are misspelled or no good.

use strict;
use warnings;

use AuditCluster;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use SigningKey;
use Test::More;

my ($first, $second, $foreign) = (new_key(), new_key(), new_key());
my $node = new_signing_node('rotation', key => $first);
$node->safe_psql('postgres', 'CREATE TABLE t (id int) USING audit_immutable; INSERT INTO t VALUES (1)');
my $note = checkpoint($node);

# The verifier key of a file, as a DBA would print it, for another database of the server.
sub vkey
{
	my ($key) = @_;
	my ($out, $err) = run_command(['audit-immutable', 'vkey', '--key', $key, '--name', 'db.example.org/ledger/other/1']);
	return $out;
}

sub set
{
	my ($settings) = @_;
	$node->append_conf('postgresql.conf', $settings);
	$node->reload;
	return;
}

sub verdict
{
	my ($checked) = @_;
	return $node->safe_psql('postgres', 'SELECT verdict FROM audit_immutable.check_note($note$' . $checked . '$note$)');
}

my $events = q{SELECT detail ->> 'key', detail ->> 'before' FROM audit_immutable.event WHERE kind = 'key_changed' ORDER BY audit_at};
is(verdict($note), 'contained', 'signed by the key of today');

# Rotated, and nobody said what the key was before.
set("audit_immutable.signing_key_file = '$second'\n");
is(verdict($note), 'not_signed', 'a note of a key that is not known');
my $unknown = q{SELECT relation, first_finding FROM audit_immutable.verify() WHERE NOT intact};
my $said = qr{^audit_immutable\.signed_checkpoint\|unknown_key: The last checkpoint of "db.example.org/ledger/postgres/1" is signed by a key that is not known here, db.example.org/ledger/postgres/1\+[0-9a-f]{8}; audit_immutable\.former_keys has none like it\.$};
like($node->safe_psql('postgres', $unknown), $said, 'verify says so once, and of nothing else');
# The former key is given.
set("audit_immutable.former_keys = '" . vkey($first) . "'\n");
is(verdict($note), 'contained', 'a note of the former key is genuine');
is($node->safe_psql('postgres', $unknown), '', 'and everything agrees with it');
is($node->safe_psql('postgres', $events), '', 'nothing is signed with the new key yet');
$node->safe_psql('postgres', 'INSERT INTO t VALUES (2)');
my $later = checkpoint($node);
isnt($later, $note, 'the new key signs');
is(verdict($_), 'contained', 'both notes hold') for $note, $later;
my $names = join '|', map { vkey($_) =~ s{/other/}{/postgres/}r =~ s/\+[0-9a-f]{8}\+/ /r } $second, $first;
is($node->safe_psql('postgres', $events) =~ s/\+[0-9a-f]{8}\+/ /gr, $names, 'from when on the new key signs is on record, and which was before');
$node->safe_psql('postgres', 'INSERT INTO t VALUES (3)');
checkpoint($node);
is($node->safe_psql('postgres', 'SELECT count(*) FROM audit_immutable.event WHERE kind = \'key_changed\''), 1, 'once');
verify_intact($node, 'postgres', $_) for qw(t audit_immutable.event audit_immutable.signed_checkpoint);

# What is signed by a key that was never this server's.
set("audit_immutable.former_keys = ''\n");
is(verdict($note), 'not_signed', 'taken away again, the former key counts no more');
set("audit_immutable.former_keys = '" . vkey($foreign) . "'\n");
is(verdict($note), 'not_signed', 'nor does another');

# A bad value is refused, and the one before stays.
my ($status, $out, $err) = $node->psql('postgres', q{LOAD 'audit_immutable'; ALTER SYSTEM SET audit_immutable.former_keys = 'not a key'});
like($err, qr/invalid value for parameter "audit_immutable.former_keys".*DETAIL:  "not": a verifier key is a name/s, 'no key');
($status, $out, $err) = $node->psql('postgres', "LOAD 'audit_immutable'; ALTER SYSTEM SET audit_immutable.former_keys = 'a+0000'");
like($err, qr/invalid value for parameter.*DETAIL:/s, 'half a key');

# A setting that does not exist is heard.
set("audit_immutable.checkpoint_intervall = 5\n");
($status, $out, $err) = $node->psql('postgres', q{INSERT INTO t VALUES (4)});
like($err, qr/WARNING:  invalid configuration parameter name "audit_immutable.checkpoint_intervall", removing it/, 'a typo');
($status, $out, $err) = $node->psql('postgres', q{LOAD 'audit_immutable'; SET audit_immutable.refuse_att = statement});
like($err, qr/ERROR:  invalid configuration parameter name "audit_immutable.refuse_att"/, 'a typo in SET');
verify_intact($node, 'postgres', 't');

done_testing();
