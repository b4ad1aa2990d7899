//! Reading times back.

use std::ops::Range;

use super::{DAY, EPOCH};

/// The microseconds that PostgreSQL has as times: from 24 November 4714 BC to the end of 294276.
const FINITE: Range<i64> = -211_813_488_000_000_000..9_223_371_331_200_000_000;

/// Reads a finite time that [`timestamptz`](super::timestamptz) wrote, without the quotes. `None` for another spelling of it, and for
/// a day or an hour that does not exist.
pub(crate) fn parse_timestamptz(text: &str) -> Option<i64> {
    let (text, before_christ) = text.strip_suffix(" BC").map_or((text, false), |text| (text, true));
    let text = text.strip_suffix("+00:00")?.as_bytes();
    // A year has four digits, or more of them.
    let more = text.iter().skip(4).take_while(|byte| **byte != b'-').count();
    let (year, rest) = text.split_at_checked(4 + more)?;
    let [b'-', m0, m1, b'-', d0, d1, b'T', time @ ..] = rest else { return None };
    let [h0, h1, b':', n0, n1, b':', s0, s1, fraction @ ..] = time else { return None };
    let year = parse_year(year).map(|year| if before_christ { 1 - year } else { year })?;
    let (month, day) = (pair(*m0, *m1)?, pair(*d0, *d1)?);
    let (hour, minute, second) = (pair(*h0, *h1)?, pair(*n0, *n1)?, pair(*s0, *s1)?);
    if !(1..=days_of(month, year)?).contains(&day) || hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    let march_year = if month <= 2 { year - 1 } else { year };
    let days = march_year * 365 + march_year.div_euclid(4) - march_year.div_euclid(100)
        + march_year.div_euclid(400)
        + (153 * ((month + 9) % 12) + 2) / 5
        + day
        - 1
        - EPOCH;
    let seconds = (hour * 60 + minute) * 60 + second;
    let micros =
        days.checked_mul(DAY)?.checked_add(seconds * 1_000_000 + parse_fraction(fraction)?)?;
    FINITE.contains(&micros).then_some(micros)
}

/// A year of four to six digits, without a zero in front of four others.
fn parse_year(text: &[u8]) -> Option<i64> {
    if !(4..=6).contains(&text.len()) || text.len() > 4 && text.starts_with(b"0") {
        return None;
    }
    let year = text.iter().try_fold(0, |year, byte| Some(10 * year + digit(*byte)?))?;
    (year > 0).then_some(year)
}

/// How many days a month has; `None` for another than the twelve.
fn days_of(month: i64, year: i64) -> Option<i64> {
    match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => Some(31),
        4 | 6 | 9 | 11 => Some(30),
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => Some(29),
        2 => Some(28),
        _ => None,
    }
}

/// The microseconds of a fraction: nothing, or a point and up to six digits, the last not zero.
fn parse_fraction(text: &[u8]) -> Option<i64> {
    let digits = match text {
        [] => return Some(0),
        [b'.', digits @ ..] if matches!(digits, [.., b'1'..=b'9']) => digits,
        _ => return None,
    };
    let (mut micros, mut place) = (0, 1_000_000);
    for byte in digits {
        place /= 10;
        micros += place * digit(*byte)?;
    }
    (place > 0).then_some(micros)
}

/// A number of two digits.
#[inline]
fn pair(tens: u8, ones: u8) -> Option<i64> {
    Some(10 * digit(tens)? + digit(ones)?)
}

#[inline]
fn digit(byte: u8) -> Option<i64> {
    byte.is_ascii_digit().then(|| i64::from(byte - b'0'))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::timestamptz;
    use super::*;
    use proptest::prelude::*;

    fn written(micros: i64) -> String {
        let mut out = Vec::new();
        timestamptz(&mut out, micros);
        String::from_utf8(out).unwrap().trim_matches('"').to_owned()
    }

    #[test]
    fn the_ends_of_the_range_are_read_and_nothing_beyond() {
        for (text, micros) in [
            ("4714-11-24T00:00:00+00:00 BC", FINITE.start),
            ("294276-12-31T23:59:59.999999+00:00", FINITE.end - 1),
            ("2024-02-29T23:59:59.5+00:00", 762_566_399_500_000),
            ("0001-12-31T00:00:00+00:00 BC", -730_120 * DAY),
            ("0001-02-29T00:00:00+00:00 BC", -730_426 * DAY),
        ] {
            assert_eq!(parse_timestamptz(text), Some(micros), "{text}");
        }
        for bad in [
            "4714-11-23T23:59:59.999999+00:00 BC",
            "294277-01-01T00:00:00+00:00",
            "999999-01-01T00:00:00+00:00",
            "1000000-01-01T00:00:00+00:00",
            "infinity",
            "-infinity",
            "",
        ] {
            assert_eq!(parse_timestamptz(bad), None, "{bad}");
        }
    }

    #[test]
    fn other_spellings_and_times_that_do_not_exist_are_refused() {
        let good = "2026-11-20T13:50:47.105885+00:00";
        assert!(parse_timestamptz(good).is_some());
        for (from, to) in [
            ("2026", "02026"),
            ("2026", "0000"),
            ("2026", "226"),
            ("2026", "-2026"),
            ("2026", "+2026"),
            ("2026", "２０２６"),
            ("-11-", "-00-"),
            ("-11-", "-13-"),
            ("-11-", "-1-"),
            ("-20T", "-00T"),
            ("-20T", "-31T"),
            ("-20T", "-2T"),
            ("-20T", "-020T"),
            ("11-20", "02-29"),
            ("11-20", "02-30"),
            ("2026-11-20", "1900-02-29"),
            ("T", " "),
            ("T", "t"),
            ("13:", "24:"),
            (":50:", ":60:"),
            (":47", ":60"),
            (":47", ":7"),
            (".105885", "."),
            (".105885", ".0"),
            (".105885", ".10"),
            (".105885", ".1058850"),
            (".105885", ".1058851"),
            (".105885", ",1"),
            (".105885", ".1 "),
            ("+00:00", ""),
            ("+00:00", "Z"),
            ("+00:00", "+00"),
            ("+00:00", "-00:00"),
            ("+00:00", "+01:00"),
            ("+00:00", "+00:00 AD"),
            ("+00:00", "+00:00  BC"),
            ("+00:00", " BC+00:00"),
        ] {
            assert!(good.contains(from));
            assert_eq!(parse_timestamptz(&good.replacen(from, to, 1)), None, "{from} {to}");
        }
    }

    proptest! {
        #[test]
        fn a_moment_reads_back(micros in FINITE) {
            prop_assert_eq!(parse_timestamptz(&written(micros)), Some(micros));
        }

        #[test]
        fn what_is_read_is_written_back(
            year in "[0-9]{3,6}", month in "[01][0-9]", day in "[0-3][0-9]", time in "[0-2][0-9]:[0-6][0-9]:[0-6][0-9]",
            fraction in "(\\.[0-9]{0,7})?", end in "\\+00:00( BC)?|Z|",
        ) {
            let text = format!("{year}-{month}-{day}T{time}{fraction}{end}");
            if let Some(micros) = parse_timestamptz(&text) {
                prop_assert_eq!(written(micros), text);
            }
        }

        #[test]
        fn no_text_panics(text: String) {
            parse_timestamptz(&text);
        }
    }
}
