//! Policies: whose guardrails they take over, and the order that a pipeline gives them.

use std::collections::{HashMap, HashSet};

use super::context::{Check, did_you_mean};
use crate::config_yaml::{
    codes::Code::{GuardrailInvalid, YamlShape},
    config::{Place, is_late},
};

pub(super) fn check(check: &mut Check<'_>) {
    let config = check.config;
    let policies: Vec<(&str, Place)> = config
        .at(&["policies", "*"])
        .into_iter()
        .filter_map(|(pair, policy)| Some((pair?.name, policy)).filter(|_| config.is_map(policy)))
        .collect();
    parents(check, &policies);
    for (_, policy) in policies {
        pipeline(check, policy);
    }
}

fn parents(check: &mut Check<'_>, policies: &[(&str, Place)]) {
    let config = check.config;
    let parent = |policy: Place| {
        let place = config.given(policy, "inherit")?;
        Some((config.text(place).filter(|name| !is_late(name))?, place))
    };
    let parents: HashMap<&str, Option<&str>> =
        policies.iter().map(|(name, policy)| (*name, parent(*policy).map(|(of, _)| of))).collect();
    let mut told = HashSet::new();
    for (name, policy) in policies {
        let Some((of, place)) = parent(*policy) else { continue };
        if !parents.contains_key(of) {
            let near = check.nearest(of, parents.keys().copied());
            let message =
                format!("No policy is called `{of}`; LiteLLM does not start.{}", did_you_mean(near));
            check.error(GuardrailInvalid, place, message).replace_by(near);
            continue;
        }
        let mut line = vec![*name];
        let mut next = Some(of);
        while let Some(of) = next.filter(|of| !line.contains(of)) {
            line.push(of);
            next = parents.get(of).copied().flatten();
        }
        if next == Some(*name) && !told.contains(name) {
            let message = format!("`{name}` inherits from itself in the end; LiteLLM does not start.");
            check.error(GuardrailInvalid, place, message);
            told.extend(line);
        }
    }
}

fn pipeline(check: &mut Check<'_>, policy: Place) {
    let config = check.config;
    let Some(steps) = config.given(policy, "pipeline").and_then(|pipeline| config.given(pipeline, "steps"))
    else {
        return;
    };
    let items = config.items(steps).unwrap_or_default();
    if items.is_empty() && config.items(steps).is_some() {
        let message = "A pipeline has one step at least; LiteLLM does not start.";
        check.error(YamlShape, steps, message.to_owned());
    }
    let guardrails = config.given(policy, "guardrails");
    let added = guardrails
        .and_then(|place| config.items(place).or_else(|| config.items(config.given(place, "add")?)))
        .unwrap_or_default();
    let added: HashSet<&str> = added.into_iter().filter_map(|place| config.text(place)).collect();
    for place in items.into_iter().filter_map(|step| config.given(step, "guardrail")) {
        let Some(name) = config.text(place).filter(|name| !is_late(name) && !added.contains(name)) else {
            continue;
        };
        let near = check.nearest(name, added.iter().copied());
        let message = format!(
            "`{name}` is none of the guardrails that this policy adds (`guardrails.add`); LiteLLM does not start.{}",
            did_you_mean(near)
        );
        check.error(GuardrailInvalid, place, message).replace_by(near);
    }
}
