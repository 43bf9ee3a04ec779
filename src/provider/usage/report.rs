//! What the ledger says, by time and by what calls have in common.

use std::{collections::HashMap, ops::Range};

use jiff::{
    Timestamp, ToSpan, ZonedDateTime,
    civil::{Date, Weekday},
    tz::{Offset, TimeZone},
};
use litellm_ls_protocol::{
    CallOutcome, ErrorKind, LARGEST_WHOLE, LedgerBy, LedgerGroup, LedgerParams, Problem, UsageLedger,
    UsageSum,
};

use super::recorded;
use crate::{
    off_thread::off_thread,
    provider::{Error, Profile, Provider, Result, instant::instant},
    store::ledger::{Kind, LedgerError, LedgerReader, LedgerSum},
};

/// Most groups of one result.
const MOST: usize = 1_000;
/// How many days are told where nothing else is asked for, today within.
const DAYS: i64 = 30;
/// The quarter of an hour: what the ledger tells apart, in milliseconds.
const QUARTER: i64 = 15 * 60 * 1_000;
/// The day by UTC, in milliseconds.
const DAY: i64 = 96 * QUARTER;
/// Most spans of time that are told apart: the hours of the days that the ledger keeps, and more.
const MOST_SPANS: usize = 20_000;

impl Provider {
    /// What the ledger of who asks says. None where this machine keeps none.
    ///
    /// # Errors
    /// Where it is asked in a wrong way, or can't be read.
    pub async fn ledger(&self, profile: &Profile, asked: &LedgerParams) -> Result<Option<UsageLedger>> {
        self.answered(profile, Question::of(asked, &ZonedDateTime::now())?).await
    }

    /// The same in one page, however many groups there are.
    ///
    /// # Errors
    /// As [`ledger`](Self::ledger).
    pub async fn whole_ledger(&self, profile: &Profile, asked: &LedgerParams) -> Result<Option<UsageLedger>> {
        let question = Question::of(asked, &ZonedDateTime::now())?;
        self.answered(profile, Question { limit: usize::MAX, ..question }).await
    }

    async fn answered(&self, profile: &Profile, question: Question) -> Result<Option<UsageLedger>> {
        let Some(file) = profile.asker.ledger.clone() else { return Ok(None) };
        let begun = self.records.begun(&file);
        let told = off_thread(move || {
            // What has ended is within.
            if let Some(writer) = begun {
                writer.flush();
            }
            LedgerReader::look(&file, |reader| question.answer(reader))
        });
        let told = told.await.map_err(|error: LedgerError| {
            Error::new(
                ErrorKind::Internal,
                format!("the ledger of calls can't be read: {error}"),
                error.remedy(),
            )
        })?;
        Ok(Some(told))
    }
}

/// What is asked of the ledger, checked.
struct Question {
    by: Vec<LedgerBy>,
    time: Range<Timestamp>,
    zone: TimeZone,
    limit: usize,
    begin: usize,
}

impl Question {
    fn of(asked: &LedgerParams, now: &ZonedDateTime) -> Result<Self> {
        let zone = match &asked.time_zone {
            None => now.time_zone().clone(),
            Some(name) => zone(name).ok_or_else(|| {
                wrong(
                    "timeZone",
                    "there is no such zone",
                    "give a name such as Europe/Berlin, or an offset such as +05:30",
                )
            })?,
        };
        if asked.by.iter().filter(|by| unit(**by).is_some()).count() > 1 {
            return Err(wrong(
                "by",
                "it has more than one span of time",
                "give one of hour, day, week and month",
            ));
        }
        let today = now.with_time_zone(zone.clone()).date();
        let since = match &asked.since {
            None => start_of(today.saturating_sub((DAYS - 1).days()), &zone),
            Some(text) => instant_of(text, &zone, 0).ok_or_else(|| wrong_time("since"))?,
        };
        let until = match &asked.until {
            None => now.timestamp(),
            Some(text) => instant_of(text, &zone, 1).ok_or_else(|| wrong_time("until"))?,
        };
        let begin = match &asked.cursor {
            None => 0,
            Some(cursor) => cursor
                .parse()
                .map_err(|_| wrong("cursor", "it is of no earlier result", "begin again without a cursor"))?,
        };
        let limit = asked.limit.map_or(MOST, |limit| limit.get() as usize);
        if limit > MOST {
            return Err(wrong(
                "limit",
                "it is more than 1,000",
                "ask for at most 1,000, and go on with nextCursor",
            ));
        }
        Ok(Self { by: asked.by.clone(), time: since..until, zone, limit, begin })
    }

    /// What the ledger says; none has no calls.
    fn answer(&self, reader: Option<&LedgerReader>) -> std::result::Result<UsageLedger, LedgerError> {
        let mut groups: HashMap<Key, LedgerSum> = HashMap::new();
        if let Some(reader) = reader {
            let kinds = reader.kinds()?;
            let unit = self.by.iter().find_map(|by| unit(*by));
            let time = quarters(&self.time);
            let spans = spans(&time, &reader.days(&time)?, unit, &self.zone);
            let times: Vec<Range<i64>> = spans.iter().map(|span| span.quarters.clone()).collect();
            for (place, sums) in reader.sums(&times)?.into_iter().enumerate() {
                for (kind, sum) in sums {
                    let Some(kind) = kinds.get(&kind) else { continue };
                    let group = groups.entry(Key::of(&self.by, kind, &spans[place])).or_default();
                    *group = group.plus(&sum);
                }
            }
        }
        let total = groups.values().fold(LedgerSum::default(), |total, sum| total.plus(sum));
        let mut groups: Vec<(Key, LedgerSum)> = groups.into_iter().collect();
        groups.sort_by(|(one, sum), (other, others)| {
            one.time
                .cmp(&other.time)
                .then(others.cost.cmp(&sum.cost))
                .then(others.calls.cmp(&sum.calls))
                .then_with(|| one.cmp(other))
        });
        let end = self.begin.saturating_add(self.limit);
        let next_cursor = (end < groups.len()).then(|| end.to_string());
        let page = groups.into_iter().skip(self.begin).take(self.limit);
        Ok(UsageLedger {
            since: instant(self.time.start),
            until: instant(self.time.end),
            time_zone: name_of(&self.zone, self.time.end),
            total: told(&total),
            groups: page.map(|(key, sum)| key.group(told(&sum))).collect(),
            next_cursor,
        })
    }
}

/// What the calls of a group have in common.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Key {
    /// When it begins, in milliseconds since 1970, and what it is called.
    time: Option<(i64, String)>,
    model: Option<String>,
    client: Option<String>,
    workspace: Option<String>,
    profile: Option<String>,
    outcome: Option<String>,
}

impl Key {
    fn of(by: &[LedgerBy], kind: &Kind, span: &Span) -> Self {
        let mut key = Self::default();
        for by in by {
            let (place, word) = match by {
                LedgerBy::Hour | LedgerBy::Day | LedgerBy::Week | LedgerBy::Month => {
                    key.time = Some((span.quarters.start, span.label.clone()));
                    continue;
                }
                LedgerBy::Model => (&mut key.model, &kind.model[..]),
                LedgerBy::Client => (&mut key.client, &kind.client[..]),
                LedgerBy::Workspace => (&mut key.workspace, &kind.workspace[..]),
                LedgerBy::Profile => (&mut key.profile, &kind.profile[..]),
                LedgerBy::Outcome => (&mut key.outcome, &kind.outcome[..]),
            };
            *place = Some(word.to_owned());
        }
        key
    }

    fn group(self, sum: UsageSum) -> LedgerGroup {
        let Self { time, model, client, workspace, profile, outcome } = self;
        let known = [CallOutcome::Succeeded, CallOutcome::Cancelled];
        let outcome = outcome.map(|word| {
            let is_it = |outcome: &CallOutcome| recorded::outcome(*outcome) == word;
            known.into_iter().find(is_it).unwrap_or(CallOutcome::Failed)
        });
        let time = time.map(|(_, label)| label);
        LedgerGroup { time, model, client, workspace, profile, outcome, sum }
    }
}

fn told(sum: &LedgerSum) -> UsageSum {
    let count = |number: i64| u64::try_from(number).unwrap_or_default().min(LARGEST_WHOLE);
    UsageSum {
        calls: count(sum.calls),
        input_tokens: count(sum.input_tokens),
        output_tokens: count(sum.output_tokens),
        cache_read_tokens: count(sum.cache_read_tokens),
        cache_write_tokens: count(sum.cache_write_tokens),
        reasoning_tokens: count(sum.reasoning_tokens),
        cost: sum.usd(),
        unpriced_calls: count(sum.unpriced_calls),
    }
}

/// A span of time that groups are made by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unit {
    Hour,
    Day,
    Week,
    Month,
}

fn unit(by: LedgerBy) -> Option<Unit> {
    Some(match by {
        LedgerBy::Hour => Unit::Hour,
        LedgerBy::Day => Unit::Day,
        LedgerBy::Week => Unit::Week,
        LedgerBy::Month => Unit::Month,
        LedgerBy::Model | LedgerBy::Client | LedgerBy::Workspace | LedgerBy::Profile | LedgerBy::Outcome => {
            return None;
        }
    })
}

/// A part of the time that is told.
#[derive(Debug, PartialEq, Eq)]
struct Span {
    label: String,
    quarters: Range<i64>,
}

/// The quarters of an hour that a time is in, in milliseconds since 1970.
fn quarters(time: &Range<Timestamp>) -> Range<i64> {
    down(time.start.as_millisecond())..down(time.end.as_millisecond().saturating_add(QUARTER - 1))
}

fn down(at: i64) -> i64 {
    at.div_euclid(QUARTER) * QUARTER
}

/// The parts of a time in which there are calls, which are on these days by UTC. Of an hour that comes twice, where clocks
/// are set back, each is one.
fn spans(time: &Range<i64>, days: &[i64], unit: Option<Unit>, zone: &TimeZone) -> Vec<Span> {
    let mut spans: Vec<Span> = Vec::new();
    let mut at = time.start;
    for day in days {
        // Years may lie between: a clock that was wrong for a while leaves days far from all others.
        at = at.max(*day);
        while at < time.end.min(day + DAY) && spans.len() < MOST_SPANS {
            let Ok(here) = Timestamp::from_millisecond(at) else { break };
            let (label, next) = match unit {
                None => (String::new(), time.end),
                Some(unit) => span_at(&here.to_zoned_datetime(zone.clone()), unit),
            };
            // A zone whose days begin at odd minutes, as some did long ago, moves on all the same.
            let next = down(next).max(at + QUARTER).min(time.end);
            match spans.last_mut() {
                Some(Span { label: last, quarters }) if *last == label => quarters.end = next,
                _ => spans.push(Span { label, quarters: at..next }),
            }
            at = next;
        }
    }
    spans
}

/// What the span at an instant is called, and when the next begins, in milliseconds since 1970.
fn span_at(at: &ZonedDateTime, unit: Unit) -> (String, i64) {
    if unit == Unit::Hour {
        let minutes = i64::from(at.minute());
        let begun = at.timestamp() - minutes.minutes() - i64::from(at.second()).seconds();
        let begun = begun.to_zoned_datetime(at.time_zone().clone());
        let label = begun.strftime("%Y-%m-%dT%H:00:00%:z").to_string();
        return (label, begun.timestamp().as_millisecond() + 60 * 60 * 1_000);
    }
    let (first, next) = bounds(at.date(), unit);
    let label = first.to_string();
    let label = if unit == Unit::Month { label[..label.len() - 3].to_owned() } else { label };
    (label, next.map_or(i64::MAX, |next| start_of(next, at.time_zone()).as_millisecond()))
}

/// The first day of the span that a day is in, and that of the next one. None where there is no next.
pub(super) fn bounds(date: Date, unit: Unit) -> (Date, Option<Date>) {
    let (first, next) = match unit {
        Unit::Hour | Unit::Day => (date, date.tomorrow()),
        Unit::Week => {
            let since = i64::from(date.weekday().since(Weekday::Monday));
            let monday = date.saturating_sub(since.days());
            (monday, monday.checked_add(7.days()))
        }
        Unit::Month => (date.first_of_month(), date.last_of_month().tomorrow()),
    };
    (first, next.ok())
}

/// When a day begins, which is not at midnight where clocks are set forward then.
pub(super) fn start_of(date: Date, zone: &TimeZone) -> Timestamp {
    let begins = date.to_zoned_datetime(zone.clone()).and_then(|day| day.start_of_day());
    begins.map_or(Timestamp::MAX, |begins| begins.timestamp())
}

/// A day, so many days later, or an instant.
fn instant_of(text: &str, zone: &TimeZone, later: i64) -> Option<Timestamp> {
    match text.parse::<Date>() {
        Ok(date) if text.len() == 10 => Some(start_of(date.checked_add(later.days()).ok()?, zone)),
        _ => text.parse().ok(),
    }
}

/// A zone by its name or offset.
fn zone(name: &str) -> Option<TimeZone> {
    match name.strip_prefix(['+', '-']) {
        None => TimeZone::get(name).ok(),
        Some(rest) => {
            let (hours, minutes) = rest.split_once(':')?;
            let number = |text: &str, most: i32| {
                let is_one = text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit());
                text.parse::<i32>().ok().filter(|number| is_one && *number <= most)
            };
            let seconds = number(hours, 23)? * 3_600 + number(minutes, 59)? * 60;
            let seconds = if name.starts_with('-') { -seconds } else { seconds };
            Some(Offset::from_seconds(seconds).ok()?.to_time_zone())
        }
    }
}

fn name_of(zone: &TimeZone, at: Timestamp) -> String {
    match zone.iana_name() {
        Some(name) => name.to_owned(),
        None => at.to_zoned_datetime(zone.clone()).strftime("%:z").to_string(),
    }
}

fn wrong(path: &str, reason: &str, remedy: &str) -> Error {
    Error::invalid("the params", vec![Problem::new(format!("ledger.{path}"), reason, remedy)])
}

fn wrong_time(path: &str) -> Error {
    wrong(path, "it is no day and no instant", "write it as 2026-11-20 or 2026-11-20T09:30:00Z")
}

#[cfg(test)]
mod tests;
