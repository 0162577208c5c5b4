//! A bar for what takes long.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::IsTerminal;

/// Below, all is done before a bar could be read.
const MANY: u64 = 500;

/// A bar for so many; `is_quiet` if nothing else is written to the terminal meanwhile.
pub(crate) fn bar(count: u64, is_quiet: bool) -> ProgressBar {
    // A bar among the lines themselves would help nobody.
    let is_seen = count >= MANY && (is_quiet || !std::io::stdout().is_terminal());
    let bar = ProgressBar::with_draw_target(
        Some(count),
        if is_seen { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() },
    );
    match ProgressStyle::with_template("{wide_bar} {human_pos} of {human_len}, {eta} left") {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}
