//! From the schedule to the network: what is asked first, with which headers, and how what follows
//! comes back into the schedule.

use std::sync::Arc;

use tokio::time::Instant;
use url::Url;

use super::crawl::{Crawl, HostHealth};
use super::error::FetchError;
use super::gate::Pass;
use super::job::Job;
use super::keeper::{Ending, Entry};
use super::outcome::{Failure, Outcome};
use super::schedule::HostId;
use super::task::{Purpose, Task};

impl Crawl {
    /// Starts a task, or settles it at once when it may not be fetched.
    pub(super) async fn start(&mut self, host: HostId, task: Task) -> Result<(), FetchError> {
        let Ok(url) = Url::parse(&task.url) else {
            self.schedule.release(host);
            return self.refuse(task, Outcome::Failed(Failure::BadRedirect("unparsable".into()))).await;
        };
        if matches!(task.purpose, Purpose::Robots(_)) {
            self.launch(host, task, url);
            return Ok(());
        }
        if self.hosts[host].given_up {
            self.schedule.release(host);
            return self.refuse(task, Outcome::Failed(Failure::HostGivenUp)).await;
        }
        match self.gate.check(&url, Instant::now()) {
            Pass::Go => self.launch(host, task, url),
            Pass::Ask(origin) => self.ask(host, task, origin),
            Pass::Wait => {
                self.schedule.block(host, true);
                self.schedule.put_back(host, task);
                self.schedule.release(host);
            }
            Pass::Stop(outcome) => {
                self.schedule.release(host);
                return self.refuse(task, outcome).await;
            }
        }
        Ok(())
    }

    /// Has the origin's robots.txt fetched before the task.
    fn ask(&mut self, host: HostId, task: Task, origin: Box<str>) {
        let robots = Task {
            id: task.id,
            url: format!("{origin}/robots.txt").into(),
            purpose: Purpose::Robots(origin),
            depth: 0,
            chain: Vec::new(),
            via: None,
            attempt: 0,
        };
        self.schedule.block(host, true);
        self.schedule.put_back(host, task);
        self.schedule.push_urgent(host, robots);
        self.schedule.release(host);
    }

    fn launch(&mut self, host: HostId, mut task: Task, url: Url) {
        task.attempt = task.attempt.saturating_add(1);
        let page = task.purpose == Purpose::Page;
        let previous = self.previous.as_ref().filter(|_| page).and_then(|state| state.page(&task.url).ok().flatten());
        let links = page && self.scope.wants_links(&url, task.depth);
        let job = Job { host, headers: self.scope.headers(&url), previous, links, task, url };
        self.running.spawn(job.run(Arc::clone(&self.transport)));
    }

    /// Puts a task into its host's queue.
    pub(super) fn enqueue(&mut self, task: Task) {
        if let Some(host) = self.host_of(&task.url) {
            self.schedule.push(host, task);
        }
    }

    /// The host of a URL, known from now on.
    pub(super) fn host_of(&mut self, url: &str) -> Option<HostId> {
        let url = Url::parse(url).ok()?;
        let host = self.schedule.host(url.host_str()?, Instant::now());
        if host == self.hosts.len() {
            self.hosts.push(HostHealth::default());
            if let Some(delay) = self.scope.delay(&url) {
                self.schedule.set_delay(host, delay);
            }
        }
        Some(host)
    }

    async fn refuse(&mut self, task: Task, outcome: Outcome) -> Result<(), FetchError> {
        self.send(Some((task, Ending::Other(outcome, None))), Vec::new()).await
    }

    /// Hands an ended task and what it led to over to the writing thread, and queues the latter.
    pub(super) async fn send(&mut self, done: Option<(Task, Ending)>, found: Vec<Task>) -> Result<(), FetchError> {
        let entry = Entry { done, found: found.clone() };
        self.entries.send(entry).await.map_err(|_| FetchError::Lost)?;
        for task in found {
            self.enqueue(task);
        }
        Ok(())
    }
}
