//! `verify`.

use std::io::Write;

use insta::assert_snapshot;

use crate::Folder;
use crate::make::{default, file, hash, head, log, row};
use ledger::RowHash;

/// What verify says of these lines.
fn verify(lines: &[String], args: &str) -> String {
    Folder::new().run_with(&format!("verify {args}"), file(lines).as_bytes())
}

/// The default log with line `number`, counted from 1, changed.
fn spoiled(number: usize, old: &str, new: &str) -> Vec<String> {
    let mut lines = default();
    let line = &mut lines[number - 1];
    assert!(line.contains(old));
    *line = line.replacen(old, new, 1);
    lines
}

#[test]
fn an_intact_export() {
    let folder = Folder::with("log.jsonl", file(&default()));
    assert_snapshot!(folder.run("verify log.jsonl"));
    assert_eq!(folder.run("verify log.jsonl"), verify(&default(), ""));
    assert_eq!(folder.run("verify log.jsonl"), verify(&default(), "-"));
    assert_snapshot!("intact_json", folder.run("verify log.jsonl --json"));
    let without_last_lf = file(&default());
    folder.write("log.jsonl", without_last_lf.trim_end());
    assert_eq!(folder.run("verify log.jsonl"), verify(&default(), ""));
}

#[test]
fn the_vectors_of_the_format() {
    let vectors = include_str!("../../../../docs/vectors.jsonl");
    let lines: Vec<String> = vectors
        .lines()
        .map(|line| {
            let vector: serde_json::Value = serde_json::from_str(line).unwrap();
            vector["line"].as_str().unwrap().to_owned()
        })
        .collect();
    assert_snapshot!(verify(&lines, ""));
}

#[test]
fn compressed_exports_are_known_by_their_content() {
    let plain = file(&default());
    let expected = verify(&default(), "");
    let mut gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gz.write_all(plain.as_bytes()).unwrap();
    let gz = gz.finish().unwrap();
    let zst = zstd::encode_all(plain.as_bytes(), 1).unwrap();
    for packed in [&gz, &zst] {
        let folder = Folder::with("log.jsonl", packed);
        assert_eq!(folder.run("verify log.jsonl"), expected);
        assert_eq!(Folder::new().run_with("verify", packed), expected);
        folder.write("log.jsonl", &packed[..packed.len() - 9]);
        let cut = folder.run("verify log.jsonl");
        assert!(cut.ends_with("exit 3") && cut.contains("cannot be read to its end"), "{cut}");
        // Two files one after the other, as gzip and zstd allow.
        folder.write("log.jsonl", [packed.as_slice(), packed].concat());
        assert!(folder.run("verify log.jsonl").contains("The same log began on line 1 already."));
    }
    let folder = Folder::with("cut.gz", &gz[..gz.len() - 9]);
    assert_snapshot!(folder.run("verify cut.gz"));
}

#[test]
fn a_changed_row() {
    assert_snapshot!(verify(&spoiled(4, "value", "Value"), ""));
    assert_snapshot!("changed_row_json", verify(&spoiled(4, "value", "Value"), "--json"));
}

#[test]
fn a_changed_prev() {
    let mut lines = default();
    lines[3] = row(1, 3, &RowHash::ZERO, "value 1/3");
    assert_snapshot!(verify(&lines, ""));
    // Together with the rest of the row, it cannot be told from a change of both rows.
    lines[3] = row(1, 3, &RowHash::ZERO, "Value 1/3");
    assert_snapshot!("changed_prev_and_row", verify(&lines, ""));
}

#[test]
fn the_last_rows() {
    let lines = spoiled(5, "value", "Value");
    assert_snapshot!("last_but_one", verify(&lines, ""));
    let args = format!("--head {}", head(&default()[5]));
    assert_snapshot!("last_but_one_with_head", verify(&lines, &args));
    let lines = spoiled(6, "value", "Value");
    assert!(verify(&lines, "").ends_with("exit 0"));
    assert_snapshot!("last_with_head", verify(&lines, &args));
}

#[test]
fn rows_rewritten_from_one_on() {
    let mut lines = default();
    lines[3] = lines[3].replace("value", "Value");
    for seq in [4, 5] {
        lines[seq as usize] = row(1, seq, &hash(&lines[seq as usize - 1]), "new");
    }
    assert!(verify(&lines, "").ends_with("exit 0"));
    assert_snapshot!(
        "rewritten_head_behind",
        verify(&lines, &format!("--head {}", head(&default()[4])))
    );
    let mut lines = default();
    lines[3] = row(1, 3, &RowHash::ZERO, "else");
    for seq in [4, 5] {
        lines[seq as usize] = row(1, seq, &hash(&lines[seq as usize - 1]), "new");
    }
    assert_snapshot!(
        "rewritten_head_before",
        verify(&lines, &format!("--head {}", head(&default()[2])))
    );
}

#[test]
fn missing_rows() {
    let mut lines = default();
    lines.drain(2..4);
    assert_snapshot!(verify(&lines, ""));
    lines[2] = row(1, 4, &hash(&lines[1]), "value 1/4");
    assert_snapshot!("missing_and_relinked", verify(&lines, ""));
    let mut lines = default();
    lines.remove(6);
    assert_snapshot!("missing_first", verify(&lines, ""));
}

#[test]
fn rows_cut_off_are_found_with_a_head() {
    let mut lines = default();
    let heads: String =
        [5, 8, 9].iter().map(|&last| format!(" --head {}", head(&lines[last]))).collect();
    assert_snapshot!("all_heads", verify(&lines, &heads));
    lines.remove(5);
    assert!(verify(&lines, "").ends_with("exit 0"));
    lines.pop();
    assert_snapshot!(verify(&lines, &heads));
}

#[test]
fn what_an_earlier_verify_printed_is_a_file_of_heads() {
    let earlier = [log(1, &[(1, 2)]), log(2, &[(1, 1)])].concat();
    let later = [log(1, &[(1, 5), (2, 3)]), log(2, &[(1, 1), (3, 1)])].concat();
    let folder = Folder::with("earlier", file(&earlier));
    let report = folder.output("verify earlier", b"").stdout;
    folder.write("heads", report);
    folder.write("later", file(&later));
    assert_snapshot!(folder.run("verify later --heads heads"));
    folder.write("later", file(&later[..2]));
    assert_snapshot!("cut_off_since_earlier", folder.run("verify later --heads heads"));
    folder.write("heads", "log 0b9df7ec-5b1c-4a64-9d0c-3c1c5b1f0a01 public.t1: intact\n");
    assert_snapshot!("no_heads", folder.run("verify later --heads heads"));
    folder.write("heads", "1:2:abc\n");
    assert_snapshot!("bad_heads", folder.run("verify later --heads heads"));
    folder.write("heads", "log public.t1: intact\n");
    assert_snapshot!("heads_of_no_log", folder.run("verify later --heads heads"));
}

#[test]
fn doubled_and_moved_rows() {
    let mut lines = default();
    lines.insert(4, row(1, 3, &hash(&lines[2]), "another"));
    assert_snapshot!("doubled", verify(&lines, ""));
    let mut lines = default();
    lines.swap(2, 3);
    assert_snapshot!("swapped", verify(&lines, ""));
    let mut lines = default();
    lines[1..9].rotate_left(5);
    assert_snapshot!("chains_swapped", verify(&lines, ""));
}

#[test]
fn lines_that_are_no_rows() {
    assert_snapshot!("not_json", verify(&spoiled(4, "\"row\":{", "\"row\":{\""), ""));
    assert_snapshot!("not_the_shape", verify(&spoiled(4, "\"seq\":3", "\"seq\": 3"), ""));
    let mut lines = default();
    lines.insert(3, String::new());
    assert_snapshot!("blank", verify(&lines, ""));
    assert_snapshot!("carriage_return", verify(&spoiled(4, "}}", "}}\r"), ""));
    let other_version = log(2, &[])[0].replace("immutable\":1", "immutable\":2");
    let lines = [default(), vec![other_version.clone()]].concat();
    assert_snapshot!("other_version_later", verify(&lines, ""));
    assert_snapshot!("other_version", verify(&[other_version], ""));
}

#[test]
fn the_opening_line() {
    assert_snapshot!("opening_changed", verify(&spoiled(1, "public.t1", "public.tx"), ""));
    let (mut lines, foreign) = (default(), log(2, &[(1, 5), (2, 3), (4, 1)]));
    lines.splice(6..9, foreign[6..9].to_vec());
    assert_snapshot!("chain_of_another_log", verify(&lines, ""));
    let mut lines = default();
    lines[1] = row(1, 1, &RowHash::ZERO, "value 1/1");
    assert_snapshot!("first_prev_changed", verify(&lines, ""));
    assert_snapshot!("no_opening", verify(&default()[1..], ""));
    let escapes = spoiled(1, "public.t1", "\\u001b[2Jpublic.t1");
    assert!(verify(&escapes, "").contains("\\u{1b}[2Jpublic.t1: WRONG"));
}

#[test]
fn files_that_are_no_exports() {
    let folder = Folder::with("x", "");
    assert_snapshot!("empty", folder.run("verify x"));
    folder.write("x", "root:x:0:0:root:/root:/bin/bash\n");
    assert_snapshot!("garbage", folder.run("verify x"));
    folder.write("x", [0xff, 0xfe, b'{', 0]);
    assert_snapshot!("utf_16", folder.run("verify x"));
    folder.write("x", file(&default()).replace('\n', "\r\n"));
    assert_snapshot!("crlf", folder.run("verify x"));
    folder.write("x", format!("\u{feff}{}", file(&default())));
    assert_snapshot!("byte_order_mark", folder.run("verify x"));
    folder.write("x", "[]\n");
    assert_snapshot!("other_json", folder.run("verify x"));
    assert_snapshot!("no_file", folder.run("verify y"));
    assert_snapshot!("a_directory", folder.run("verify ."));
    assert_snapshot!("no_file_json", folder.run("verify y --json"));
}

#[test]
fn long_lines() {
    let long = |bytes: usize| {
        let opening = log(1, &[]);
        let first = row(1, 1, &hash(&opening[0]), &"x".repeat(bytes));
        [opening, vec![first]].concat()
    };
    assert!(verify(&long(5 << 20), "").ends_with("exit 0"));
    assert_snapshot!(verify(&long(5 << 20), "--max-line 3"));
    // One line of 1 GiB in a few bytes.
    let bomb = zstd::encode_all(std::io::Read::take(std::io::repeat(b'x'), 1 << 30), 1).unwrap();
    assert_snapshot!("bomb", Folder::new().run_with("verify", &bomb));
}

#[test]
fn only_so_many_findings_are_printed() {
    let lines: Vec<String> = log(1, &[(1, 40)]).into_iter().step_by(3).collect();
    assert_snapshot!(verify(&lines, "--findings 2"));
    assert!(verify(&lines, "--findings 13").contains("Row"));
}

#[test]
fn heads_for_more_than_one_log() {
    let lines = [default(), log(2, &[])].concat();
    assert_snapshot!(verify(&lines, &format!("--head {}", head(&default()[5]))));
    // The same log of two databases; both are good, but heads do not name the database.
    let other = |line: &String| line.replace("5b2f1c0e-", "6b2f1c0e-");
    let lines = [log(1, &[]), log(1, &[]).iter().map(other).collect()].concat();
    assert!(verify(&lines, "").ends_with("exit 0"));
    let folder = Folder::with("log.jsonl", file(&lines));
    folder.write(
        "heads",
        format!("log 0b9df7ec-5b1c-4a64-9d0c-3c1c5b1f0a01 t\nhead {}\n", head(&default()[5])),
    );
    assert_snapshot!("heads_of_which_database", folder.run("verify log.jsonl --heads heads"));
    let contradiction = format!("--head {} --head 1:5:{}", head(&default()[5]), RowHash::ZERO);
    assert_snapshot!("heads_contradict", verify(&default(), &contradiction));
}
