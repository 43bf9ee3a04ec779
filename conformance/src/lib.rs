//! The conformance suite of the protocol: does a server, in whatever language, keep its musts?
//!
//! Each check starts the server anew, with a scripted proxy of its own behind it, and cites a numbered must
//! of PROTOCOL.md. What every check sees goes through the same rules besides.

mod check;
mod checks;
mod failure;
mod peer;
mod proxy;
mod report;
mod rules;
mod schema;
mod session;
mod stream;
mod transcript;

use std::time::{Duration, Instant};

pub use report::{Format, Outcome, Report, Row};
pub use session::Door;

use check::Check;
use failure::Checked;
use session::{Claims, Session};

/// Which server to check, and how.
#[derive(Debug, Clone)]
pub struct Options {
    /// The program and its arguments.
    pub command: Vec<String>,
    /// The door that the command opens.
    pub door: Door,
    /// Only checks whose id, must or method contains this.
    pub only: Option<String>,
    /// How long a check waits for anything.
    pub patience: Duration,
}

/// Runs the checks of a door, one after the other.
#[must_use]
pub fn run(options: &Options) -> Report {
    let claims = session::probe(options);
    let rows = chosen(options).map(|check| Row::new(check, judge(check, options, &claims))).collect();
    let server = match &claims {
        Ok(Some(claims)) => claims.server(),
        Ok(None) => "a server that does not tell its name".to_owned(),
        Err(_) => "no server".to_owned(),
    };
    Report { server, door: options.door, rows }
}

/// What would be run: a line for each check.
#[must_use]
pub fn list(options: &Options) -> String {
    chosen(options).map(|check| format!("{:<4} {:<34} {}\n", check.must, check.id, check.says)).collect()
}

fn chosen(options: &Options) -> impl Iterator<Item = &'static Check> {
    checks::all().filter(|check| check.is_for(options.door) && check.fits(options.only.as_deref()))
}

fn judge(check: &Check, options: &Options, claims: &Checked<Option<Claims>>) -> (Outcome, Duration) {
    let began = Instant::now();
    let made = match claims {
        Err(silence) => Err(silence.clone()),
        Ok(claims) => match claims.as_ref().and_then(|claims| claims.lacks(check)) {
            Some(lack) => return (Outcome::PassedOver(lack), began.elapsed()),
            None => Session::new(options, claims.clone().unwrap_or_default())
                .and_then(|session| session.run(check)),
        },
    };
    let outcome = made.map_or_else(|failure| Outcome::Failed(failure.to_string()), |()| Outcome::Passed);
    (outcome, began.elapsed())
}
