# Who logged in: what authentication saw is in the row of the session, whatever the session calls itself.
use strict;
use warnings;

use AuditCluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = new_node('main');
$node->safe_psql('postgres', q(
	CREATE ROLE alice LOGIN SUPERUSER PASSWORD 'secret';
	CREATE ROLE bob LOGIN;
	CREATE TABLE t (who text) USING audit_immutable;
	GRANT INSERT ON t TO PUBLIC;
));

# What authentication saw, which from 16 on has the method before it.
sub seen { my ($method, $name) = @_; return $node->pg_version < 16 ? $name : "$method:$name"; }

# What the session's row of the newest row in t says.
sub session
{
	return $node->safe_psql('postgres', q(
		SELECT concat_ws('|', session_user_name, login_user_name, r.rolname, authenticated_identity)
		FROM t JOIN audit_immutable.session AS s ON s.id = t.audit_session
		LEFT JOIN pg_roles AS r ON r.oid = s.login_user_oid::oid
		ORDER BY t.audit_at DESC LIMIT 1));
}

sub insert_as
{
	my ($role, $before) = @_;
	$node->safe_psql('postgres', "$before; INSERT INTO t VALUES ('$role')", connstr => $node->connstr('postgres') . " user=$role");
}

insert_as('bob', '');
is(session(), 'bob|bob|bob', 'trust sees nothing but the name');

my $user = getpwuid($<);
$node->append_conf('pg_ident.conf', "map $user alice\nmap $user postgres\n");
unlink $node->data_dir . '/pg_hba.conf';
$node->append_conf('pg_hba.conf', "local all postgres,alice peer map=map\nlocal all all trust\n");
$node->reload;
insert_as('alice', '');
is(session(), 'alice|alice|alice|' . seen('peer', $user), 'peer sees the user of the operating system');
insert_as('alice', 'SET SESSION AUTHORIZATION bob');
is(session(), 'bob|alice|alice|' . seen('peer', $user), 'SET SESSION AUTHORIZATION changes the session user alone');

unlink $node->data_dir . '/pg_hba.conf';
$node->append_conf('pg_hba.conf', "local all alice scram-sha-256\nlocal all all trust\n");
$node->reload;
$ENV{PGPASSWORD} = 'secret';
insert_as('alice', 'SET SESSION AUTHORIZATION bob');
is(session(), 'bob|alice|alice|' . seen('scram-sha-256', 'alice'), 'a password shows the role');
is($node->safe_psql('postgres', 'SELECT bool_and(intact) FROM audit_immutable.verify()'), 't', 'and all of it verifies');

done_testing();
