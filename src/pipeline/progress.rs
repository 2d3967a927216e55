//! Progress on a terminal: bytes, throughput and what is left. Nothing when piped.

use std::sync::atomic::{AtomicU64, Ordering};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::profile::Stopwatch;

/// How far a pass is: a bar on standard error, or nothing, and how long reading took.
#[derive(Debug)]
pub(super) struct Progress {
    bar: ProgressBar,
    /// Where reading is timed.
    reading_nanos: Option<AtomicU64>,
}

impl Progress {
    /// A bar for a pass over `bytes`; it appears only where `shown`.
    #[must_use]
    pub(super) fn new(label: &'static str, bytes: u64, shown: bool) -> Self {
        if !shown {
            return Self::hidden();
        }
        let bar =
            ProgressBar::with_draw_target(Some(bytes), ProgressDrawTarget::stderr_with_hz(10));
        let style = ProgressStyle::with_template(
            "{prefix:<10}{bar:28}  {bytes} / {total_bytes}   {bytes_per_sec}   {eta_precise}",
        )
        .unwrap_or_else(|_| ProgressStyle::default_bar())
        .progress_chars("━━╌");
        bar.set_style(style);
        bar.set_prefix(label);
        Self { bar, reading_nanos: None }
    }

    /// No bar.
    #[must_use]
    pub(super) fn hidden() -> Self {
        Self { bar: ProgressBar::hidden(), reading_nanos: None }
    }

    /// The same; times reading where `timed`.
    pub(super) fn timing(mut self, timed: bool) -> Self {
        self.reading_nanos = timed.then(AtomicU64::default);
        self
    }

    pub(super) fn advance(&self, bytes: u64) {
        self.bar.inc(bytes);
    }

    /// Reads the next unit.
    pub(super) fn reading<T>(&self, read: impl FnOnce() -> T) -> T {
        let Some(nanos) = &self.reading_nanos else { return read() };
        let watch = Stopwatch::start();
        let unit = read();
        nanos.fetch_add(watch.nanos(), Ordering::Relaxed);
        unit
    }

    /// Nanoseconds that reading took so far, as far as it was timed, without what workers read.
    pub(super) fn reading_nanos(&self) -> u64 {
        self.reading_nanos.as_ref().map_or(0, |nanos| nanos.load(Ordering::Relaxed))
    }

    /// Takes the bar away, so that the summary stands alone.
    pub(super) fn finish(&self) {
        self.bar.finish_and_clear();
    }
}
