//! What is asked at a terminal: vendors, models, and where keys are.

use std::io::{self, BufRead, IsTerminal};

use anyhow::{anyhow, bail};

use super::{Around, MASTER_KEY, Plan, check_address, master_key, offers};
use crate::{
    cli::output::{Text, Tone, language, note_drawn, note_text, said, said_lines, words},
    config_yaml::{Assignment, NewModel, Offer, Vendor, is_variable, routed, vendor, vendors},
    environment::Environment,
};

/// How many models are shown of a vendor; others are typed.
const MODELS: usize = 12;
/// How often an answer that says nothing is asked for again.
const TRIES: usize = 5;

/// Whether somebody is there to be asked.
pub(in crate::cli) fn can() -> bool {
    io::stdin().is_terminal() && io::stderr().is_terminal()
}

/// Asks for all that a new file needs. Keys are asked for only where a `.env` can hold them.
///
/// # Errors
/// Where no answer comes.
pub(super) fn plan(around: &Around<'_>, keeps_keys: bool) -> anyhow::Result<Plan> {
    let mut plan = Plan { models: Vec::new(), variables: Vec::new() };
    for vendor in ask_vendors(around)? {
        let variable = around.key_variable(&vendor);
        let base = vendor.api_base.map(|usual| ask_address(&vendor, usual)).transpose()?;
        for model in ask_models(&vendor, true)? {
            let key_variable = variable.map(str::to_owned);
            plan.models.push(NewModel { model, key_variable, api_base: base.clone() });
        }
        if let Some(variable) = variable.filter(|name| keeps_keys && !around.is_set(name)) {
            plan.variables.extend(ask_key(variable)?);
        }
    }
    let wants_key = keeps_keys && !around.is_set(MASTER_KEY);
    if wants_key && yes(&format!("Make a master key for clients, kept in .env as {MASTER_KEY}?"), true)? {
        plan.variables.extend(master_key()?);
    }
    Ok(plan)
}

/// Asks for one model and the variable of its key.
///
/// # Errors
/// Where no answer comes.
pub(in crate::cli) fn one_model(environment: &Environment) -> anyhow::Result<(String, Option<String>)> {
    let around = &Around::alone(environment);
    let vendor = ask_vendors(around)?.into_iter().next().ok_or_else(|| anyhow!("no vendor was chosen"))?;
    // LiteLLM alone knows where the models of Ollama usually are.
    if vendor.api_base.is_some() && vendor.id != "ollama_chat" {
        bail!(
            "{} needs an address: write a file with litellm-ls init, then start the proxy with it",
            vendor.name
        );
    }
    let model =
        ask_models(&vendor, false)?.into_iter().next().ok_or_else(|| anyhow!("no model was chosen"))?;
    let Some(usual) = around.key_variable(&vendor) else { return Ok((model, None)) };
    let state = if around.is_set(usual) { "set" } else { "not set" };
    let question = format!("The variable that holds its key [{usual}, {state}]:");
    let typed = line(&asked(&question))?;
    let name = if typed.is_empty() { usual.to_owned() } else { typed };
    if !is_variable(&name) {
        bail!("give the name of a variable, such as {usual}; the key itself is named nowhere");
    }
    Ok((model, Some(name)))
}

/// Asks a question of yes or no.
///
/// # Errors
/// Where no answer comes.
pub(super) fn yes(question: &str, usual: bool) -> anyhow::Result<bool> {
    let hint = if usual { "[Y/n]" } else { "[y/N]" };
    for _ in 0..TRIES {
        match line(&format!("{}{hint} ", asked(question)))?.to_ascii_lowercase().as_str() {
            "" => return Ok(usual),
            "y" | "yes" => return Ok(true),
            "n" | "no" => return Ok(false),
            _ => {}
        }
    }
    bail!("nothing was done: answer y or n")
}

fn ask_vendors(around: &Around<'_>) -> anyhow::Result<Vec<Vendor>> {
    let all = vendors();
    let with_key: Vec<usize> = (0..all.len()).filter(|place| around.has_key(&all[*place])).collect();
    let mut menu = Text::new(Tone::Strong, asked("Which vendors?"))
        .and(Tone::Faint, said_lines("numbers or names, with blanks between\n"));
    for (place, vendor) in all.iter().enumerate() {
        menu = menu.and(Tone::Faint, format!("{:>4}  ", place + 1));
        menu = menu
            .and(Tone::Name, format!("{:17}", vendor.id))
            .and(Tone::Usual, format!("  {}", said(vendor.name)));
        let set = vendor.key_variables.iter().find(|name| around.is_set(name));
        let set = set.map(|name| format!("  {}", words(&format!("{name} is set")))).unwrap_or_default();
        menu = menu.and(Tone::Good, set).and(Tone::Usual, "\n");
    }
    note_text(&menu);
    let usual: Vec<String> = with_key.iter().map(|place| (place + 1).to_string()).collect();
    let chosen = choices(
        &format!("{}{}{}", words("vendors"), bracketed(&usual), language().colon()),
        &usual,
        |word| match word.parse::<usize>().ok().and_then(|number| all.get(number.checked_sub(1)?)) {
            Some(vendor) => Ok(vendor.clone()),
            None => vendor(word),
        },
    )?;
    let mut seen = Vec::new();
    Ok(chosen
        .into_iter()
        .filter(|vendor| {
            !seen.contains(&vendor.id) && {
                seen.push(vendor.id);
                true
            }
        })
        .collect())
}

fn ask_models(vendor: &Vendor, several: bool) -> anyhow::Result<Vec<String>> {
    let offers = offers(vendor);
    let title = format!("Models of {}?", vendor.name);
    let mut menu = Text::new(Tone::Strong, asked(&title));
    let more = match (offers.len(), several) {
        (0, _) => "the price list has none: type the name of one\n",
        (_, true) => "newest first by their names; numbers, or any name\n",
        (_, false) => "newest first by their names; a number, or any name\n",
    };
    menu = menu.and(Tone::Faint, said_lines(more));
    let shown: Vec<&Offer> = offers.iter().take(MODELS).collect();
    let name = |offer: &Offer| offer.model.split_once('/').map_or("", |(_, name)| name).to_owned();
    let width = shown.iter().map(|offer| name(offer).chars().count()).max().unwrap_or_default().min(40);
    for (place, offer) in shown.iter().enumerate() {
        menu = menu
            .and(Tone::Faint, format!("{:>4}  ", place + 1))
            .and(Tone::Name, format!("{:width$}", name(offer)));
        menu = menu.and(Tone::Usual, format!("  {}\n", words(&offer.figures)));
    }
    note_text(&menu);
    let usual: Vec<String> = shown.first().map(|_| "1".to_owned()).into_iter().collect();
    choices(&format!("{}{}{}", words("models"), bracketed(&usual), language().colon()), &usual, |word| {
        model_of(word, vendor.id, &shown)
    })
}

/// The model that a word means: the number of one that is shown, or a name of the vendor's.
fn model_of(word: &str, vendor: &str, shown: &[&Offer]) -> Result<String, String> {
    if word.bytes().all(|b| b.is_ascii_digit()) {
        let offer = word.parse::<usize>().ok().and_then(|number| shown.get(number.checked_sub(1)?));
        return offer.map(|offer| offer.model.clone()).ok_or_else(|| match shown.len() {
            0 => format!("{word} is no name: give a model's name"),
            count => format!("there is no {word}: give a number from 1 to {count}, or a name"),
        });
    }
    if word.starts_with(&format!("{vendor}/")) {
        return routed(word).map(|(model, _)| model);
    }
    let whole = format!("{vendor}/{word}");
    match word.split_once('/') {
        // Routers list models of others under their names: `openrouter/openai/gpt-5`.
        Some((other, _))
            if self::vendor(other).is_ok()
                && !shown.iter().any(|offer| offer.model.matches('/').count() > 1) =>
        {
            Err(format!(
                "{word} is a model of {other}: choose that vendor, or write {whole} where it is meant"
            ))
        }
        _ => routed(&whole).map(|(model, _)| model),
    }
}

/// Asks where a server of one's own answers.
fn ask_address(vendor: &Vendor, usual: &str) -> anyhow::Result<String> {
    for _ in 0..TRIES {
        let question = format!("Where does {} answer? [{usual}]:", vendor.name);
        let typed = line(&asked(&question))?;
        if typed.is_empty() {
            return Ok(usual.to_owned());
        }
        match check_address(vendor.id, &typed) {
            Ok(()) => return Ok(typed),
            Err(why) => refuse(&why.to_string()),
        }
    }
    bail!("no address was given: name it with --api-base")
}

/// Asks for a key, which is not shown.
fn ask_key(variable: &str) -> anyhow::Result<Option<Assignment>> {
    let prompt = format!("{variable} is not set. Its key, to be kept in .env (hidden; Enter leaves it out):");
    let prompt = asked(&prompt);
    for _ in 0..TRIES {
        let key = crate::cli::hidden::ask(&prompt)?;
        if key.trim().is_empty() {
            return Ok(None);
        }
        match Assignment::new(variable, key.trim()) {
            Some(assignment) => return Ok(Some(assignment)),
            None => refuse("no line of a .env can hold this: try again"),
        }
    }
    bail!("no key was given: set {variable} by hand")
}

/// A question, and the blank behind it where its last mark brings none along.
fn asked(question: &str) -> String {
    let said = said(question);
    let gap = if said.ends_with(['？', '：']) { "" } else { " " };
    format!("{said}{gap}")
}

fn bracketed(usual: &[String]) -> String {
    if usual.is_empty() { String::new() } else { format!(" [{}]", usual.join(" ")) }
}

/// Asks for words until each of them means something.
fn choices<T>(
    prompt: &str,
    usual: &[String],
    read: impl Fn(&str) -> Result<T, String>,
) -> anyhow::Result<Vec<T>> {
    for _ in 0..TRIES {
        let typed = line(prompt)?;
        let words: Vec<&str> = typed.split([' ', ',', '\t']).filter(|word| !word.is_empty()).collect();
        let words = if words.is_empty() { usual.iter().map(String::as_str).collect() } else { words };
        match words.into_iter().map(&read).collect::<Result<Vec<T>, String>>() {
            Ok(found) if found.is_empty() => refuse("choose at least one"),
            Ok(found) => return Ok(found),
            Err(why) => refuse(&why),
        }
    }
    bail!("nothing was chosen: name it with --vendor and --model")
}

/// Says why an answer can't be taken.
fn refuse(why: &str) {
    note_text(&Text::new(Tone::Bad, format!("{}\n", said(why))));
}

/// Asks for a line.
fn line(prompt: &str) -> anyhow::Result<String> {
    note_drawn(&Text::new(Tone::Usual, prompt));
    let mut typed = String::new();
    if io::stdin().lock().read_line(&mut typed)? == 0 {
        bail!("nothing was written: the questions were not answered");
    }
    Ok(typed.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_a_number_that_is_shown_or_a_name() {
        let offer = |model: &str| Offer { model: model.to_owned(), figures: String::new() };
        let (openai, router) = (offer("openai/gpt-5"), offer("openrouter/openai/gpt-5"));
        for (word, vendor, shown, meant) in [
            ("1", "openai", &openai, Some("openai/gpt-5")),
            ("0", "openai", &openai, None),
            ("2", "openai", &openai, None),
            ("99999999999999999999999", "openai", &openai, None),
            ("gpt-9", "openai", &openai, Some("openai/gpt-9")),
            ("openai/gpt-9", "openai", &openai, Some("openai/gpt-9")),
            ("anthropic/claude-9", "openai", &openai, None),
            ("nobody/x", "openai", &openai, Some("openai/nobody/x")),
            ("anthropic/claude-9", "openrouter", &router, Some("openrouter/anthropic/claude-9")),
        ] {
            assert_eq!(model_of(word, vendor, &[shown]).ok().as_deref(), meant, "{word}");
        }
    }
}
