//! Whether a host is this machine or in a private network, where plain text may be meant.

use std::net::{IpAddr, Ipv6Addr, ToSocketAddrs};

/// True when every address of `host` (a name or an address, without a port) is loopback, private
/// (RFC 1918, RFC 4193) or link-local. A name that cannot be resolved is not private.
pub fn is_private_host(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    if let Ok(address) = bare.parse() {
        return is_private_address(address);
    }
    let Ok(addresses) = (bare, 0).to_socket_addrs() else { return false };
    let mut known = addresses.peekable();
    known.peek().is_some() && known.all(|address| is_private_address(address.ip()))
}

fn is_private_address(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => v4.is_loopback() || v4.is_private() || v4.is_link_local(),
        IpAddr::V6(v6) => match v6.to_ipv4_mapped() {
            Some(v4) => is_private_address(IpAddr::V4(v4)),
            None => v6 == Ipv6Addr::LOCALHOST || v6.is_unique_local() || v6.is_unicast_link_local(),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn private_is_this_machine_and_private_networks() {
        for host in [
            "127.0.0.1",
            "127.9.9.9",
            "::1",
            "[::1]",
            "10.1.2.3",
            "172.31.0.1",
            "192.168.7.7",
            "169.254.1.1",
            "fd00::1",
            "fe80::1",
            "::ffff:10.0.0.1",
            "localhost",
        ] {
            assert!(is_private_host(host), "{host}");
        }
        for host in ["8.8.8.8", "172.32.0.1", "2001:db8::1", "::ffff:8.8.8.8", "", "no.invalid"] {
            assert!(!is_private_host(host), "{host}");
        }
    }
}
