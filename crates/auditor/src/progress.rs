//! A bar that says how far a long check has come: on standard error, and only where that is a terminal.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

/// How often it is drawn.
const TICK: Duration = Duration::from_millis(200);

/// A bar for so many bytes.
pub fn of_bytes(total: u64) -> ProgressBar {
    bar(total, "{wide_bar} {bytes}/{total_bytes} {bytes_per_sec}, {eta} to go")
}

/// A bar for so many entries of a tree.
pub fn of_entries(total: u64) -> ProgressBar {
    bar(total, "{wide_bar} {human_pos}/{human_len} entries {per_sec}, {eta} to go")
}

fn bar(total: u64, template: &str) -> ProgressBar {
    let bar = ProgressBar::new(total);
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style);
    }
    bar.enable_steady_tick(TICK);
    bar
}
