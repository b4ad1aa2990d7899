//! Dates and timestamps, in the proleptic Gregorian calendar, as `row_to_json` prints them.

use std::ops::Range;

use super::int64;

const DAY: i64 = 86_400_000_000;

/// Days from 0000-03-01 to 2000-01-01. Counting from a March puts the leap day at a year's end.
const EPOCH: i64 = 730_425;

/// Appends a `timestamptz` in UTC, from microseconds since 2000-01-01 00:00 UTC:
/// `"2026-11-20T13:50:47.105885+00:00"`. Trailing zeros of the fraction are left out, `i64::MAX` and
/// `i64::MIN` are `"infinity"` and `"-infinity"`, and a year before 1 has ` BC` at the end.
#[inline]
pub fn timestamptz(out: &mut Vec<u8>, micros: i64) {
    moment(out, micros, b"+00:00");
}

/// Appends a `timestamp`, from microseconds since 2000-01-01 00:00. Like [`timestamptz`], without zone.
#[inline]
pub fn timestamp(out: &mut Vec<u8>, micros: i64) {
    moment(out, micros, b"");
}

/// Appends a `date`, from days since 2000-01-01; `i32::MAX` and `i32::MIN` are infinite.
pub fn date(out: &mut Vec<u8>, days: i32) {
    match days {
        i32::MAX => out.extend_from_slice(b"\"infinity\""),
        i32::MIN => out.extend_from_slice(b"\"-infinity\""),
        _ => {
            out.push(b'"');
            let year = calendar_day(out, days.into());
            close(out, year);
        }
    }
}

fn moment(out: &mut Vec<u8>, micros: i64, zone: &[u8]) {
    match micros {
        i64::MAX => return out.extend_from_slice(b"\"infinity\""),
        i64::MIN => return out.extend_from_slice(b"\"-infinity\""),
        _ => {}
    }
    out.push(b'"');
    let year = calendar_day(out, micros.div_euclid(DAY));
    out.push(b'T');
    time_of_day(out, micros.rem_euclid(DAY));
    out.extend_from_slice(zone);
    close(out, year);
}

fn close(out: &mut Vec<u8>, year: i64) {
    out.extend_from_slice(if year > 0 { b"\"" } else { b" BC\"" });
}

/// Appends `YYYY-MM-DD` and returns the year, which is printed without its sign; 0 is 1 BC.
fn calendar_day(out: &mut Vec<u8>, days: i64) -> i64 {
    let days = days + EPOCH;
    // 146,097 days are 400 years, after which the calendar repeats.
    let era = days.div_euclid(146_097);
    let day = (days - era * 146_097) as u32;
    let year_of_era = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
    let day_of_year = day - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    // 153 days are five months, March to July or August to December.
    let march_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * march_month + 2) / 5 + 1;
    let month = if march_month < 10 { march_month + 3 } else { march_month - 9 };
    let year = era * 400 + i64::from(year_of_era) + i64::from(month <= 2);

    let printed = if year > 0 { year } else { 1 - year };
    if printed < 10_000 {
        two(out, printed as u32 / 100);
        two(out, printed as u32 % 100);
    } else {
        int64(out, printed);
    }
    out.push(b'-');
    two(out, month);
    out.push(b'-');
    two(out, day);
    year
}

/// Appends `HH:MM:SS` and the fraction, if there is one.
fn time_of_day(out: &mut Vec<u8>, micros: i64) {
    // Less than a day of either.
    let (seconds, mut fraction) = ((micros / 1_000_000) as u32, (micros % 1_000_000) as u32);
    two(out, seconds / 3600);
    out.push(b':');
    two(out, seconds / 60 % 60);
    out.push(b':');
    two(out, seconds % 60);
    if fraction != 0 {
        out.push(b'.');
    }
    let mut place = 100_000;
    while fraction != 0 {
        out.push(b'0' + (fraction / place) as u8);
        fraction %= place;
        place /= 10;
    }
}

/// Appends a number below 100 in two digits.
#[inline]
fn two(out: &mut Vec<u8>, value: u32) {
    let value = value as u8;
    out.extend_from_slice(&[b'0' + value / 10, b'0' + value % 10]);
}

/// The microseconds that PostgreSQL has as times: from 24 November 4714 BC to the end of 294276.
const FINITE: Range<i64> = -211_813_488_000_000_000..9_223_371_331_200_000_000;

/// Reads a finite time that [`timestamptz`] wrote, without the quotes. `None` for another spelling of it, and for
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
    use super::*;
    use proptest::prelude::*;

    fn written(write: impl FnOnce(&mut Vec<u8>)) -> String {
        let mut out = Vec::new();
        write(&mut out);
        String::from_utf8(out).unwrap().trim_matches('"').to_owned()
    }

    #[test]
    fn known_moments() {
        for (micros, expected) in [
            (0, "2000-01-01T00:00:00+00:00"),
            (-1, "1999-12-31T23:59:59.999999+00:00"),
            (848_497_847_105_885, "2026-11-20T13:50:47.105885+00:00"),
            (848_497_847_100_000, "2026-11-20T13:50:47.1+00:00"),
            (50_000, "2000-01-01T00:00:00.05+00:00"),
            (i64::MAX, "infinity"),
            (i64::MIN, "-infinity"),
            // The ends of PostgreSQL's range.
            (-211_813_488_000_000_000, "4714-11-24T00:00:00+00:00 BC"),
            (9_223_371_331_199_999_999, "294276-12-31T23:59:59.999999+00:00"),
        ] {
            assert_eq!(written(|o| timestamptz(o, micros)), expected);
            assert_eq!(written(|o| timestamp(o, micros)), expected.replace("+00:00", ""));
        }
        // The Ides of March.
        let ides = -746_117 * DAY;
        assert_eq!(written(|o| timestamptz(o, ides)), "0044-03-15T00:00:00+00:00 BC");
    }

    #[test]
    fn known_days() {
        for (days, expected) in [
            (0, "2000-01-01"),
            (59, "2000-02-29"),
            (-1, "1999-12-31"),
            (-730_119, "0001-01-01"),
            (-730_120, "0001-12-31 BC"),
            (-730_485, "0001-01-01 BC"),
            (-730_486, "0002-12-31 BC"),
            (2_921_939, "9999-12-31"),
            (2_921_940, "10000-01-01"),
            // The ends of PostgreSQL's range.
            (-2_451_545, "4714-11-24 BC"),
            (2_145_031_948, "5874897-12-31"),
            (i32::MAX, "infinity"),
            (i32::MIN, "-infinity"),
        ] {
            assert_eq!(written(|o| date(o, days)), expected);
        }
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

    /// The day after, by the rules everybody learns at school.
    fn next_day((year, month, day): (i64, i64, i64)) -> (i64, i64, i64) {
        let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        let last = match month {
            2 => 28 + i64::from(leap),
            4 | 6 | 9 | 11 => 30,
            _ => 31,
        };
        match (month, day) {
            (12, 31) => (year + 1, 1, 1),
            (_, day) if day == last => (year, month + 1, 1),
            _ => (year, month, day + 1),
        }
    }

    #[test]
    fn every_day_of_four_thousand_years_follows_the_day_before() {
        // 4714-11-24 BC, Julian day 0, is where PostgreSQL's calendar begins.
        let mut expected = (-4713, 11, 24);
        for days in -2_451_545..1_000_000 {
            let (year, month, day) = expected;
            let (printed, era) = if year > 0 { (year, "") } else { (1 - year, " BC") };
            assert_eq!(
                written(|o| date(o, days)),
                format!("{printed:04}-{month:02}-{day:02}{era}")
            );
            expected = next_day(expected);
        }
    }

    proptest! {
        #[test]
        fn a_moment_reads_back(micros in FINITE) {
            prop_assert_eq!(parse_timestamptz(&written(|o| timestamptz(o, micros))), Some(micros));
        }

        #[test]
        fn what_is_read_is_written_back(
            year in "[0-9]{3,6}", month in "[01][0-9]", day in "[0-3][0-9]", time in "[0-2][0-9]:[0-6][0-9]:[0-6][0-9]",
            fraction in "(\\.[0-9]{0,7})?", end in "\\+00:00( BC)?|Z|",
        ) {
            let text = format!("{year}-{month}-{day}T{time}{fraction}{end}");
            if let Some(micros) = parse_timestamptz(&text) {
                prop_assert_eq!(written(|o| timestamptz(o, micros)), text);
            }
        }

        #[test]
        fn no_moment_or_text_panics(micros: i64, days: i32, text: String) {
            written(|o| timestamptz(o, micros));
            written(|o| date(o, days));
            parse_timestamptz(&text);
        }
    }
}
