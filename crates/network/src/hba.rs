//! Rules of pg_hba.conf, each judged by itself: what is wrong with it, and what to write in its place.

use std::fmt;
use std::net::IpAddr;

use ipnet::IpNet;

use crate::networks::unmapped;
use crate::{Networks, RequireTls, Severity};

/// A rule, as PostgreSQL's view of them has it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HbaRule {
    /// `local`, `host`, `hostssl` and the like.
    pub kind: String,
    /// Names of databases, and `all`, `replication`, `sameuser`, `samerole`.
    pub databases: Vec<String>,
    /// Names of roles, and `all`.
    pub users: Vec<String>,
    /// An address, a host's name, `all`, `samehost` or `samenet`; None for sockets.
    pub address: Option<String>,
    /// The mask of an address.
    pub netmask: Option<String>,
    /// How a client proves who it is.
    pub method: String,
    /// What else the line says, as `name=value`.
    pub options: Vec<String>,
}

/// What the rules are judged by.
#[derive(Clone, Debug, Default)]
pub struct Site {
    /// The networks whose clients may reach audit tables.
    pub trusted: Networks,
    /// Which of them must use TLS.
    pub require_tls: RequireTls,
    /// The database with the audit tables, for a rule that names none.
    pub database: String,
    /// The roles that may replicate, for a rule that names none.
    pub replicators: Vec<String>,
}

/// Something that is wrong with a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flaw {
    /// Who comes from there is believed.
    Trust,
    /// The password is sent as it is.
    Password,
    /// The password is proved by MD5.
    Md5,
    /// The client's machine is believed.
    Ident,
    /// Every address there is.
    Open,
    /// More than the trusted networks.
    Wide,
    /// A name, and so whatever the name service answers.
    Name,
    /// Whatever networks the server's interfaces happen to be on.
    SameNet,
    /// A connection over a network need not be encrypted.
    NotEncrypted,
    /// Every role, into every database.
    AllAll,
    /// Every role that may replicate, and with it a copy of everything.
    Replication,
}

/// Where a rule lets clients come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum From {
    Socket,
    Everywhere,
    SameHost,
    SameNet,
    Name,
    Range(IpNet),
}

impl From {
    /// Whether what such a client sends crosses a network.
    fn is_remote(self) -> bool {
        match self {
            Self::Socket | Self::SameHost => false,
            Self::Everywhere | Self::SameNet | Self::Name => true,
            Self::Range(range) => {
                !(range.network().is_loopback() && range.broadcast().is_loopback())
            }
        }
    }
}

impl HbaRule {
    /// Everything that is wrong with it, and how much each matters.
    pub fn flaws(&self, site: &Site) -> Vec<(Flaw, Severity)> {
        if self.method == "reject" {
            return Vec::new();
        }
        let from = self.from();
        let by_distance = |far, near| if from.is_remote() { far } else { near };
        let mut flaws = Vec::new();
        flaws.extend(match self.method.as_str() {
            "trust" => Some((Flaw::Trust, by_distance(Severity::Critical, Severity::High))),
            "password" => Some((Flaw::Password, Severity::High)),
            "md5" => Some((Flaw::Md5, Severity::Medium)),
            "ident" => Some((Flaw::Ident, Severity::High)),
            _ => None,
        });
        flaws.extend(match from {
            From::Everywhere => Some((Flaw::Open, Severity::High)),
            From::Range(range) if range.prefix_len() == 0 => Some((Flaw::Open, Severity::High)),
            From::Range(range) if from.is_remote() && !site.trusted.cover(range) => {
                Some((Flaw::Wide, Severity::Medium))
            }
            From::Name => Some((Flaw::Name, Severity::Info)),
            From::SameNet => Some((Flaw::SameNet, Severity::Info)),
            _ => None,
        });
        if self.is_to_encrypt(from, site) {
            let due = site.require_tls != RequireTls::Off;
            let severity = if due { Severity::High } else { Severity::Medium };
            flaws.push((Flaw::NotEncrypted, severity));
        }
        let all = |names: &[String]| names.iter().any(|name| name == "all");
        if from != From::Socket && all(&self.databases) && all(&self.users) {
            flaws.push((Flaw::AllAll, by_distance(Severity::Medium, Severity::Low)));
        }
        if self.databases.iter().any(|name| name == "replication") && all(&self.users) {
            flaws.push((Flaw::Replication, by_distance(Severity::Medium, Severity::Low)));
        }
        flaws
    }

    /// What to write in its place: nothing where it is better gone.
    pub fn mended(&self, site: &Site) -> Vec<HbaRule> {
        let flaws: Vec<_> = self.flaws(site).into_iter().map(|(flaw, _)| flaw).collect();
        let has = |flaw| flaws.contains(&flaw);
        let mut rule = self.clone();
        if [Flaw::Trust, Flaw::Password, Flaw::Md5, Flaw::Ident].into_iter().any(has) {
            rule.method = "scram-sha-256".into();
            rule.options.retain(|option| option.starts_with("clientcert="));
        }
        if has(Flaw::AllAll) {
            rule.databases = vec![site.database.clone()];
        }
        if has(Flaw::Replication) {
            rule.users.clone_from(&site.replicators);
        }
        if rule.users.is_empty() || has(Flaw::Name) || has(Flaw::SameNet) {
            return Vec::new(); // whom it is meant for, only a person can tell
        }
        let ranges: Option<Vec<_>> = match self.from() {
            From::Everywhere => {
                Some(EVERY_ADDRESS.iter().filter_map(|it| it.parse().ok()).collect())
            }
            From::Range(range) if has(Flaw::Open) || has(Flaw::Wide) => Some(vec![range]),
            _ => None,
        };
        let Some(ranges) = ranges else { return vec![rule.encrypted(site)] };
        let inside = ranges.into_iter().flat_map(|range| site.trusted.part_of(range));
        inside
            .filter(|it| it.prefix_len() > 0)
            .map(|it| rule.clone().of(it).encrypted(site))
            .collect()
    }

    /// The same for clients of that range.
    fn of(mut self, range: IpNet) -> HbaRule {
        self.address = Some(range.addr().to_string());
        self.netmask = Some(range.netmask().to_string());
        self
    }

    fn encrypted(mut self, site: &Site) -> HbaRule {
        if self.is_to_encrypt(self.from(), site) {
            self.kind = "hostssl".into();
        }
        self
    }

    fn is_to_encrypt(&self, from: From, site: &Site) -> bool {
        let is_due = from.is_remote() || site.require_tls == RequireTls::All;
        is_due && ["host", "hostnossl", "hostnogssenc"].contains(&self.kind.as_str())
    }

    fn from(&self) -> From {
        let Some(address) = &self.address else { return From::Socket };
        match address.as_str() {
            "all" => From::Everywhere,
            "samehost" => From::SameHost,
            "samenet" => From::SameNet,
            address => address.parse().map_or(From::Name, |it| From::Range(self.range(it))),
        }
    }

    /// Of a mask with gaps, the bits before the first: all that it lets in is in that range.
    fn range(&self, address: IpAddr) -> IpNet {
        let ones = |mask: IpAddr| match mask {
            IpAddr::V4(mask) => u32::from(mask).leading_ones(),
            IpAddr::V6(mask) => u128::from(mask).leading_ones(),
        };
        let mask = self.netmask.as_ref().and_then(|mask| mask.parse::<IpAddr>().ok());
        let single = IpNet::from(address);
        let prefix = mask.map_or(u32::from(single.prefix_len()), ones);
        unmapped(IpNet::new(address, prefix as u8).unwrap_or(single).trunc())
    }
}

/// What `all` stands for as an address.
const EVERY_ADDRESS: [&str; 2] = ["0.0.0.0/0", "::/0"];

/// As a line of the file.
impl fmt::Display for HbaRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { kind, databases, users, method, .. } = self;
        write!(f, "{kind} {} {}", list(databases), list(users))?;
        match self.from() {
            From::Socket => Ok(()),
            From::Range(range) => write!(f, " {range}"),
            _ => write!(f, " {}", quoted(self.address.as_deref().unwrap_or_default())),
        }?;
        write!(f, " {method}")?;
        self.options.iter().try_for_each(|option| write!(f, " {}", quoted(option)))
    }
}

fn list(names: &[String]) -> String {
    names.iter().map(|name| quoted(name)).collect::<Vec<_>>().join(",")
}

/// A word of the file, in quotes where it would be several, or a comment. Quotes within are doubled.
fn quoted(word: &str) -> String {
    let is_plain = |letter: char| letter.is_alphanumeric() || "_-+.:/$=".contains(letter);
    if !word.is_empty() && word.chars().all(is_plain) {
        return word.into();
    }
    format!("\"{}\"", word.replace('"', "\"\""))
}

#[cfg(test)]
#[path = "hba_tests.rs"]
mod tests;
