//! The rules of pg_hba.conf, as the file has them now.

use std::cell::OnceCell;

use network::{Flaw, HbaRule, Severity, Site};
use pgrx::JsonB;

use super::finding::{Finding, Found, MAX_FINDINGS};
use crate::connection;
use crate::pg::query::{self, Row, statement};

/// They are read once for a call, and only if a check asks for them.
#[derive(Default)]
pub(super) struct Rules(OnceCell<(Site, Vec<Judged>)>);

struct Judged {
    /// File and line.
    place: String,
    rule: HbaRule,
    flaws: Vec<(Flaw, Severity)>,
}

impl Rules {
    /// What is to be said of rules that have a flaw.
    pub(super) fn with(&self, flaw: Flaw) -> Found {
        let (site, rules) = self.0.get_or_init(|| {
            let site = site();
            let rules = read(&site);
            (site, rules)
        });
        let mut flawed: Vec<_> = rules
            .iter()
            .filter_map(|it| Some((it, it.flaws.iter().find(|(other, _)| *other == flaw)?.1)))
            .collect();
        flawed.sort_by_key(|(_, severity)| *severity);
        let count = flawed.len() as i64;
        let findings = flawed.into_iter().take(MAX_FINDINGS);
        let findings = findings.map(|(it, severity)| it.finding(flaw, severity, site)).collect();
        Found { findings, count }
    }
}

impl Judged {
    fn finding(&self, flaw: Flaw, severity: Severity, site: &Site) -> Finding {
        let line = self.rule.to_string();
        let better: Vec<_> = self.rule.mended(site).iter().map(ToString::to_string).collect();
        let better = if better.is_empty() { format!("# {line}") } else { better.join("\n") };
        Finding {
            severity,
            setting: Some(self.place.clone()),
            value: Some(line),
            finding: says(flaw).into(),
            remedy: Some(format!("{}: {better}", self.place)),
        }
    }
}

fn says(flaw: Flaw) -> &'static str {
    match flaw {
        Flaw::Trust => "who comes from there is believed to be whoever he says",
        Flaw::Password => "the password is sent as it is",
        Flaw::Md5 => "passwords stored as MD5 are accepted, whose hash is as good as the password",
        Flaw::Ident => "the client's machine says who he is, and is believed",
        Flaw::Open => "every address there is may try to log in",
        Flaw::Wide => "addresses outside the trusted networks may try to log in",
        Flaw::Name => "whom a name lets in is for the name service to say: an address is certain",
        Flaw::SameNet => {
            "whom it lets in depends on the server's interfaces: name the network that is meant"
        }
        Flaw::NotEncrypted => "connections over a network need not be encrypted",
        Flaw::AllAll => "every role may try to log in to every database",
        Flaw::Replication => {
            "every role that may replicate can copy the whole cluster: name the one that does"
        }
    }
}

fn site() -> Site {
    let rule = connection::rule();
    let mut replicators = Vec::new();
    query::read(statement!("posture/replicators"), &[], |row| replicators.extend(row.text(1)));
    Site {
        trusted: rule.networks,
        require_tls: rule.require_tls,
        database: query::one_text(statement!("posture/database"), &[]).unwrap_or_default(),
        replicators,
    }
}

fn read(site: &Site) -> Vec<Judged> {
    let mut rules = Vec::new();
    query::read(statement!("posture/hba_rules"), &[], |row| {
        let file = row.text(1).unwrap_or_default();
        let file = file.rsplit('/').next().unwrap_or_default();
        let rule = rule(row);
        let flaws = rule.flaws(site);
        if !flaws.is_empty() {
            let place = format!("{file} line {}", row.value::<i32>(2).unwrap_or_default());
            rules.push(Judged { place, rule, flaws });
        }
    });
    rules
}

fn rule(row: &Row) -> HbaRule {
    let list = |column| {
        let value = row.value::<JsonB>(column).map(|JsonB(value)| value);
        let texts = value.iter().flat_map(|it| it.as_array().into_iter().flatten());
        texts.filter_map(|it| it.as_str().map(ToOwned::to_owned)).collect()
    };
    HbaRule {
        kind: row.text(3).unwrap_or_default(),
        databases: list(4),
        users: list(5),
        address: row.text(6),
        netmask: row.text(7),
        method: row.text(8).unwrap_or_default(),
        options: list(9),
    }
}
