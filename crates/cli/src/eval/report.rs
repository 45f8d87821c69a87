//! Figures as tables for people.

use super::compare::{Change, Comparison};
use super::curve::Point;
use super::figures::Figures;
use super::{Group, Scored, Worst};
use crate::table::{layout, terminal_width};

/// The figures of one set.
pub(super) fn report(scored: &Scored) -> String {
    let mut report = format!("{}\n", scored.dataset);
    report += &scored.figures.iter().map(summary).collect::<Vec<_>>().join("\n");
    report += &metadata(scored);
    report += &groups(&scored.groups);
    report += &worst(&scored.worst);
    if let Some(comparison) = &scored.compare {
        report += &compared(comparison);
    }
    report += &curve(&scored.curve);
    report
}

fn summary(figures: &Figures) -> String {
    let mut rows = vec![
        ["metric".to_owned(), figures.metric.name().to_owned()],
        ["pages".to_owned(), figures.pages.to_string()],
        ["F1".to_owned(), rate(figures.rates.f1)],
        ["precision".to_owned(), rate(figures.rates.p)],
        ["recall".to_owned(), rate(figures.rates.r)],
    ];
    let mut add = |name: &str, value: Option<String>| rows.extend(value.map(|value| [name.to_owned(), value]));
    add("accuracy", figures.accuracy.map(rate));
    add("exact pages", figures.exact.map(rate));
    add("must-have found", figures.with_found.map(rate));
    add("must-not kept", figures.without_found.map(rate));
    if let Some(sites) = &figures.sites {
        add("sites", Some(sites.sites.to_string()));
        add("site F1", Some(rate(sites.site_f1)));
        add("site precision", Some(rate(sites.site_p)));
        add("site recall", Some(rate(sites.site_r)));
        add("sites under .90", Some(sites.sites_under_90.to_string()));
    }
    add("empty", Some(figures.empty.to_string()));
    add("missing", Some(figures.missing.to_string()).filter(|_| figures.missing > 0));
    add("errors", Some(figures.errors.to_string()));
    indented(&layout(&rows, terminal_width()))
}

fn metadata(scored: &Scored) -> String {
    let mut rows = vec![["field", "known", "given", "agree", "share"].map(str::to_owned)];
    for (name, agreement) in &scored.metadata {
        let share = rate(agreement.agree as f64 / agreement.known as f64);
        let counts = [agreement.known, agreement.given, agreement.agree].map(|count| count.to_string());
        let [known, given, agree] = counts;
        rows.push([(*name).to_owned(), known, given, agree, share]);
    }
    table("metadata", &rows)
}

fn groups(groups: &[Group]) -> String {
    let mut rows = vec![["group", "metric", "pages", "F1", "precision", "recall", "empty"].map(str::to_owned)];
    for Group { group, figures } in groups {
        rows.push([
            group.clone(),
            figures.metric.name().to_owned(),
            figures.pages.to_string(),
            rate(figures.rates.f1),
            rate(figures.rates.p),
            rate(figures.rates.r),
            figures.empty.to_string(),
        ]);
    }
    table("by group", &rows)
}

fn worst(pages: &[Worst]) -> String {
    let mut rows = vec![["F1", "precision", "recall", "id"].map(str::to_owned)];
    for Worst { id, rates } in pages {
        rows.push([rate(rates.f1), rate(rates.p), rate(rates.r), id.clone()]);
    }
    table("worst pages", &rows)
}

fn compared(comparison: &Comparison) -> String {
    let Comparison { f1_before, f1_after, better, worse, same, lossy, lossy_half, .. } = comparison;
    let mut report = format!(
        "\n  compared: F1 of pages {} -> {}; {better} better, {worse} worse, {same} as before\n  \
         lossy: recall of {lossy} sites fell by more than 1 point, of {lossy_half} by more than half a point\n",
        rate(*f1_before),
        rate(*f1_after),
    );
    report += &changes("largest losses of recall, by site", &comparison.sites);
    report += &changes("largest gains of F1", &comparison.gains);
    report += &changes("largest losses of F1", &comparison.losses);
    report
}

fn changes(title: &str, changes: &[Change]) -> String {
    let mut rows = vec![["change", "before", "after", "id"].map(str::to_owned)];
    for Change { name, before, after } in changes {
        rows.push([format!("{:+.4}", after - before), rate(*before), rate(*after), name.clone()]);
    }
    table(title, &rows)
}

fn curve(points: &[Point]) -> String {
    let heading = ["learned", "site F1", "precision", "recall", "under .90", "pages", "sites", "with as many others"];
    let mut rows = vec![heading.map(str::to_owned)];
    for Point { learned, pages, whole_sites, sites } in points {
        rows.push([
            learned.to_string(),
            rate(sites.site_f1),
            rate(sites.site_p),
            rate(sites.site_r),
            sites.sites_under_90.to_string(),
            pages.to_string(),
            sites.sites.to_string(),
            whole_sites.to_string(),
        ]);
    }
    table("learning curve", &rows)
}

/// A table below its title, of which the first row is the heading; nothing where there is no other.
fn table<const N: usize>(title: &str, rows: &[[String; N]]) -> String {
    if rows.len() < 2 {
        return String::new();
    }
    format!("\n  {title}\n{}", indented(&layout(rows, terminal_width())))
}

fn indented(lines: &str) -> String {
    lines.lines().flat_map(|line| ["  ", line, "\n"]).collect()
}

fn rate(value: f64) -> String {
    format!("{value:.4}")
}
