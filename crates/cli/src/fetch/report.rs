//! A crawl's counts, for people.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::time::Duration;

use dechrome_fetch::net::Report;
use indicatif::{HumanBytes, HumanCount, HumanDuration};

/// Causes named in the line of progress.
const CAUSES: usize = 3;

type Causes = BTreeMap<&'static str, u64>;

/// How the crawl goes, in one line.
pub(super) fn line(report: &Report) -> String {
    let mut line = format!(
        "{} pages, {:.1}/s, {} of {} hosts active, {} queued",
        HumanCount(report.fetched()),
        report.pages_per_second(),
        HumanCount(report.hosts_active as u64),
        HumanCount(report.hosts as u64),
        HumanCount(report.queued as u64),
    );
    for (label, causes) in [("skipped", &report.skipped), ("failed", &report.failed)] {
        let total: u64 = causes.values().sum();
        if total > 0 {
            // Writing to a string cannot fail.
            let _ = write!(line, ", {} {label} ({})", HumanCount(total), most_frequent(causes));
        }
    }
    if let Some(left) = report.eta().filter(|_| report.queued > 0) {
        let _ = write!(line, ", {} left", HumanDuration(left));
    }
    line
}

fn most_frequent(causes: &Causes) -> String {
    let mut causes: Vec<_> = causes.iter().collect();
    causes.sort_by_key(|&(_, number)| std::cmp::Reverse(number));
    let named: Vec<String> = causes.iter().take(CAUSES).map(|(cause, number)| format!("{number} {cause}")).collect();
    named.join(", ") + if causes.len() > CAUSES { ", …" } else { "" }
}

/// What the crawl did, in lines.
pub(super) fn summary(report: &Report) -> String {
    let count = |number: u64| HumanCount(number).to_string();
    let mut summary = format!(
        "{} pages from {} hosts in {}, {:.1}/s: {} new, {} duplicate, {} not modified\n",
        count(report.fetched()),
        count(report.hosts as u64),
        HumanDuration(Duration::try_from_secs_f64(report.seconds).unwrap_or_default()),
        report.pages_per_second(),
        count(report.new),
        count(report.duplicate),
        count(report.not_modified),
    );
    for (label, number) in [("redirected", report.redirected), ("listings", report.listed)] {
        if number > 0 {
            row(&mut summary, label, "", &count(number));
        }
    }
    for (label, causes) in [("skipped", &report.skipped), ("failed", &report.failed), ("retried", &report.retried)] {
        for (cause, number) in causes {
            row(&mut summary, label, cause, &count(*number));
        }
    }
    if let Some((url, why)) = &report.refused {
        // Writing to a string cannot fail.
        let _ = writeln!(summary, "  {url}: {why}; --allow-private lets private addresses be contacted");
    }
    for (label, bytes) in
        [("received", report.received_bytes), ("decoded", report.decoded_bytes), ("archived", report.archived_bytes)]
    {
        row(&mut summary, label, "", &HumanBytes(bytes).to_string());
    }
    summary.truncate(summary.trim_end().len());
    summary
}

fn row(summary: &mut String, label: &str, cause: &str, value: &str) {
    // Writing to a string cannot fail.
    let _ = writeln!(summary, "  {label:<10} {cause:<18} {value:>12}");
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report() -> Report {
        Report {
            seconds: 10.0,
            hosts_active: 3,
            hosts: 50,
            queued: 1_000,
            new: 90,
            duplicate: 5,
            listed: 1,
            skipped: [("robots", 2)].into(),
            failed: [("dns", 1), ("reset", 4), ("status", 7), ("timeout", 2)].into(),
            refused: Some(("http://a.example/".into(), "address 127.0.0.1 refused: loopback".into())),
            received_bytes: 2 << 20,
            ..Report::default()
        }
    }

    #[test]
    fn progress_says_all_in_a_line() {
        let expected = "95 pages, 9.5/s, 3 of 50 hosts active, 1,000 queued, 2 skipped (2 robots), \
                        14 failed (7 status, 4 reset, 2 timeout, …), 89 seconds left";
        assert_eq!(line(&report()), expected);
        assert_eq!(line(&Report::default()), "0 pages, 0.0/s, 0 of 0 hosts active, 0 queued");
    }

    #[test]
    fn the_summary_names_every_cause() {
        let summary = summary(&report());
        assert!(summary.starts_with("95 pages from 50 hosts in 10 seconds, 9.5/s: 90 new, 5 duplicate, 0 not"));
        assert!(
            summary.contains("  http://a.example/: address 127.0.0.1 refused: loopback; --allow-private"),
            "{summary}"
        );
        for words in [&["failed", "reset", "4"][..], &["skipped", "robots", "2"], &["received", "2.00", "MiB"]] {
            assert!(summary.lines().any(|line| line.split_whitespace().eq(words.iter().copied())), "{summary}");
        }
    }
}
