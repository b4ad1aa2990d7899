//! Lines, hashes and the merge of segments, by themselves: `cargo bench -p ledger`.

use divan::{Bencher, black_box, counter::BytesCount};
use ledger::many::{self, HashMany};
use ledger::{Chains, Keep, Line, RowHash, Stamp, json, line, value};

fn main() {
    divan::main();
}

const AT: i64 = 848_497_847_105_885;
const STAMP: Stamp = Stamp { chain: 3, seq: 1_234_567, at: AT, session: 17 };

/// The jsonb `{"field": "amount", "approved": true}` as PostgreSQL stores it.
const JSONB: &[u8] = &[
    0x02, 0x00, 0x00, 0x20, // an object of two pairs
    0x05, 0x00, 0x00, 0x80, // "field" ends here
    0x08, 0x00, 0x00, 0x00, // "approved"
    0x06, 0x00, 0x00, 0x00, // "amount"
    0x00, 0x00, 0x00, 0x30, // true
    b'f', b'i', b'e', b'l', b'd', b'a', b'p', b'p', b'r', b'o', b'v', b'e', b'd', b'a', b'm', b'o',
    b'u', b'n', b't',
];

/// The numeric 1234.50 as PostgreSQL stores it: a short header, then digits to the base 10,000.
const NUMERIC: &[u8] = &[0x00, 0x81, 0xd2, 0x04, 0x88, 0x13];

#[divan::bench]
fn typical_line(bencher: Bencher<'_, '_>) {
    let keys = [b"id".as_slice(), b"at", b"actor", b"object_id", b"details"].map(line::Key::of);
    let mut out = Vec::new();
    bencher.bench_local(|| {
        line::open(&mut out, &STAMP, &RowHash::ZERO);
        line::member(&mut out, &keys[0]);
        value::int64(&mut out, black_box(42));
        line::member(&mut out, &keys[1]);
        value::timestamptz(&mut out, black_box(AT));
        line::member(&mut out, &keys[2]);
        value::text(&mut out, black_box(b"user123"));
        line::member(&mut out, &keys[3]);
        value::int64(&mut out, black_box(31_337));
        line::member(&mut out, &keys[4]);
        value::jsonb(&mut out, black_box(JSONB)).is_ok()
    });
}

fn each(bencher: Bencher<'_, '_>, write: impl Fn(&mut Vec<u8>)) {
    let mut out = Vec::with_capacity(1024);
    bencher.bench_local(|| {
        out.clear();
        write(&mut out);
        out.len()
    });
}

#[divan::bench]
fn int64(bencher: Bencher<'_, '_>) {
    each(bencher, |out| value::int64(out, black_box(-1_234_567_890)));
}

#[divan::bench]
fn timestamptz(bencher: Bencher<'_, '_>) {
    each(bencher, |out| value::timestamptz(out, black_box(AT)));
}

#[divan::bench]
fn text_of_100_bytes(bencher: Bencher<'_, '_>) {
    let text = [b'x'; 100];
    each(bencher, |out| value::text(out, black_box(&text)));
}

#[divan::bench]
fn text_that_is_escaped(bencher: Bencher<'_, '_>) {
    each(bencher, |out| json::string(out, black_box(b"say \"yes\"\nand \\ go")));
}

#[divan::bench]
fn numeric(bencher: Bencher<'_, '_>) {
    assert_eq!(written(|out| value::numeric(out, NUMERIC).is_ok()), "1234.50");
    each(bencher, |out| {
        black_box(value::numeric(out, black_box(NUMERIC)).is_ok());
    });
}

#[divan::bench]
fn jsonb(bencher: Bencher<'_, '_>) {
    let expected = r#"{"field": "amount", "approved": true}"#;
    assert_eq!(written(|out| value::jsonb(out, JSONB).is_ok()), expected);
    each(bencher, |out| {
        black_box(value::jsonb(out, black_box(JSONB)).is_ok());
    });
}

#[divan::bench]
fn uuid(bencher: Bencher<'_, '_>) {
    each(bencher, |out| value::uuid(out, black_box(&[0x5a; 16])));
}

fn written(write: impl FnOnce(&mut Vec<u8>) -> bool) -> String {
    let mut out = Vec::new();
    assert!(write(&mut out));
    String::from_utf8_lossy(&out).into_owned()
}

#[divan::bench(args = [100, 320, 4096])]
fn hash(bencher: Bencher<'_, '_>, length: usize) {
    let line = vec![b'x'; length];
    bencher.counter(BytesCount::new(length)).bench(|| RowHash::of(black_box(&line)));
}

/// One row of a chain that follows the one before, as verification takes it.
#[divan::bench]
fn row_in_order(bencher: Bencher<'_, '_>) {
    let (mut chains, mut line, mut seq) = (Chains::new(RowHash::ZERO, Keep::First), Vec::new(), 0);
    bencher.bench_local(|| {
        seq += 1;
        let prev = chains.prev_of(1, seq).unwrap_or(RowHash::ZERO);
        let stamp = Stamp { chain: 1, seq, at: 0, session: 0 };
        let prev_at = line::open(&mut line, &stamp, &prev);
        line::close(&mut line);
        let stored = RowHash::of(&line);
        chains.row(1, seq, stored, &mut line, prev_at);
    });
}

/// Two workers' parts of a table with 64 chains, each in blocks of ten rows.
#[divan::bench]
fn merge_of_64_chains(bencher: Bencher<'_, '_>) {
    let part = |odd: bool| {
        let (mut chains, mut line) = (Chains::new(RowHash::ZERO, Keep::First), Vec::new());
        for chain in 1..=64 {
            for seq in (1..=200).filter(|seq| (seq / 10 % 2 == 1) == odd) {
                let stamp = Stamp { chain, seq, at: 0, session: 0 };
                let prev = chains.prev_of(chain, seq).unwrap_or(RowHash::ZERO);
                let prev_at = line::open(&mut line, &stamp, &prev);
                line::close(&mut line);
                let stored = RowHash::of(&line);
                chains.row(chain, seq, stored, &mut line, prev_at);
            }
        }
        chains
    };
    let parts = (part(false), part(true));
    bencher.with_inputs(|| parts.clone()).bench_values(|(mut left, right)| {
        left.merge(right);
        left
    });
}

/// A row as exports have them.
fn row() -> String {
    let mut out = Vec::new();
    line::open(&mut out, &STAMP, &RowHash::ZERO);
    out.extend_from_slice(
        br#""id":1234567,"at":"2026-11-20T13:50:47.105885+00:00","actor":"user123","details":{"field": "amount", "approved": true}"#,
    );
    line::close(&mut out);
    String::from_utf8_lossy(&out).into_owned()
}

#[divan::bench]
fn read_row(bencher: Bencher<'_, '_>) {
    let row = row();
    assert!(matches!(Line::read(row.as_bytes()), Ok(Line::Row(_))));
    bencher.counter(BytesCount::of_str(&row)).bench(|| Line::read(black_box(row.as_bytes())));
}

#[divan::bench]
fn check_json(bencher: Bencher<'_, '_>) {
    let row = row();
    bencher.counter(BytesCount::of_str(&row)).bench(|| json::check(black_box(&row)));
}

#[divan::bench]
fn json(bencher: Bencher<'_, '_>) {
    let row = row();
    each(bencher, |out| value::json(out, black_box(row.as_bytes())).unwrap_or_default());
}

#[divan::bench]
fn jsonb_inside(bencher: Bencher<'_, '_>) {
    each(bencher, |out| {
        black_box(value::jsonb_inside(out, black_box(JSONB)).is_ok());
    });
}

/// Sixteen typical lines.
fn sixteen(bencher: Bencher<'_, '_>, hash: HashMany) {
    let lines: Vec<Vec<u8>> = (0..many::MOST).map(|i| vec![b'x'; 410 + 3 * i]).collect();
    let lines: Vec<&[u8]> = lines.iter().map(Vec::as_slice).collect();
    bencher.bench_local(|| hash(black_box(&lines)));
}

#[divan::bench]
fn sixteen_one_by_one(bencher: Bencher<'_, '_>) {
    sixteen(bencher, many::one_by_one);
}

#[cfg(target_arch = "x86_64")]
#[divan::bench]
fn sixteen_with_avx512(bencher: Bencher<'_, '_>) {
    assert!(is_x86_feature_detected!("avx512f") && is_x86_feature_detected!("avx512bw"));
    // SAFETY: the processor has the registers.
    sixteen(bencher, |lines| unsafe { many::with_avx512(lines) });
}
