//! `litellm-ls models`.

mod card;
mod sort;
mod table;

use std::{
    process::ExitCode,
    sync::{Arc, LazyLock},
};

use clap::{Args, ValueEnum, builder::PossibleValue};
use litellm_ls_protocol::{ListModelsParams, ListModelsResult, ListOrder, ListedModel, Model};
use unicode_width::UnicodeWidthStr;

use super::{
    known_models,
    output::{Screen, Text, Tone, note, said, say_json, say_pages, say_text, say_whole, shown, warn, words},
    target::Target,
};
use crate::{
    environment::Environment,
    provider::{Freshness, catalog::ability_words, has_come},
    store::Marks,
};
use sort::Sort;
pub(super) use table::{counted, for_people};

/// The models of the proxy, grouped by vendor. For another program it is a line a model with the name, vendor, context
/// window, most output tokens, prices, abilities and notice, separated by tabs.
#[derive(Debug, Args)]
pub(super) struct ModelsArgs {
    /// Only models whose name or backend contains this text; the whole name of a model shows all that is known of it.
    #[arg(value_name = "TEXT")]
    query: Option<String>,
    /// Only models whose name or backend contains this text, in a list even where it is the name of one.
    #[arg(long, value_name = "TEXT", conflicts_with = "query")]
    search: Option<String>,
    /// Only models of this provider, such as anthropic.
    #[arg(long, value_name = "NAME", value_parser = super::name)]
    provider: Option<String>,
    /// Only models with all of these abilities, such as `vision,tools`.
    #[arg(long, value_name = "ABILITY", value_delimiter = ',')]
    supports: Vec<Skill>,
    /// In which order.
    #[arg(long, value_name = "ORDER", default_value = "vendor")]
    sort: Sort,
    /// List hidden and retired models too: wildcards, blocked ones, and models that don't chat.
    #[arg(long)]
    all: bool,
    /// Print the list as JSON, as `provider/listModels` returns it.
    #[arg(long)]
    pub(super) json: bool,
    #[command(flatten)]
    target: Target,
}

/// An ability of models, by its word in the table.
#[derive(Debug, Clone, Copy)]
struct Skill(&'static str);

/// Other words for some.
const ALIASES: [(&str, &str); 2] = [("vision", "images"), ("cache", "prompt-cache")];

impl ValueEnum for Skill {
    fn value_variants<'a>() -> &'a [Self] {
        static ALL: LazyLock<Vec<Skill>> = LazyLock::new(|| ability_words().map(Skill).collect());
        &ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        let aliases = ALIASES.into_iter().filter(|(word, _)| *word == self.0).map(|(_, alias)| alias);
        Some(PossibleValue::new(self.0).aliases(aliases))
    }
}

impl Skill {
    /// Whether a model is known to have it, be it by the public price list. What is assumed of a model is not known.
    fn is_of(self, model: &Model) -> bool {
        model.summary.abilities.iter().any(|ability| ability.trim_start_matches('~') == self.0)
    }
}

pub(super) async fn run(args: &ModelsArgs, environment: Environment) -> anyhow::Result<ExitCode> {
    let (provider, profile) = args.target.open(environment.clone()).await?;
    let listed = provider.models(&profile, Freshness::Now).await?;
    known_models::keep(&environment, &profile, &listed.listing);
    let params = ListModelsParams {
        query: args.query.clone().or_else(|| args.search.clone()),
        provider: args.provider.clone(),
        include_hidden: args.all,
        order: if args.sort == Sort::Recent { ListOrder::Picker } else { ListOrder::Proxy },
        ..ListModelsParams::default()
    };
    let marks = Marks::open(environment.marks()).of(&profile.name);
    let mut result = listed.result(&profile, &params, &marks)?;
    result.models.retain(|model| args.supports.iter().all(|skill| skill.is_of(model)));
    let whole = args.query.as_deref().and_then(|id| listed.listing.model(id));
    if args.json {
        sort::sort(&mut result.models, args.sort);
        say_json(&result)?;
    } else if let Some(model) = whole {
        let is_default = result.default_model.as_ref() == Some(&model.id);
        say_text(&card::card(model, is_default, Screen::stdout()))?;
        let others = result.models.iter().filter(|other| other.id != model.id).count();
        if others > 0 {
            let id = shown(&model.id);
            note(&match others {
                1 => format!("1 more model has this in its name: litellm-ls models --search {id}"),
                more => {
                    format!("{more} more models have this in their names: litellm-ls models --search {id}")
                }
            });
        }
    } else {
        list(args, &mut result, listed.listing.catalog.models.len()).await?;
    }
    for warning in &result.warnings {
        warn(warning);
    }
    // As with grep.
    Ok(if whole.is_none() && result.models.is_empty() { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

async fn list(args: &ModelsArgs, result: &mut ListModelsResult, offered: usize) -> std::io::Result<()> {
    let default = result.default_model.clone();
    let before = result.models.len();
    if !args.all {
        result.models.retain(|model| !is_retired(model) || default.as_ref() == Some(&model.id));
    }
    let retired = before - result.models.len();
    sort::sort(&mut result.models, args.sort);
    let screen = Screen::stdout();
    if result.models.is_empty() {
        note(&said(&none_fits(args, retired, offered)));
        return Ok(());
    }
    if !screen.is_terminal {
        return say_whole(&table::for_programs(&result.models));
    }
    let groups = args.sort == Sort::Vendor;
    let mut text = table::for_people(&result.models, default.as_deref(), groups, screen.width);
    let left_out = match (retired, result.hidden_count) {
        (_, _) if args.all => String::new(),
        (0, 0) => String::new(),
        (0, hidden) => format!(" ({hidden} hidden; --all)"),
        (retired, 0) => format!(" ({retired} retired hidden; --all)"),
        (retired, hidden) => format!(" ({retired} retired and {hidden} others hidden; --all)"),
    };
    let details = |id: &String| said(&format!("details: litellm-ls models {}", shown(id))).into_owned();
    let mut ids = default.iter().chain(result.models.iter().map(|model| &model.id)).map(details);
    // One that fits into a line, where there is one: a command that is broken can't be copied.
    let details = ids.clone().find(|details| details.width() <= screen.width).or_else(|| ids.next());
    let details = details.unwrap_or_default();
    let mut end = Text::new(
        Tone::Faint,
        match result.models.len() >= offered {
            true => {
                format!("{}{}", words(&counted(result.models.len(), "model", "models")), words(&left_out))
            }
            false => {
                format!("{}{}", words(&format!("{} of {offered}", result.models.len())), words(&left_out))
            }
        },
    );
    let fits = end.width() + 3 + details.width() <= Screen::stdout().width;
    end.push(Tone::Faint, format!("{}{details}\n", if fits { "   " } else { "\n" }));
    text.append(end);
    say_pages(&text).await
}

/// That nothing is listed, and what to do.
fn none_fits(args: &ModelsArgs, retired: usize, offered: usize) -> String {
    let asked = args.query.as_ref().or(args.search.as_ref());
    let what =
        asked.map_or_else(|| "No model fits".to_owned(), |asked| format!("No model fits `{}`", shown(asked)));
    match (retired, offered) {
        (_, 0) => "The proxy offers no model: litellm-ls status says more".to_owned(),
        (0, 1) => format!("{what}: litellm-ls models shows the one there is"),
        (0, _) => format!("{what}: litellm-ls models lists all {offered}"),
        (retired, _) => format!("{what} but {retired} retired: --all lists them too"),
    }
}

fn is_retired(model: &Arc<ListedModel>) -> bool {
    model.retires_on.as_deref().is_some_and(has_come)
}
