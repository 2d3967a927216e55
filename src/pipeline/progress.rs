//! Progress on a terminal: bytes, throughput and what is left. Nothing when piped.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// A bar on standard error, or nothing.
#[derive(Debug)]
pub(super) struct Progress(ProgressBar);

impl Progress {
    /// A bar for a pass over `bytes`; it appears only where `shown`.
    #[must_use]
    pub(super) fn new(label: &'static str, bytes: u64, shown: bool) -> Self {
        if !shown {
            return Self(ProgressBar::hidden());
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
        Self(bar)
    }

    /// No bar.
    #[must_use]
    pub(super) fn hidden() -> Self {
        Self(ProgressBar::hidden())
    }

    pub(super) fn advance(&self, bytes: u64) {
        self.0.inc(bytes);
    }

    /// Takes the bar away, so that the summary stands alone.
    pub(super) fn finish(&self) {
        self.0.finish_and_clear();
    }
}
