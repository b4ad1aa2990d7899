//! Inside a server: the line of a row is what `row_to_json` prints, for values of every common type
//! and whatever the client's settings.

mod pairs;

use std::cell::Cell;

use pgrx::prelude::*;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestCaseError, TestRunner};

use crate::policy::exempt::{self, Deed};

/// Name, type, and a strategy for values as SQL input text.
fn columns() -> Vec<(&'static str, &'static str, BoxedStrategy<String>)> {
    let text =
        || prop_oneof![4 => "\\PC{0,20}", 1 => "[\\x01-\\x7f]{0,20}", 1 => Just(String::new())];
    let float = || {
        prop_oneof![
            8 => any::<f64>().prop_filter("a number", |it| it.is_finite()).prop_map(|it| format!("{it:e}")),
            1 => select(&["NaN", "Infinity", "-Infinity", "-0", "1e23", "5e-324", "1.7976931348623157e308"]),
        ]
    };
    let date = || {
        prop_oneof![
            8 => (-4000i32..9999, 1u32..13, 1u32..29).prop_map(|(year, month, day)| match year {
                1.. => format!("{year:04}-{month:02}-{day:02}"),
                _ => format!("{:04}-{month:02}-{day:02} BC", 1 - year),
            }),
            1 => select(&["infinity", "-infinity", "4713-01-02 BC", "10000-01-01", "2000-02-29"]),
        ]
    };
    let time = || {
        (0u32..24, 0u32..60, 0u32..60, prop_oneof![Just(0u32), 0..1_000_000u32, Just(500_000)])
            .prop_map(|(hour, minute, second, micros)| {
                format!("{hour:02}:{minute:02}:{second:02}.{micros:06}")
            })
    };
    let timestamp = || {
        (date(), time()).prop_map(|(date, time)| match date.strip_suffix(" BC") {
            _ if date.ends_with("infinity") => date,
            Some(day) => format!("{day} {time} BC"),
            None => format!("{date} {time}"),
        })
    };
    let numeric = || {
        prop_oneof![
            6 => "-?[0-9]{1,30}(\\.[0-9]{0,30})?",
            2 => (any::<i64>(), -300i32..300).prop_map(|(digits, exponent)| format!("{digits}e{exponent}")),
            1 => select(&["NaN", "Infinity", "-Infinity", "0.000", "-0.10", "1e-16383", "1e131071"]),
        ]
    };
    let address = || {
        prop_oneof![
            any::<[u8; 4]>().prop_map(|it| std::net::Ipv4Addr::from(it).to_string()),
            any::<[u8; 16]>().prop_map(|it| std::net::Ipv6Addr::from(it).to_string()),
            vec(prop_oneof![2 => Just(0u16), 1 => any::<u16>()], 8).prop_map(|it| it
                .iter()
                .map(|group| format!("{group:x}"))
                .collect::<Vec<_>>()
                .join(":")),
            select(&["::ffff:1.2.3.4", "::", "::1", "10.0.0.0/8", "fe80::/10", "0.0.0.0/0"]),
        ]
    };
    let json = || value().prop_map(|it| it.to_string());
    vec![
        ("c_int2", "int2", any::<i16>().prop_map(|it| it.to_string()).boxed()),
        ("c_int4", "int4", any::<i32>().prop_map(|it| it.to_string()).boxed()),
        ("c_int8", "int8", any::<i64>().prop_map(|it| it.to_string()).boxed()),
        ("c_bool", "bool", any::<bool>().prop_map(|it| it.to_string()).boxed()),
        ("c_text", "text", text().boxed()),
        ("c_varchar", "varchar", text().boxed()),
        ("c_bpchar", "char(25)", text().boxed()),
        ("c_name", "name", "[a-z\"\\\\é]{0,12}".boxed()),
        ("c_uuid", "uuid", "[0-9a-f]{32}".boxed()),
        ("c_timestamptz", "timestamptz", timestamp().boxed()),
        ("c_timestamp", "timestamp", timestamp().boxed()),
        ("c_date", "date", date().boxed()),
        ("c_time", "time", time().boxed()),
        ("c_interval", "interval", (any::<i16>(), any::<i16>(), time())
            .prop_map(|(months, days, time)| format!("{months} mons {days} days {time}")).boxed()),
        ("c_jsonb", "jsonb", json().boxed()),
        ("c_json", "json", value().prop_map(|it| format!("{it:#}").replace('\n', "\r\n")).boxed()),
        ("c_bytea", "bytea", vec(any::<u8>(), 0..40).prop_map(|it| format!("\\x{}", it.iter().map(|byte| format!("{byte:02x}")).collect::<String>())).boxed()),
        ("c_numeric", "numeric", numeric().boxed()),
        ("c_float4", "float4", prop_oneof![
            8 => any::<f32>().prop_filter("a number", |it| it.is_finite()).prop_map(|it| format!("{it:e}")),
            1 => select(&["NaN", "Infinity", "-Infinity", "-0", "1e-45", "16777216"]),
        ].boxed()),
        ("c_float8", "float8", float().boxed()),
        ("c_inet", "inet", address().boxed()),
        ("c_cidr", "cidr", prop_oneof![
            (any::<u32>(), 0u32..=32).prop_map(|(bits, length)| {
                let kept = bits & u32::MAX.checked_shl(32 - length).unwrap_or(0);
                format!("{}/{length}", std::net::Ipv4Addr::from(kept))
            }),
            any::<[u8; 16]>().prop_map(|it| std::net::Ipv6Addr::from(it).to_string()),
        ].boxed()),
        ("c_money", "money", any::<i64>().prop_map(|it| {
            let cents = i128::from(it);
            format!("{}{}.{:02}", if cents < 0 { "-" } else { "" }, cents.abs() / 100, cents.abs() % 100)
        }).boxed()),
        ("c_enum", "tests.mood", select(&["sad", "so so", "happy"])),
        ("c_domain", "tests.positive", (1i32..).prop_map(|it| it.to_string()).boxed()),
        ("c_range", "int8range", (any::<i32>(), 0..1000i64)
            .prop_map(|(low, length)| format!("[{low},{}]", i64::from(low) + length)).boxed()),
        ("c_array", "int4[]", vec(option::of(any::<i32>()), 0..6).prop_map(|it| {
            let elements: Vec<_> =
                it.into_iter().map(|it| it.map_or("NULL".into(), |it| it.to_string())).collect();
            format!("{{{}}}", elements.join(","))
        }).boxed()),
        ("c_times", "timestamptz[]", vec(timestamp(), 0..3).prop_map(|it| {
            let quoted: Vec<_> = it.into_iter().map(|it| format!("\"{it}\"")).collect();
            format!("{{{}}}", quoted.join(","))
        }).boxed()),
        ("c_moneys", "money[]", vec(any::<i16>(), 0..3).prop_map(|it| {
            let elements: Vec<_> = it.into_iter().map(|it| it.to_string()).collect();
            format!("{{{}}}", elements.join(","))
        }).boxed()),
        ("c_composite", "tests.pair", (any::<i32>(), "[a-z ]{1,8}")
            .prop_map(|(x, y)| format!("({x},\"{y}\")")).boxed()),
        ("c_odd \"name\"\\", "text", text().boxed()),
    ]
}

fn select(from: &'static [&'static str]) -> BoxedStrategy<String> {
    proptest::sample::select(from).prop_map(str::to_owned).boxed()
}

/// JSON of some depth.
fn value() -> impl Strategy<Value = serde_json::Value> {
    let leaf = prop_oneof![
        Just(serde_json::Value::Null),
        any::<bool>().prop_map(Into::into),
        any::<i64>().prop_map(Into::into),
        (-1e15..1e15f64).prop_map(Into::into),
        "[^\\x00]{0,12}".prop_map(Into::into),
    ];
    leaf.prop_recursive(8, 64, 8, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..8).prop_map(Into::into),
            vec(("[^\\x00]{0,6}", inner), 0..8)
                .prop_map(|members| serde_json::Value::Object(members.into_iter().collect())),
        ]
    })
}

const HOSTILE: [&str; 4] = [
    "SET LOCAL TimeZone = 'Asia/Kathmandu'; SET LOCAL DateStyle = 'German, DMY'; SET LOCAL IntervalStyle = 'iso_8601'",
    "SET LOCAL extra_float_digits = -15; SET LOCAL bytea_output = 'escape'; SET LOCAL search_path = 'tests'",
    "SET LOCAL TimeZone = 'America/St_Johns'; SET LOCAL DateStyle = 'SQL, MDY'; SET LOCAL IntervalStyle = 'sql_standard'",
    "SET LOCAL DateStyle = 'Postgres, YMD'; SET LOCAL IntervalStyle = 'postgres_verbose'; SET LOCAL extra_float_digits = 3",
];
const PINNED: &str = "\
SET LOCAL TimeZone = 'UTC'; SET LOCAL DateStyle = 'ISO'; SET LOCAL IntervalStyle = 'postgres'; \
SET LOCAL extra_float_digits = 1; SET LOCAL bytea_output = 'hex'; SET LOCAL lc_monetary = 'C'; \
SET LOCAL search_path = 'pg_catalog'";

#[pg_schema]
mod tests {
    use super::*;
    use crate::pg::subxact::attempt;

    #[pg_test]
    fn line_is_what_row_to_json_prints() {
        run("CREATE TYPE tests.mood AS ENUM ('sad', 'so so', 'happy'); \
             CREATE DOMAIN tests.positive AS int CHECK (VALUE > 0); \
             CREATE TYPE tests.pair AS (x int, y text)");
        let columns = columns();
        let definition: Vec<_> =
            columns.iter().map(|(name, kind, _)| format!("{} {kind}", quoted(name))).collect();
        run(&format!("CREATE TABLE tests.t ({}) USING audit_immutable", definition.join(", ")));
        let values: Vec<_> = columns
            .iter()
            .map(|(_, _, strategy)| option::weighted(0.8, strategy.clone()))
            .collect();
        let mut runner = TestRunner::new(Config { cases: 300, ..Config::default() });
        let written = Cell::new(0);
        let outcome = runner.run(&(values, 0..HOSTILE.len()), |(values, hostile)| {
            let seq = written.get() + 1;
            let failure = attempt(|| {
                run(HOSTILE[hostile]);
                insert(&columns, &values);
                let line = text(&format!("SELECT audit_immutable.line('tests.t', 1, {seq})"));
                run(PINNED);
                written.set(seq);
                difference(&columns, seq, &line)
            })
            .unwrap_or_else(|error| {
                written.set(seq - 1);
                Some(error)
            });
            failure.map_or(Ok(()), |failure| Err(TestCaseError::fail(failure)))
        });
        if let Err(failure) = outcome {
            panic!("{failure}");
        }
        assert_eq!(text("SELECT intact::text FROM audit_immutable.verify('tests.t')"), "true");
    }

    #[pg_test]
    fn long_and_deep_values_are_written() {
        run("CREATE TABLE tests.big (a text, b jsonb, c bytea) USING audit_immutable");
        run("INSERT INTO tests.big SELECT repeat('é\"', 500000), \
             (repeat('[', 5000) || repeat(']', 5000))::jsonb, decode(repeat('0f', 1000000), 'hex')");
        let line = text("SELECT audit_immutable.line('tests.big', 1, 1)");
        let json = text("SELECT row_to_json(r)::text FROM (SELECT a, b, c FROM tests.big) AS r");
        assert!(line.ends_with(&format!("\"row\":{json}}}")));
        assert_eq!(text("SELECT intact::text FROM audit_immutable.verify('tests.big')"), "true");
    }

    #[pg_test(error = "cannot delete from audit table \"tests.r\"")]
    fn storage_refuses_without_triggers() {
        run("CREATE TABLE tests.r (a int) USING audit_immutable; INSERT INTO tests.r VALUES (1)");
        let table =
            Spi::get_one::<pgrx::pg_sys::Oid>("SELECT 'tests.r'::regclass::oid").ok().flatten();
        // As retire does.
        exempt::during(table.unwrap_or(pgrx::pg_sys::InvalidOid), Deed::DropGuard, || {
            run("DROP TRIGGER audit_immutable_guard ON tests.r; \
                 DROP TRIGGER audit_immutable_guard_row ON tests.r");
        });
        let left = "SELECT count(*)::text FROM pg_trigger WHERE tgrelid = 'tests.r'::regclass";
        assert_eq!(text(left), "0");
        // The hook on plans knows an audit table by its guard triggers: only storage is left.
        run("DELETE FROM tests.r");
    }

    /// What is wrong with the line of row `seq`, if anything.
    fn difference(columns: &[Column], seq: i64, line: &str) -> Option<String> {
        let expected = expected(columns, seq);
        let row = line.split_once(",\"row\":").map(|(_, row)| &row[..row.len() - 1]);
        if row != Some(expected.as_str()) {
            return Some(format!("{line}\nis not\n{expected}"));
        }
        let hash =
            text(&format!("SELECT encode(audit_hash, 'hex') FROM tests.t WHERE audit_seq = {seq}"));
        (ledger::RowHash::of(line.as_bytes()).to_string() != hash).then_some(hash)
    }

    fn insert(columns: &[Column], values: &[Option<String>]) {
        let literals: Vec<_> = columns
            .iter()
            .zip(values)
            .map(|((_, kind, _), value)| match value {
                Some(value) => format!("{}::{kind}", pgrx::spi::quote_literal(value)),
                None => "NULL".into(),
            })
            .collect();
        run(&format!("INSERT INTO tests.t VALUES ({})", literals.join(", ")));
    }

    /// The row as PostgreSQL prints it, a column at a time, with NULL columns left out.
    fn expected(columns: &[Column], seq: i64) -> String {
        let mut members = Vec::new();
        for (name, kind, _) in columns {
            let name = quoted(name);
            // Where a json could be taken for another, or has line breaks, its text is a string.
            let value = match *kind {
                "json" => format!(
                    "CASE WHEN {name}::text ~ '^\"|[\\r\\n]' THEN to_json({name}::text) ELSE {name} END AS {name}"
                ),
                _ => name.clone(),
            };
            let member = Spi::get_one::<String>(&format!(
                "SELECT row_to_json(r)::text FROM (SELECT {value} FROM tests.t \
                 WHERE audit_seq = {seq} AND num_nonnulls({name}) = 1) AS r"
            ));
            if let Ok(Some(member)) = member {
                let member = member[1..member.len() - 1].to_owned();
                members.push(member);
            }
        }
        format!("{{{}}}", members.join(","))
    }

    type Column = (&'static str, &'static str, BoxedStrategy<String>);

    fn quoted(name: &str) -> String {
        pgrx::spi::quote_identifier(name)
    }

    pub(super) fn run(sql: &str) {
        if let Err(error) = Spi::run(sql) {
            panic!("{error}: {sql}");
        }
    }

    pub(super) fn text(sql: &str) -> String {
        match Spi::get_one::<String>(sql) {
            Ok(Some(text)) => text,
            other => panic!("{other:?}: {sql}"),
        }
    }
}
