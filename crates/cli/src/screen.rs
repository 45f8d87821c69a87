//! The standard error: progress, summary and log lines, so that none breaks another.

use std::io::{self, IsTerminal, Write};
use std::panic;
use std::time::Duration;

use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle};
use tracing::level_filters::LevelFilter;

use crate::args::{LogFormat, Messages};

/// The standard error.
#[derive(Debug)]
pub(crate) struct Screen {
    bars: MultiProgress,
    quiet: bool,
}

/// What a progress bar counts.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Unit {
    Bytes,
    Pages,
}

impl Screen {
    /// Sets up logging and the report of panics as well, once in the process.
    pub(crate) fn new(messages: &Messages) -> Self {
        let screen = Self { bars: MultiProgress::new(), quiet: messages.quiet };
        if !screen.shows_progress() {
            screen.bars.set_draw_target(ProgressDrawTarget::hidden());
        }
        screen.log(messages);
        panic::set_hook(Box::new(|panic| tracing::error!("internal error: {panic}")));
        screen
    }

    fn log(&self, messages: &Messages) {
        let level = match messages.verbose {
            0 => LevelFilter::WARN,
            1 => LevelFilter::INFO,
            2 => LevelFilter::DEBUG,
            _ => LevelFilter::TRACE,
        };
        let bars = self.bars.clone();
        let lines = tracing_subscriber::fmt()
            .with_max_level(level)
            .with_ansi(io::stderr().is_terminal())
            .with_writer(move || LogWriter(bars.clone()));
        match messages.log_format {
            LogFormat::Text => lines.init(),
            LogFormat::Json => lines.json().init(),
        }
    }

    /// Whether somebody sees a progress bar.
    pub(crate) fn shows_progress(&self) -> bool {
        !self.quiet && io::stderr().is_terminal()
    }

    /// A bar with this end; a spinner where the end is unknown.
    pub(crate) fn bar(&self, label: &'static str, total: Option<u64>, unit: Unit) -> ProgressBar {
        let bar = self.bars.add(total.map_or_else(ProgressBar::new_spinner, ProgressBar::new));
        let template = match (unit, total) {
            (Unit::Bytes, Some(_)) => "{msg} {wide_bar} {bytes}/{total_bytes}, {bytes_per_sec}, {eta} left",
            (Unit::Bytes, None) => "{msg} {spinner} {bytes}, {bytes_per_sec}",
            (Unit::Pages, _) => "{msg} {wide_bar} {human_pos}/{human_len} pages, {per_sec}, {eta} left",
        };
        let style = ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
        let bar = bar.with_style(style).with_message(label);
        if self.shows_progress() {
            bar.enable_steady_tick(Duration::from_millis(200));
        }
        bar
    }

    /// A line that says how a crawl goes; its message is the whole line.
    pub(crate) fn ticker(&self) -> ProgressBar {
        let style = ProgressStyle::with_template("{spinner} {wide_msg}");
        let bar = self.bars.add(ProgressBar::new_spinner());
        bar.with_style(style.unwrap_or_else(|_| ProgressStyle::default_spinner()))
    }

    /// Says something unless told to be quiet.
    pub(crate) fn say(&self, text: &str) {
        if !self.quiet {
            self.error(text);
        }
    }

    /// Says something in any case.
    pub(crate) fn error(&self, text: &str) {
        // With the standard error gone there is nobody left to tell.
        let _ = LogWriter(self.bars.clone()).write_all(format!("{text}\n").as_bytes());
    }
}

/// Writes above the progress bars.
struct LogWriter(MultiProgress);

impl Write for LogWriter {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        self.0.suspend(|| io::stderr().lock().write(buffer))
    }

    fn flush(&mut self) -> io::Result<()> {
        io::stderr().lock().flush()
    }
}
