# In a LATIN1 database too, what is hashed and exported is UTF-8.

use strict;
use warnings;

use AuditCluster;
use Digest::SHA qw(sha256_hex);
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use SigningKey;
use Test::More;

my $node = new_node('latin1', init => { extra => [ '--encoding=LATIN1', '--locale=C' ] });
$ENV{PGCLIENTENCODING} = 'UTF8';

my $word = "Gr\xc3\xbc\xc3\x9fe \xc3\xa4";    # "Grüße ä", in UTF-8
$node->safe_psql('postgres', qq{
	CREATE TABLE "t\xc3\xa4" (id int, "gr\xc3\xb6\xc3\x9fe" text, details jsonb, other text[]) USING audit_immutable;
	INSERT INTO "t\xc3\xa4" VALUES
		(1, '$word', '{"\xc3\xa4": "$word"}', ARRAY['$word']),
		(2, 'plain', '{}', NULL),
		(3, E'\\u00ff', 'null', NULL);
});
my $table = "\"t\xc3\xa4\"";

is($node->safe_psql('postgres', 'SHOW server_encoding'), 'LATIN1', 'the server is LATIN1');
is($node->safe_psql('postgres', qq{SELECT octet_length("gr\xc3\xb6\xc3\x9fe") FROM $table WHERE id = 1}),
	'7', 'and stores one byte for each character');
is($node->safe_psql('postgres', qq{
		SELECT count(*) FROM $table
		WHERE sha256(convert_to(audit_immutable.line('$table'::regclass, audit_chain, audit_seq), 'UTF8'))
			= audit_hash}),
	'3', 'sha256 of the line in UTF-8 is the hash');
verify_intact($node, 'postgres', $table, 'intact');

my @hashes = split /\n/, $node->safe_psql('postgres',
	"SELECT encode(audit_hash, 'hex') FROM $table ORDER BY audit_chain, audit_seq");
my ($opening, @lines) = split /\n/, $node->safe_psql('postgres',
	"SELECT audit_immutable.export('$table'::regclass)");

is_deeply([ map { sha256_hex($_) } @lines ], \@hashes, 'every exported line has the sha256 of its row');
like($lines[0], qr/\Q$word\E/, 'in UTF-8');
like($opening, qr/"t\xc3\xa4"|t\xc3\xa4/, "the table's name too");
like($lines[0], qr/"prev":"@{[ sha256_hex($opening) ]}"/, 'the first row follows the opening line');

# A signed note has an em dash, which LATIN1 has not: no checkpoint, and nothing begun.
$node->append_conf('postgresql.conf', signing_conf(new_key()));
$node->reload;
my ($status, undef, $error) = $node->psql('postgres', 'SELECT audit_immutable.checkpoint()');
isnt($status, 0, 'no checkpoint in LATIN1');
like($error, qr/ERROR:  the database's encoding cannot hold a signed note.*HINT:  Use a database in UTF8\./s, 'and why');
is($node->safe_psql('postgres', "SELECT (SELECT count(*) FROM audit_immutable.incarnation), (SELECT count(*) FROM $table)"),
	'0|3', 'nothing is begun, and the rows are there');
verify_intact($node, 'postgres', $table, 'still intact');

done_testing();
