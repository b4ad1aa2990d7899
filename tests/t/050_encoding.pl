# In a database that is not in UTF-8 too, what is hashed and exported is; and no two rows are one there.

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


# In EUC_TW some characters have two spellings, which are one in UTF-8.
my ($usual, $other) = ('c4e3', '8ea1c4e3');
sub character { return "convert_from('\\x$_[0]', 'EUC_TW')" }
$node->safe_psql('postgres', "CREATE DATABASE $_ TEMPLATE template0 ENCODING 'EUC_TW' LOCALE 'C'") for qw(taiwan restored);
$node->safe_psql('taiwan', q{
	CREATE EXTENSION audit_immutable;
	CREATE TABLE t (id int, note text, tags text[], query tsquery) USING audit_immutable;
});
$node->safe_psql('taiwan', "INSERT INTO t VALUES (1, @{[ character($usual) ]}, ARRAY[@{[ character($usual) ]}], @{[ character($usual) ]}::tsquery)");
is($node->safe_psql('taiwan', "SELECT convert_to(@{[ character($usual) ]}, 'UTF8') = convert_to(@{[ character($other) ]}, 'UTF8')"), 't',
	'one character in UTF-8');
for (
	[ note => character($other) ],
	[ tags => "ARRAY['a', @{[ character($other) ]}]" ],
	[ query => "@{[ character($other) ]}::tsquery" ])
{
	my ($column, $value) = @$_;
	my ($refused, undef, $why) = $node->psql('taiwan', "\\set VERBOSITY verbose\nINSERT INTO t (id, $column) VALUES (2, $value)");
	isnt($refused, 0, "the other spelling in $column is refused");
	like($why, qr/22P05: a character in column "$column" of audit table "public\.t" has more than one spelling.*EUC_TW/s, 'and the column named');
}
$node->safe_psql('taiwan', "INSERT INTO t (id, note) VALUES (3, convert_from(convert_to(@{[ character($other) ]}, 'UTF8'), 'UTF8'))");
is($node->safe_psql('taiwan', 'SELECT string_agg(id::text, \',\' ORDER BY id) FROM t'), '1,3', 'as the hint says, it goes in');
verify_intact($node, 'taiwan', 't', 'intact in EUC_TW');
my ($first) = grep { /"id":1/ } split /\n/, $node->safe_psql('taiwan', "SELECT audit_immutable.export('t')");
like($first, qr/"note":"\xe4\xb8\xad","tags":\["\xe4\xb8\xad"\],"query":\{"text":"'\xe4\xb8\xad'","send":"\\\\x00000001010000e4b8ad00"\}/,
	'the line is UTF-8, and what a tsquery sends too');
is(sha256_hex($first), $node->safe_psql('taiwan', "SELECT encode(audit_hash, 'hex') FROM t WHERE id = 1"), 'and is what was hashed');

# A row with the other spelling, brought by a dump that somebody altered, has the same text in UTF-8: it is found.
my $dump = $node->basedir . '/taiwan.sql';
$node->command_ok([ 'pg_dump', '-E', 'EUC_TW', '-f', $dump, 'taiwan' ], 'pg_dump');
my $altered = slurp_file($dump);
my $replaced = ($altered =~ s/\xc4\xe3/\x8e\xa1\xc4\xe3/);
is($replaced, 1, 'a character respelled');
append_to_file("$dump.altered", $altered);
$node->command_ok([ 'psql', '-X', '-q', '-v', 'ON_ERROR_STOP=1', '-f', "$dump.altered", '-d', 'restored' ], 'psql restores it');
like($node->safe_psql('restored', "SELECT kind, seq, detail FROM audit_immutable.findings('t')"),
	qr/^modified\|1\|Column "note" of the row at .* has a character that UTF-8 does not tell from another/, 'verify finds it');
my (undef, undef, $not_exported) = $node->psql('restored', "SELECT audit_immutable.export('t')");
like($not_exported, qr/has more than one spelling/, 'and it is not exported');

# Two characters of Unicode that EUC_JIS_2004 has one for convert back.
$node->safe_psql('postgres', "CREATE DATABASE japan TEMPLATE template0 ENCODING 'EUC_JIS_2004' LOCALE 'C'");
$node->safe_psql('japan', qq{
	CREATE EXTENSION audit_immutable;
	CREATE TABLE t (note text) USING audit_immutable;
	INSERT INTO t VALUES ('\xe3\x81\x8b\xe3\x82\x9a \xe3\x81\x8b');
});
verify_intact($node, 'japan', 't', 'intact in EUC_JIS_2004');

# MULE_INTERNAL has no conversion to UTF-8 at all.
$node->safe_psql('postgres', "CREATE DATABASE mule TEMPLATE template0 ENCODING 'MULE_INTERNAL' LOCALE 'C'");
{
	local $ENV{PGCLIENTENCODING};
	delete $ENV{PGCLIENTENCODING};
	my ($installed, undef, $none) = $node->psql('mule', 'CREATE EXTENSION audit_immutable');
	isnt($installed, 0, 'no audit table in MULE_INTERNAL');
	like($none, qr/conversion function for encoding "\w+" to "\w+" does not exist/, 'as PostgreSQL says why');
}
is($node->safe_psql('postgres', 'SELECT 1'), '1', 'the server stands');

done_testing();
