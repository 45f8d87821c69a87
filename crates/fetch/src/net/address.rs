//! Which network addresses may be contacted. Checked on every hop, for literals in URLs and for what
//! the resolver answers; the connection then goes to the checked address, so rebinding gains nothing.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use url::{Host, Url};

use super::outcome::Failure;

/// Which addresses may be contacted.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum AddressPolicy {
    /// Public unicast addresses only.
    #[default]
    Public,
    /// Public addresses, and these.
    PublicAnd(Vec<IpAddr>),
    /// Every address: for intranets and tests.
    Any,
}

impl AddressPolicy {
    /// Why an address is refused, or `None` when it may be contacted.
    ///
    /// # Example
    /// ```
    /// use dechrome_fetch::net::AddressPolicy;
    /// let refused = AddressPolicy::Public.refuses("169.254.169.254".parse().unwrap());
    /// assert_eq!(refused, Some("link-local (cloud metadata)"));
    /// ```
    pub fn refuses(&self, address: IpAddr) -> Option<&'static str> {
        match self {
            Self::Any => None,
            Self::PublicAnd(list) if list.contains(&address) => None,
            _ => special_use(address),
        }
    }

    /// Checks a URL whose host is an address in any spelling; `Url` has brought `0x7f.1`, `127.1`,
    /// `2130706433` and their like to one form already. Names are checked when resolved.
    pub(crate) fn check_literal(&self, url: &Url) -> Result<(), Failure> {
        let address = match url.host() {
            Some(Host::Ipv4(address)) => IpAddr::V4(address),
            Some(Host::Ipv6(address)) => IpAddr::V6(address),
            _ => return Ok(()),
        };
        match self.refuses(address) {
            None => Ok(()),
            Some(range) => Err(Failure::AddressRefused { address, range: range.to_owned() }),
        }
    }
}

/// The special-purpose range an address lies in (IANA special-purpose address registries).
fn special_use(address: IpAddr) -> Option<&'static str> {
    match address {
        IpAddr::V4(address) => special_v4(address),
        IpAddr::V6(address) => special_v6(address),
    }
}

fn special_v4(address: Ipv4Addr) -> Option<&'static str> {
    Some(match address.octets() {
        [0, ..] => "this network",
        [10, ..] | [172, 16..=31, ..] | [192, 168, ..] => "private",
        [100, 64..=127, ..] => "shared (carrier-grade NAT)",
        [127, ..] => "loopback",
        [169, 254, ..] => "link-local (cloud metadata)",
        [192, 0, 0, _] => "protocol assignments",
        [192, 0, 2, _] | [198, 51, 100, _] | [203, 0, 113, _] => "documentation",
        [192, 88, 99, _] => "6to4 relay",
        [198, 18..=19, ..] => "benchmarking",
        [168, 63, 129, 16] => "cloud metadata",
        [224..=239, ..] => "multicast",
        [240..=255, ..] => "reserved",
        _ => return None,
    })
}

fn special_v6(address: Ipv6Addr) -> Option<&'static str> {
    if let Some(embedded) = embedded_v4(address) {
        return special_v4(embedded);
    }
    Some(match address.segments() {
        [0, 0, 0, 0, 0, 0, 0, 0] => "unspecified",
        [0, 0, 0, 0, 0, 0, 0, 1] => "loopback",
        [0x64, 0xff9b, 1, ..] => "local-use translation",
        [0x100, 0, 0, ..] => "discard-only",
        [0x2001, 0..=0x1ff, ..] => "protocol assignments",
        [0x2001, 0xdb8, ..] | [0x3fff, 0..=0xfff, ..] => "documentation",
        [0x5f00, ..] => "segment routing",
        [0xfc00..=0xfdff, ..] => "unique local",
        [0xfe80..=0xfebf, ..] => "link-local",
        [0xfec0..=0xfeff, ..] => "site-local",
        [0xff00..=0xffff, ..] => "multicast",
        [0x2000..=0x3fff, ..] => return None,
        _ => "not global unicast",
    })
}

/// The IPv4 address that an IPv6 one carries: mapped, compatible, NAT64 and 6to4.
fn embedded_v4(address: Ipv6Addr) -> Option<Ipv4Addr> {
    let at = match address.segments() {
        [0, 0, 0, 0, 0, 0xffff, ..] | [0x64, 0xff9b, 0, 0, 0, 0, ..] | [0, 0, 0, 0, 0, 0, 1..=0xffff, _] => 12,
        [0x2002, ..] => 2,
        _ => return None,
    };
    let octets = address.octets();
    Some(Ipv4Addr::new(octets[at], octets[at + 1], octets[at + 2], octets[at + 3]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn literals_in_every_spelling_are_refused() {
        let refused = [
            "http://127.0.0.1/",
            "http://127.1/",
            "http://0x7f.1/",
            "http://2130706433/",
            "http://0177.0.0.1/",
            "http://0/",
            "http://10.0.0.1/",
            "http://172.31.255.255/",
            "http://192.168.0.1/",
            "http://100.64.0.1/",
            "http://169.254.169.254/",
            "http://0xa9fea9fe/",
            "http://224.0.0.1/",
            "http://255.255.255.255/",
            "http://[::1]/",
            "http://[::]/",
            "http://[::ffff:127.0.0.1]/",
            "http://[::ffff:7f00:1]/",
            "http://[::127.0.0.1]/",
            "http://[64:ff9b::10.0.0.1]/",
            "http://[2002:7f00:1::]/",
            "http://[fe80::1]/",
            "http://[fd00:ec2::254]/",
            "http://[ff02::1]/",
            "http://[2001:db8::1]/",
            "http://168.63.129.16/",
            "http://\u{ff11}27.0.0.1/",
            "http://127\u{3002}0\u{3002}0\u{3002}1/",
            "http://127.0.0.1./",
        ];
        for url in refused {
            let parsed = Url::parse(url).unwrap();
            assert!(AddressPolicy::Public.check_literal(&parsed).is_err(), "{url} is {parsed}");
            assert!(AddressPolicy::Any.check_literal(&parsed).is_ok(), "{url}");
        }
    }

    #[test]
    fn public_addresses_pass() {
        for address in ["1.1.1.1", "93.184.216.34", "172.32.0.1", "100.128.0.1", "2606:4700::1111", "64:ff9b::8.8.8.8"]
        {
            assert_eq!(AddressPolicy::Public.refuses(address.parse().unwrap()), None, "{address}");
        }
    }

    #[test]
    fn exceptions_are_single_addresses() {
        let policy = AddressPolicy::PublicAnd(vec!["127.0.0.1".parse().unwrap()]);
        assert_eq!(policy.refuses("127.0.0.1".parse().unwrap()), None);
        assert_eq!(policy.refuses("127.0.0.2".parse().unwrap()), Some("loopback"));
    }
}
