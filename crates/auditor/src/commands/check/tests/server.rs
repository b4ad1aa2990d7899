//! Web servers that publish a log, and some that do something else.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use super::make::{Publisher, check};

/// What a server does with a request.
type Answer = fn(&mut TcpStream, &Path, &str) -> std::io::Result<()>;

/// Starts a server, which stops with the process; answers with its address.
fn serve(folder: PathBuf, answer: Answer) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let (folder, mut stream) = (folder.clone(), stream.unwrap());
            thread::spawn(move || {
                let mut request = BufReader::new(stream.try_clone().unwrap());
                let mut head = String::new();
                while request.read_line(&mut head).unwrap_or(0) > 2 {}
                let path = head.split(' ').nth(1).unwrap_or("/").trim_start_matches("/audit/");
                // The other side may have had enough.
                let _ = answer(&mut stream, &folder, path);
            });
        }
    });
    format!("http://{address}/audit")
}

fn well(stream: &mut TcpStream, folder: &Path, path: &str) -> std::io::Result<()> {
    match fs::read(folder.join(path)) {
        Ok(bytes) => respond(stream, "200 OK", "", bytes.len(), &bytes),
        Err(_) => respond(stream, "404 Not Found", "", 70_000, &[b'x'; 70_000]),
    }
}

fn respond(
    stream: &mut TcpStream,
    status: &str,
    header: &str,
    length: usize,
    body: &[u8],
) -> std::io::Result<()> {
    write!(
        stream,
        "HTTP/1.1 {status}\r\n{header}Content-Length: {length}\r\nConnection: close\r\n\r\n"
    )?;
    stream.write_all(body)
}

/// Answers tiles in another way than everything else.
fn only_tiles(
    stream: &mut TcpStream,
    folder: &Path,
    path: &str,
    answer: Answer,
) -> std::io::Result<()> {
    if path.contains("tile/0/") { answer(stream, folder, path) } else { well(stream, folder, path) }
}

/// Checks what a server publishes that answers for tiles like this.
fn check_tiles(answer: Answer, more: &[&str]) -> super::make::Verdict {
    let publisher = Publisher::of(700);
    let (address, key) = (serve(publisher.path(""), answer), publisher.vkey());
    check(&[&[address.as_str(), "--key", &key], more].concat())
}

#[test]
fn a_log_on_a_web_server_is_checked_like_a_folder() {
    let verdict = check_tiles(well, &[]);
    assert!(verdict.is_good(), "{}", verdict.text);
    let nothing = Publisher::of(700);
    let address = serve(nothing.path("1/tile"), well);
    check(&[&address]).is_unreadable("neither checkpoint nor 1/checkpoint is there");
}

#[test]
fn a_server_that_leads_elsewhere_is_not_followed() {
    let verdict = check_tiles(
        |stream, folder, path| {
            only_tiles(stream, folder, path, |stream, _, _| {
                let to = "Location: http://127.0.0.1:1/elsewhere\r\n";
                respond(stream, "302 Found", to, 0, b"")
            })
        },
        &[],
    );
    verdict.is_unreadable("/audit/1/tile/0/002.p/188: the server answers 302 and leads to http://127.0.0.1:1/elsewhere");
}

#[test]
fn a_server_that_sends_without_end_is_cut_off() {
    let endless: Answer = |stream, folder, path| {
        only_tiles(stream, folder, path, |stream, _, _| {
            write!(stream, "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")?;
            loop {
                stream.write_all(&[0; 1 << 16])?;
            }
        })
    };
    check_tiles(endless, &[]).says(&["1/tile/0/002.p/188: is larger than 8192 bytes"]);
    let claims: Answer = |stream, folder, path| {
        only_tiles(stream, folder, path, |stream, _, _| {
            respond(stream, "200 OK", "", usize::MAX / 2, &[0; 10_000])
        })
    };
    check_tiles(claims, &[]).says(&["1/tile/0/002.p/188: is larger than 8192 bytes"]);
    let header: Answer = |stream, _, _| {
        write!(stream, "HTTP/1.1 200 OK\r\n")?;
        loop {
            write!(stream, "X-More: {}\r\n", "x".repeat(1000))?;
        }
    };
    check_tiles(header, &[]).is_unreadable("/audit/checkpoint: ");
}

#[test]
fn a_server_that_is_slow_is_given_up() {
    let drops: Answer = |stream, folder, path| {
        only_tiles(stream, folder, path, |stream, _, _| {
            write!(stream, "HTTP/1.1 200 OK\r\nContent-Length: 6016\r\n\r\n")?;
            for _ in 0..100 {
                thread::sleep(Duration::from_millis(200));
                stream.write_all(b"x")?;
            }
            Ok(())
        })
    };
    let begun = Instant::now();
    check_tiles(drops, &["--timeout", "2"]).is_unreadable("/audit/1/tile/0/002.p/188: timeout");
    assert!(begun.elapsed() < Duration::from_secs(15));
    let silent: Answer = |_, _, _| {
        thread::sleep(Duration::from_secs(20));
        Ok(())
    };
    check_tiles(silent, &["--timeout", "1"]).is_unreadable("/audit/checkpoint: timeout");
}

#[test]
fn a_server_that_fails_is_named_and_one_that_is_busy_asked_again() {
    let fails: Answer = |stream, _, _| respond(stream, "500 No", "", 0, b"");
    check_tiles(fails, &[]).is_unreadable("/audit/checkpoint: the server answers 500");
    let denies: Answer = |stream, _, _| respond(stream, "403 No", "", 0, b"");
    check_tiles(denies, &[]).is_unreadable("/audit/checkpoint: the server answers 403");
    let begun = Instant::now();
    let busy: Answer = |stream, _, _| respond(stream, "503 No", "", 0, b"");
    check_tiles(busy, &[]).is_unreadable("/audit/checkpoint: the server answers 503");
    assert!(begun.elapsed() > Duration::from_secs(2), "it was asked three times");
}

#[test]
fn what_is_no_http_is_no_log() {
    let noise: Answer = |stream, _, _| stream.write_all(b"\xff\xfe\0\0hello\r\n\r\n");
    check_tiles(noise, &[]).is_unreadable("/audit/checkpoint: ");
    let closes: Answer = |_, _, _| Ok(());
    check_tiles(closes, &[]).is_unreadable("/audit/checkpoint: ");
    let short: Answer = |stream, folder, path| {
        only_tiles(stream, folder, path, |stream, _, _| {
            respond(stream, "200 OK", "", 6016, &[0; 6000])
        })
    };
    check_tiles(short, &[]).is_unreadable("/audit/1/tile/0/002.p/188: ");
    // A port where nobody listens.
    let nobody = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    check(&[&format!("http://{nobody}/audit")]).is_unreadable("/audit/checkpoint: ");
}

#[test]
fn an_address_is_one_of_a_log() {
    use crate::published::SiteAddress;
    let wrong = |text: &str| text.parse::<SiteAddress>().unwrap_err().to_string();
    assert!(wrong("https://").contains("no URL"));
    assert!(wrong("http://h/x?y=1").contains("no ? and no #"));
    assert!(wrong("http://h/x#y").contains("no ? and no #"));
    let secret = wrong("https://user:secret@h/x");
    assert!(secret.contains("no user and no password") && !secret.contains("secret@"), "{secret}");
    assert!(wrong("").contains("empty"));
    assert!(wrong("s3://UP/").contains("bucket"));
    let good = "https://h.example/a".parse::<SiteAddress>().unwrap();
    assert_eq!(good, "https://h.example/a/".parse().unwrap());
}
