//! `witness` and `publish`, as far as they come without a server: tests/t has the rest.

use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::process::{Child, ChildStderr, Command, Stdio};
use std::time::{Duration, Instant};

use insta::assert_snapshot;

use crate::Folder;
use crate::make::{own, pem, witness};

/// A directory with the log's verifier key, and the witness's keys.
fn folder() -> Folder {
    let folder = Folder::with("log.vkey", own().verifier().to_string());
    folder.write("w.vkey", witness("w.example", 2).verifier().to_string());
    folder.write("w.pem", pem(2));
    chmod(&folder, 0o600);
    folder
}

fn chmod(folder: &Folder, mode: u32) {
    let permissions = fs::Permissions::from_mode(mode);
    fs::set_permissions(folder.path().join("w.pem"), permissions).unwrap();
}

/// A command line on which nothing is wrong, for a server at `port` that is not there.
fn line(port: u16) -> String {
    format!(
        "witness --database postgresql://audit@127.0.0.1:{port}/shop --to held --key w.pem --name w.example \
         --log-key log.vkey"
    )
}

/// A port where nobody listens: it was free a moment ago.
fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// The command, running.
struct Running {
    child: Child,
    errors: BufReader<ChildStderr>,
}

impl Running {
    fn start(folder: &Folder, args: &str) -> Self {
        let mut child = Command::new(assert_cmd::cargo::cargo_bin!("audit-immutable"))
            .args(args.split_whitespace())
            .current_dir(folder.path())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let errors = BufReader::new(child.stderr.take().unwrap());
        Self { child, errors }
    }

    /// Waits for the next line on standard error.
    fn complaint(&mut self) -> String {
        let mut line = String::new();
        self.errors.read_line(&mut line).unwrap();
        line
    }

    fn signal(&self, name: &str) {
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").args(["-s", name, &pid]).status().unwrap().success());
    }

    /// Waits for the end: what was printed, and the exit code.
    fn end(mut self) -> String {
        let mut text = String::new();
        self.errors.read_to_string(&mut text).unwrap();
        self.child.stdout.take().unwrap().read_to_string(&mut text).unwrap();
        match self.child.wait().unwrap().code() {
            Some(code) => format!("{text}exit {code}"),
            None => format!("{text}killed"),
        }
    }
}

#[test]
fn a_server_that_is_not_there() {
    let (folder, port) = (folder(), free_port());
    let run = |args: &str| folder.run(args).replace(&port.to_string(), "PORT");
    assert_snapshot!("no_server", run(&line(port)));
    assert_snapshot!("no_server_json", run(&format!("{} --json", line(port))));
    assert_snapshot!(
        "publish_no_server",
        run(&format!(
            "publish --database postgresql://audit@127.0.0.1:{port}/shop --to site --log-key log.vkey"
        ))
    );
}

#[test]
fn command_lines_that_make_no_sense() {
    let folder = folder();
    let good = line(1);
    let with = |more: &str| folder.run(&format!("{good} {more}"));
    let instead = |from: &str, to: &str| {
        assert!(good.contains(from));
        folder.run(&good.replace(from, to))
    };
    assert_snapshot!("not_url", instead("postgresql://audit@127.0.0.1:1/shop", "host=127.0.0.1"));
    assert_snapshot!("plain_text", instead("127.0.0.1:1/shop", "192.0.2.1/shop?sslmode=disable"));
    assert_snapshot!("not_log_key", instead("log.vkey", "w.vkey"));
    assert_snapshot!("not_vkey", instead("log.vkey", "elsewhere.vkey"));
    assert_snapshot!(
        "not_witness_key",
        with("--witness-url https://w.example/ --witness-key log.vkey")
    );
    assert_snapshot!("url_without_key", with("--witness-url https://w.example/"));
    assert_snapshot!("retained_folder", with("--retain-mode compliance --retain-days 30"));
    assert_snapshot!("retained_how_long", with("--retain-mode compliance"));
    assert_snapshot!("no_bucket", instead("--to held", "--to s3://Bad_Bucket/x"));
    assert_snapshot!("first_incarnation", with("--accept-incarnation 1"));
    assert_snapshot!("once_and_every", with("--once --every 60"));
    assert_snapshot!("no_certificates", with("--tls-ca w.vkey").replace("127.0.0.1", "HOST"));
}

#[test]
fn a_key_that_everybody_can_read_is_not_used() {
    let folder = folder();
    chmod(&folder, 0o604);
    assert_snapshot!("open_key", folder.run(&line(1)));
    chmod(&folder, 0o640);
    assert!(folder.run(&line(1)).contains("cannot connect"));
    folder.write("w.pem", "nothing");
    assert_snapshot!("no_secret_key", folder.run(&line(1)));
}

#[test]
fn a_folder_has_one_witness_at_a_time() {
    let (folder, port) = (folder(), free_port());
    let every = format!("{} --every 60", line(port));
    let mut first = Running::start(&folder, &every);
    assert!(first.complaint().contains("cannot connect to the database"));
    assert_snapshot!("in_use", folder.run(&line(port)));
    // It goes on until it is told to end.
    first.signal("TERM");
    assert_snapshot!("stopped", first.end());

    // One that was killed is not in the way of the next.
    let mut second = Running::start(&folder, &every);
    assert!(second.complaint().contains("cannot connect to the database"));
    second.signal("KILL");
    assert!(second.end().ends_with("killed"));
    assert!(folder.run(&line(port)).contains("cannot connect to the database"));
}

#[test]
fn a_server_that_never_answers_does_not_keep_the_witness_silent() {
    let folder = folder();
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let line = line(silent.local_addr().unwrap().port());
    let begin = Instant::now();
    assert_snapshot!("silent", folder.run(&format!("{line} --timeout 1")));
    assert!(begin.elapsed() < Duration::from_secs(10));
}
