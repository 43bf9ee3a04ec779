//! What the ledger of this machine says: as a chart of bars, as lines for programs, as one line for a status bar.

use std::process::ExitCode;

use clap::ValueEnum;
use jiff::ZonedDateTime;
use litellm_ls_protocol::{
    CallOutcome, LedgerBy, LedgerGroup, LedgerParams, UsageDay, UsageHistory, UsageLedger, UsageRow, UsageSum,
};
use unicode_width::UnicodeWidthStr;

use super::{BAR, UsageArgs, history};
use crate::{
    cli::output::{
        self, Screen, Text, Tone, padded, said, say, say_json, say_text, say_whole, shown, shown_profile,
    },
    figures::money,
    provider::{Error, Profile, Provider, now},
};

/// Least columns of a bar; where there is less room, there is none.
const LEAST_BAR: usize = 4;
/// Least columns of what a group is called.
const LEAST_LABEL: usize = 8;

/// What calls are put together by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum By {
    Hour,
    Day,
    Week,
    Month,
    Model,
    Client,
    Workspace,
    Profile,
    Outcome,
}

impl By {
    fn on_the_wire(self) -> LedgerBy {
        match self {
            Self::Hour => LedgerBy::Hour,
            Self::Day => LedgerBy::Day,
            Self::Week => LedgerBy::Week,
            Self::Month => LedgerBy::Month,
            Self::Model => LedgerBy::Model,
            Self::Client => LedgerBy::Client,
            Self::Workspace => LedgerBy::Workspace,
            Self::Profile => LedgerBy::Profile,
            Self::Outcome => LedgerBy::Outcome,
        }
    }
}

/// Prints what was asked for.
pub(super) async fn run(
    args: &UsageArgs,
    provider: &Provider,
    profile: &Profile,
) -> anyhow::Result<ExitCode> {
    let by: Vec<LedgerBy> = match &args.by[..] {
        [] if args.csv => vec![LedgerBy::Day, LedgerBy::Model],
        [] => vec![LedgerBy::Day],
        by => by.iter().map(|by| by.on_the_wire()).collect(),
    };
    let (since, until) = (args.since.clone(), args.until.clone());
    let asked = LedgerParams { by: by.clone(), since, until, ..LedgerParams::default() };
    let ledger = whole(provider, profile, &asked).await?;
    let screen = Screen::stdout();
    if args.json {
        say_json(&ledger)?;
    } else if args.csv {
        say_whole(&csv(&ledger, &by))?;
    } else if screen.is_terminal {
        say_text(&chart(&ledger, screen.width))?;
    } else {
        for group in &ledger.groups {
            let (words, sum) = (words(group).join("\t"), &group.sum);
            let cost = amount(sum);
            say_whole(&format!(
                "{words}\t{cost}\t{}\t{}\t{}\n",
                sum.calls, sum.input_tokens, sum.output_tokens
            ))?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Prints what was spent today, in 7 and in 30 days, in one line.
pub(super) async fn line(provider: &Provider, profile: &Profile) -> anyhow::Result<ExitCode> {
    let days = days(provider, profile).await?;
    let [(_, today), (_, week), (_, month)] = history::sums(&days);
    // What calls of an unknown cost took comes on top.
    let cost =
        |sum: &history::Sum| format!("${}{}", money(sum.cost), if sum.unpriced > 0 { "+" } else { "" });
    let (today, week, month) = (cost(&today), cost(&week), cost(&month));
    say(&format!("{today} today, {week} in 7 days, {month} in 30 days\n"))?;
    Ok(ExitCode::SUCCESS)
}

/// The last 30 days, as the ledger has them.
pub(super) async fn days(provider: &Provider, profile: &Profile) -> Result<UsageHistory, Error> {
    let by = vec![LedgerBy::Day, LedgerBy::Model, LedgerBy::Outcome];
    let ledger = whole(provider, profile, &LedgerParams { by, ..LedgerParams::default() }).await?;
    let today = ZonedDateTime::now().date();
    let mut days: Vec<UsageDay> = Vec::new();
    for LedgerGroup { time, model, outcome, sum, .. } in ledger.groups {
        let date = time.unwrap_or_default();
        let row = UsageRow {
            model: model.unwrap_or_default(),
            outcome: outcome.unwrap_or(CallOutcome::Failed),
            sum,
        };
        match days.last_mut() {
            Some(day) if day.date == date => day.rows.push(row),
            _ => days.push(UsageDay { date, rows: vec![row] }),
        }
    }
    let first_day = today.saturating_sub(jiff::Span::new().days(29)).to_string();
    Ok(UsageHistory { user: None, first_day, last_day: today.to_string(), days, as_of: now() })
}

/// All that the ledger says. Where this machine keeps none, it says nothing.
async fn whole(provider: &Provider, profile: &Profile, asked: &LedgerParams) -> Result<UsageLedger, Error> {
    provider.whole_ledger(profile, asked).await?.ok_or_else(|| {
        Error::invalid_params("this machine has no place for a ledger of calls", "set HOME to a whole path")
    })
}

/// What the calls of a group have in common, in the order of the words.
fn words(group: &LedgerGroup) -> Vec<String> {
    let LedgerGroup { time, model, client, workspace, profile, outcome, sum: _ } = group;
    let outcome = outcome.as_ref().map(|outcome| match outcome {
        CallOutcome::Succeeded => "succeeded",
        CallOutcome::Cancelled => "cancelled",
        CallOutcome::Failed | CallOutcome::Unknown => "failed",
    });
    let profile = profile.as_deref().map(shown_profile);
    let known = [time, model, client, workspace].map(|word| word.as_deref().map(shown));
    known.into_iter().chain([profile, outcome.map(str::to_owned)]).flatten().collect()
}

/// USD for programs; nothing where no cost is known.
fn amount(sum: &UsageSum) -> String {
    sum.cost.map(|cost| format!("{cost:.9}")).map_or_else(String::new, |cost| {
        let cost = cost.trim_end_matches('0');
        cost.strip_suffix('.').unwrap_or(cost).to_owned()
    })
}

fn csv(ledger: &UsageLedger, by: &[LedgerBy]) -> String {
    let is_time =
        |by: &LedgerBy| matches!(by, LedgerBy::Hour | LedgerBy::Day | LedgerBy::Week | LedgerBy::Month);
    let titles = [
        (by.iter().any(is_time), "time"),
        (by.contains(&LedgerBy::Model), "model"),
        (by.contains(&LedgerBy::Client), "client"),
        (by.contains(&LedgerBy::Workspace), "workspace"),
        (by.contains(&LedgerBy::Profile), "profile"),
        (by.contains(&LedgerBy::Outcome), "outcome"),
    ];
    let titles = titles.into_iter().filter_map(|(is_there, title)| is_there.then_some(title));
    let numbers = "cost_usd,calls,unpriced_calls,input_tokens,output_tokens,cache_read_tokens,cache_write_tokens,reasoning_tokens";
    let mut lines = vec![titles.chain([numbers]).collect::<Vec<_>>().join(",")];
    for group in &ledger.groups {
        let sum = &group.sum;
        let numbers = [
            sum.calls,
            sum.unpriced_calls,
            sum.input_tokens,
            sum.output_tokens,
            sum.cache_read_tokens,
            sum.cache_write_tokens,
            sum.reasoning_tokens,
        ];
        let cells = words(group).into_iter().map(|word| quoted(&word)).chain([amount(sum)]);
        lines.push(cells.chain(numbers.map(|number| number.to_string())).collect::<Vec<_>>().join(","));
    }
    lines.join("\n") + "\n"
}

/// A cell of CSV (RFC 4180). Names come from proxies, and what spreadsheets take for a formula is made a text for them.
fn quoted(word: &str) -> String {
    let is_formula = word.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let word = if is_formula { format!("'{word}") } else { word.to_owned() };
    match word.contains([',', '"', '\n', '\r']) {
        true => format!("\"{}\"", word.replace('"', "\"\"")),
        false => word,
    }
}

/// A bar for each group.
fn chart(ledger: &UsageLedger, width: usize) -> Text {
    let dollars =
        |sum: &UsageSum| sum.cost.map_or_else(|| "-".to_owned(), |cost| format!("${}", money(cost)));
    let label = |group: &LedgerGroup| {
        let mut words = words(group);
        words.iter_mut().filter(|word| word.is_empty()).for_each(|word| "-".clone_into(word));
        // It stands last; all others are names.
        if let Some(outcome) = words.last_mut().filter(|_| group.outcome.is_some()) {
            *outcome = output::words(outcome).into_owned();
        }
        words.join("  ")
    };
    let rows: Vec<(Text, String, String, f64)> = ledger
        .groups
        .iter()
        .map(|group| {
            let label = Text::new(Tone::Usual, label(group));
            let calls = group.sum.calls.to_string();
            (label, dollars(&group.sum), calls, group.sum.cost.unwrap_or_default())
        })
        .collect();
    let all = &ledger.total;
    let mut text = Text::default();
    let widest = |cell: fn(&(Text, String, String, f64)) -> usize, least: usize| {
        rows.iter().map(cell).chain([least]).max().unwrap_or_default()
    };
    let money_width = widest(|row| row.1.len(), dollars(all).len());
    let calls_width = widest(|row| row.2.len(), all.calls.to_string().len());
    // Two blanks before each column, and one call is one too.
    let room = width.saturating_sub(2 + 2 + money_width + 2 + calls_width);
    let all_name = output::words("all");
    let label_width = widest(|row| row.0.width(), all_name.width());
    let label_width = label_width.min(room.saturating_sub(2 + LEAST_BAR).max(LEAST_LABEL));
    let bar = BAR.min(room.saturating_sub(label_width + 2));
    let highest = rows.iter().map(|row| row.3).fold(0.0, f64::max);
    for (label, dollars, calls, cost) in rows {
        let label = label.cut(label_width);
        let blanks = " ".repeat(label_width.saturating_sub(label.width()));
        text.push(Tone::Usual, "  ");
        text.append(label);
        text.push(Tone::Usual, format!("{blanks}  {dollars:>money_width$}  {calls:>calls_width$}"));
        let full = if highest > 0.0 { (cost / highest * bar as f64).ceil() as usize } else { 0 };
        if full > 0 && bar >= LEAST_BAR {
            text.push(Tone::Good, format!("  {}", "█".repeat(full.min(bar))));
        }
        text.end_line();
    }
    let total = dollars(all);
    let name = padded(&all_name, label_width);
    text.push(Tone::Strong, format!("  {name}  {total:>money_width$}  {:>calls_width$}\n", all.calls));
    let day = |instant: &str| instant.get(..10).unwrap_or(instant).to_owned();
    let told = format!("USD and calls on this machine, {} to {}", day(&ledger.since), day(&ledger.until));
    text.append(Text::new(Tone::Faint, format!("  {}\n", said(&told))).fitted(width));
    if all.unpriced_calls > 0 {
        let unpriced = format!("{} of the calls have no known cost", all.unpriced_calls);
        text.append(Text::new(Tone::Faint, format!("  {}\n", said(&unpriced))).fitted(width));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ledger() -> UsageLedger {
        let sum =
            |cost, calls, unpriced_calls| UsageSum { calls, cost, unpriced_calls, ..UsageSum::default() };
        let group =
            |model: &str, sum| LedgerGroup { model: Some(model.into()), sum, ..LedgerGroup::default() };
        UsageLedger {
            since: "2026-10-29T00:00:00.000Z".into(),
            until: "2026-11-27T10:00:00.000Z".into(),
            time_zone: "UTC".into(),
            total: sum(Some(12.625), 112, 1),
            groups: vec![
                group("anthropic/claude-sonnet-with-a-long-name", sum(Some(12.5), 100, 0)),
                group("gpt, \"mini\"", sum(Some(0.125), 11, 0)),
                group("", sum(None, 1, 1)),
            ],
            next_cursor: None,
        }
    }

    #[test]
    fn bars_fit_terminals_of_80_and_40_columns() {
        for (width, expected) in [
            (
                80,
                "  anthropic/claude-sonnet-with-a-long-name   $12.50  100  ██████████████████████\n\
                 \u{20} gpt, \"mini\"                                $0.125   11  █\n\
                 \u{20} -                                               -    1\n\
                 \u{20} all                                       $12.625  112\n\
                 \u{20} USD and calls on this machine, 2026-10-29 to 2026-11-27\n\
                 \u{20} 1 of the calls have no known cost\n",
            ),
            (
                40,
                "  anthropic/claude-…   $12.50  100  ████\n\
                 \u{20} gpt, \"mini\"          $0.125   11  █\n\
                 \u{20} -                         -    1\n\
                 \u{20} all                 $12.625  112\n\
                 \u{20} USD and calls on this machine,\n\
                 \u{20} 2026-10-29 to 2026-11-27\n\
                 \u{20} 1 of the calls have no known cost\n",
            ),
        ] {
            let text = chart(&ledger(), width);
            assert_eq!(text.to_string(), expected, "{width}");
            for line in text.to_string().lines() {
                assert!(unicode_width::UnicodeWidthStr::width(line) <= width, "{line}");
            }
        }
    }

    #[test]
    fn csv_is_read_by_programs() {
        assert_eq!(
            csv(&ledger(), &[LedgerBy::Model]),
            "model,cost_usd,calls,unpriced_calls,input_tokens,output_tokens,cache_read_tokens,cache_write_tokens,reasoning_tokens\n\
             anthropic/claude-sonnet-with-a-long-name,12.5,100,0,0,0,0,0,0\n\
             \"gpt, \"\"mini\"\"\",0.125,11,0,0,0,0,0,0\n\
             ,,1,1,0,0,0,0,0\n"
        );
    }
}
