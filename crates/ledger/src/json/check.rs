//! Whether text is JSON: what RFC 8259 allows and no more, however deeply nested.
//!
//! serde_json is just that strict with values it passes over, and doesn't recurse for them.

use serde::de::IgnoredAny;
use serde_json::Deserializer;

/// Checks that `text` is one JSON value, with or without space around it.
///
/// # Errors
/// The byte at which it shows that it is none, from 1.
pub fn check(text: &str) -> Result<(), usize> {
    match serde_json::from_str(text) {
        Ok(IgnoredAny) => Ok(()),
        Err(error) => Err(error.column()),
    }
}

/// Takes the JSON value apart that `text` begins with, without space before it, and what follows. `None` when
/// it begins with none.
pub(crate) fn split_value(text: &str) -> Option<(&str, &str)> {
    if text.starts_with([' ', '\t', '\r', '\n']) {
        return None;
    }
    let mut values = Deserializer::from_str(text).into_iter::<IgnoredAny>();
    values.next()?.ok()?;
    text.split_at_checked(values.byte_offset())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_is_not_json_is_refused() {
        for text in [
            "",
            " ",
            "nul",
            "NaN",
            "-Infinity",
            "'a'",
            "+1",
            "01",
            "-01",
            ".5",
            "1.",
            "-",
            "1e",
            "1e+",
            "0x1",
            "--1",
            "1_0",
            "[1,]",
            "[,1]",
            "[1 2]",
            "[1}",
            "{1:2}",
            "{\"a\"}",
            "{\"a\":}",
            "{\"a\":1,}",
            "{\"a\":1]",
            "[]]",
            "[] []",
            "1 2",
            "// x\n1",
            "/* x */1",
            "\"a",
            "\"\t\"",
            "\"\n\"",
            "\"\0\"",
            "\"\\x\"",
            "\"\\'\"",
            "\"\\u12g4\"",
            "\"\\u12\"",
            "\u{feff}1",
            "\u{a0}1",
            "1\u{c}",
            "1\u{85}",
            "TRUE",
            "[[",
            "]",
            "}",
            ",",
            ":",
            "1,",
            "[1]x",
            "{\"a\":1 \"b\":2}",
            "{\"a\":1,,\"b\":2}",
            "{,}",
        ] {
            assert!(check(text).is_err(), "{text}");
        }
        assert_eq!(check("[1,2,nul]"), Err(9));
        assert_eq!(check("[1 2]"), Err(4));
    }

    #[test]
    fn what_is_json_is_not_refused() {
        for text in [
            "0",
            "-0",
            "-0.0e-0",
            "1E+9",
            "1e999999",
            "123456789012345678901234567890.5",
            "\"\"",
            "\"\u{7f}é🔒\"",
            r#""\"\\\/\b\f\n\r\t\u00e9\uD800\udbFF\u0000""#,
            "[]",
            "{}",
            "null",
            " \t\r\n{ \"a\" : [ 1 , null ] , \"a\" : { } } \n",
            "[true,false,null]",
            "{\"\":\"\"}",
        ] {
            assert_eq!(check(text), Ok(()), "{text}");
            let followed = format!("{},x", text.trim());
            assert_eq!(split_value(&followed), Some((text.trim(), ",x")));
        }
    }

    #[test]
    fn depth_has_no_limit() {
        for (open, inner, close) in [("[", "", "]"), ("{\"a\":", "1", "}"), ("[{\"\":[", "", "]}]")]
        {
            for depth in [127, 128, 1_000_000] {
                let text = format!("{}{inner}{}", open.repeat(depth), close.repeat(depth));
                assert_eq!(check(&text), Ok(()));
                assert!(check(&text[..text.len() - 1]).is_err());
                assert_eq!(split_value(&text), Some((text.as_str(), "")));
            }
        }
    }

    #[test]
    fn a_value_has_an_end() {
        assert_eq!(split_value("1.5]"), Some(("1.5", "]")));
        assert_eq!(split_value("\"a\"\"b\""), Some(("\"a\"", "\"b\"")));
        assert_eq!(split_value("[1] 2"), Some(("[1]", " 2")));
        for none in ["", " 1", "\n1", "]", "1x", "01", "nullx", "1.", "[1"] {
            assert_eq!(split_value(none), None, "{none}");
        }
    }

    proptest! {
        #[test]
        fn a_value_and_what_follows_are_the_text(text in "([\\[\\]{},: 01e.-]|\"a\":|\"\"|null|é){0,8}") {
            if let Some((value, rest)) = split_value(&text) {
                prop_assert_eq!(check(value), Ok(()));
                prop_assert_eq!([value, rest].concat(), text);
            }
        }
    }
}
