//! Names of all open configurations, and of what they include, for `workspace/symbol`.

use serde_json::{Value, json};

use super::{View, in_turn};
use crate::{config_yaml::symbols, plain, server::Peer};

/// How many are answered at once; more is found by writing on.
const MOST: usize = 1000;

/// Answers `workspace/symbol`: models, aliases, access groups, credentials and environment variables.
pub(super) async fn workspace(peer: &Peer, params: &Value) -> Value {
    let query = params["query"].as_str().unwrap_or_default().to_lowercase();
    let view = View::of(peer);
    if view.configs().next().is_none() {
        return json!([]);
    }
    in_turn(peer, move || view.symbols(&query)).await
}

impl View {
    fn symbols(&self, query: &str) -> Value {
        let mut found: Vec<Value> = Vec::new();
        for read in self.roots() {
            let documents = self.documents(&read.project);
            let wanted = symbols(&read.project).into_iter().filter(|symbol| holds(&symbol.name, query));
            for symbol in wanted.take(MOST) {
                let document = &documents[symbol.file];
                let one = json!({
                    "name": plain::label(&symbol.name, 200),
                    "kind": kind(symbol.what),
                    "containerName": symbol.what,
                    "location": {"uri": &*document.uri, "range": document.range(symbol.range)},
                });
                // Two that include the same file give the same.
                if found.len() < MOST && !found.contains(&one) {
                    found.push(one);
                }
            }
        }
        found.into()
    }
}

/// Whether the characters of a query stand in a name, in their order.
fn holds(name: &str, query: &str) -> bool {
    let mut rest = name.chars().flat_map(char::to_lowercase);
    query.chars().filter(|c| !c.is_whitespace()).all(|wanted| rest.any(|c| c == wanted))
}

/// What comes nearest to it of the kinds that LSP has.
fn kind(what: &str) -> u8 {
    const CLASS: u8 = 5;
    const ENUM: u8 = 10;
    const INTERFACE: u8 = 11;
    const VARIABLE: u8 = 13;
    const KEY: u8 = 20;
    match what {
        "model" => CLASS,
        "alias" => INTERFACE,
        "access group" => ENUM,
        "credential" => KEY,
        _ => VARIABLE,
    }
}
