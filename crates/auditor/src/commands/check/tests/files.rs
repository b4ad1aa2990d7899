//! Files that are not there, not whole, too large, or none.

use std::fs;
use std::os::unix::fs::symlink;
use std::process::Command;

use super::make::{Publisher, check};
use crate::outcome::Outcome;

/// Where something is published, and what is said if it is not there.
const FILES: [&str; 6] = [
    "1/tile/0/000",
    "1/tile/0/002.p/188",
    "1/tile/1/000.p/2",
    "1/tile/entries/000",
    "1/tile/entries/001",
    "1/tile/entries/002.p/188",
];

#[test]
fn each_file_must_be_there_and_is_named() {
    for file in FILES {
        let publisher = Publisher::of(700);
        fs::remove_file(publisher.path(file)).unwrap();
        let verdict = publisher.check(&[]);
        verdict.says(&["WRONG: 1 finding\n", &format!("  missing       {file}: is not there\n")]);
    }
}

#[test]
fn each_file_must_be_whole_and_is_named() {
    for file in FILES {
        let publisher = Publisher::of(700);
        let bytes = publisher.read(file);
        publisher.write(file, &bytes[..bytes.len() - 1]);
        publisher.check(&[]).says(&["WRONG: 1 finding\n", &format!("  changed       {file}: ")]);
        publisher.write(file, [&bytes[..], b"x"].concat());
        publisher.check(&[]).says(&["WRONG: 1 finding\n", &format!("  changed       {file}: ")]);
        publisher.write(file, vec![0; 20 << 20]);
        publisher.check(&[]).says(&["is larger than ", "bytes, which it cannot be", file]);
    }
}

#[test]
fn what_is_no_file_is_not_waited_for() {
    for file in FILES {
        let publisher = Publisher::of(700);
        let path = publisher.path(file);
        for make in [
            |path: &std::path::Path| symlink("/dev/zero", path).unwrap(),
            |path: &std::path::Path| fs::create_dir(path).unwrap(),
            |path: &std::path::Path| {
                assert!(Command::new("mkfifo").arg(path).status().unwrap().success())
            },
        ] {
            let _ = fs::remove_file(&path);
            make(&path);
            publisher.check(&[]).is_unreadable("is no file");
            let _ = fs::remove_dir(&path);
        }
    }
}

#[test]
fn a_full_file_stands_for_a_partial_one_that_is_not_there() {
    let publisher = Publisher::of(768);
    let root = {
        let shorter = Publisher::new();
        shorter.publish(1, &super::make::rows(1, 700))
    };
    publisher.write("1/tile/1/000.p/2", &publisher.read("1/tile/1/000.p/3")[..64]);
    publisher.write("1/checkpoint", publisher.note(1, 700, root).to_string());
    assert!(publisher.check(&[]).is_good());
}

#[test]
fn there_must_be_a_checkpoint_and_nothing_else_is_one() {
    let publisher = Publisher::of(3);
    let nowhere = publisher.path("nowhere").display().to_string();
    check(&[&nowhere]).is_unreadable("No such file");
    let file = publisher.path("1/checkpoint").display().to_string();
    check(&[&file]).is_unreadable("is no folder");
    for (bytes, why) in [
        (&b"hello\n"[..], "1/checkpoint is no checkpoint: "),
        (b"\xff\xfe", "1/checkpoint is no checkpoint: it is not text in UTF-8"),
        (b"", "1/checkpoint is no checkpoint: "),
        (&[b'a'; (1 << 20) + 1], "1/checkpoint is larger than 1048576 bytes"),
    ] {
        publisher.write("1/checkpoint", bytes);
        publisher.check(&[]).is_unreadable(why);
    }
    fs::remove_dir_all(publisher.path("1")).unwrap();
    publisher.check(&[]).is_unreadable("neither checkpoint nor 1/checkpoint is there");
}

#[test]
fn an_incarnation_can_be_checked_alone() {
    let publisher = Publisher::of(300);
    let (folder, key) = (publisher.path("1").display().to_string(), publisher.vkey());
    assert!(check(&[&folder, "--key", &key]).is_good());
    let unsigned = check(&[&folder]);
    assert_eq!(unsigned.outcome, Outcome::Unsigned);
    assert!(unsigned.text.starts_with("THE LOG'S SIGNATURE WAS NOT CHECKED"));
}
