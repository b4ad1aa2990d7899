//! Values from PostgreSQL's on-disk bytes, against encoders and printers written independently.
#![allow(clippy::unwrap_used, missing_docs)]

use ledger::{Corrupt, Unwritable, value};
use proptest::prelude::*;
use serde_json::Value;

fn written(
    write: impl FnOnce(&mut Vec<u8>) -> Result<(), Unwritable>,
) -> Result<String, Unwritable> {
    let mut out = b"before".to_vec();
    let result = write(&mut out);
    let text = String::from_utf8(out).unwrap();
    let text = text.strip_prefix("before").unwrap().to_owned();
    assert!(result.is_ok() || text.is_empty(), "a failed writer left {text:?}");
    result.map(|()| text)
}

fn words(words: &[u16]) -> Vec<u8> {
    words.iter().flat_map(|word| word.to_ne_bytes()).collect()
}

/// The on-disk numeric of a decimal text like `-12.3400`, in the long form or the short one.
fn encode_numeric(text: &str, long: bool) -> Vec<u8> {
    let (negative, text) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let scale = fraction.len();
    let whole = format!("{}{whole}", "0".repeat(whole.len().next_multiple_of(4) - whole.len()));
    let fraction = format!("{fraction}{}", "0".repeat(scale.next_multiple_of(4) - scale));
    let mut weight = whole.len() as i32 / 4 - 1;
    let groups = format!("{whole}{fraction}");
    let mut digits: Vec<u16> =
        groups.as_bytes().chunks(4).map(|g| str::from_utf8(g).unwrap().parse().unwrap()).collect();
    while digits.first() == Some(&0) {
        digits.remove(0);
        weight -= 1;
    }
    while digits.last() == Some(&0) {
        digits.pop();
    }
    if digits.is_empty() {
        weight = 0;
    }
    let mut head = if long || scale > 63 || !(-64..=63).contains(&weight) {
        vec![if negative { 0x4000 } else { 0 } | scale as u16, weight as i16 as u16]
    } else {
        let sign = if negative { 0x2000 } else { 0 };
        vec![0x8000 | sign | (scale as u16) << 7 | (weight as u16 & 0x7F)]
    };
    head.extend(digits);
    words(&head)
}

/// The on-disk jsonb of a value, without the varlena header; every `stride`th entry is an offset.
fn encode_jsonb(value: &Value, stride: usize) -> Vec<u8> {
    if value.is_array() || value.is_object() {
        return encode_container(value, stride);
    }
    let mut out = (0x5000_0001u32).to_ne_bytes().to_vec();
    let mut data = Vec::new();
    let (kind, length) = encode_node(value, stride, &mut data);
    out.extend((kind | length).to_ne_bytes());
    out.extend(data);
    out
}

fn encode_container(value: &Value, stride: usize) -> Vec<u8> {
    let (head, children): (u32, Vec<Value>) = match value {
        Value::Array(items) => (0x4000_0000 | items.len() as u32, items.clone()),
        Value::Object(members) => {
            let keys = members.keys().map(|key| Value::String(key.clone()));
            let children = keys.chain(members.values().cloned()).collect();
            (0x2000_0000 | members.len() as u32, children)
        }
        _ => unreachable!(),
    };
    let mut data = Vec::new();
    let mut entries = Vec::new();
    for (i, child) in children.iter().enumerate() {
        let (kind, length) = encode_node(child, stride, &mut data);
        let entry =
            if i % stride == 0 { 0x8000_0000 | kind | data.len() as u32 } else { kind | length };
        entries.extend(entry.to_ne_bytes());
    }
    [&head.to_ne_bytes()[..], &entries, &data].concat()
}

fn encode_node(value: &Value, stride: usize, data: &mut Vec<u8>) -> (u32, u32) {
    let start = data.len();
    let pad = |data: &mut Vec<u8>| data.resize(data.len().next_multiple_of(4), 0);
    let kind = match value {
        Value::String(text) => {
            data.extend(text.as_bytes());
            0
        }
        Value::Number(number) => {
            pad(data);
            let numeric = encode_numeric(&number.to_string(), false);
            let length = numeric.len() as u32 + 4;
            let length = if cfg!(target_endian = "little") { length << 2 } else { length };
            data.extend(length.to_ne_bytes());
            data.extend(numeric);
            1
        }
        Value::Bool(false) => 2,
        Value::Bool(true) => 3,
        Value::Null => 4,
        Value::Array(_) | Value::Object(_) => {
            pad(data);
            data.extend(encode_container(value, stride));
            5
        }
    };
    (kind << 28, (data.len() - start) as u32)
}

/// What PostgreSQL prints: JSON with a space behind colon and comma.
fn print(value: &Value) -> String {
    let join = |items: Vec<String>| items.join(", ");
    match value {
        Value::Array(items) => format!("[{}]", join(items.iter().map(print).collect())),
        Value::Object(members) => {
            let member = |(key, value): (&String, &Value)| {
                format!("{}: {}", serde_json::to_string(key).unwrap(), print(value))
            };
            format!("{{{}}}", join(members.iter().map(member).collect()))
        }
        other => other.to_string(),
    }
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        (-100i64..100).prop_map(Value::from),
        any::<String>().prop_map(Value::from),
        "[a-z\\n\"]{0,3}".prop_map(Value::from),
    ];
    leaf.prop_recursive(6, 200, 80, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..80).prop_map(Value::from),
            prop::collection::btree_map("[a-z]{0,6}", inner, 0..40)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

fn any_decimal() -> impl Strategy<Value = String> {
    prop_oneof![
        "-?(0|[1-9][0-9]{0,30})",
        "-?(0|[1-9][0-9]{0,12})\\.[0-9]{1,20}",
        "-?0\\.0{0,40}[0-9]{1,9}",
        "-?[1-9]0{0,300}(\\.0{1,80})?",
    ]
    // Zero has no sign in a numeric.
    .prop_map(|text| match text.strip_prefix('-') {
        Some(rest) if !rest.bytes().any(|b| (b'1'..=b'9').contains(&b)) => rest.to_owned(),
        _ => text,
    })
}

#[test]
fn numerics_from_known_bytes() {
    let numeric = |bytes: &[u16]| written(|out| value::numeric(out, &words(bytes)));
    assert_eq!(numeric(&[0x8000]).unwrap(), "0");
    assert_eq!(numeric(&[0x8100]).unwrap(), "0.00");
    assert_eq!(numeric(&[0x8000, 1]).unwrap(), "1");
    assert_eq!(numeric(&[0x8101, 1, 2345, 6700]).unwrap(), "12345.67");
    assert_eq!(numeric(&[0xA1FF, 1]).unwrap(), "-0.000");
    assert_eq!(numeric(&[0x817F, 500]).unwrap(), "0.05");
    assert_eq!(numeric(&[0xC000]).unwrap(), "\"NaN\"");
    assert_eq!(numeric(&[0xD000]).unwrap(), "\"Infinity\"");
    assert_eq!(numeric(&[0xF000]).unwrap(), "\"-Infinity\"");
    let huge = numeric(&[0, 0x7FFF, 1]).unwrap();
    assert_eq!(huge.len(), 4 * 0x7FFF + 1);
    for bad in [&[][..], &[0x4000], &[0x8000, 10_000], &[0xE000]] {
        assert_eq!(numeric(bad), Err(Corrupt), "{bad:x?}");
    }
    assert_eq!(written(|out| value::numeric(out, &[0x80])), Err(Corrupt));
    assert_eq!(written(|out| value::numeric(out, &[0, 0x80, 1])), Err(Corrupt));
}

#[test]
fn addresses_as_postgresql_prints_them() {
    let inet = |bytes: &[u8], cidr| written(|out| value::inet(out, bytes, cidr));
    assert_eq!(inet(&[2, 32, 192, 168, 0, 1], false).unwrap(), "\"192.168.0.1\"");
    assert_eq!(inet(&[2, 32, 192, 168, 0, 1], true).unwrap(), "\"192.168.0.1/32\"");
    assert_eq!(inet(&[2, 0, 0, 0, 0, 0], true).unwrap(), "\"0.0.0.0/0\"");
    assert_eq!(inet(&[2, 24, 10, 1, 2, 255], false).unwrap(), "\"10.1.2.255/24\"");
    let v6 = |words: [u16; 8], bits| {
        let bytes = [vec![3, bits], words.iter().flat_map(|w| w.to_be_bytes()).collect()].concat();
        inet(&bytes, false).unwrap()
    };
    for (address, bits, expected) in [
        ([0; 8], 128, "::"),
        ([0; 8], 0, "::/0"),
        ([0, 0, 0, 0, 0, 0, 0, 1], 128, "::1"),
        ([0, 0, 0, 0, 0, 0, 0, 2], 128, "::2"),
        ([1, 0, 0, 0, 0, 0, 0, 0], 128, "1::"),
        ([0, 0, 0, 0, 0, 0, 0x102, 0x304], 128, "::1.2.3.4"),
        ([0, 0, 0, 0, 0, 0, 1, 0], 128, "::0.1.0.0"),
        ([0, 0, 0, 0, 0, 0xffff, 0x102, 0x304], 96, "::ffff:1.2.3.4/96"),
        ([0, 0, 0, 0, 0, 0xfffe, 0x102, 0x304], 128, "::fffe:102:304"),
        ([0x2001, 0xdb8, 0, 0, 1, 0, 0, 1], 64, "2001:db8::1:0:0:1/64"),
        ([0x2001, 0xdb8, 0, 1, 0, 0, 0, 1], 128, "2001:db8:0:1::1"),
        ([0x2001, 0, 1, 0, 1, 0, 1, 0], 128, "2001:0:1:0:1:0:1:0"),
        ([1, 2, 3, 4, 5, 6, 0, 0], 128, "1:2:3:4:5:6::"),
        ([0xffff, 0x10, 0xa00, 0xb, 5, 6, 7, 8], 128, "ffff:10:a00:b:5:6:7:8"),
    ] {
        assert_eq!(v6(address, bits), format!("\"{expected}\""));
    }
    let short = [&[3, 64][..], &[0; 15]].concat();
    let wide = [&[3, 129][..], &[0; 16]].concat();
    for bad in
        [&[][..], &[2], &[2, 33, 1, 2, 3, 4], &[4, 0, 0, 0, 0, 0], &[2, 8, 10], &short, &wide]
    {
        assert_eq!(inet(bad, true), Err(Corrupt));
    }
}

#[test]
fn jsonb_of_each_shape() {
    for text in ["[]", "{}", "null", "true", "false", "7", "\"a\\nb\"", "[[], {}]"] {
        let value: Value = serde_json::from_str(text).unwrap();
        assert_eq!(written(|out| value::jsonb(out, &encode_jsonb(&value, 32))).unwrap(), text);
    }
    let value: Value =
        serde_json::from_str(r#"{"a":"xyz","b":[1,"q",{"c":-2}],"k":null}"#).unwrap();
    assert_eq!(
        written(|out| value::jsonb(out, &encode_jsonb(&value, 32))).unwrap(),
        r#"{"a": "xyz", "b": [1, "q", {"c": -2}], "k": null}"#
    );
}

#[test]
fn jsonb_may_be_nested_without_end() {
    let mut bytes = 0x4000_0000u32.to_ne_bytes().to_vec();
    let levels = 20_000;
    for _ in 0..levels {
        let entry = 0x5000_0000u32 | bytes.len() as u32;
        bytes = [&0x4000_0001u32.to_ne_bytes()[..], &entry.to_ne_bytes(), &bytes].concat();
    }
    let expected = "[".repeat(levels + 1) + &"]".repeat(levels + 1);
    assert!(written(|out| value::jsonb(out, &bytes)).unwrap() == expected);
}

#[test]
fn jsonb_entries_that_overlap_are_corrupt() {
    let value: Value = serde_json::from_str(r#"["abc","def"]"#).unwrap();
    let mut bytes = encode_jsonb(&value, 32);
    // The second entry ends where the first begins.
    bytes[8..12].copy_from_slice(&0x8000_0000u32.to_ne_bytes());
    assert_eq!(written(|out| value::jsonb(out, &bytes)), Err(Corrupt));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn a_numeric_prints_as_it_was_written(text in any_decimal(), long: bool) {
        let bytes = encode_numeric(&text, long);
        prop_assert_eq!(written(|out| value::numeric(out, &bytes)).unwrap(), text);
    }

    #[test]
    fn ipv6_is_read_by_the_standard_library_as_the_same(words: [u16; 8], zeros: u8, bits in 0u8..=128) {
        let words: [u16; 8] =
            std::array::from_fn(|i| if zeros >> i & 1 == 1 { 0 } else { words[i] });
        let bytes = [vec![3, bits], words.iter().flat_map(|w| w.to_be_bytes()).collect()].concat();
        let text = written(|out| value::inet(out, &bytes, true)).unwrap();
        let (address, mask) = text.trim_matches('"').split_once('/').unwrap();
        let read: std::net::Ipv6Addr = address.parse().unwrap();
        prop_assert_eq!(read.segments(), words);
        prop_assert_eq!(mask.parse::<u8>().unwrap(), bits);
    }

    #[test]
    fn jsonb_prints_what_was_encoded(value in any_json(), stride in 1usize..40) {
        let bytes = encode_jsonb(&value, stride);
        prop_assert_eq!(written(|out| value::jsonb(out, &bytes)).unwrap(), print(&value));
        // Inside a container it is its text, as a string: another text is another string.
        let inside = written(|out| value::jsonb_inside(out, &bytes)).unwrap();
        prop_assert_eq!(serde_json::from_str::<String>(&inside).unwrap(), print(&value));
    }

    #[test]
    fn no_damage_to_a_jsonb_panics(value in any_json(), flips in prop::collection::vec(any::<(usize, u8)>(), 1..6), cut: usize) {
        let mut bytes = encode_jsonb(&value, 32);
        for (at, flip) in flips {
            let at = at % bytes.len();
            bytes[at] ^= flip;
        }
        let mut out = Vec::new();
        let _ = value::jsonb(&mut out, &bytes);
        let _ = value::jsonb(&mut out, &bytes[..cut % bytes.len()]);
        let _ = value::jsonb_inside(&mut out, &bytes);
    }

    #[test]
    fn no_bytes_panic(bytes: Vec<u8>, head: u8) {
        let mut out = Vec::new();
        let _ = value::numeric(&mut out, &bytes);
        let _ = value::jsonb(&mut out, &bytes);
        let _ = value::inet(&mut out, &bytes, head & 1 == 1);
        let _ = value::inet(&mut out, &[&[2 + (head >> 1 & 1)][..], &bytes].concat(), head & 1 == 1);
    }
}
