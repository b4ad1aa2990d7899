//! What a file can make `verify` remember has limits.

use ledger::{Column, OpeningLine};

use crate::Folder;

/// The opening line of log `number`.
fn opening(number: u32, table: String) -> String {
    let opening = OpeningLine {
        database: "5b2f1c0e-94d7-4a3b-8e61-7d0a2c9f4e18".parse().unwrap(),
        log: format!("0b9df7ec-5b1c-4a64-9d0c-3c1c{number:08x}").parse().unwrap(),
        table,
        columns: vec![Column::new("v", "text")],
        chains: None,
        opened: 848_497_847_000_000,
        by: "postgres".into(),
    };
    opening.to_line() + "\n"
}

fn logs(count: u32) -> String {
    (0..count).map(|number| opening(number, "public.t".into())).collect()
}

#[test]
fn a_file_of_65536_logs_and_no_more() {
    let folder = Folder::with("logs.jsonl", logs(65_536));
    let run = folder.run("verify logs.jsonl");
    assert_eq!(run.matches(": intact; 0 rows, 0 chains\n").count(), 65_536);
    assert!(run.ends_with("exit 0"));
    folder.write("logs.jsonl", logs(65_537));
    let run = folder.run("verify logs.jsonl");
    assert!(run.contains("on line 65537 begins one log more than a file can have here"));
    assert!(run.ends_with("exit 3"));
}

#[test]
fn a_long_name_of_a_table_is_shortened() {
    let folder = Folder::with("log.jsonl", opening(1, "ä".repeat(100_000)));
    let run = folder.run("verify log.jsonl");
    assert!(run.contains(&format!(" {}…: intact", "ä".repeat(512))), "{run}");
}
