//! What the ledger costs: for who books a call, and for who asks about a million of them.

use std::{
    collections::HashMap,
    time::{Duration, Instant},
};

use litellm_ls::{
    Environment,
    provider::{Provider, Settings},
    store::ledger::{Kind, LedgerRow, LedgerWriter},
};
use litellm_ls_protocol::{LedgerBy, LedgerParams};

/// Calls of the whole ledger, over a year.
const CALLS: u64 = 1_000_000;
/// What is written between two looks at whether it is there: less than the queue holds.
const STEP: u64 = 4_000;
const DAY: i64 = 24 * 60 * 60 * 1_000;
/// How often each question is asked.
const ROUNDS: usize = 21;

fn main() {
    let is_quick = std::env::args().any(|argument| argument == "--quick");
    let calls = if is_quick { CALLS / 100 } else { CALLS };
    let folder = tempfile::tempdir().expect("a folder");
    let environment = Environment::new(HashMap::new(), Some(folder.path().to_owned()));
    let now = jiff::Timestamp::now().as_millisecond();

    // All within 30 days is the worst case; over a year is the usual one.
    for days in [30, 365] {
        let file = folder.path().join("ledger.db");
        let _ = std::fs::remove_file(&file);
        let writer = LedgerWriter::of(&file).expect("a thread");
        let mut booked = Vec::new();
        let begun = Instant::now();
        for number in 0..calls {
            let row = row(number, now - (number as i64).wrapping_mul(7_919_317) % (days * DAY));
            let before = Instant::now();
            writer.write(row);
            booked.push(before.elapsed());
            if number % STEP == STEP - 1 {
                writer.flush();
            }
        }
        writer.flush();
        let written = begun.elapsed();
        let size = std::fs::metadata(&file).expect("a ledger").len();
        booked.sort_unstable();
        show(&format!("{calls} calls of {days} days: booking one, p50, µs"), booked[booked.len() / 2], 1e6);
        show("the same, p99, µs", booked[booked.len() * 99 / 100], 1e6);
        show("writing one, beside, µs", written / u32::try_from(calls).expect("a number"), 1e6);
        eprintln!("size of the file, MiB: {:.0}", size as f64 / f64::from(1 << 20));
        for (name, by) in [
            ("a month by model", vec![LedgerBy::Model]),
            ("a month by day and model", vec![LedgerBy::Day, LedgerBy::Model]),
            ("a month by workspace", vec![LedgerBy::Workspace]),
        ] {
            let mut times: Vec<Duration> =
                (0..ROUNDS).map(|_| asked(&environment, &by, calls, days)).collect();
            times.sort_unstable();
            show(&format!("{name}, ms"), times[ROUNDS / 2], 1e3);
        }
        drop(writer);
    }
}

/// Calls as chance would have them: 12 models, 4 programs, 10 folders, 3 ends.
fn row(number: u64, at: i64) -> LedgerRow {
    let mixed = number.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 20;
    let kind = Kind {
        origin: "http://localhost:4000".to_owned(),
        key: "0123456789abcdef".to_owned(),
        profile: "default".to_owned(),
        model: format!("vendor/model-{}", mixed % 12),
        served_by: format!("model-{}", mixed % 12),
        route: "chat".to_owned(),
        outcome: ["succeeded", "succeeded", "failed", "cancelled"][(mixed >> 8) as usize % 4].to_owned(),
        cost_source: "proxy".to_owned(),
        client: format!("client {}", (mixed >> 12) % 4),
        workspace: format!("/home/user/projects/project-{}", (mixed >> 16) % 10),
    };
    LedgerRow {
        at,
        kind,
        input_tokens: Some(2_000),
        output_tokens: Some(300),
        cost: Some(0.0123),
        duration_ms: 4_000,
        first_token_ms: Some(700),
        ..LedgerRow::default()
    }
}

/// How long a question takes, with all that an editor waits for.
fn asked(environment: &Environment, by: &[LedgerBy], calls: u64, days: i64) -> Duration {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let profile = Settings::new(environment.clone()).profile(None).expect("a profile");
    let provider = Provider::default();
    let params = LedgerParams { by: by.to_vec(), ..LedgerParams::default() };
    let begun = Instant::now();
    let told = runtime.block_on(provider.ledger(&profile, &params)).expect("an answer").expect("a ledger");
    let took = begun.elapsed();
    assert!(told.total.calls > 0, "nothing of {calls} calls in {days} days");
    took
}

fn show(name: &str, time: Duration, unit: f64) {
    eprintln!("{name}: {:.2}", time.as_secs_f64() * unit);
}
