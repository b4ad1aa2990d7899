//! Ranges of addresses, compared with a list of networks.

use ipnet::IpNet;

use crate::Networks;

impl Networks {
    /// Whether every address of the range is in one of them.
    pub fn cover(&self, range: IpNet) -> bool {
        self.united().any(|it| it.contains(&range))
    }

    /// The part of a range that is in them.
    pub fn part_of(&self, range: IpNet) -> Vec<IpNet> {
        let part = |it: IpNet| match (range.contains(&it), it.contains(&range)) {
            (true, _) => Some(it),
            (false, true) => Some(range),
            (false, false) => None, // two ranges have either no address in common, or one lies in the other
        };
        self.united().filter_map(part).collect()
    }

    /// The same addresses in as few ranges as can be: what several cover together, one of these does.
    fn united(&self) -> impl Iterator<Item = IpNet> {
        IpNet::aggregate(&self.ranges().collect()).into_iter()
    }
}

#[cfg(test)]
mod tests {
    use std::net::{IpAddr, Ipv4Addr};

    use ipnet::Ipv4Net;
    use proptest::prelude::*;

    use super::*;
    use crate::Peer;

    fn covers(list: &str, range: &str) -> bool {
        list.parse::<Networks>().unwrap().cover(range.parse().unwrap())
    }

    #[test]
    fn a_range_is_covered_by_one_or_by_several_together() {
        assert!(covers("private", "10.1.0.0/16") && covers("private", "fd00::/8"));
        assert!(covers("10.0.0.0/9, 10.128.0.0/9", "10.0.0.0/8"));
        assert!(covers("0.0.0.0/0", "8.8.8.0/24"));
        assert!(!covers("private", "0.0.0.0/0") && !covers("private", "10.0.0.0/7"));
        assert!(!covers("10.0.0.0/9", "10.0.0.0/8") && !covers("local", "127.0.0.1/32"));
        assert!(!covers("0.0.0.0/0", "::/0"));
    }

    #[test]
    fn a_part_is_what_both_have() {
        let part = |list: &str, range: &str| {
            let list: Networks = list.parse().unwrap();
            list.part_of(range.parse().unwrap()).iter().map(ToString::to_string).collect::<Vec<_>>()
        };
        assert_eq!(part("10.0.0.0/8", "0.0.0.0/0"), ["10.0.0.0/8"]);
        assert_eq!(part("10.0.0.0/8", "10.1.0.0/16"), ["10.1.0.0/16"]);
        assert_eq!(part("private", "::/0"), ["fc00::/7", "fe80::/10"]);
        assert!(part("10.0.0.0/8", "11.0.0.0/8").is_empty());
    }

    proptest! {
        #[test]
        fn every_address_of_a_covered_range_is_in_them(
            networks in prop::collection::vec((any::<u32>(), 0..=6_u8), 1..8), at: u32, prefix in 0..=8_u8, inside: u32,
        ) {
            let net = |(bits, prefix): (u32, u8)| Ipv4Net::new(Ipv4Addr::from(bits), prefix).unwrap().trunc();
            let list: Vec<_> = networks.into_iter().map(|it| net(it).to_string()).collect();
            let list: Networks = list.join(",").parse().unwrap();
            let range = net((at, prefix));
            let mask = u32::from(range.netmask());
            let address = IpAddr::V4(Ipv4Addr::from(u32::from(range.addr()) | (inside & !mask)));
            let contained = list.contain(Peer::Address(address));
            if list.cover(range.into()) {
                prop_assert!(contained);
            }
            prop_assert_eq!(list.part_of(range.into()).iter().any(|it| it.contains(&address)), contained);
        }

        #[test]
        fn a_name_stands_for_the_same_addresses_either_way(bits: u32, wide: u128) {
            for name in ["loopback", "private", "shared"] {
                let list: Networks = name.parse().unwrap();
                for address in [IpAddr::from(Ipv4Addr::from(bits)), IpAddr::from(wide.to_be_bytes())] {
                    let single = IpNet::from(address);
                    prop_assert_eq!(list.cover(single), list.contain(Peer::Address(address)));
                }
            }
        }
    }
}
