//! `litellm-ls usage`.

mod history;
mod ledger;

use std::process::ExitCode;

use clap::Args;
use litellm_ls_protocol::Budget;
use serde_json::json;
use unicode_width::UnicodeWidthStr;

use super::{
    output::{
        Screen, Text, Tone, note, padded, said, say_json, say_text, say_whole, shown, shown_profile, words,
    },
    target::Target,
};
use crate::{environment::Environment, figures::price, provider::budget_owner};

/// Widest bar, in columns.
const BAR: usize = 24;

/// What was spent today, in 7 and in 30 days, and what is spent of your budgets.
///
/// With --by, --since, --until or --csv: what was recorded on this machine, without asking the proxy.
///
/// For another program it is a line a budget (whose, USD spent, USD limit, reset) or a line a group (what its calls have in
/// common, USD, calls, tokens in, tokens out), separated by tabs.
#[derive(Debug, Args)]
pub(super) struct UsageArgs {
    /// Print JSON.
    #[arg(long)]
    pub(super) json: bool,
    /// Put calls together by these, such as `day,model`.
    #[arg(long, value_name = "WHAT", value_enum, value_delimiter = ',')]
    by: Vec<ledger::By>,
    /// The first day, such as `2026-11-20` [default: 30 days, today within].
    #[arg(long, value_name = "DAY")]
    since: Option<String>,
    /// The last day [default: today].
    #[arg(long, value_name = "DAY")]
    until: Option<String>,
    /// Print CSV, by day and model where nothing else is said.
    #[arg(long, conflicts_with = "json")]
    csv: bool,
    /// Print one line for a status bar: what was spent today, in 7 and in 30 days on this machine (`+`: and what calls of an
    /// unknown cost took).
    #[arg(long, conflicts_with_all = ["json", "csv", "by", "since", "until"])]
    line: bool,
    #[command(flatten)]
    target: Target,
}

impl UsageArgs {
    /// Whether it is about what was recorded on this machine alone.
    fn is_of_ledger(&self) -> bool {
        self.csv || !self.by.is_empty() || self.since.is_some() || self.until.is_some()
    }
}

pub(super) async fn run(args: &UsageArgs, environment: Environment) -> anyhow::Result<ExitCode> {
    let (provider, profile) = args.target.named(environment)?;
    if args.line {
        return ledger::line(&provider, &profile).await;
    }
    if args.is_of_ledger() {
        return ledger::run(args, &provider, &profile).await;
    }
    let screen = Screen::stdout();
    // Where it can't be read, the proxy may say more.
    let recorded = ledger::days(&provider, &profile).await.ok();
    let own = provider.own_budgets(&profile).await;
    match screen.is_terminal {
        _ if args.json => {}
        true => {
            let mut text = history::recorded(recorded.as_ref(), screen.width);
            text.append(bars(&own, screen.width));
            say_text(&text)?;
        }
        false => {
            let recorded = recorded.iter().filter(|history| !history.days.is_empty());
            for (name, sum) in recorded.flat_map(history::sums) {
                row(&words(name), Some(sum.cost), None, None)?;
            }
            budget_rows(&own)?;
        }
    }
    let profile = provider.ready(&profile).await?;
    // What can't be reached tells nothing: that is a failure, and no empty answer.
    provider.models(&profile, crate::provider::Freshness::Now).await?;
    let budgets = provider.budgets(&profile).await;
    if args.json {
        let history = provider.history(profile.clone()).await;
        say_json(
            &json!({"profile": profile.name, "budgets": budgets, "ownBudgets": own, "history": history, "recorded": recorded}),
        )?;
        return Ok(ExitCode::SUCCESS);
    }
    if !screen.is_terminal {
        // No line is what there is to read; a person is told why.
        without_budgets(budgets.as_deref()).into_iter().for_each(note);
        budget_rows(&budgets.unwrap_or_default())?;
        return Ok(ExitCode::SUCCESS);
    }
    let mut text = Text::new(Tone::Strong, shown_profile(&profile.name));
    text.push(Tone::Faint, format!("   {}\n", shown(&profile.settings.base_url.value)));
    if let Some(why) = without_budgets(budgets.as_deref()) {
        text.push(Tone::Usual, format!("{}\n", said(why)));
    }
    text.append(bars(&budgets.unwrap_or_default(), screen.width));
    text.append(history::text(provider.history(profile.clone()).await.as_ref(), screen.width));
    say_text(&text)?;
    Ok(ExitCode::SUCCESS)
}

/// Budgets as lines for a program.
fn budget_rows(budgets: &[Budget]) -> std::io::Result<()> {
    budgets
        .iter()
        .try_for_each(|budget| row(&owner(budget), budget.spend, budget.limit, budget.resets_at.as_deref()))
}

/// What is spent of what, in USD, for a program: whose it is, how much, of how much, and when that begins anew.
fn row(of: &str, spend: Option<f64>, limit: Option<f64>, resets: Option<&str>) -> std::io::Result<()> {
    let amount = |amount: Option<f64>| amount.map(|amount| amount.to_string()).unwrap_or_default();
    say_whole(&format!("{of}\t{}\t{}\t{}\n", amount(spend), amount(limit), resets.unwrap_or_default()))
}

/// Why there is no budget to show. None where there is one.
fn without_budgets(budgets: Option<&[Budget]>) -> Option<&'static str> {
    match budgets {
        None => Some("The proxy tells this key nothing of budgets; each answer says what it has cost."),
        Some([]) => Some("No budget limits this key; each answer says what it has cost."),
        Some(_) => None,
    }
}

/// Budgets as bars.
fn bars(budgets: &[Budget], width: usize) -> Text {
    let widest = budgets.iter().map(|budget| owner(budget).width()).max().unwrap_or_default();
    budgets.iter().fold(Text::default(), |mut text, budget| {
        text.append(line(budget, widest, width));
        text
    })
}

/// A budget as a bar.
fn line(budget: &Budget, widest: usize, width: usize) -> Text {
    let (spend, limit) = (budget.spend.unwrap_or_default(), budget.limit.unwrap_or_default());
    let share = if limit > 0.0 { (spend / limit).clamp(0.0, 1.0) } else { 1.0 };
    let bar = BAR.min(width.saturating_sub(widest + 40)).max(8);
    let full = (share * bar as f64).ceil() as usize;
    let tone = match share {
        ..0.8 => Tone::Good,
        ..1.0 => Tone::Warning,
        _ => Tone::Bad,
    };
    let mut text = Text::new(Tone::Usual, format!("  {}  ", padded(&owner(budget), widest)));
    text.push(tone, "█".repeat(full));
    text.push(Tone::Faint, "░".repeat(bar - full));
    let amount = |amount: Option<f64>| amount.map_or_else(|| "unknown".to_owned(), price);
    let spent = format!("{} of {}", amount(budget.spend), amount(budget.limit));
    text.push(Tone::Usual, format!("  {}", words(&spent)));
    if let Some(at) = &budget.resets_at {
        text.push(Tone::Faint, format!("  {}", words(&format!("resets {}", at.get(..10).unwrap_or(at)))));
    }
    text.end_line();
    text
}

fn owner(budget: &Budget) -> String {
    words(&shown(&budget_owner(budget))).into_owned()
}

#[cfg(test)]
mod tests {
    use litellm_ls_protocol::BudgetScope;

    use super::*;

    #[test]
    fn a_bar_shows_how_much_is_left() {
        let budget = |spend, limit| Budget {
            scope: BudgetScope::Team,
            name: Some("blue".into()),
            spend: Some(spend),
            limit: Some(limit),
            window: None,
            resets_at: Some("2026-12-01T00:00:00Z".into()),
        };
        for (spend, limit, shown) in [
            (12.4, 50.0, "  team blue  ██████░░░░░░░░░░░░░░░░░░  $12.40 of $50  resets 2026-12-01\n"),
            (0.0, 50.0, "  team blue  ░░░░░░░░░░░░░░░░░░░░░░░░  $0 of $50  resets 2026-12-01\n"),
            (60.0, 50.0, "  team blue  ████████████████████████  $60 of $50  resets 2026-12-01\n"),
        ] {
            assert_eq!(line(&budget(spend, limit), 9, 80).to_string(), shown);
        }
        let of_a_project = Budget { scope: BudgetScope::Project, ..budget(1.0, 2.0) };
        assert_eq!(owner(&of_a_project), "project blue", "as in errors");
    }
}
