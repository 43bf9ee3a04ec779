//! Whether money is spent, whose, and of what amount: LiteLLM says the latter in the message alone.

use std::sync::LazyLock;

use regex_lite::Regex;

use super::{members::Members, overflow::sentences, wait};

/// Codes and types of an account that is empty.
const CODES: &[&str] = &[
    "402",
    "payment_required",
    "insufficient_quota",
    "exceeded_current_quota_error",
    "billing_error",
    "billing_hard_limit_reached",
    "billing_not_active",
    "billing_disabled",
    "insufficient_balance",
    "insufficient_credits",
    "insufficient_funds",
    // Alibaba, and Volcengine.
    "arrearage",
    "allocationquota.freetieronly",
    "accountoverdueerror",
];
/// Words that mean nothing else, in lower case: Anthropic's, OpenRouter's, Alibaba's, and Chinese vendors'.
const WORDS: &[&str] = &[
    "specified api usage limits",
    "key limit exceeded",
    "make sure your account is in good standing",
    "余额不足",
    "欠费",
];
/// What the sentences of all others have in common: something that is paid with, and that there is too little of it.
static MONEY: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"\b(?:credits?|balance|funds|billing|spend(?:ing)? (?:limit|cap)|prepaid|payments? method)\b")
        .ok()
});
static SPENT: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(concat!(
        r"insufficient|not enough|too low|negative|deplet|exhaust|overdue|exceed|reached|suspend|not active|inactive|",
        r"\bno (?:credits|balance|funds)|(?:does|do|has|have)(?:n't| not) (?:have )?(?:any|enough)|\b(?:ran|run|is) out\b|",
        r"used (?:up )?all|more credits|can only afford",
    ))
    .ok()
});
/// What is counted or waited for is no money: Google speaks of billing where twenty requests of a minute are gone.
static COUNTED: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"\brates?\b|per[ -](?:second|minute|min|hour|day|request)|\b(?:tpm|rpm|rpd)\b|parameter|field",
    )
    .ok()
});

/// Whether an account at a provider is empty, by the members of an error or in its text, which is in lower case.
pub(super) fn is_told(members: &Members, text: &str) -> bool {
    let is =
        |pattern: &LazyLock<Option<Regex>>, text: &str| pattern.as_ref().is_some_and(|it| it.is_match(text));
    let says = |sentence: &str| is(&MONEY, sentence) && is(&SPENT, sentence) && !is(&COUNTED, sentence);
    let is_quota = text.contains("quota") && members.has_code(&["resource_exhausted"]);
    let is_counted =
        || is_quota || text.contains("quota exceeded for metric") || wait::of_text(text).is_some();
    members.has_code(CODES)
        || WORDS.iter().any(|words| text.contains(words))
        || sentences(text).any(says) && !is_counted()
}

/// Whose budget it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Scope {
    /// The key's.
    Key,
    /// The user's, to whom the key belongs.
    User,
    /// The team's.
    Team,
    /// The user's share in the team.
    TeamMember,
    /// The organization's.
    Organization,
    /// The project's.
    Project,
    /// The one for this model.
    Model,
    /// The one for a group of models.
    ModelGroup,
    /// That of the `user` that the request names.
    EndUser,
    /// That of a tag that the request carries.
    Tag,
    /// The proxy's for a provider or a deployment, or its account there.
    Provider,
}

/// A budget as an error tells of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Budget {
    /// Whose it is.
    pub scope: Scope,
    /// The name of whoever that is. None where it is not told, and for a key.
    pub name: Option<String>,
    /// USD that are spent. None where it is not told.
    pub spend: Option<f64>,
    /// USD that may be spent. None where it is not told.
    pub limit: Option<f64>,
    /// How long a window of it lasts, such as `1h` or `30d`. None where it is not told.
    pub window: Option<String>,
}

/// Names in the messages of litellm up to 1.110, and whose they are. The first that is found holds.
const OWNERS: &[(&str, Scope)] = &[
    (r"exceeded budget for model=(?<name>[^\s,;]+)", Scope::Model),
    (r"End User=(?<name>[^\s,;]+)", Scope::EndUser),
    (r"TeamMember=(?<name>[^\s,;]+)", Scope::TeamMember),
    (r"User=(?<name>[^\s,;]+) in Team=", Scope::TeamMember),
    (r"User=(?<name>[^\s,;]+)", Scope::User),
    (r"Team=(?<name>[^\s,;]+)", Scope::Team),
    (r"Tag=(?<name>[^,;]+?)(?: over| Current|[,;]|$)", Scope::Tag),
    (r"Project=(?<name>[^\s,;]+)", Scope::Project),
    (r"Organization=(?<name>[^\s,;]+)", Scope::Organization),
    (r"Model access group=(?<name>[^,;]+?)(?: over| Current|[,;]|$)", Scope::ModelGroup),
    (r"(?i:crossed budget|provider budget)", Scope::Provider),
    (r"User (?<name>\S+) has exceeded", Scope::User),
];

/// Reads the text of an error whose cause is a spent budget, which is one of the proxy's own or its account at a
/// provider.
pub(super) fn read(text: &str, is_of_proxy: bool) -> Budget {
    static OWNED: LazyLock<Vec<(Regex, Scope)>> = LazyLock::new(|| {
        let all = OWNERS.iter();
        all.filter_map(|(pattern, scope)| Some((Regex::new(pattern).ok()?, *scope))).collect()
    });
    static SPEND: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new(r"(?i)(?:current cost|current spend[^:=]*|spend)[:=] ?\$?([\d.]+(?:e-?\d+)?)").ok()
    });
    static LIMIT: LazyLock<Option<Regex>> = LazyLock::new(|| {
        // A limit without a sign of money may be one of requests.
        Regex::new(r"(?i)(?:(?:max budget[^:=]*|\bbudget)[:=] ?\$?|\blimit[:=] ?\$)([\d.]+(?:e-?\d+)?)").ok()
    });
    static WINDOW: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new(r"over (\d+(?:s|mo|m|h|d|w)) budget").ok());
    let word = |pattern: &LazyLock<Option<Regex>>| {
        Some(pattern.as_ref()?.captures(text)?.get(1)?.as_str().trim_end_matches('.').to_owned())
    };
    let money = |pattern| word(pattern)?.parse().ok().filter(|amount: &f64| amount.is_finite());
    let owner = OWNED.iter().find_map(|(pattern, scope)| Some((pattern.captures(text)?, *scope)));
    let (name, scope) = match &owner {
        Some((found, scope)) => (found.name("name").map(|name| name.as_str().to_owned()), *scope),
        None => (None, if is_of_proxy { Scope::Key } else { Scope::Provider }),
    };
    Budget { scope, name, spend: money(&SPEND), limit: money(&LIMIT), window: word(&WINDOW) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_message_of_litellm_says_whose_budget_it_is() {
        let budget = |scope, name: Option<&str>, spend, limit, window: Option<&str>| Budget {
            scope,
            name: name.map(str::to_owned),
            spend,
            limit,
            window: window.map(str::to_owned),
        };
        for (text, expected) in [
            (
                "Budget has been exceeded! Key=key (sk-...jGGg) Current cost: 0.04999999999999915, Max budget: 0.04",
                budget(Scope::Key, None, Some(0.049_999_999_999_999_15), Some(0.04), None),
            ),
            (
                "Budget has been exceeded! Current cost: 1.5e-05, Max budget: 0.0",
                budget(Scope::Key, None, Some(1.5e-5), Some(0.0), None),
            ),
            (
                "ExceededBudget: Key over 1h budget. Spend=$0.0500, Limit=$0.04",
                budget(Scope::Key, None, Some(0.05), Some(0.04), Some("1h")),
            ),
            (
                "ExceededTokenBudget: Current spend for token: 3.1; Max Budget for Token: 3",
                budget(Scope::Key, None, Some(3.1), Some(3.0), None),
            ),
            (
                "ExceededBudget: User=bob over budget. Spend=0.05, Budget=0.04",
                budget(Scope::User, Some("bob"), Some(0.05), Some(0.04), None),
            ),
            (
                "ExceededBudget: User x has exceeded their budget.",
                budget(Scope::User, Some("x"), None, None, None),
            ),
            (
                "Budget has been exceeded! Team=tb Current cost: 2, Max budget: 1",
                budget(Scope::Team, Some("tb"), Some(2.0), Some(1.0), None),
            ),
            (
                "ExceededBudget: Team=tb over 1d budget. Spend=$2.0, Limit=$1",
                budget(Scope::Team, Some("tb"), Some(2.0), Some(1.0), Some("1d")),
            ),
            (
                "Budget has been exceeded! TeamMember=carl:tc Current cost: 2, Max budget: 1",
                budget(Scope::TeamMember, Some("carl:tc"), Some(2.0), Some(1.0), None),
            ),
            (
                "Budget has been exceeded! User=carl in Team=tc Current cost: 2, Max budget: 1",
                budget(Scope::TeamMember, Some("carl"), Some(2.0), Some(1.0), None),
            ),
            (
                "Budget has been exceeded! Tag=my tag Current cost: 2, Max budget: 1",
                budget(Scope::Tag, Some("my tag"), Some(2.0), Some(1.0), None),
            ),
            (
                "ExceededBudget: End User=eu over budget. Spend=2, Budget=1",
                budget(Scope::EndUser, Some("eu"), Some(2.0), Some(1.0), None),
            ),
            (
                "Budget has been exceeded! Project=p Current cost: 2, Max budget: 1",
                budget(Scope::Project, Some("p"), Some(2.0), Some(1.0), None),
            ),
            (
                "Budget has been exceeded! Organization=o Current cost: 2, Max budget: 1",
                budget(Scope::Organization, Some("o"), Some(2.0), Some(1.0), None),
            ),
            (
                "Budget has been exceeded! Model access group=g Current cost: 2, Max budget: 1",
                budget(Scope::ModelGroup, Some("g"), Some(2.0), Some(1.0), None),
            ),
            (
                "LiteLLM Virtual Key: 9d3a, key_alias: None, exceeded budget for model=gpt-4",
                budget(Scope::Model, Some("gpt-4"), None, None, None),
            ),
            (
                "Budget has been exceeded! Quota of requests, limit: 20",
                budget(Scope::Key, None, None, None, None),
            ),
            (
                "No deployments available - crossed budget for provider: openai",
                budget(Scope::Provider, None, None, None, None),
            ),
        ] {
            assert_eq!(read(text, true), expected, "{text}");
        }
    }
}
