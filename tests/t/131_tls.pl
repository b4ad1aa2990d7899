# TLS as administrators set it up: certificates made as PostgreSQL's manual says, and those that are refused, each with
# words that say why and a line for openssl that shows it. Servers that accept a connection and do nothing with it.

use strict;
use warnings;

use AuditCluster;
use File::Temp;
use IO::Socket::INET;
use POSIX ();
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use SigningKey;
use Test::More;
use Time::HiRes qw(time);

my $work = File::Temp::tempdir(CLEANUP => 1);
my $auditor = 'audit-immutable';
my ($log_vkey) = run_command([ $auditor, 'keygen', '--out', "$work/log.pem", '--name', 'db.example.org/ledger/postgres/1' ]);
run_command([ $auditor, 'keygen', '--witness', '--out', "$work/witness.pem", '--name', 'witness.example' ]);

# Certificates. The first three are made with the commands of the manual's section "Creating Certificates".
sub request { return ('req', '-new', '-nodes', '-text', '-out', "$work/$_[0].csr", '-keyout', "$work/$_[0].key", '-subj', "/CN=$_[1]") }
my @by_root = ('-CA', "$work/root.crt", '-CAkey', "$work/root.key", '-CAcreateserial');
openssl('req', '-new', '-x509', '-days', '365', '-nodes', '-text', '-out', "$work/manual.crt", '-keyout', "$work/manual.key", '-subj', '/CN=localhost');
openssl(request('root', 'root.example.org'));
openssl('x509', '-req', '-in', "$work/root.csr", '-text', '-days', '3650', '-extfile', '/etc/ssl/openssl.cnf', '-extensions', 'v3_ca', '-signkey', "$work/root.key", '-out', "$work/root.crt");
openssl(request('v1', 'localhost'));
openssl('x509', '-req', '-in', "$work/v1.csr", '-text', '-days', '365', @by_root, '-out', "$work/v1.crt");
append_to_file("$work/san.ext", "subjectAltName = DNS:localhost, IP:127.0.0.1\n");
append_to_file("$work/other.ext", "subjectAltName = DNS:db.example.org, DNS:*.example.org, IP:192.0.2.7\n");
append_to_file("$work/none.ext", "basicConstraints = CA:FALSE\n");
for my $case ([ 'good', 'san', 365 ], [ 'other', 'other', 365 ], [ 'none', 'none', 365 ], [ 'over', 'san', -1 ])
{
	my ($name, $extensions, $days) = @$case;
	openssl(request($name, 'localhost'));
	openssl('x509', '-req', '-in', "$work/$name.csr", '-days', $days, @by_root, '-extfile', "$work/$extensions.ext", '-out', "$work/$name.crt");
}
openssl('req', '-new', '-x509', '-days', '365', '-nodes', '-out', "$work/named.crt", '-keyout', "$work/named.key", '-subj', '/CN=db.example.org');
openssl(request('pastpin', 'localhost'));
openssl('x509', '-req', '-in', "$work/pastpin.csr", '-days', '-1', '-extfile', '/etc/ssl/openssl.cnf', '-extensions', 'v3_ca', '-signkey', "$work/pastpin.key", '-out', "$work/pastpin.crt");

my $node = new_signing_node('tls', key => "$work/log.pem", conf => "listen_addresses = 'localhost'\n");
$node->safe_psql('postgres', 'CREATE TABLE t (id int) USING audit_immutable; INSERT INTO t SELECT i FROM generate_series(1, 300) i');
checkpoint($node);
my $port = $node->port;
my $user = getpwuid($<);

sub openssl
{
	my ($out, $err) = ('', '');
	IPC::Run::run([ 'openssl', @_ ], '>', \$out, '2>', \$err) or die "openssl @_: $err";
	return $out;
}

# Has the server present a certificate.
sub present
{
	my ($name) = @_;
	chmod 0600, "$work/$name.key";
	$node->safe_psql('postgres', "ALTER SYSTEM SET ssl_cert_file = '$work/$name.crt'");
	$node->safe_psql('postgres', "ALTER SYSTEM SET ssl_key_file = '$work/$name.key'");
	$node->safe_psql('postgres', 'ALTER SYSTEM SET ssl = on');
	$node->reload;
	my ($common_name) = openssl('x509', '-in', "$work/$name.crt", '-noout', '-fingerprint') =~ /=(.*)/;
	$node->poll_query_until('postgres', 'SELECT count(*) = 1 FROM pg_stat_activity WHERE pid = pg_backend_pid()');
	for (1 .. 100)
	{
		my $seen = `openssl s_client -starttls postgres -connect localhost:$port </dev/null 2>/dev/null | openssl x509 -noout -fingerprint 2>/dev/null`;
		return if index($seen, $common_name) >= 0;
		select(undef, undef, undef, 0.1);
	}
	die "the server does not present $name";
}

# A witness's exit status and what it says, of a host and with some options.
sub look
{
	my ($host, @options) = @_;
	my ($stdout, $stderr) = ('', '');
	my $url = $host =~ /^postgresql:/ ? $host : "postgresql://$user\@$host:$port/postgres?sslmode=require";
	IPC::Run::run([ $auditor, 'witness', '--database', $url, '--to', "$work/held", '--key', "$work/witness.pem",
			'--name', 'witness.example', '--log-key', $log_vkey, @options ], '<', \undef, '>', \$stdout, '2>', \$stderr);
	return ($? >> 8, $stdout, $stderr);
}

sub refused
{
	my ($like, $what, @look) = @_;
	my ($status, $out, $err) = look(@look);
	is($status, 3, "$what: refused") or diag($out . $err);
	like($err, $like, "$what: said why");
	is(($err =~ tr/\n//), 1, "$what: on one line");
	return $err;
}

# What the manual has people make works when it is named itself.
my ($status, $out, $err);
refused(qr/the server offers no TLS: switch it on there \(ssl = on\)/, 'no TLS', 'localhost');
present('manual');
($status, $out, $err) = look('localhost', '--tls-ca', "$work/manual.crt");
is($status, 0, "the manual's self-signed certificate, pinned") or diag($err);
($status, $out, $err) = look("postgresql://$user\@localhost:$port/postgres?sslmode=verify-full&sslrootcert=$work/manual.crt");
is($status, 0, 'in the URL too') or diag($err);
my $line = qr/openssl s_client -starttls postgres -connect localhost:$port <\/dev\/null \| openssl x509 -noout -text/;
$err = refused(qr/of CN=localhost, is self-signed and not among those that are trusted: .* --tls-ca\. What it presents: $line$/, 'not pinned', 'localhost');
my ($shown) = $err =~ /What it presents: (.*)/;
like(`$shown 2>/dev/null`, qr/Subject: CN ?= ?localhost/, 'and the line shows it');
refused(qr/is self-signed and not among those that are trusted/, 'another one pinned', 'localhost', '--tls-ca', "$work/named.crt");
refused(qr/the server's certificate is for localhost, not for 127\.0\.0\.1/, 'pinned, by address', '127.0.0.1', '--tls-ca', "$work/manual.crt");
present('named');
refused(qr/the server's certificate is for db\.example\.org, not for localhost/, 'pinned, of another host', 'localhost', '--tls-ca', "$work/named.crt");
present('pastpin');
refused(qr/the server's certificate was good until \d{4}-/, 'pinned, and over', 'localhost', '--tls-ca', "$work/pastpin.crt");

# An authority's.
present('good');
is((look('localhost', '--tls-ca', "$work/root.crt"))[0], 0, "an authority's certificate with subjectAltName");
is((look('127.0.0.1', '--tls-ca', "$work/root.crt"))[0], 0, 'by address');
is((look('localhost', '--tls-ca', "$work/good.crt"))[0], 0, 'and pinned without its authority');
refused(qr/was issued by CN=root\.example\.org, which is not trusted here: .* --tls-ca\. What it presents: $line$/, 'an authority that is not known', 'localhost');
present('v1');
like(openssl('x509', '-in', "$work/v1.crt", '-noout', '-text'), qr/Version: 1 /, "what the manual's last command makes here is of version 1");
for my $trusted ('root', 'v1', 'manual')
{
	refused(qr/of CN=localhost, is X\.509 version 1, which cannot say for which hosts it is: have it issued again, as version 3 with a subjectAltName\. What it presents: $line$/,
		"version 1, trusting $trusted", 'localhost', '--tls-ca', "$work/$trusted.crt");
}
present('other');
refused(qr/is for db\.example\.org, \*\.example\.org, 192\.0\.2\.7, not for localhost/, 'another host', 'localhost', '--tls-ca', "$work/root.crt");
present('none');
refused(qr/has no subjectAltName, which says for which hosts it is/, 'no hosts', 'localhost', '--tls-ca', "$work/root.crt");
is((look('localhost', '--tls-ca', "$work/none.crt"))[0], 0, 'but pinned by its common name');
present('over');
refused(qr/the server's certificate was good until \d{4}-\d\d-\d\dT/, 'its time is over', 'localhost', '--tls-ca', "$work/root.crt");

# Files that hold no certificate.
is((look('localhost', '--tls-ca', "$work/root.key"))[0], 2, 'a key is no certificate');
is((look('localhost', '--tls-ca', "$work/nowhere"))[0], 2, 'nor is what is not there');

# The server's log has no complaint of how connections end.
present('good');
my $before = -s $node->logfile;
look('localhost', '--tls-ca', "$work/root.crt");
unlike(slurp_file($node->logfile, $before), qr/unexpected eof|could not receive|reset by peer/i, 'a session says that it ends');

# A published log on a web server by TLS.
is((look('localhost', '--tls-ca', "$work/root.crt"))[0], 0, 'witnessed');
run_command([ $auditor, 'publish', '--database', "postgresql://$user\@localhost:$port/postgres?sslmode=require", '--tls-ca', "$work/root.crt", '--to', "$work/site", '--log-key', $log_vkey ]);
append_to_file("$work/serve.py", <<'PYTHON');
import functools, http.server, ssl, sys
folder, certificate, key, told = sys.argv[1:]
handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=folder)
server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(certificate, key)
server.socket = context.wrap_socket(server.socket, server_side=True)
with open(told, "w") as file:
    file.write(f"{server.server_port}\n")
server.serve_forever()
PYTHON
sub serve
{
	my ($name) = @_;
	my $told = "$work/port.$name";
	my $server = fork();
	if ($server == 0)
	{
		open(STDERR, '>', '/dev/null');
		exec('/usr/bin/python3', "$work/serve.py", "$work/site", "$work/$name.crt", "$work/$name.key", $told) or POSIX::_exit(1);
	}
	for (1 .. 100) { last if -s $told; select(undef, undef, undef, 0.1) }
	chomp(my $at = slurp_file($told));
	return ($server, $at);
}
sub check_site
{
	my ($stdout, $stderr) = ('', '');
	IPC::Run::run([ $auditor, 'check', @_, '--key', $log_vkey ], '<', \undef, '>', \$stdout, '2>', \$stderr);
	return ($? >> 8, $stdout, $stderr);
}
my ($web, $at) = serve('good');
($status, $out, $err) = check_site("https://localhost:$at/", '--tls-ca', "$work/root.crt");
is($status, 0, 'a published log on a web server is checked') or diag($out . $err);
like($out, qr/^good: all \d+ entries are those that were signed$/m, 'all of it');
($status, $out, $err) = check_site("https://localhost:$at/");
is($status, 3, 'an authority that is not known') or diag($out . $err);
like($err, qr/^audit-immutable: https:\/\/localhost:$at\/checkpoint: the server's certificate was not issued by an authority that is trusted here\. What it presents: openssl s_client -connect localhost:$at <\/dev\/null \| openssl x509 -noout -text\n$/, 'is said, with the line that shows it');
kill 'TERM', $web;
waitpid $web, 0;
($web, $at) = serve('v1');
($status, $out, $err) = check_site("https://localhost:$at/", '--tls-ca', "$work/root.crt");
is($status, 3, 'version 1') or diag($out . $err);
like($err, qr/the server's certificate is not X\.509 version 3, .* openssl s_client -connect localhost:$at/, 'is refused there too');
kill 'TERM', $web;
waitpid $web, 0;

# Servers that accept and do nothing, or something else than PostgreSQL.
for my $case (
	[ 'says nothing', sub { sleep 30 }, 3 ],
	[ 'answers S and nothing more', sub { syswrite $_[0], 'S'; sleep 30 }, 3 ],
	[ 'drips', sub { syswrite($_[0], 'S'), syswrite($_[0], "\x16\x03\x03\x40\x00"); for (1 .. 60) { syswrite $_[0], "\0"; select(undef, undef, undef, 0.5) } }, 3 ],
	[ 'speaks HTTP', sub { syswrite $_[0], "HTTP/1.1 400 Bad Request\r\n\r\n" }, 3 ],
	[ 'sends noise for TLS', sub { syswrite $_[0], 'S' . ("\xff" x 100_000) }, 3 ],
	[ 'closes', sub { }, 3 ],
	[ 'sends noise in plain text', sub { syswrite $_[0], 'R' . ("\xff" x 100_000) }, 3, 'disable' ])
{
	my ($what, $serve, $expected, $mode) = @$case;
	my $listener = IO::Socket::INET->new(Listen => 5, LocalAddr => '127.0.0.1', Proto => 'tcp') or die $!;
	my $server = fork();
	if ($server == 0)
	{
		local $SIG{PIPE} = 'IGNORE';
		while (my $client = $listener->accept)
		{
			sysread $client, my $hello, 8;
			$serve->($client);
			close $client;
		}
		POSIX::_exit(0);
	}
	my $url = "postgresql://$user\@127.0.0.1:" . $listener->sockport . '/postgres?sslmode=' . ($mode // 'require');
	my $begun = time;
	($status, $out, $err) = look($url, '--connect-timeout', '2', $mode ? () : ('--tls-ca', "$work/root.crt"));
	is($status, $expected, "a server that $what: exit code $expected") or diag($out . $err);
	like($err, qr/^audit-immutable: .*cannot connect to the database: [^\n]+\n$/, "a server that $what: one line says why");
	cmp_ok(time - $begun, '<', 15, "a server that $what: in time");
	kill 'TERM', $server;
	waitpid $server, 0;
}
$node->stop;
done_testing();
