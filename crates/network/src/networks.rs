//! Lists of networks, as a setting has them.

use std::net::{IpAddr, Ipv6Addr};
use std::{error, fmt, str};

use ipnet::{IpNet, Ipv4Net, Ipv6Net};

use crate::Peer;

/// As many networks as one list may have.
const MAX_NETWORKS: usize = 1000;

/// A set of networks that is known by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Named {
    /// Unix sockets.
    Local,
    /// 127.0.0.0/8 and ::1.
    Loopback,
    /// Private (RFC 1918), unique local (RFC 4193) and link-local (RFC 3927, RFC 4291) addresses.
    Private,
    /// Shared addresses of carriers (RFC 6598).
    Shared,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Network {
    Named(Named),
    Range(IpNet),
}

/// A list of networks: in CIDR notation, as single addresses, or by the names `local`, `loopback`, `private` and
/// `shared`, with commas between. An empty list has no address in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Networks(Vec<Network>);

impl Networks {
    /// Whether the peer is in one of them. The server itself always is.
    pub fn contain(&self, peer: Peer) -> bool {
        peer == Peer::Server || self.0.iter().any(|network| network.contains(peer))
    }

    /// The addresses in them, as ranges.
    pub(crate) fn ranges(&self) -> impl Iterator<Item = IpNet> {
        self.0.iter().flat_map(|network| match network {
            Network::Named(named) => named.ranges().collect(),
            Network::Range(range) => vec![*range],
        })
    }
}

impl Network {
    fn contains(self, peer: Peer) -> bool {
        match (self, peer) {
            (_, Peer::Server) => true,
            (_, Peer::Unknown) => false,
            (Self::Named(named), Peer::Socket) => named == Named::Local,
            (Self::Range(_), Peer::Socket) => false,
            (Self::Named(named), Peer::Address(address)) => named.contains(address.to_canonical()),
            (Self::Range(range), Peer::Address(address)) => range.contains(&address.to_canonical()),
        }
    }
}

impl Named {
    const ALL: [Self; 4] = [Self::Local, Self::Loopback, Self::Private, Self::Shared];

    const fn name(self) -> &'static str {
        match self {
            Self::Local => "local",
            Self::Loopback => "loopback",
            Self::Private => "private",
            Self::Shared => "shared",
        }
    }

    /// The ranges that it stands for.
    fn ranges(self) -> impl Iterator<Item = IpNet> {
        let ranges: &[&str] = match self {
            Self::Local => &[],
            Self::Loopback => &["127.0.0.0/8", "::1/128"],
            Self::Private => &[
                "10.0.0.0/8",
                "172.16.0.0/12",
                "192.168.0.0/16",
                "169.254.0.0/16",
                "fc00::/7",
                "fe80::/10",
            ],
            Self::Shared => &["100.64.0.0/10"],
        };
        ranges.iter().filter_map(|range| range.parse().ok())
    }

    fn contains(self, address: IpAddr) -> bool {
        self.ranges().any(|range| range.contains(&address))
    }
}

impl str::FromStr for Networks {
    type Err = NetworksError;

    fn from_str(text: &str) -> Result<Self, NetworksError> {
        let entries: Vec<&str> =
            text.split(',').map(str::trim).filter(|entry| !entry.is_empty()).collect();
        if entries.len() > MAX_NETWORKS {
            return Err(NetworksError::TooMany(entries.len()));
        }
        entries.into_iter().map(network).collect::<Result<_, _>>().map(Self)
    }
}

/// One entry of a list.
fn network(entry: &str) -> Result<Network, NetworksError> {
    if let Some(named) = Named::ALL.into_iter().find(|it| it.name().eq_ignore_ascii_case(entry)) {
        return Ok(Network::Named(named));
    }
    let range = match entry.parse::<IpNet>() {
        Ok(range) => range,
        Err(_) => {
            let address = entry.parse().map_err(|_| NetworksError::NotNetwork(entry.into()))?;
            IpNet::from(canonical(address))
        }
    };
    if range.addr() != range.network() {
        return Err(NetworksError::BitsBehindPrefix(range));
    }
    Ok(Network::Range(unmapped(range)))
}

fn canonical(address: IpAddr) -> IpAddr {
    address.to_canonical()
}

/// A range of IPv4 addresses that is written as mapped ones is what it is mapped from.
pub(crate) fn unmapped(range: IpNet) -> IpNet {
    const MAPPED: Ipv6Net = Ipv6Net::new_assert(Ipv6Addr::new(0, 0, 0, 0, 0, 0xffff, 0, 0), 96);
    match range {
        IpNet::V6(inner) if MAPPED.contains(&inner) => match inner.addr().to_canonical() {
            IpAddr::V4(address) => {
                Ipv4Net::new(address, inner.prefix_len() - 96).map_or(range, IpNet::V4)
            }
            IpAddr::V6(_) => range,
        },
        _ => range,
    }
}

impl fmt::Display for Networks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, network) in self.0.iter().enumerate() {
            f.write_str(if at > 0 { ", " } else { "" })?;
            match network {
                Network::Named(named) => f.write_str(named.name())?,
                Network::Range(range) => range.fmt(f)?,
            }
        }
        Ok(())
    }
}

/// Why a text is no list of networks. It prints as a whole sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NetworksError {
    /// An entry is neither a network nor a name.
    NotNetwork(String),
    /// A network has bits behind its prefix: it is not clear which addresses are meant.
    BitsBehindPrefix(IpNet),
    /// There are more entries than a list may have.
    TooMany(usize),
}

impl fmt::Display for NetworksError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotNetwork(entry) => write!(
                f,
                "\"{entry}\" is neither a network like 10.0.0.0/8 nor local, loopback, private or shared."
            ),
            Self::BitsBehindPrefix(range) => write!(
                f,
                "\"{range}\" has bits set to the right of its prefix; the network is {}.",
                range.trunc()
            ),
            Self::TooMany(count) => {
                write!(f, "There are {count} networks, and at most {MAX_NETWORKS} can be given.")
            }
        }
    }
}

impl error::Error for NetworksError {}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use proptest::prelude::*;

    use super::*;

    fn contains(list: &str, address: &str) -> bool {
        let peer = Peer::Address(address.parse().unwrap());
        list.parse::<Networks>().unwrap().contain(peer)
    }

    #[test]
    fn names_stand_for_what_the_rfcs_say() {
        for (name, inside, outside) in [
            (
                "loopback",
                ["127.0.0.1", "127.255.255.255", "::1"].as_slice(),
                ["128.0.0.1", "::2"].as_slice(),
            ),
            (
                "private",
                &[
                    "10.0.0.0",
                    "172.16.0.1",
                    "172.31.255.255",
                    "192.168.7.7",
                    "169.254.1.1",
                    "fd00::1",
                    "fc00::",
                    "fe80::1",
                ],
                &[
                    "11.0.0.0",
                    "172.32.0.0",
                    "172.15.255.255",
                    "192.169.0.0",
                    "100.64.0.1",
                    "fe00::1",
                    "fec0::1",
                    "8.8.8.8",
                ],
            ),
            (
                "shared",
                &["100.64.0.0", "100.127.255.255"],
                &["100.63.255.255", "100.128.0.0", "::1"],
            ),
        ] {
            assert!(inside.iter().all(|address| contains(name, address)), "{name}");
            assert!(!outside.iter().any(|address| contains(name, address)), "{name}");
        }
    }

    #[test]
    fn sockets_are_local_and_nothing_else_is() {
        let local: Networks = "local".parse().unwrap();
        assert!(local.contain(Peer::Socket) && local.contain(Peer::Server));
        assert!(!local.contain(Peer::Unknown) && !contains("local", "127.0.0.1"));
        let others: Networks = "loopback, private, shared, 0.0.0.0/0, ::/0".parse().unwrap();
        assert!(!others.contain(Peer::Socket) && !others.contain(Peer::Unknown));
    }

    #[test]
    fn a_mapped_address_is_the_one_it_is_mapped_from() {
        assert!(
            contains("10.0.0.0/8", "::ffff:10.1.2.3")
                && contains("::ffff:10.0.0.0/104", "10.1.2.3")
        );
        assert!(
            contains("::ffff:10.1.2.3", "10.1.2.3") && contains("private", "::ffff:192.168.0.1")
        );
        assert!(!contains("::/0", "10.1.2.3"));
    }

    #[test]
    fn a_bad_list_says_what_is_wrong() {
        for (list, wrong) in [
            (
                "10.0.0.0/8, intranet",
                "\"intranet\" is neither a network like 10.0.0.0/8 nor local, loopback, private or shared.",
            ),
            (
                "10.0.0.0/33",
                "\"10.0.0.0/33\" is neither a network like 10.0.0.0/8 nor local, loopback, private or shared.",
            ),
            (
                "10.0.0.5/8",
                "\"10.0.0.5/8\" has bits set to the right of its prefix; the network is 10.0.0.0/8.",
            ),
            (
                "10.0.0.0/8;::1",
                "\"10.0.0.0/8;::1\" is neither a network like 10.0.0.0/8 nor local, loopback, private or shared.",
            ),
        ] {
            assert_eq!(list.parse::<Networks>().unwrap_err().to_string(), wrong);
        }
        let many = vec!["::1"; 1001].join(",");
        let wrong = "There are 1001 networks, and at most 1000 can be given.";
        assert_eq!(many.parse::<Networks>().unwrap_err().to_string(), wrong);
    }

    #[test]
    fn an_empty_list_lets_the_server_in_alone() {
        let none: Networks = " , ".parse().unwrap();
        assert!(none.contain(Peer::Server) && !none.contain(Peer::Socket));
        assert!(!contains("", "127.0.0.1"));
    }

    proptest! {
        #[test]
        fn what_is_printed_parses_to_the_same(entries in prop::collection::vec(entry(), 0..20)) {
            let list: Networks = entries.join(",").parse().unwrap();
            prop_assert_eq!(list.to_string().parse::<Networks>().unwrap(), list);
        }

        #[test]
        fn no_text_makes_it_panic(text in "\\PC{0,60}") {
            let _ = text.parse::<Networks>();
        }

        #[test]
        fn a_range_has_the_addresses_with_its_prefix(network: u32, address: u32, prefix in 0..=32_u8) {
            let mask = u32::MAX.checked_shl(32 - u32::from(prefix)).unwrap_or(0);
            let list = format!("{}/{prefix}", Ipv4Addr::from(network & mask));
            let expected = network & mask == address & mask;
            prop_assert_eq!(contains(&list, &Ipv4Addr::from(address).to_string()), expected);
        }
    }

    fn entry() -> impl Strategy<Value = String> {
        prop_oneof![
            Just("private".to_owned()),
            Just("LOCAL".to_owned()),
            any::<Ipv4Addr>().prop_map(|address| address.to_string()),
            any::<Ipv6Addr>().prop_map(|address| address.to_string()),
            (any::<Ipv4Addr>(), 0..=32_u8).prop_map(|(address, prefix)| Ipv4Net::new(
                address, prefix
            )
            .unwrap()
            .trunc()
            .to_string()),
            (any::<Ipv6Addr>(), 0..=128_u8).prop_map(|(address, prefix)| Ipv6Net::new(
                address, prefix
            )
            .unwrap()
            .trunc()
            .to_string()),
        ]
    }
}
