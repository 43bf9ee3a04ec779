//! The layers of the settings, and how a message becomes one: field by field, every problem found, all or nothing.

use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
};

use litellm_ls_protocol::{
    Compatibility, LARGEST_WHOLE, LONGEST_MS, MaxTokensParam, ModelOverride, OwnBudget, Problem,
    ProviderKind, Timeouts, Tls,
};
use secrecy::SecretString;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::{
    environment::Environment,
    litellm::{auth::AuthStyle, base_url::BaseUrl, headers, model_rows::Cost},
    near,
    provider::{MOST_FOUND, catalog, key::Key, pem},
};

/// What one layer says; none means nothing. It has no `Debug`, for URLs may hold passwords.
#[derive(Clone, Default)]
pub struct Values {
    /// What answers at the base URL.
    pub kind: Option<ProviderKind>,
    /// The base URL as it was given.
    pub base_url: Option<String>,
    /// Other addresses of the same deployment as they were given.
    pub fallback_urls: Option<Vec<String>>,
    /// The key.
    pub api_key: Option<Key>,
    /// How the key is sent.
    pub auth: Option<AuthStyle>,
    /// Extra headers.
    pub headers: Option<BTreeMap<String, SecretString>>,
    /// The model for requests that name none.
    pub model: Option<String>,
    /// What the user knows of models.
    pub model_overrides: Option<BTreeMap<String, ModelOverride>>,
    /// Time limits; each field by itself.
    pub timeouts: Timeouts,
    /// Trust and client certificates; each field by itself.
    pub tls: Tls,
    /// The proxy on the way.
    pub proxy_url: Option<url::Url>,
    /// What fills the gaps of the model list.
    pub compatibility: Option<Compatibility>,
    /// Which files hold secrets, or hold none.
    pub secret_files: Option<Vec<String>>,
    /// What may be spent; each field by itself.
    pub budget: OwnBudget,
    /// The files that keys were to be taken from, though they could not be read.
    pub key_files: BTreeSet<PathBuf>,
}

impl Values {
    /// Sets one setting, by its name on the wire, to what other values say of it.
    pub(in crate::provider) fn put_back(&mut self, name: &str, from: &Self) {
        match name {
            "kind" => self.kind = from.kind,
            "baseUrl" => self.base_url.clone_from(&from.base_url),
            "fallbackUrls" => self.fallback_urls.clone_from(&from.fallback_urls),
            "apiKey" => self.api_key.clone_from(&from.api_key),
            "auth" => self.auth.clone_from(&from.auth),
            "headers" => self.headers.clone_from(&from.headers),
            "model" => self.model.clone_from(&from.model),
            "modelOverrides" => self.model_overrides.clone_from(&from.model_overrides),
            "timeouts" => self.timeouts = from.timeouts,
            "tls" => self.tls.clone_from(&from.tls),
            "proxyUrl" => self.proxy_url.clone_from(&from.proxy_url),
            "compatibility" => self.compatibility = from.compatibility,
            "budget" => self.budget = from.budget,
            _ => {}
        }
    }
}

/// The settings that a message may hold.
pub(in crate::provider) const NAMES: [&str; 14] = [
    "kind",
    "baseUrl",
    "fallbackUrls",
    "apiKey",
    "auth",
    "headers",
    "model",
    "modelOverrides",
    "timeouts",
    "tls",
    "proxyUrl",
    "compatibility",
    "secretFiles",
    "budget",
];

/// What other programs call the address and the key, in small letters alone.
const OTHER_NAMES: [(&str, &str); 13] = [
    ("address", "baseUrl"),
    ("apibase", "baseUrl"),
    ("apiurl", "baseUrl"),
    ("endpoint", "baseUrl"),
    ("host", "baseUrl"),
    ("litellmproxy", "baseUrl"),
    ("proxy", "baseUrl"),
    ("server", "baseUrl"),
    ("url", "baseUrl"),
    ("apitoken", "apiKey"),
    ("key", "apiKey"),
    ("masterkey", "apiKey"),
    ("token", "apiKey"),
];

/// Settings that say who sees the code or the key, by an address, a key or the header that it stands in: a workspace may
/// set them where its user allows it, which is asked once.
pub const WORKSPACE_ASKS: [&str; 4] = ["baseUrl", "fallbackUrls", "apiKey", "auth"];

/// How many headers of the user's own go with a request: servers refuse more (100 in nginx and Apache), and what holds them
/// here ends at some 24,000.
const MOST_HEADERS: usize = 100;
/// Most addresses that stand in for a base URL.
const MOST_FALLBACKS: usize = 32;
/// Most patterns of files with secrets. Each is held against every file that is asked about.
const MOST_PATTERNS: usize = 10_000;
/// Most overrides of models. Each is held against every model.
const MOST_OVERRIDES: usize = 10_000;

/// Why a pushed setting does not hold, and where it would.
const NOT_TAKEN: &str = "a workspace could have set this, so it is not taken from pushed settings";
const ELSEWHERE: &str = "give it in the initialization options or by provider/configure";

/// What may be said of a model.
pub(in crate::provider) const OVERRIDES: [&str; 12] = [
    "maxTokens",
    "contextWindow",
    "supportsImages",
    "supportsPromptCache",
    "supportsComputerUse",
    "supportsTools",
    "supportsReasoning",
    "inputPrice",
    "outputPrice",
    "cacheWritesPrice",
    "cacheReadsPrice",
    "maxTokensParam",
];

/// Whose word a message is, and so what it may say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::provider) enum Author {
    /// The user: initialization options, `provider/configure`, a command line.
    User,
    /// Perhaps a workspace: editors merge its settings into what they push.
    PerhapsWorkspace,
    /// Perhaps a workspace, and the user has allowed these settings.
    AllowedWorkspace,
}

/// Applies a message to what a layer says. `null` takes a field back, absence leaves it.
///
/// # Errors
/// Everything that is wrong with it. What the rest would lead to comes with the problems, for callers that must go
/// on with what they have.
pub(in crate::provider) fn apply(
    values: &Values,
    object: &Map<String, Value>,
    others: &[&str],
    author: Author,
    environment: &Environment,
) -> (Values, Vec<Problem>) {
    let mut values = values.clone();
    let mut reader = Reader::new(object, "", others);
    reader.word("kind", "`litellm` or `openaiCompatible`", &ProviderKind::Unknown, &mut values.kind);
    reader.field("model", "a text that is not blank", non_blank, &mut values.model);
    reader.word(
        "compatibility",
        "`default`, `strict` or `roo`",
        &Compatibility::Unknown,
        &mut values.compatibility,
    );
    reader.overrides(&mut values.model_overrides, author);
    reader.key(&mut values.api_key, author, environment);
    values.key_files.extend(key_files(object, environment));
    reader.secret_files(&mut values.secret_files, author);
    reader.nested("timeouts", &mut values.timeouts, read_timeouts);
    reader.nested("budget", &mut values.budget, read_budget);
    match author {
        Author::User | Author::AllowedWorkspace => {
            reader.field(
                "auth",
                "`bearer`, `x-litellm-api-key` or the name of a header for keys",
                auth,
                &mut values.auth,
            );
            reader.field("baseUrl", "a text", text, &mut values.base_url);
            reader.field(
                "fallbackUrls",
                &format!("a list of {MOST_FALLBACKS} base URLs at most"),
                base_urls,
                &mut values.fallback_urls,
            );
            reader.headers(&mut values.headers);
            reader.field(
                "proxyUrl",
                "an http, https, socks5 or socks5h URL",
                proxy_url,
                &mut values.proxy_url,
            );
            reader.nested("tls", &mut values.tls, |reader, tls| read_tls(reader, tls, environment));
        }
        Author::PerhapsWorkspace => {
            for name in ["auth", "baseUrl", "fallbackUrls", "headers", "proxyUrl", "tls"] {
                reader.refuse(name, NOT_TAKEN, ELSEWHERE);
            }
        }
    }
    let problems = reader.finish();
    (values, problems)
}

/// The files that a message names as those of keys.
fn key_files(object: &Map<String, Value>, environment: &Environment) -> Vec<PathBuf> {
    let key = object.get("apiKey").and_then(Value::as_str).map(|text| with_whole_path(text, environment));
    let key =
        key.as_deref().and_then(|text| bare(text).strip_prefix("file:")).map(|path| bare(path).to_owned());
    let of_tls = object.get("tls").and_then(|tls| tls.get("clientKeyFile")).and_then(Value::as_str);
    let of_tls = of_tls.map(|path| expanded(bare(path), environment));
    key.into_iter().chain(of_tls).filter(|path| !path.is_empty()).map(PathBuf::from).collect()
}

/// What the environment says.
pub(in crate::provider) fn from_environment(environment: &Environment) -> (Values, Vec<Problem>) {
    let mut object = Map::new();
    for (name, variable) in [("baseUrl", "LITELLM_BASE_URL"), ("model", "LITELLM_MODEL")] {
        if let Some(value) = environment.variable(variable) {
            object.insert(name.into(), bare(&value).into());
        }
    }
    if environment.variable("LITELLM_API_KEY").is_some() {
        object.insert("apiKey".into(), "env:LITELLM_API_KEY".into());
    }
    apply(&Values::default(), &object, &[], Author::User, environment)
}

fn read_timeouts(reader: &mut Reader<'_>, timeouts: &mut Timeouts) {
    const EXPECTED: &str = "a whole number of milliseconds from 1 to 86,400,000";
    reader.field("connectMs", EXPECTED, milliseconds, &mut timeouts.connect_ms);
    reader.field("firstTokenMs", EXPECTED, milliseconds, &mut timeouts.first_token_ms);
    reader.field("idleMs", EXPECTED, milliseconds, &mut timeouts.idle_ms);
    reader.field(
        "minBytesPerMinute",
        "a whole number of bytes from 0 to 1,000,000,000",
        |value| value.as_u64().filter(|bytes| *bytes <= 1_000_000_000),
        &mut timeouts.min_bytes_per_minute,
    );
    reader.field("discoveryMs", EXPECTED, milliseconds, &mut timeouts.discovery_ms);
}

fn read_budget(reader: &mut Reader<'_>, budget: &mut OwnBudget) {
    const USD: &str = "USD, 0 or more";
    reader.field("day", USD, price, &mut budget.day);
    reader.field("week", USD, price, &mut budget.week);
    reader.field("month", USD, price, &mut budget.month);
    reader.field("stop", "true or false", typed, &mut budget.stop);
}

fn read_tls<'a>(reader: &mut Reader<'a>, tls: &mut Tls, environment: &Environment) {
    reader.file("caFile", &mut tls.ca_file, environment);
    reader.file("clientCertFile", &mut tls.client_cert_file, environment);
    reader.file("clientKeyFile", &mut tls.client_key_file, environment);
    reader.field("insecure", "true or false", typed, &mut tls.insecure);
    if tls.client_cert_file.is_some() != tls.client_key_file.is_some() {
        reader.problem("clientCertFile", "a client certificate and its key go together", "give both files");
    }
}

fn read_override(reader: &mut Reader<'_>, model: &mut ModelOverride, author: Author) {
    const TOKENS: &str = "a whole number of tokens from 1 to 9,007,199,254,740,991";
    const FLAG: &str = "true or false";
    const PRICE: &str = "USD per 1,000,000 tokens, 0 or more";
    for limit in &catalog::LIMITS {
        let (name, slot) = limit.of_user(model);
        reader.field(name, TOKENS, tokens, slot);
    }
    for can in &catalog::ABILITIES {
        if let Some((name, slot)) = can.of_user(model) {
            reader.field(name, FLAG, typed, slot);
        }
    }
    for cost in Cost::ALL {
        let (name, slot) = catalog::user_price(model, cost);
        match author {
            Author::User => reader.field(name, PRICE, price, slot),
            Author::PerhapsWorkspace | Author::AllowedWorkspace => reader.refuse(name, NOT_TAKEN, ELSEWHERE),
        }
    }
    reader.word(
        "maxTokensParam",
        "`max_tokens`, `max_completion_tokens` or `none`",
        &MaxTokensParam::Unknown,
        &mut model.max_tokens_param,
    );
}

fn tokens(value: &Value) -> Option<u64> {
    value.as_u64().filter(|tokens| (1..=LARGEST_WHOLE).contains(tokens))
}

fn price(value: &Value) -> Option<f64> {
    value.as_f64().filter(|price| price.is_finite() && *price >= 0.0)
}

fn typed<T: DeserializeOwned>(value: &Value) -> Option<T> {
    serde_json::from_value(value.clone()).ok()
}

fn text(value: &Value) -> Option<String> {
    value.as_str().map(|text| bare(text).to_owned())
}

fn base_urls(value: &Value) -> Option<Vec<String>> {
    let urls: Vec<String> = typed(value)?;
    let is_address = |url: &String| !url.trim().is_empty() && BaseUrl::parse(url).is_ok();
    (urls.len() <= MOST_FALLBACKS && urls.iter().all(is_address)).then_some(urls)
}

fn patterns(value: &Value) -> Option<Vec<String>> {
    let patterns: Vec<String> = typed(value)?;
    let is_blank = |pattern: &String| pattern.trim_start_matches('!').trim().is_empty();
    (patterns.len() <= MOST_PATTERNS && !patterns.iter().any(is_blank)).then_some(patterns)
}

/// A model's name is sent as it is, so blanks around it stay.
fn non_blank(value: &Value) -> Option<String> {
    value.as_str().filter(|text| !text.trim().is_empty()).map(str::to_owned)
}

fn auth(value: &Value) -> Option<AuthStyle> {
    AuthStyle::parse(value.as_str()?).ok()
}

fn milliseconds(value: &Value) -> Option<u64> {
    value.as_u64().filter(|milliseconds| (1..=LONGEST_MS).contains(milliseconds))
}

fn proxy_url(value: &Value) -> Option<url::Url> {
    let url = url::Url::parse(value.as_str()?.trim()).ok()?;
    (url.has_host() && ["http", "https", "socks5", "socks5h"].contains(&url.scheme())).then_some(url)
}

/// A value without what environment files of containers and of Windows leave around it: quotation marks and line ends.
fn bare(text: &str) -> &str {
    let text = text.trim();
    let inner = |mark| text.strip_prefix(mark)?.strip_suffix(mark);
    ['"', '\''].into_iter().find_map(inner).map_or(text, str::trim)
}

/// A reference to a key with the whole path of its file; any other text as it is.
fn with_whole_path<'a>(text: &'a str, environment: &Environment) -> Cow<'a, str> {
    match bare(text).strip_prefix("file:") {
        Some(path) => Cow::Owned(format!("file:{}", expanded(bare(path), environment))),
        None => Cow::Borrowed(text),
    }
}

/// A path as a shell of the peer would read it, for no shell reads settings.
fn expanded(path: &str, environment: &Environment) -> String {
    let home = environment.users_home();
    let behind =
        |mark: &str| path.strip_prefix(mark).filter(|rest| rest.is_empty() || rest.starts_with(['/', '\\']));
    let rest = ["~", "$HOME", "${HOME}", "%USERPROFILE%"].into_iter().find_map(behind);
    let path = rest.zip(home).map_or_else(|| path.to_owned(), |(rest, home)| format!("{home}{rest}"));
    environment.surroundings().whole(path)
}

/// Reads an object field by field and gathers what is wrong with it.
struct Reader<'a> {
    object: &'a Map<String, Value>,
    prefix: &'a str,
    known: Vec<&'a str>,
    problems: Vec<Problem>,
}

impl<'a> Reader<'a> {
    fn new(object: &'a Map<String, Value>, prefix: &'a str, others: &[&'a str]) -> Self {
        Self { object, prefix, known: others.to_vec(), problems: Vec::new() }
    }

    /// A field's value, once its name is known.
    fn take(&mut self, name: &'a str) -> Option<&'a Value> {
        self.known.push(name);
        self.object.get(name)
    }

    fn field<T>(
        &mut self,
        name: &'a str,
        expected: &str,
        read: impl Fn(&Value) -> Option<T>,
        into: &mut Option<T>,
    ) {
        match self.take(name) {
            None => {}
            Some(Value::Null) => *into = None,
            Some(value) => match read(value) {
                Some(value) => *into = Some(value),
                // The value is not quoted: it could be a secret in the wrong place.
                None => self.problem(name, "this value can't be used", &format!("give {expected}")),
            },
        }
    }

    /// A word, but none that only a newer version knows: for that the problem has the nearest of those in backticks.
    fn word<T: DeserializeOwned + PartialEq>(
        &mut self,
        name: &'a str,
        expected: &str,
        unknown: &T,
        into: &mut Option<T>,
    ) {
        let sound = self.problems.len();
        self.field(name, expected, |value| typed(value).filter(|word| word != unknown), into);
        let said = self.object.get(name).and_then(Value::as_str);
        if let (Some(problem), Some(said)) = (self.problems.get_mut(sound), said) {
            let known = expected.split('`').skip(1).step_by(2);
            problem.nearest = near::nearest(said, known).map(str::to_owned);
        }
    }

    /// The path of a file that is read when a connection is made.
    fn file(&mut self, name: &'a str, into: &mut Option<String>, environment: &Environment) {
        match self.take(name) {
            None => {}
            Some(Value::Null) => *into = None,
            Some(Value::String(path)) if !bare(path).is_empty() => {
                let path = expanded(bare(path), environment);
                match pem::read_pem(Path::new(&path)) {
                    Ok(_) => *into = Some(path),
                    Err(not_read) => self.problem(name, &not_read.to_string(), not_read.remedy()),
                }
            }
            Some(_) => self.problem(name, "this value can't be used", "give the path of a readable PEM file"),
        }
    }

    fn nested<T: Default>(&mut self, name: &'a str, into: &mut T, read: impl Fn(&mut Reader<'a>, &mut T)) {
        match self.take(name) {
            None => {}
            Some(Value::Null) => *into = T::default(),
            Some(Value::Object(object)) => {
                let mut reader = Reader::new(object, name, &[]);
                read(&mut reader, into);
                self.problems.extend(reader.finish());
            }
            Some(_) => self.problem(name, "this value can't be used", "give an object"),
        }
    }

    fn key(&mut self, into: &mut Option<Key>, author: Author, environment: &Environment) {
        const NAME: &str = "apiKey";
        match self.take(NAME) {
            None => {}
            Some(Value::Null) => *into = None,
            // Whatever the user allows: it would run or read something.
            Some(Value::String(text)) if author != Author::User && Key::is_reference(text) => self.problem(
                NAME,
                "a workspace could have set this, so a reference is not followed from pushed settings",
                ELSEWHERE,
            ),
            Some(_) if author == Author::PerhapsWorkspace => self.problem(NAME, NOT_TAKEN, ELSEWHERE),
            Some(Value::String(text)) => match Key::read(&with_whole_path(text, environment), environment) {
                Ok(Some(key))
                    if key.secret().is_some_and(|key| headers::header("authorization", key).is_err()) =>
                {
                    self.problem(
                        NAME,
                        "the key holds characters that no HTTP header can carry",
                        "copy it again, without line breaks or control characters inside",
                    )
                }
                Ok(key) => *into = key,
                Err(no_key) => self.problem(NAME, &no_key.reason, &no_key.remedy),
            },
            Some(_) => self.problem(NAME, "this value can't be used", "give a text: a key or a reference"),
        }
    }

    fn headers(&mut self, into: &mut Option<BTreeMap<String, SecretString>>) {
        const NAME: &str = "headers";
        let given: BTreeMap<String, SecretString> = match self.take(NAME) {
            None => return,
            Some(Value::Null) => {
                *into = None;
                return;
            }
            Some(value) => match typed::<BTreeMap<String, String>>(value) {
                Some(headers) => headers.into_iter().map(|(name, value)| (name, value.into())).collect(),
                None => return self.problem(NAME, "this value can't be used", "give an object of texts"),
            },
        };
        if given.len() > MOST_HEADERS {
            return self.problem(NAME, "these are too many headers", &format!("give {MOST_HEADERS} at most"));
        }
        for (name, value) in &given {
            if let Err(error) = headers::header(name, value) {
                self.problem(&format!("{NAME}.{name}"), &error.to_string(), error.remedy());
            }
        }
        *into = Some(given);
    }

    /// What the user knows of models. A workspace says nothing of prices, for a question is judged by its price.
    fn overrides(&mut self, into: &mut Option<BTreeMap<String, ModelOverride>>, author: Author) {
        const NAME: &str = "modelOverrides";
        let models = match self.take(NAME) {
            None => return,
            Some(Value::Null) => {
                *into = None;
                return;
            }
            Some(Value::Object(models)) => models,
            Some(_) => {
                return self.problem(
                    NAME,
                    "this value can't be used",
                    "give an object of overrides by model id",
                );
            }
        };
        if models.len() > MOST_OVERRIDES {
            return self.problem(
                NAME,
                "these are too many models",
                &format!("give {MOST_OVERRIDES} at most"),
            );
        }
        let mut overrides = BTreeMap::new();
        for (id, fields) in models {
            let path = format!("{NAME}.{id}");
            if let Some(Err(error)) = catalog::pattern(id) {
                self.problem(
                    &path,
                    &format!("this is no regular expression: {error}"),
                    "correct it, or give a model id",
                );
            }
            let Value::Object(fields) = fields else {
                self.problem(
                    &path,
                    "this value can't be used",
                    "give an object, such as {\"contextWindow\": 128000}",
                );
                continue;
            };
            let mut one = ModelOverride::default();
            if self.problems.len() > MOST_FOUND {
                return;
            }
            let mut reader = Reader::new(fields, &path, &[]);
            read_override(&mut reader, &mut one, author);
            let problems = reader.finish();
            self.problems.extend(problems);
            overrides.insert(id.clone(), one);
        }
        *into = Some(overrides);
    }

    /// Patterns of files with secrets. A workspace may add some, and takes none away.
    fn secret_files(&mut self, into: &mut Option<Vec<String>>, author: Author) {
        const NAME: &str = "secretFiles";
        let expected =
            format!("a list of {MOST_PATTERNS} patterns at most, such as `*.secret` or `!.env.example`");
        self.field(NAME, &expected, patterns, into);
        let Some(patterns) = into.as_mut().filter(|_| author != Author::User) else { return };
        let given = patterns.len();
        patterns.retain(|pattern| !pattern.starts_with('!'));
        if patterns.len() < given {
            self.problem(
                NAME,
                "a workspace could have set this, so pushed settings take no pattern away",
                "give it in the settings file or by provider/configure",
            );
        }
    }

    fn refuse(&mut self, name: &'a str, reason: &str, remedy: &str) {
        if self.take(name).is_some_and(|value| !value.is_null()) {
            self.problem(name, reason, remedy);
        }
    }

    /// The setting that an unknown one is evidently meant as. An address or a key that is passed over would make another
    /// hold.
    fn meant(&self, name: &str, value: &Value) -> Option<String> {
        let is_known = |name: &&str| self.known.contains(name);
        let word = near::letters(name);
        let other = OTHER_NAMES.iter().find(|(other, _)| *other == word).map(|(_, known)| *known);
        let address = || has_address(value).then_some("baseUrl").filter(is_known);
        other
            .filter(is_known)
            .or_else(|| near::resembling(name, &self.known))
            .or_else(address)
            .map(str::to_owned)
    }

    fn problem(&mut self, name: &str, reason: &str, remedy: &str) {
        let path = if self.prefix.is_empty() { name.to_owned() } else { format!("{}.{name}", self.prefix) };
        self.problems.push(Problem::new(path, reason, remedy));
    }

    /// Everything that is wrong, unknown fields too. Names that begin with `_` are the vendors'.
    fn finish(mut self) -> Vec<Problem> {
        let is_unknown = |name: &String| !name.starts_with('_') && !self.known.contains(&name.as_str());
        let unknown = self.object.iter().filter(|(name, _)| is_unknown(name));
        for (name, value) in unknown.take(MOST_FOUND + 1) {
            let nearest = self.meant(name, value);
            let remedy = match &nearest {
                Some(nearest) => format!("did you mean `{nearest}`?"),
                None => format!("leave it out; known are {}", self.known.join(", ")),
            };
            let path = if self.prefix.is_empty() { name.clone() } else { format!("{}.{name}", self.prefix) };
            let problem = Problem::new(path, "there is no setting of this name", remedy);
            self.problems.push(Problem { nearest, ..problem });
        }
        self.problems
    }
}

/// Whether an address stands in a value.
fn has_address(value: &Value) -> bool {
    match value {
        Value::String(text) => ["http://", "https://"].iter().any(|scheme| bare(text).starts_with(scheme)),
        Value::Array(items) => items.iter().any(has_address),
        Value::Object(members) => members.values().any(has_address),
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}
