//! Two values, two lines: of each type, small values that differ little, as PostgreSQL compares their images.

use pgrx::prelude::*;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;

/// A type, and values of it as SQL expressions.
type Kind = (&'static str, BoxedStrategy<String>);

fn kinds() -> Vec<Kind> {
    let of = |values: &'static str| texts(&values.split('|').collect::<Vec<_>>());
    let json =
        || of(r#"null|"null"|1|1.0| 1|[1,2]|[1, 2]|"[1,2]"|{"a":1}|{"a":1,"a":2}|""|"\n"|true"#);
    let broken_json = || prop_oneof![4 => json(), 1 => texts(&["[1,\n2]", "[1,\r2]", "[1,\r\n2]", "[1,\n\n2]", "\n1"])];
    let text = || "[a,{}\"\\\\\n\r\t\u{1}\u{7f}\u{e9} ]{0,2}".boxed();
    let number = || "-?[01](\\.[01]{0,2})?";
    let point = || ("(-0|0|1|1\\.5|NaN)", "(-0|0|1)").prop_map(|(x, y)| format!("({x},{y})"));
    let points = || vec(point(), 1..4).prop_map(|it| it.join(","));
    let record = || (option(json()), option(text())).prop_map(|(x, y)| record_text(&[x, y]));
    vec![
        ("json", literals(broken_json())),
        ("jsonb", literals(json())),
        ("json[]", literals(array(broken_json()))),
        ("jsonb[]", literals(array(json()))),
        ("tests.document", literals(record())),
        ("tests.document[]", literals(array(record()))),
        (
            "xml",
            literals(of(
                r#"<a/>|<a></a>| <a/>|<?xml version="1.0"?><a/>|<?xml version="1.0" encoding="UTF-8"?><a/>"#,
            )),
        ),
        ("xml[]", literals(array(of(r#"<a/>|<?xml version="1.0"?><a/>|text"#)))),
        ("\"char\"", (-128i32..128).prop_map(|it| format!("({it})::\"char\"")).boxed()),
        (
            "\"char\"[]",
            vec(select(vec![-128, -1, 0, 1, 34, 92, 127]), 0..3)
                .prop_map(|it| format!("{it:?}"))
                .prop_map(|it| format!("(ARRAY{it}::int[])::\"char\"[]"))
                .boxed(),
        ),
        ("tsquery", literals(query())),
        ("tsquery[]", literals(array(query()))),
        ("int[]", literals(array("[012]"))),
        ("tests.ints[]", literals(array(array("[012]")))),
        ("text[]", literals(array(text()))),
        ("int2vector", literals("([01]( [01]){0,2})?")),
        ("oidvector", literals("([01]( [01]){0,2})?")),
        ("text", literals(text())),
        ("varchar", literals(text())),
        ("char(3)", literals(text())),
        ("name", literals(text())),
        ("bytea", literals("(\\\\x)?(00|5c){0,2}")),
        ("tsvector", literals(vec("[ab](:[12][AB]?(,3)?)?", 0..3).prop_map(|it| it.join(" ")))),
        ("bit(3)", literals("[01]{3}")),
        ("bit varying", literals("[01]{0,4}")),
        (
            "numeric",
            literals(
                prop_oneof![9 => number().boxed(), 1 => of("NaN|Infinity|-Infinity|1e20|1e-20")],
            ),
        ),
        ("float4", literals(of("0|-0|1|1.5|1e-45|NaN|Infinity|-Infinity|16777216|16777217"))),
        (
            "float8",
            literals(of("0|-0|1|1.5|5e-324|NaN|Infinity|-Infinity|1e23|9.999999999999999e22")),
        ),
        ("float8[]", literals(array(of("0|-0|1|NaN")))),
        ("money", literals(of("0|0.01|-0.01|1|10|1000"))),
        ("int8", literals(of("0|1|-1|9223372036854775807"))),
        ("bool", literals(of("t|f"))),
        ("oid", literals(of("0|1|4294967295"))),
        ("xid8", literals(of("0|1|18446744073709551615"))),
        ("tid", literals(of("(0,1)|(1,0)|(0,0)"))),
        ("pg_lsn", literals(of("0/1|1/0|0/10"))),
        ("pg_snapshot", literals(of("1:1:|1:2:|1:2:1|1:3:1,2|1:3:2"))),
        ("uuid", literals("[01]0000000-0000-0000-0000-00000000000[01]")),
        (
            "date",
            literals(of("0001-01-01 BC|0001-01-01|infinity|-infinity|2000-01-01|10000-01-01")),
        ),
        (
            "timestamp",
            literals(of(
                "0001-01-01 BC|0001-01-01|infinity|2000-01-01|2000-01-01 00:00:00.1|2000-01-01 00:00:00.01",
            )),
        ),
        (
            "timestamptz",
            literals(of(
                "0001-01-01 BC|0001-01-01|-infinity|2000-01-01|2000-01-01 00:00:00.1+00|2000-01-01 00:00:00.100001+00",
            )),
        ),
        ("time", literals(of("00:00|24:00|00:00:00.1|00:00:00.01"))),
        ("timetz", literals(of("00:00+00|01:00+01|00:00-00:00:01|24:00+00"))),
        (
            "interval",
            literals((-13i32..14, -31i32..32, -2i32..3).prop_map(|(months, days, hours)| {
                format!("{months} mons {days} days {hours} hours")
            })),
        ),
        (
            "inet",
            literals(of("10.0.0.1|10.0.0.1/32|10.0.0.1/8|::1|::10.0.0.1|::ffff:10.0.0.1|::1/64")),
        ),
        ("cidr", literals(of("10.0.0.0/8|10.0.0.0/9|10.0.0.0/32|::/0|::/1|0.0.0.0/0"))),
        ("macaddr", literals("00:00:00:00:0[01]:0[01]")),
        ("macaddr8", literals("00:00:00:00:00:00:0[01]:0[01]")),
        ("int4range", literals(of("empty|(,)|[1,2]|[1,3)|[1,)|(,1]"))),
        (
            "numrange",
            literals(
                (select(vec!["[", "("]), number(), number(), select(vec!["]", ")"]))
                    .prop_map(|(open, low, high, close)| format!("{open}{low},{high}{close}")),
            ),
        ),
        (
            "tests.words",
            literals(of(r#"empty|(,)|[a,b]|[a,b)|(a,b]|["",a]|(,a]|["a,",b]|["a\"",b]|["a\\",b]"#)),
        ),
        ("int4multirange", literals(of("{}|{empty}|{[1,2)}|{[1,2),[3,4)}|{[1,4)}|{(,)}"))),
        ("point", literals(point())),
        ("lseg", literals((point(), point()).prop_map(|(a, b)| format!("[{a},{b}]")))),
        ("box", literals((point(), point()).prop_map(|(a, b)| format!("{a},{b}")))),
        ("line", literals(of("{1,0,0}|{0,1,0}|{1,0,1}|{-1,0,0}"))),
        ("circle", literals((point(), "[01]").prop_map(|(at, radius)| format!("<{at},{radius}>")))),
        (
            "path",
            literals((points(), any::<bool>()).prop_map(|(points, open)| {
                if open { format!("[{points}]") } else { format!("({points})") }
            })),
        ),
        ("polygon", literals(points().prop_map(|it| format!("({it})")))),
        ("tests.mood", literals(of("sad|so so"))),
        ("tests.positive", literals("[12]")),
    ]
}

/// Each of these texts.
fn texts(from: &[&'static str]) -> BoxedStrategy<String> {
    select(from.to_vec()).prop_map(str::to_owned).boxed()
}

fn literals(texts: impl Strategy<Value = String> + 'static) -> BoxedStrategy<String> {
    texts.prop_map(|text| pgrx::spi::quote_literal(&text)).boxed()
}

fn option(texts: impl Strategy<Value = String> + 'static) -> BoxedStrategy<Option<String>> {
    proptest::option::weighted(0.7, texts).boxed()
}

/// Arrays of up to two dimensions, from a lower bound or another on, as text.
fn array(elements: impl Strategy<Value = String> + Clone + 'static) -> BoxedStrategy<String> {
    let shape =
        select(vec![vec![], vec![1], vec![2], vec![1, 1], vec![1, 2], vec![2, 1], vec![2, 2]]);
    (shape, vec(select(vec![1, 1, 1, 0, 2]), 2), vec(option(elements), 4))
        .prop_map(|(lengths, lower, elements)| {
            let bounds: String = lengths
                .iter()
                .zip(lower)
                .map(|(length, lower)| format!("[{lower}:{}]", lower + length - 1))
                .collect();
            let bounds = if bounds.is_empty() { bounds } else { bounds + "=" };
            format!("{bounds}{}", dimension(&lengths, &mut elements.into_iter()))
        })
        .boxed()
}

fn dimension(lengths: &[i32], elements: &mut impl Iterator<Item = Option<String>>) -> String {
    let Some((length, rest)) = lengths.split_first() else { return "{}".into() };
    let parts: Vec<_> = (0..*length)
        .map(|_| match rest {
            [] => elements.next().flatten().map_or("NULL".into(), |it| quoted(&it)),
            _ => dimension(rest, elements),
        })
        .collect();
    format!("{{{}}}", parts.join(","))
}

/// An element or a field as array_in and record_in read it.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

fn record_text(fields: &[Option<String>]) -> String {
    let fields: Vec<_> =
        fields.iter().map(|it| it.as_deref().map(quoted).unwrap_or_default()).collect();
    format!("({})", fields.join(","))
}

/// Of two or three operands, grouped from the left or from the right.
fn query() -> BoxedStrategy<String> {
    let operand = || prop_oneof![4 => "[ab]", 1 => "a:(\\*|A|AB)", 1 => "!a"];
    let operator = || select(vec!["&", "&", "|", "<->", "<2>"]);
    (operand(), operator(), operand(), operator(), operand(), 0..4)
        .prop_map(|(a, first, b, second, c, shape)| match shape {
            0 => format!("{a} {first} {b}"),
            1 => format!("!({a} {first} {b})"),
            2 => format!("({a} {first} {b}) {second} {c}"),
            _ => format!("{a} {first} ({b} {second} {c})"),
        })
        .boxed()
}

#[pg_schema]
mod tests {
    use super::*;
    use crate::pg::subxact::attempt;
    use crate::tests::tests::{run, text};

    /// How many values of each type are compared with each other.
    const VALUES: usize = 150;

    #[pg_test]
    fn values_that_differ_have_lines_that_differ() {
        run("CREATE TYPE tests.document AS (j json, t text); CREATE DOMAIN tests.ints AS int[]; \
             CREATE TYPE tests.words AS RANGE (subtype = text); CREATE TYPE tests.mood AS ENUM ('sad', 'so so'); \
             CREATE DOMAIN tests.positive AS int CHECK (VALUE > 0)");
        let mut runner = TestRunner::default();
        for (index, (kind, values)) in kinds().iter().enumerate() {
            run(&format!("CREATE TABLE tests.p{index} (v {kind}) USING audit_immutable"));
            for _ in 0..VALUES {
                let value = values.new_tree(&mut runner).map(|tree| tree.current());
                let value = value.unwrap_or_else(|why| panic!("{kind}: {why}"));
                // What its type does not take is no value.
                let _ = attempt(|| run(&format!("INSERT INTO tests.p{index} VALUES ({value})")));
            }
            let alike = text(&alike(index));
            assert_eq!(alike, "", "{kind}: two values, one line");
            let different: i64 = text(&different(index)).parse().unwrap_or(0);
            assert!(different > 1, "{kind}: {different} lines");
            let intact =
                format!("SELECT intact::text FROM audit_immutable.verify('tests.p{index}')");
            assert_eq!(text(&intact), "true", "{kind}");
        }
    }

    /// What the lines of a table say of its values.
    fn lines(index: usize) -> String {
        format!(
            "WITH said AS MATERIALIZED (SELECT audit_seq, v, split_part(audit_immutable.line('tests.p{index}', 1, audit_seq), \
             ',\"row\":', 2) AS line FROM tests.p{index})"
        )
    }

    /// A pair that says the same, though the images differ: whatever the type's own operators make of it.
    fn alike(index: usize) -> String {
        let lines = lines(index);
        format!(
            "{lines} SELECT coalesce(min(format('%s and %s are both %s', a.v, b.v, a.line)), '') FROM said AS a JOIN said AS b \
             ON a.line = b.line AND a.audit_seq < b.audit_seq AND record_image_ne(ROW(a.v), ROW(b.v))"
        )
    }

    fn different(index: usize) -> String {
        format!("{} SELECT count(DISTINCT line)::text FROM said", lines(index))
    }
}
