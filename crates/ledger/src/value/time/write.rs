//! Writing dates and times.

use super::{DAY, EPOCH};
use crate::short;
use crate::value::int64;

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
    short::append(out, zone);
    close(out, year);
}

fn close(out: &mut Vec<u8>, year: i64) {
    out.extend_from_slice(if year > 0 { b"\"" } else { b" BC\"" });
}

/// Appends `YYYY-MM-DD` and returns the year, which is printed without its sign; 0 is 1 BC.
fn calendar_day(out: &mut Vec<u8>, days: i64) -> i64 {
    // Neri and Schneider, Euclidean affine functions and their application to calendar algorithms. Their years begin in
    // March; 146,097 days are 400 years, after which the calendar repeats. So many of them before, no day is negative.
    const ERAS: i64 = 16_000;
    let days = (days + EPOCH + ERAS * 146_097).cast_unsigned();
    let (century, day_of_century) = ((4 * days + 3) / 146_097, (4 * days + 3) % 146_097 / 4);
    let years = 2_939_745 * (4 * day_of_century + 3);
    let (year_of_century, day_of_year) = (years >> 32, (years as u32) / 2_939_745 / 4);
    let months = 2_141 * day_of_year + 197_913;
    let (march_month, day) = (months >> 16, (months & 0xffff) / 2_141 + 1);
    let of_next_year = day_of_year >= 306;
    let month = if of_next_year { march_month - 12 } else { march_month };
    let year =
        (100 * century + year_of_century).cast_signed() - 400 * ERAS + i64::from(of_next_year);

    let printed = if year > 0 { year } else { 1 - year };
    let mut text = *b"0000-00-00";
    if printed < 10_000 {
        set_two(&mut text, 0, printed as u32 / 100);
        set_two(&mut text, 2, printed as u32 % 100);
    }
    set_two(&mut text, 5, month);
    set_two(&mut text, 8, day);
    if printed < 10_000 {
        out.extend_from_slice(&text);
    } else {
        int64(out, printed);
        out.extend_from_slice(&text[4..]);
    }
    year
}

/// Appends `HH:MM:SS` and the fraction, if there is one.
fn time_of_day(out: &mut Vec<u8>, micros: i64) {
    // Less than a day of either.
    let (seconds, fraction) = ((micros / 1_000_000) as u32, (micros % 1_000_000) as u32);
    let mut text = *b"00:00:00.000000";
    set_two(&mut text, 0, seconds / 3600);
    set_two(&mut text, 3, seconds / 60 % 60);
    set_two(&mut text, 6, seconds % 60);
    if fraction == 0 {
        return out.extend_from_slice(&text[..8]);
    }
    set_two(&mut text, 9, fraction / 10_000);
    set_two(&mut text, 11, fraction / 100 % 100);
    set_two(&mut text, 13, fraction % 100);
    out.extend_from_slice(&text);
    let zeros = text.iter().rev().take_while(|digit| **digit == b'0').count();
    out.truncate(out.len() - zeros);
}

/// Writes a number below 100 in two digits at a place.
#[inline]
fn set_two<const N: usize>(text: &mut [u8; N], at: usize, value: u32) {
    let value = value as u8;
    text[at] = b'0' + value / 10;
    text[at + 1] = b'0' + value % 10;
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
        fn no_moment_panics(micros: i64, days: i32) {
            written(|o| timestamptz(o, micros));
            written(|o| date(o, days));
        }
    }
}
