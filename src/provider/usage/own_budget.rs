//! Budgets of the user's own: what may be spent with a profile in a day, a week and a month, counted over all programs on
//! this machine.

use std::{
    ops::Range,
    path::PathBuf,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use jiff::{Timestamp, ZonedDateTime};
use litellm_ls_protocol::{Budget, BudgetScope, ErrorKind, Model, OwnBudget};

use super::{
    budget::sentence,
    cost,
    recorded::Records,
    report::{Unit, bounds, start_of},
};
use crate::{
    off_thread::off_thread,
    plain,
    provider::{Error, Freshness, Profile, Provider, Result, instant::instant, lock},
    store::ledger::{LedgerReader, claim_notices},
};

/// How long a sum of the ledger is taken for what all programs have spent.
const FRESH: Duration = Duration::from_secs(5);
/// How long the ledger is waited for; after that what is known holds.
const PATIENCE: Duration = Duration::from_secs(1);
/// How long a list of models is waited for, which has the prices.
const LIST_PATIENCE: Duration = Duration::from_secs(5);
/// How often it is looked at while calls end meanwhile.
const LOOKS: usize = 3;
/// Most profiles of which sums are kept; one more drops the oldest.
const MOST: usize = 64;
/// At how many percent of a budget its user is told.
const STEPS: [u8; 2] = [95, 80];
/// Tokens of a question and of an answer for which a model is asked whether it costs anything.
const SOME_TOKENS: u64 = 1_000;
/// The times that a budget may be for.
const PERIODS: [Unit; 3] = [Unit::Day, Unit::Week, Unit::Month];

/// What was spent with each profile that has budgets.
#[derive(Default)]
pub(in crate::provider) struct OwnBudgets(Mutex<Vec<Arc<Tally>>>);

/// What was spent with one profile.
struct Tally {
    ledger: Option<PathBuf>,
    profile: String,
    known: Mutex<Known>,
    /// Whoever reads the ledger holds it, so that it is read once for all who want to know.
    reading: tokio::sync::Mutex<()>,
}

#[derive(Default)]
struct Known {
    /// USD that this process ever booked.
    booked: f64,
    /// What the ledger said last. None before it was asked.
    sums: Option<Sums>,
    /// When it was last proven that all is counted.
    proven: Option<Instant>,
    /// Which notices were given: of which period, when that began, at how many percent.
    told: Vec<(&'static str, i64, u8)>,
}

/// What was spent in the day, the week and the month of an instant.
#[derive(Clone)]
struct Sums {
    at: Instant,
    periods: [Range<i64>; 3],
    spent: [f64; 3],
    /// What this process had booked by then, which is within.
    booked: f64,
}

/// A budget, and what was spent of it.
struct Counted {
    word: &'static str,
    start: i64,
    budget: Budget,
}

impl OwnBudgets {
    /// Adds what a call has cost to what is known of its profile.
    pub(in crate::provider) fn book(&self, profile: &Profile, cost: Option<f64>) {
        if let (Some(_), Some(cost)) = (profile.own_budget(), cost) {
            lock(&self.tally(profile).known).booked += cost.max(0.0);
        }
    }

    fn tally(&self, profile: &Profile) -> Arc<Tally> {
        let ledger = &profile.asker.ledger;
        let mut tallies = lock(&self.0);
        let is_it = |tally: &&Arc<Tally>| tally.profile == profile.name && tally.ledger == *ledger;
        if let Some(tally) = tallies.iter().find(is_it) {
            return tally.clone();
        }
        if tallies.len() == MOST {
            tallies.remove(0);
        }
        let tally = Arc::new(Tally {
            ledger: ledger.clone(),
            profile: profile.name.clone(),
            known: Mutex::default(),
            reading: tokio::sync::Mutex::default(),
        });
        tallies.push(tally.clone());
        tally
    }
}

impl Tally {
    /// What was spent, by the ledger and by what this process has booked since it was read.
    async fn sums(&self, records: &Records) -> ([Range<i64>; 3], [f64; 3]) {
        let periods = periods(&ZonedDateTime::now());
        let known = || self.fresh(&periods);
        let spent = match known() {
            Some(spent) => spent,
            None => {
                let _reading = self.reading.lock().await;
                match known() {
                    Some(spent) => spent,
                    None => self.read(&periods, records).await,
                }
            }
        };
        (periods, spent)
    }

    fn fresh(&self, periods: &[Range<i64>; 3]) -> Option<[f64; 3]> {
        let known = lock(&self.known);
        let sums = known.sums.as_ref()?;
        let is_fresh = sums.at.elapsed() < FRESH && sums.periods == *periods;
        is_fresh.then(|| sums.spent.map(|spent| spent + (known.booked - sums.booked)))
    }

    async fn read(&self, periods: &[Range<i64>; 3], records: &Records) -> [f64; 3] {
        let booked = || lock(&self.known).booked;
        let mut before = booked();
        let mut read = self.look(periods, records).await;
        // What was booked meanwhile may be within or not.
        for _ in 1..LOOKS {
            let after = booked();
            if read.is_none() || after == before {
                break;
            }
            before = after;
            read = self.look(periods, records).await;
        }
        let booked = booked();
        let mut known = lock(&self.known);
        let spent = match (read, &known.sums) {
            (Some(read), _) => [read[0], read[1], read[2]],
            // What was known holds, as far as it is of the same time.
            (None, Some(sums)) => std::array::from_fn(|place| match sums.periods[place] == periods[place] {
                true => sums.spent[place] + (booked - sums.booked),
                false => 0.0,
            }),
            (None, None) => [booked; 3],
        };
        known.sums = Some(Sums { at: Instant::now(), periods: periods.clone(), spent, booked });
        spent
    }

    /// What the ledger says. None where it can't be read in time.
    async fn look(&self, periods: &[Range<i64>; 3], records: &Records) -> Option<Vec<f64>> {
        let (ledger, profile, times) = (self.ledger.clone()?, self.profile.clone(), periods.clone());
        let writer = records.begun(&ledger);
        let read = off_thread(move || {
            // What has ended is within.
            if let Some(writer) = writer {
                writer.flush();
            }
            let spent = |reader: Option<&LedgerReader>| {
                reader.map(|reader| reader.spent(&profile, &times)).transpose()
            };
            LedgerReader::look(&ledger, spent).ok().flatten()
        });
        tokio::time::timeout(PATIENCE, read).await.ok().flatten()
    }
}

impl Tally {
    /// Proves that what is asked will be counted, and that all was.
    ///
    /// # Errors
    /// Where it can't be: who wants no question asked beyond a budget would not be stopped.
    async fn prove_whole(&self, profile: &Profile) -> Result<()> {
        let is_fresh = |at: &Option<Instant>| at.is_some_and(|at| at.elapsed() < FRESH);
        if is_fresh(&lock(&self.known).proven) {
            return Ok(());
        }
        let refused = |why: &str, remedy: &str| {
            uncounted(profile, why, &format!("{remedy}, or set `budget.stop` to false"))
        };
        let Some(ledger) = self.ledger.clone() else {
            return Err(refused("there is no folder for the ledger", "set HOME"));
        };
        let limits = profile.own_budget().copied().unwrap_or_default();
        let counted = PERIODS.into_iter().zip(periods(&ZonedDateTime::now()));
        let counted = counted.filter(|(unit, _)| limit(&limits, *unit).is_some());
        let since = counted.map(|(_, period)| period.start).min().unwrap_or(i64::MAX);
        let proof = off_thread(move || LedgerReader::prove_whole(&ledger, since));
        match tokio::time::timeout(PATIENCE, proof).await {
            Ok(Err(error)) => Err(refused(&format!("the ledger can't be used: {error}"), error.remedy())),
            // Who has it for long is not known to be wrong.
            Err(_) | Ok(Ok(())) => {
                lock(&self.known).proven = Some(Instant::now());
                Ok(())
            }
        }
    }
}

/// Why nothing is asked with a profile whose budget can't be read. None where it can, or where that stops nothing.
pub(in crate::provider) fn unread(profile: &Profile) -> Option<Error> {
    let problem = profile.unread_budget.as_ref()?;
    let why = format!("{}: {}", problem.path, problem.reason);
    Some(uncounted(profile, &why, &problem.remedy))
}

/// Why nothing is asked, for nobody would know when to stop.
fn uncounted(profile: &Profile, why: &str, remedy: &str) -> Error {
    let message = plain::sentence(&format!("your own budget can't be counted: {why}"));
    let mut error = Error::new(ErrorKind::BudgetExceeded, message, remedy);
    error.data.profile = Some(profile.name.clone());
    error
}

impl Provider {
    /// What is spent of the budgets that the user has set for a profile. Empty where there are none.
    pub async fn own_budgets(&self, profile: &Profile) -> Vec<Budget> {
        self.counted(profile).await.into_iter().map(|counted| counted.budget).collect()
    }

    async fn counted(&self, profile: &Profile) -> Vec<Counted> {
        let Some(limits) = profile.own_budget() else { return Vec::new() };
        let tally = self.own_budgets.tally(profile);
        let (periods, spent) = tally.sums(&self.records).await;
        let counted = PERIODS.into_iter().zip(periods).zip(spent);
        let counted = counted.filter_map(|((unit, period), spent)| {
            let (word, limit) = limit(limits, unit)?;
            let resets_at = Timestamp::from_millisecond(period.end).ok().map(instant);
            let budget = Budget {
                scope: BudgetScope::Own,
                name: None,
                spend: Some(sentence::rounded(spent)),
                limit: Some(limit),
                window: Some(word.to_owned()),
                resets_at,
            };
            Some(Counted { word, start: period.start, budget })
        });
        counted.collect()
    }

    /// Has the models looked up where no list is at hand and the user wants no question asked beyond a budget: what has no
    /// price is not counted.
    pub(in crate::provider) async fn learn_prices(&self, profile: &Arc<Profile>) {
        if stops(profile) && self.lacks_models(profile) {
            // The question tells what is wrong with the proxy.
            let _ = tokio::time::timeout(LIST_PATIENCE, self.models(profile, Freshness::Cached)).await;
        }
    }

    /// Lets a question to a model through, unless the user wants none asked once a budget is spent.
    ///
    /// # Errors
    /// Where one is, and the model may cost something.
    pub(in crate::provider) async fn check_own_budgets(
        &self,
        profile: &Profile,
        model: &Model,
    ) -> Result<()> {
        let unread = unread(profile);
        if !stops(profile) && unread.is_none()
            || cost::estimated(model, SOME_TOKENS, SOME_TOKENS) == Some(0.0)
        {
            return Ok(());
        }
        if let Some(unread) = unread {
            return Err(unread);
        }
        // Of several that are spent the one that starts anew last decides.
        match self.own_budgets(profile).await.into_iter().rfind(is_spent) {
            Some(spent) => Err(refusal(profile, spent)),
            None => self.own_budgets.tally(profile).prove_whole(profile).await,
        }
    }

    /// What the user is to be told of the budgets: each step of each once, by whatever program comes to it first.
    pub async fn budget_notices(&self, profile: &Profile) -> Vec<String> {
        let mut told = Vec::new();
        for Counted { word, start, budget } in self.counted(profile).await {
            let (spend, limit) = (budget.spend.unwrap_or_default(), budget.limit.unwrap_or_default());
            let is_reached = |step: &u8| spend > 0.0 && spend * 100.0 >= limit * f64::from(*step);
            let reached: Vec<u8> = STEPS.into_iter().filter(is_reached).collect();
            if !reached.is_empty() && self.takes_notice(profile, word, start, reached).await {
                told.push(plain::sentence(&match is_spent(&budget) {
                    true => sentence::spent(&budget),
                    false => sentence::rest(&budget).unwrap_or_default(),
                }));
            }
        }
        told
    }

    /// Whether nobody has told of the first of these steps yet: then this process does.
    async fn takes_notice(&self, profile: &Profile, word: &'static str, start: i64, steps: Vec<u8>) -> bool {
        let tally = self.own_budgets.tally(profile);
        {
            let mut known = lock(&tally.known);
            if steps.first().is_none_or(|step| known.told.contains(&(word, start, *step))) {
                return false;
            }
            known.told.retain(|(other, began, _)| *other != word || *began == start);
            known.told.extend(steps.iter().map(|step| (word, start, *step)));
        }
        let Some(ledger) = tally.ledger.clone() else { return true };
        let profile = profile.name.clone();
        // Where that can't be written down it is told twice rather than never.
        off_thread(move || claim_notices(&ledger, &profile, word, start, &steps).unwrap_or(true)).await
    }
}

/// Whether no question is asked with a profile beyond its budgets.
fn stops(profile: &Profile) -> bool {
    profile.own_budget().is_some_and(|budget| budget.stop == Some(true))
}

/// Whether nothing is left of a budget.
pub(in crate::provider) fn is_spent(budget: &Budget) -> bool {
    budget.spend.zip(budget.limit).is_some_and(|(spend, limit)| spend >= limit)
}

/// What to do where a budget of the user's own is spent.
pub(in crate::provider) fn remedy(budget: &Budget) -> String {
    let window = budget.window.as_deref().unwrap_or_default();
    format!("wait until then, raise `budget.{window}` in the settings, or take a model that costs nothing")
}

fn refusal(profile: &Profile, spent: Budget) -> Error {
    let mut error =
        Error::new(ErrorKind::BudgetExceeded, plain::sentence(&sentence::spent(&spent)), remedy(&spent));
    error.data.profile = Some(profile.name.clone());
    error.data.budget = Some(spent);
    error
}

fn limit(limits: &OwnBudget, unit: Unit) -> Option<(&'static str, f64)> {
    match unit {
        Unit::Hour => None,
        Unit::Day => Some(("day", limits.day?)),
        Unit::Week => Some(("week", limits.week?)),
        Unit::Month => Some(("month", limits.month?)),
    }
}

/// The day, the week and the month that it is, in milliseconds since 1970.
fn periods(now: &ZonedDateTime) -> [Range<i64>; 3] {
    PERIODS.map(|unit| {
        let (first, next) = bounds(now.date(), unit);
        let at = |date| start_of(date, now.time_zone()).as_millisecond();
        at(first)..next.map_or(i64::MAX, at)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_period_is_the_one_that_it_is_where_the_user_is() {
        let zone = jiff::tz::TimeZone::posix("CET-1CEST,M3.5.0,M10.5.0/3").unwrap();
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        // A Monday that is Tuesday there already, and a day of 25 hours.
        for (now, expected) in [
            (
                "2026-11-30T23:30:00Z",
                [
                    ("2026-11-30T23:00:00Z", "2026-12-01T23:00:00Z"),
                    ("2026-11-29T23:00:00Z", "2026-12-06T23:00:00Z"),
                    ("2026-11-30T23:00:00Z", "2026-12-31T23:00:00Z"),
                ],
            ),
            (
                "2026-10-25T12:00:00Z",
                [
                    ("2026-10-24T22:00:00Z", "2026-10-25T23:00:00Z"),
                    ("2026-10-18T22:00:00Z", "2026-10-25T23:00:00Z"),
                    ("2026-09-30T22:00:00Z", "2026-10-31T23:00:00Z"),
                ],
            ),
        ] {
            let expected = expected.map(|(from, to)| at(from).as_millisecond()..at(to).as_millisecond());
            assert_eq!(periods(&at(now).to_zoned_datetime(zone.clone())), expected, "{now}");
        }
    }
}
