//! What stands above a configuration and above its deployments, to be pressed.

use serde_json::{Value, json};

use super::answers::Question;
use crate::{
    config_yaml::{Testable, testable},
    proxy::Record,
    server::commands::{CHECK_DEEP, TEST_DEPLOYMENT, id},
};

/// How many deployments have one: an editor draws them all.
const MOST: usize = 1000;

impl Question {
    /// What can be done with a proxy of the file, above its first line; and while one serves it, above each deployment.
    /// What is included is served with its root.
    pub(super) fn lenses(&self) -> Value {
        let running = self.view.running(self.root());
        let mut lenses = Vec::new();
        if self.file == 0 {
            lenses.extend(self.of_proxy(running.as_ref().map(Record::is_edited)));
        }
        if running.is_some() {
            let own = testable(&self.read.project).into_iter().filter(|one| one.file == self.file);
            lenses.extend(own.take(MOST).map(|one| self.test(&one)));
        }
        lenses.into()
    }

    /// `is_edited` says whether the file has changed since its proxy started. None where none runs.
    fn of_proxy(&self, is_edited: Option<bool>) -> Vec<Value> {
        let none = || json!([]);
        let config = || json!([{"config": self.root_uri()}]);
        let mut lenses = match is_edited {
            None => vec![("LiteLLM: start a proxy with this file", "proxy.start", config())],
            Some(is_edited) => {
                let restart = match is_edited {
                    true => "LiteLLM: restart the proxy, for the file has changed",
                    false => "LiteLLM: restart the proxy",
                };
                vec![
                    (restart, "proxy.restart", none()),
                    ("stop it", "proxy.stop", none()),
                    ("its log", "proxy.logs", none()),
                ]
            }
        };
        lenses.push(("deep check: have LiteLLM load this file", CHECK_DEEP, config()));
        let lens = |(title, command, arguments): (&str, &str, Value)| {
            let command = json!({"title": title, "command": id(command), "arguments": arguments});
            json!({"range": self.document.range(0..0), "command": command})
        };
        lenses.into_iter().map(lens).collect()
    }

    fn test(&self, one: &Testable) -> Value {
        let Testable { name, model, number, .. } = one;
        let arguments = json!([{"config": self.root_uri(), "name": name, "model": model, "number": number}]);
        let title = "test this deployment by a short request";
        let command = json!({"title": title, "command": id(TEST_DEPLOYMENT), "arguments": arguments});
        json!({"range": self.document.range(one.range.clone()), "command": command})
    }

    fn root_uri(&self) -> String {
        self.view.document(&self.read.project, 0).uri.to_string()
    }
}
