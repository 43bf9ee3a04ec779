//! `litellm-ls proxy logs`.

use std::time::Duration;

use crate::cli::output::{note, say_whole};
use crate::proxy::Home;
use crate::supervise;

/// How often more is looked for.
const LOOK: Duration = Duration::from_millis(200);

/// Prints the last lines, and where that is asked for what comes behind them.
///
/// # Errors
/// Where stdout takes no more.
pub(super) async fn print(home: &Home, follow: bool) -> std::io::Result<()> {
    let mut from = None;
    loop {
        let logged = supervise::logged(home, from);
        let is_empty = logged.lines.is_empty();
        if from.is_none() && is_empty {
            note(&format!("Nothing is in the log yet: {}", home.log().display()));
        }
        for line in logged.lines {
            say_whole(&format!("{line}\n"))?;
        }
        from = Some(logged.next);
        if !follow {
            return Ok(());
        }
        if is_empty {
            tokio::time::sleep(LOOK).await;
        }
    }
}
