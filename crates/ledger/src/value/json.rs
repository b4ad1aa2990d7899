//! `json`, from its stored text.

use super::Unwritable;
use crate::json::bounded_string;
use crate::room;

/// Appends a `json` that is a column's value, or what was cast to one: the text itself, whatever its spelling.
/// A text that begins with `"` or has a line break, which a line cannot hold, becomes a string: nothing else is
/// written as one, so two texts are never written the same.
///
/// # Errors
/// As [`room::make`]; nothing is appended then.
pub fn json(out: &mut Vec<u8>, text: &[u8]) -> Result<(), Unwritable> {
    let itself = !text.starts_with(b"\"") && memchr::memchr2(b'\r', b'\n', text).is_none();
    if !itself {
        return bounded_string(out, text);
    }
    room::make(out, text.len())?;
    out.extend_from_slice(text);
    Ok(())
}

/// Appends a `json` inside an array or a composite value: its text as a string, so that its `null` is not
/// a NULL and its arrays are no dimensions.
///
/// # Errors
/// As [`room::make`]; nothing is appended then.
pub fn json_inside(out: &mut Vec<u8>, text: &[u8]) -> Result<(), Unwritable> {
    bounded_string(out, text)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn written(write: fn(&mut Vec<u8>, &[u8]) -> Result<(), Unwritable>, text: &str) -> String {
        let mut out = Vec::new();
        write(&mut out, text.as_bytes()).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn a_text_stands_as_it_is_unless_it_could_be_taken_for_another() {
        for itself in ["null", "{ \"a\" :1,\t\"a\":2 }", " \"x\"", "[\"\\n\"]", "1.0e+1"] {
            assert_eq!(written(json, itself), itself);
        }
        assert_eq!(written(json, r#""x\n""#), r#""\"x\\n\"""#);
        assert_eq!(written(json, "[1,\r\n2]"), r#""[1,\r\n2]""#);
        assert_eq!(written(json_inside, "null"), "\"null\"");
        assert_eq!(written(json_inside, "[\"x\"]"), r#""[\"x\"]""#);
    }

    /// JSON texts in which spelling is all that differs.
    fn any_spelling() -> impl Strategy<Value = String> {
        let space = "[ \t\r\n]{0,2}";
        let leaf = prop_oneof![
            "null|true|-?0|1|1\\.0|1e0|10E-1|\"\"|\"a\"|\"\\\\u0061\"|\"\\\\n\"|\"\\\\\"\"",
            "[a-z\\[\\]:, ]{0,4}".prop_map(|text| format!("{text:?}")),
        ];
        let spaced = (space, leaf, space).prop_map(|(a, text, b)| format!("{a}{text}{b}"));
        spaced.prop_recursive(3, 8, 3, move |inner| {
            (space, prop::collection::vec(inner, 0..3), space)
                .prop_map(|(a, items, b)| format!("{a}[{}]{b}", items.join(",")))
        })
    }

    proptest! {
        /// And whatever is written is JSON without a line break, so that it can stand in a line.
        #[test]
        fn two_texts_are_written_differently(one in any_spelling(), other in any_spelling()) {
            for write in [json, json_inside] {
                let (one_line, other_line) = (written(write, &one), written(write, &other));
                prop_assert_eq!(one_line == other_line, one == other);
                prop_assert!(!one_line.contains(['\r', '\n']));
                let read: serde_json::Value = serde_json::from_str(&one_line).unwrap();
                if one_line.starts_with('"') {
                    prop_assert_eq!(read.as_str(), Some(one.as_str()));
                }
            }
        }
    }
}
