//! Names to addresses, every answer checked.

use std::error::Error;
use std::future::Future;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::sync::Arc;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use super::address::AddressPolicy;

/// The answer of a [`Resolver`], in the making.
pub type Answer = Pin<Box<dyn Future<Output = io::Result<Vec<IpAddr>>> + Send>>;

/// Finds the addresses of a host name.
pub trait Resolver: Send + Sync {
    /// All addresses of `host`; an error or none when there is no such host.
    fn resolve(&self, host: &str) -> Answer;
}

/// The operating system's resolver.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemResolver;

impl Resolver for SystemResolver {
    fn resolve(&self, host: &str) -> Answer {
        let host = host.to_owned();
        Box::pin(async move { Ok(tokio::net::lookup_host((host, 0)).await?.map(|found| found.ip()).collect()) })
    }
}

/// A name has no address.
#[derive(Debug, thiserror::Error)]
#[error("{host}: {reason}")]
pub(crate) struct NoAddress {
    pub(crate) host: String,
    pub(crate) reason: String,
}

/// A name resolves to an address that may not be contacted.
#[derive(Debug, thiserror::Error)]
#[error("{address} is {range}")]
pub(crate) struct Refused {
    pub(crate) address: IpAddr,
    pub(crate) range: &'static str,
}

/// Asks a resolver and refuses a name altogether when any of its answers is refused: a name
/// that mixes public and private addresses is an attack or a mistake.
pub(crate) struct Guarded {
    pub(crate) resolver: Arc<dyn Resolver>,
    pub(crate) policy: AddressPolicy,
    /// Names of proxies that the user chose; these may be private.
    pub(crate) proxies: Vec<String>,
}

impl Resolve for Guarded {
    fn resolve(&self, name: Name) -> Resolving {
        let host = name.as_str().to_owned();
        let answer = self.resolver.resolve(&host);
        let policy = if self.proxies.contains(&host) { AddressPolicy::Any } else { self.policy.clone() };
        Box::pin(async move {
            let found = match answer.await {
                Ok(found) => checked(host, found, &policy),
                Err(error) => Err(NoAddress { host, reason: error.to_string() }.into()),
            }?;
            Ok(Box::new(found.into_iter().map(|address| SocketAddr::new(address, 0))) as Addrs)
        })
    }
}

fn checked(
    host: String,
    found: Vec<IpAddr>,
    policy: &AddressPolicy,
) -> Result<Vec<IpAddr>, Box<dyn Error + Send + Sync>> {
    if found.is_empty() {
        return Err(NoAddress { host, reason: "no addresses".into() }.into());
    }
    match found.iter().find_map(|&address| Some(Refused { address, range: policy.refuses(address)? })) {
        Some(refused) => Err(refused.into()),
        None => Ok(found),
    }
}
