//! What people see of the proxy of this machine.

use std::fmt::Write;

use litellm_ls_protocol::{
    LocalProxy, ProxyLogsResult, ProxyState, ProxyStatusResult, RestartProxyResult, StartProxyResult,
    StopProxyResult,
};

use super::{Page, Shown};
use crate::plain;

impl Shown for StartProxyResult {
    fn shown(&self) -> Page {
        ready(&self.proxy, &self.warnings, if self.was_running { "was already running" } else { "is ready" })
    }
}

impl Shown for RestartProxyResult {
    fn shown(&self) -> Page {
        ready(&self.proxy, &self.warnings, "is ready")
    }
}

fn ready(proxy: &LocalProxy, warnings: &[String], state: &str) -> Page {
    let told = format!("LiteLLM {} {state} at {}, serving {}", proxy.version, proxy.base_url, proxy.serves);
    match warnings {
        [] => Page::Sentence(told),
        warnings => Page::Warning(format!("{told}; but {}", warnings.join("; "))),
    }
}

impl Shown for StopProxyResult {
    fn shown(&self) -> Page {
        Page::Sentence(match &self.base_url {
            Some(base_url) => format!("LiteLLM: stopped the proxy at {base_url}"),
            None if self.stopped => "LiteLLM: stopped the proxy that was being started".to_owned(),
            None => "LiteLLM: no proxy was running".to_owned(),
        })
    }
}

impl Shown for ProxyStatusResult {
    fn shown(&self) -> Page {
        let Some(proxy) = &self.proxy else {
            let state =
                if self.state == ProxyState::Starting { "a proxy is being started" } else { "no proxy runs" };
            return Page::Sentence(format!("LiteLLM: {state}"));
        };
        let health = if self.state == ProxyState::Running { "" } else { " (does not answer: see its log)" };
        let edited = if proxy.edited { "; its file has changed since: restart it" } else { "" };
        if self.missing.is_empty() {
            let told = format!(
                "LiteLLM {} runs at {}{health}, serving {}{edited}",
                proxy.version, proxy.base_url, proxy.serves
            );
            return Page::Sentence(told);
        }
        let mut page = format!(
            "# The proxy at {}\n\n{} of its file are not served{edited}:\n\n",
            proxy.base_url,
            self.missing.len()
        );
        for missing in &self.missing {
            let _ = writeln!(
                page,
                "- {} (line {}): {}",
                plain::cell(&missing.name),
                missing.line + 1,
                plain::cell(&missing.reason)
            );
        }
        Page::Document { name: "proxy", markdown: page }
    }
}

impl Shown for ProxyLogsResult {
    fn shown(&self) -> Page {
        let lines = self.lines.join("\n");
        Page::Document {
            name: "proxy-log",
            markdown: format!("{}\n\n{}\n", plain::cell(&self.log), plain::fenced(&lines, "text")),
        }
    }
}
