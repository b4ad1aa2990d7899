//! Lines of pg_hba.conf, judged and mended.

use proptest::prelude::*;

use super::*;

fn site() -> Site {
    Site {
        trusted: "local, loopback, private".parse().unwrap(),
        require_tls: RequireTls::Off,
        database: "books".into(),
        replicators: vec!["standby".into()],
    }
}

/// A rule out of a line with no quotes in it.
fn rule(line: &str) -> HbaRule {
    let mut words = line.split_whitespace();
    let mut next = || words.next().unwrap_or_default().to_owned();
    let names = |word: String| word.split(',').map(ToOwned::to_owned).collect();
    let kind = next();
    let (databases, users) = (names(next()), names(next()));
    let (mut address, mut netmask) = (None, None);
    if kind != "local" {
        let word = next();
        address = Some(word.clone());
        if let Ok(range) = word.parse::<IpNet>() {
            address = Some(range.addr().to_string());
            netmask = Some(range.netmask().to_string());
        }
    }
    let method = next();
    let options = words.map(ToOwned::to_owned).collect();
    HbaRule { kind, databases, users, address, netmask, method, options }
}

fn flaws(line: &str) -> Vec<Flaw> {
    rule(line).flaws(&site()).into_iter().map(|(flaw, _)| flaw).collect()
}

fn mended(line: &str) -> Vec<String> {
    rule(line).mended(&site()).iter().map(ToString::to_string).collect()
}

#[test]
fn what_is_right_has_no_flaw() {
    for line in [
        "local all all peer map=dba",
        "local all all scram-sha-256",
        "host books app 127.0.0.1/32 scram-sha-256",
        "host books app samehost scram-sha-256",
        "hostssl books app 10.1.0.0/16 scram-sha-256 clientcert=verify-full",
        "hostssl replication standby fd00::/64 cert",
        "hostgssenc books app 10.0.0.0/8 gss",
        "host all all 0.0.0.0/0 reject",
    ] {
        assert_eq!(flaws(line), [], "{line}");
        assert_eq!(rule(line).to_string(), line);
    }
}

#[test]
fn each_flaw_is_seen_and_mended() {
    let none: [&str; 0] = [];
    for (line, seen, better) in [
        ("local all all trust", vec![Flaw::Trust], ["local all all scram-sha-256"].as_slice()),
        ("host a b ::1/128 password", vec![Flaw::Password], &["host a b ::1/128 scram-sha-256"]),
        ("hostssl a b 10.0.0.0/8 md5", vec![Flaw::Md5], &["hostssl a b 10.0.0.0/8 scram-sha-256"]),
        (
            "hostssl a b 10.0.0.0/8 ident map=x",
            vec![Flaw::Ident],
            &["hostssl a b 10.0.0.0/8 scram-sha-256"],
        ),
        (
            "host a b 0.0.0.0/0 trust",
            vec![Flaw::Trust, Flaw::Open, Flaw::NotEncrypted],
            &[
                "hostssl a b 10.0.0.0/8 scram-sha-256",
                "host a b 127.0.0.0/8 scram-sha-256",
                "hostssl a b 169.254.0.0/16 scram-sha-256",
                "hostssl a b 172.16.0.0/12 scram-sha-256",
                "hostssl a b 192.168.0.0/16 scram-sha-256",
            ],
        ),
        (
            "hostssl a b ::/0 cert",
            vec![Flaw::Open],
            &[
                "hostssl a b ::1/128 cert",
                "hostssl a b fc00::/7 cert",
                "hostssl a b fe80::/10 cert",
            ],
        ),
        ("hostssl a b 10.0.0.0/7 cert", vec![Flaw::Wide], &["hostssl a b 10.0.0.0/8 cert"]),
        ("hostssl a b 8.8.8.0/24 cert", vec![Flaw::Wide], &none),
        ("hostssl a b db.example.org cert", vec![Flaw::Name], &none),
        ("hostssl a b samenet cert", vec![Flaw::SameNet], &none),
        ("hostnossl a b 10.0.0.0/8 gss", vec![Flaw::NotEncrypted], &["hostssl a b 10.0.0.0/8 gss"]),
        (
            "host all all 127.0.0.1/32 scram-sha-256",
            vec![Flaw::AllAll],
            &["host books all 127.0.0.1/32 scram-sha-256"],
        ),
        (
            "local replication all peer",
            vec![Flaw::Replication],
            &["local replication standby peer"],
        ),
    ] {
        assert_eq!(flaws(line), seen, "{line}");
        assert_eq!(mended(line), better, "{line}");
    }
    assert!(flaws("hostssl a b all cert").contains(&Flaw::Open));
}

#[test]
fn how_much_it_matters_depends_on_the_distance_and_the_settings() {
    let severity = |line: &str, site: &Site| rule(line).flaws(site)[0].1;
    assert_eq!(severity("local a b trust", &site()), Severity::High);
    assert_eq!(severity("hostssl a b 10.0.0.0/8 trust", &site()), Severity::Critical);
    assert_eq!(severity("host a b 10.0.0.0/8 gss", &site()), Severity::Medium);
    let required = Site { require_tls: RequireTls::Remote, ..site() };
    assert_eq!(severity("host a b 10.0.0.0/8 gss", &required), Severity::High);
    assert_eq!(rule("host a b ::1/128 gss").flaws(&required), []);
    let all = Site { require_tls: RequireTls::All, ..site() };
    assert_eq!(severity("host a b ::1/128 gss", &all), Severity::High);
}

#[test]
fn without_roles_that_may_replicate_nothing_takes_the_place() {
    let nobody = Site { replicators: Vec::new(), ..site() };
    assert_eq!(rule("host replication all 127.0.0.1/32 scram-sha-256").mended(&nobody), []);
}

#[test]
fn a_mask_with_gaps_counts_as_what_is_before_the_first() {
    let gaps =
        HbaRule { netmask: Some("255.0.255.0".into()), ..rule("hostssl a b 11.0.1.0/24 cert") };
    assert_eq!(gaps.to_string(), "hostssl a b 11.0.0.0/8 cert");
}

#[test]
fn words_are_quoted_where_they_must_be() {
    let odd = HbaRule { users: vec!["b b".into(), "c\"#".into()], ..rule("local a b peer") };
    assert_eq!(odd.to_string(), "local a \"b b\",\"c\"\"#\" peer");
}

proptest! {
    #[test]
    fn what_is_mended_has_no_flaw(
        kind in prop::sample::select(vec!["local", "host", "hostssl", "hostnossl", "hostgssenc", "hostnogssenc"]),
        database in prop::sample::select(vec!["all", "replication", "books"]),
        user in prop::sample::select(vec!["all", "app"]),
        method in prop::sample::select(vec!["trust", "password", "md5", "ident", "peer", "cert", "reject"]),
        bits: u32, prefix in 0..=32_u8, word in prop::option::of(prop::sample::select(vec!["all", "samenet", "samehost", "h"])),
        trusted in prop::sample::select(vec!["private, loopback", "0.0.0.0/0", "local", "8.0.0.0/6, ::/0"]),
    ) {
        let address = word.map_or_else(|| format!("{}/{prefix}", std::net::Ipv4Addr::from(bits)), ToOwned::to_owned);
        let address = if kind == "local" { "" } else { &address };
        let site = Site { trusted: trusted.parse().unwrap(), ..site() };
        for better in rule(&format!("{kind} {database} {user} {address} {method}")).mended(&site) {
            prop_assert_eq!(better.flaws(&site), vec![], "{}", better);
            prop_assert_eq!(rule(&better.to_string()).to_string(), better.to_string());
        }
    }
}
