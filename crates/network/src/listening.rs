//! Where a server listens, as `listen_addresses` says it.

use std::net::IpAddr;

use ipnet::IpNet;

use crate::Networks;

/// What is wrong with an entry of `listen_addresses`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Listening {
    /// It stands for every interface that the machine has, or will have.
    Everywhere,
    /// An address outside the trusted networks.
    Outside,
    /// A name: what it stands for is looked up when the server starts.
    Name,
}

/// The entries of `listen_addresses` that are not plainly inside, and the others.
pub fn listening<'a>(
    list: &'a str,
    trusted: &Networks,
) -> (Vec<(&'a str, Listening)>, Vec<&'a str>) {
    let (mut wrong, mut right) = (Vec::new(), Vec::new());
    for entry in list.split(',').map(|it| it.trim().trim_matches('"')).filter(|it| !it.is_empty()) {
        match judge(entry, trusted) {
            Some(what) => wrong.push((entry, what)),
            None => right.push(entry),
        }
    }
    (wrong, right)
}

fn judge(entry: &str, trusted: &Networks) -> Option<Listening> {
    match entry.parse::<IpAddr>() {
        _ if entry == "*" => Some(Listening::Everywhere),
        Ok(address) if address.is_unspecified() => Some(Listening::Everywhere),
        Ok(address) if address.to_canonical().is_loopback() => None,
        Ok(address) => {
            (!trusted.cover(IpNet::from(address.to_canonical()))).then_some(Listening::Outside)
        }
        Err(_) => (!entry.eq_ignore_ascii_case("localhost")).then_some(Listening::Name),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_entry_is_judged_by_itself() {
        let trusted: Networks = "local, loopback, private".parse().unwrap();
        let list = "localhost, 127.0.0.1, ::1, 10.1.2.3, *, 0.0.0.0, ::, 203.0.113.7, db.example.org, fd00::1";
        let (wrong, right) = listening(list, &trusted);
        assert_eq!(
            wrong,
            [
                ("*", Listening::Everywhere),
                ("0.0.0.0", Listening::Everywhere),
                ("::", Listening::Everywhere),
                ("203.0.113.7", Listening::Outside),
                ("db.example.org", Listening::Name),
            ]
        );
        assert_eq!(right, ["localhost", "127.0.0.1", "::1", "10.1.2.3", "fd00::1"]);
        assert_eq!(listening("", &trusted), (vec![], vec![]));
    }
}
