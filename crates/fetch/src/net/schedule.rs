//! Who is asked next: one request at a time a host, each host after its delay.
//!
//! Pure bookkeeping over instants given by the caller, so that it is tested without waiting.

use std::cmp::{Ordering, Reverse};
use std::collections::{BinaryHeap, HashMap, VecDeque};
use std::time::Duration;

use tokio::time::Instant;

use super::options::Politeness;

/// Index of a host in its [`Schedule`].
pub(crate) type HostId = usize;

/// Longest wait of any kind: beyond it instants overflow.
const LONGEST: Duration = Duration::from_hours(24 * 365);

/// The instant after a wait.
pub(crate) fn later(now: Instant, wait: Duration) -> Instant {
    now + wait.min(LONGEST)
}

/// What to do next.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Next<T> {
    /// Do this; the host is busy until [`Schedule::finished`] or [`Schedule::release`].
    Start(HostId, T),
    /// Nothing before this instant, unless something finishes or is added.
    At(Instant),
    /// Nothing at all, unless something finishes or is added.
    Idle,
}

/// The tasks of all hosts, and when each host may be asked again.
pub(crate) struct Schedule<T> {
    hosts: Vec<Host<T>>,
    names: HashMap<Box<str>, HostId>,
    /// Hosts that could start something, by when; entries that a host has moved on from are stale.
    due: BinaryHeap<Reverse<(Instant, HostId)>>,
    politeness: Politeness,
    queued: usize,
    busy: usize,
}

struct Host<T> {
    urgent: VecDeque<T>,
    queue: VecDeque<T>,
    retries: BinaryHeap<Later<T>>,
    next: Instant,
    delay: Duration,
    busy: bool,
    blocked: bool,
    /// Under which instant the host stands in `due`.
    listed: Option<Instant>,
}

/// A task for later; the earliest is the greatest.
struct Later<T> {
    at: Instant,
    task: T,
}

impl<T> PartialEq for Later<T> {
    fn eq(&self, other: &Self) -> bool {
        self.at == other.at
    }
}

impl<T> Eq for Later<T> {}

impl<T> PartialOrd for Later<T> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<T> Ord for Later<T> {
    fn cmp(&self, other: &Self) -> Ordering {
        other.at.cmp(&self.at)
    }
}

impl<T> Host<T> {
    /// When the host could start something; `None` while it cannot.
    fn ready_at(&self) -> Option<Instant> {
        if self.busy {
            return None;
        }
        if !self.urgent.is_empty() {
            return Some(self.next);
        }
        if self.blocked {
            return None;
        }
        let retry = self.retries.peek().map(|later| later.at.max(self.next));
        if self.queue.is_empty() { retry } else { Some(self.next) }
    }

    fn take(&mut self, now: Instant) -> Option<T> {
        if let Some(task) = self.urgent.pop_front() {
            return Some(task);
        }
        if self.retries.peek().is_some_and(|later| later.at <= now) {
            return self.retries.pop().map(|later| later.task);
        }
        self.queue.pop_front()
    }
}

impl<T> Schedule<T> {
    pub(crate) fn new(politeness: Politeness) -> Self {
        Self { hosts: Vec::new(), names: HashMap::new(), due: BinaryHeap::new(), politeness, queued: 0, busy: 0 }
    }

    /// The host of this name, made known if it is new.
    pub(crate) fn host(&mut self, name: &str, now: Instant) -> HostId {
        if let Some(&id) = self.names.get(name) {
            return id;
        }
        let id = self.hosts.len();
        self.names.insert(name.into(), id);
        self.hosts.push(Host {
            urgent: VecDeque::new(),
            queue: VecDeque::new(),
            retries: BinaryHeap::new(),
            next: now,
            delay: self.politeness.delay,
            busy: false,
            blocked: false,
            listed: None,
        });
        id
    }

    /// Adds a task behind the host's others.
    pub(crate) fn push(&mut self, host: HostId, task: T) {
        self.hosts[host].queue.push_back(task);
        self.added(host);
    }

    /// Puts a task back in front of the host's others.
    pub(crate) fn put_back(&mut self, host: HostId, task: T) {
        self.hosts[host].queue.push_front(task);
        self.added(host);
    }

    /// Adds a task that goes before all others and even while the host is blocked.
    pub(crate) fn push_urgent(&mut self, host: HostId, task: T) {
        self.hosts[host].urgent.push_back(task);
        self.added(host);
    }

    /// Adds a task that may not start before an instant; others may go before it.
    pub(crate) fn push_later(&mut self, host: HostId, task: T, at: Instant) {
        self.hosts[host].retries.push(Later { at, task });
        self.added(host);
    }

    fn added(&mut self, host: HostId) {
        self.queued += 1;
        self.list(host);
    }

    /// Holds back all but urgent tasks of a host.
    pub(crate) fn block(&mut self, host: HostId, blocked: bool) {
        self.hosts[host].blocked = blocked;
        self.list(host);
    }

    /// Sets a host's own delay.
    pub(crate) fn set_delay(&mut self, host: HostId, delay: Duration) {
        self.hosts[host].delay = delay;
    }

    /// Lengthens a host's own delay as the host asks, within bounds.
    pub(crate) fn slow_down(&mut self, host: HostId, delay: Duration) {
        let bounded = delay.min(self.politeness.max_delay);
        self.set_delay(host, bounded.max(self.hosts[host].delay));
    }

    /// Hosts known.
    pub(crate) fn hosts(&self) -> usize {
        self.hosts.len()
    }

    /// A request to the host ended now and took so long: the next one waits for the delay, for
    /// slowness, and at least for `pause`.
    pub(crate) fn finished(&mut self, host: HostId, now: Instant, took: Duration, pause: Duration) {
        let slow = took.as_secs_f64() * self.politeness.slowness_factor;
        let slow = Duration::try_from_secs_f64(slow).unwrap_or(Duration::MAX).min(self.politeness.max_delay);
        let wait = self.hosts[host].delay.max(slow).max(pause);
        self.hosts[host].next = later(now, wait);
        self.release(host);
    }

    /// The host is free again without having been asked.
    pub(crate) fn release(&mut self, host: HostId) {
        if std::mem::replace(&mut self.hosts[host].busy, false) {
            self.busy -= 1;
        }
        self.list(host);
    }

    /// What to do now.
    pub(crate) fn next(&mut self, now: Instant) -> Next<T> {
        while let Some(&Reverse((at, id))) = self.due.peek() {
            let host = &mut self.hosts[id];
            if host.listed != Some(at) {
                self.due.pop();
                continue;
            }
            if at > now {
                return Next::At(at);
            }
            self.due.pop();
            host.listed = None;
            if let Some(task) = host.take(now) {
                host.busy = true;
                self.busy += 1;
                self.queued -= 1;
                return Next::Start(id, task);
            }
        }
        Next::Idle
    }

    /// Tasks waiting.
    pub(crate) fn queued(&self) -> usize {
        self.queued
    }

    /// Hosts being asked.
    pub(crate) fn busy(&self) -> usize {
        self.busy
    }

    fn list(&mut self, id: HostId) {
        let host = &mut self.hosts[id];
        let ready = host.ready_at();
        if ready != host.listed {
            host.listed = ready;
            self.due.extend(ready.map(|at| Reverse((at, id))));
        }
    }
}

#[cfg(test)]
mod tests;
