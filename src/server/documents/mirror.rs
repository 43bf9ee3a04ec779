//! The open texts of a client as one who only listens keeps them, to tell another process of them.

use std::sync::Mutex;

use serde_json::{Value, json};

use super::{Documents, Encoding, Quirks, change, open};
use crate::{lock::lock, server::doors::lsp::lost_text};

/// The open texts of a client.
#[derive(Default)]
pub struct Mirror(Mutex<Documents>);

impl Mirror {
    /// A message can't be read, of which this much is known.
    pub fn lose(&self, method: Option<&str>, params: Option<&Value>) {
        if let Some(uri) = lost_text(method, params) {
            lock(&self.0).lose(uri);
        }
    }

    /// Hears the params of a message that has something to do with texts; of any other, nothing happens.
    pub fn hear(&self, method: &str, params: Value) {
        let Self(documents) = self;
        // What can't be read is not known to whoever is listened to either.
        match method {
            "initialize" => {
                let client = params["clientInfo"]["name"].as_str().unwrap_or_default();
                let mut documents = lock(documents);
                documents.quirks = Quirks::of(client);
                let offered = params["capabilities"]["general"]["positionEncodings"].clone();
                documents.encoding =
                    Encoding::agreed(&serde_json::from_value::<Vec<_>>(offered).unwrap_or_default());
            }
            "textDocument/didOpen" => {
                drop(serde_json::from_value(params).map(|params| open(documents, params)))
            }
            "textDocument/didChange" => {
                drop(serde_json::from_value(params).map(|params| change(documents, params)))
            }
            "textDocument/didClose" => {
                drop(serde_json::from_value(params).map(|params| lock(documents).close(&params)));
            }
            _ => {}
        }
    }

    /// The params of `textDocument/didOpen` for each text as it is now.
    pub fn openings(&self) -> Vec<Value> {
        let opening = |document: &super::Document| {
            json!({"textDocument": {
                "uri": &*document.uri,
                "languageId": &*document.language,
                "version": document.version.unwrap_or_default(),
                "text": &**document.text(),
            }})
        };
        let documents = lock(&self.0);
        let mut all: Vec<_> = documents.all().collect();
        all.sort_by_key(|document| document.opening());
        all.into_iter().map(opening).collect()
    }
}
