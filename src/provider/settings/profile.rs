//! One named setting, ready to be used: every question about it was answered when it was made.

use std::{collections::BTreeMap, path::PathBuf, sync::Arc, time::Duration};

use litellm_ls_protocol::{
    Compatibility, EffectiveSettings, KeySetting, Layer, ModelOverride, OwnBudget, Problem, ProviderKind,
    Setting, Timeouts, Tls, Urls,
};
use secrecy::{ExposeSecret, SecretString};

use super::layers::Values;
use crate::litellm::Mark;
use crate::{
    environment::Environment,
    litellm::{
        AnswerTimeouts, ConnectionOptions, Endpoint, Guard, SystemProxies,
        auth::{AuthStyle, bare},
        base_url::BaseUrl,
        without_credentials,
    },
    provider::{
        Advice, Error,
        asker::Asker,
        complaint,
        key::{self, Key, Lookup},
    },
    proxy::Source,
};

/// What stands for the proxy that was started on this machine.
const OWN_PROXY: &str = "own";

/// What one layer says, and for whom its secrets were given. It has no `Debug`, for it holds them.
#[derive(Clone, Default)]
pub struct LayerState {
    /// What it says.
    pub values: Values,
    /// The origin that the layer's key and headers belong to. None where no base URL had been named when they were
    /// given: then they go along with the one that the user names.
    pub home: Option<String>,
    /// What is wrong with it; the values concerned are left out.
    pub problems: Vec<Problem>,
    /// What must hold of who answers at its base URL. None: anybody may.
    pub guard: Option<Guard>,
}

/// Where questions go, with which key, and how they get there: who demands a certificate does not take the word of somebody
/// without one.
#[derive(Clone)]
pub struct Route {
    endpoint: Mark,
    connection: ConnectionOptions,
}

impl Route {
    /// Whether it is that of a profile. Every question asks that, so nothing is copied for it.
    pub fn is_of(&self, profile: &Profile) -> bool {
        self.endpoint == profile.endpoint.mark() && self.connection == profile.transport
    }
}

/// What to do where a key stands in the place of a model's name.
const KEY_AS_MODEL: &str = "name a model: the key belongs in apiKey alone";

/// A profile as it holds at one moment. It has no `Debug`, for it holds secrets.
#[derive(Clone)]
pub struct Profile {
    /// Its name.
    pub name: String,
    /// All that was chosen, redacted, with origins.
    pub settings: EffectiveSettings,
    /// Where requests go and what goes with them; without the key while it is locked.
    pub endpoint: Endpoint,
    /// How the connection is made.
    pub transport: ConnectionOptions,
    /// Where it leads, without credentials.
    pub urls: Urls,
    /// What holds but is not as the user may think.
    pub warnings: Vec<Advice>,
    /// Where the proxy of this machine is, where one runs and the settings name another.
    pub(in crate::provider) local_proxy: Option<String>,
    /// What its proxy serves, where that is the one of this machine.
    pub(in crate::provider) serves: Option<Source>,
    /// Why the settings file as a whole says nothing. None where it can be read.
    pub(in crate::provider) broken: Option<Problem>,
    /// Why the settings file, which was never read, may name an address. None where it was.
    pub(in crate::provider) unread: Option<Problem>,
    /// What is wrong with a budget of the user's own, where it or the wish to stop there can't be read. None where questions
    /// beyond it are asked anyway.
    pub(in crate::provider) unread_budget: Option<Problem>,
    /// The files that keys of this and of the other profiles stand in.
    pub key_files: Vec<PathBuf>,
    /// What is wrong with settings that could not be refused.
    pub(in crate::provider) complaints: Vec<Problem>,
    /// How its key is come by. None where that is known from the start, or where it has none.
    pub(in crate::provider) lock: Option<Lock>,
    /// Who asks.
    pub(in crate::provider) asker: Arc<Asker>,
    /// The same at its other addresses, which have none themselves.
    fallbacks: Vec<Arc<Profile>>,
}

/// A key that has to be looked up.
#[derive(Clone)]
pub(in crate::provider) struct Lock {
    pub(in crate::provider) lookup: Lookup,
    /// What was found. None before it was needed.
    pub(in crate::provider) key: Option<SecretString>,
    /// Whether the proxy had refused what was found before.
    pub(in crate::provider) renewed: bool,
    pub(in crate::provider) endpoint: Arc<MakeEndpoint>,
}

/// Makes an endpoint with a key.
type MakeEndpoint = dyn Fn(Option<&SecretString>) -> Result<Endpoint, Problem> + Send + Sync;

impl Profile {
    /// Makes a profile of its layers, weakest first.
    ///
    /// # Errors
    /// The problem with the base URL, which can't be seen in one layer alone.
    pub fn of(
        name: &str,
        layers: &[(Layer, &LayerState)],
        environment: &Environment,
    ) -> Result<Self, Problem> {
        let layers = Layers(layers);
        let base = Base::of(&layers)?;
        let fallbacks = base.fallbacks(&layers)?;
        let mut profile = Self::at(name, &layers, &base, &base, environment)?;
        for address in &fallbacks {
            let fallback = Self::at(name, &layers, &base, address, environment)?;
            for warning in &fallback.warnings {
                if !profile.warnings.contains(warning) {
                    profile.warnings.push(warning.clone());
                }
            }
            profile.fallbacks.push(fallback.into());
        }
        if profile.fallbacks.is_empty() && profile.settings.fallback_urls.is_some() {
            profile.warnings.push(Advice::new(
                "fallbackUrls are not used, for they were given for another base URL",
                "give both together",
            ));
        }
        Ok(profile)
    }

    /// The profile at one of its addresses. Its secrets go where they go with the base URL.
    fn at(
        name: &str,
        layers: &Layers<'_>,
        base: &Base,
        address: &Base,
        environment: &Environment,
    ) -> Result<Self, Problem> {
        let auth = layers.or_default(|values| values.auth.clone());
        let strongest_key = layers.last(|values| values.api_key.as_ref());
        let key = layers.secret(base, |values| values.api_key.as_ref());
        let headers = layers.secret(base, |values| values.headers.as_ref());
        let proxy_url = layers.last(|values| values.proxy_url.clone());
        let sent_key = key.filter(|(layer, _)| layers.may_follow(*layer, base)).map(|(_, key)| key);
        let sent_headers =
            headers.filter(|(layer, _)| layers.may_follow(*layer, base)).map(|(_, headers)| headers);

        let settings = EffectiveSettings {
            kind: layers.or_default(|values| values.kind),
            base_url: Setting { value: address.url.to_string(), origin: base.layer },
            fallback_urls: layers
                .last(|values| values.fallback_urls.as_deref().map(shown_addresses))
                .map(setting),
            api_key: shown_key(key, sent_key),
            auth: Setting { value: auth.value.to_string(), origin: auth.origin },
            headers: headers
                .map(|(origin, headers)| Setting { value: headers.keys().cloned().collect(), origin }),
            model: layers.last(|values| values.model.clone()).map(setting),
            model_overrides: layers.last(|values| values.model_overrides.clone()).map(setting),
            timeouts: layers.timeouts(),
            tls: layers.tls(),
            proxy_url: proxy_url
                .as_ref()
                .map(|(origin, url)| Setting { value: without_credentials(url), origin: *origin }),
            compatibility: layers.or_default(|values| values.compatibility),
            secret_files: layers.secret_files(),
            budget: layers.budget(),
        };
        let guard = layers.guard(address);
        let transport = transport(address, &settings, proxy_url.map(|(_, url)| url), guard, environment);
        let headers_withheld = headers.is_some() && sent_headers.is_none();
        let mut warnings = warnings(address, &settings, headers_withheld);
        warnings.extend(sent_key.and_then(|key| mended(key, &auth.value)));
        warnings.extend(strongest_key.and_then(|strongest| unused_key(strongest, key, address)));
        let headers = sent_headers.cloned().unwrap_or_default();
        let compatibility = settings.compatibility.value;
        let address = address.clone();
        let on_the_way = transport.clone();
        let make = move |key: Option<&SecretString>| {
            endpoint(&address, &auth.value, key, &headers, compatibility, &on_the_way)
        };
        let endpoint = make(sent_key.and_then(Key::secret))?;
        let lock = sent_key.and_then(Key::lookup).map(|lookup| Lock {
            lookup: lookup.clone(),
            key: None,
            renewed: false,
            endpoint: Arc::new(make),
        });
        let urls = Urls {
            model_info: (settings.kind.value == ProviderKind::Litellm)
                .then(|| without_credentials(&endpoint.model_info)),
            models: without_credentials(&endpoint.models),
            chat: without_credentials(&endpoint.chat),
        };
        let name = name.to_owned();
        let profile = Self {
            name,
            settings,
            endpoint,
            transport,
            urls,
            warnings,
            local_proxy: None,
            serves: None,
            broken: None,
            unread: None,
            unread_budget: layers.unread_budget(),
            key_files: Vec::new(),
            complaints: Vec::new(),
            lock,
            asker: Arc::default(),
            fallbacks: Vec::new(),
        };
        profile.model().map_or(Ok(()), |model| profile.may_name(model))?;
        Ok(profile)
    }

    /// The same for who asks, at whatever address.
    pub(in crate::provider) fn asked_by(mut self, asker: &Arc<Asker>) -> Self {
        for address in &mut self.fallbacks {
            Arc::make_mut(address).asker = asker.clone();
        }
        Self { asker: asker.clone(), ..self }
    }

    /// The profile at each of its addresses, this one first.
    pub(in crate::provider) fn addresses(self: &Arc<Self>) -> impl Iterator<Item = &Arc<Self>> {
        std::iter::once(self).chain(&self.fallbacks)
    }

    /// The same at another address of its own, with the rest of them behind it.
    pub(in crate::provider) fn moved(self: &Arc<Self>, to: &Arc<Self>) -> Arc<Self> {
        if Arc::ptr_eq(self, to) {
            return self.clone();
        }
        let others = self.addresses().filter(|address| !Arc::ptr_eq(address, to));
        let fallbacks =
            others.map(|address| Self { fallbacks: Vec::new(), ..(**address).clone() }.into()).collect();
        Arc::new(Self { fallbacks, ..(**to).clone() })
    }

    /// The same with the key that was looked up.
    ///
    /// # Errors
    /// The problem with that key.
    pub(in crate::provider) fn unlocked(&self, key: SecretString) -> Result<Self, Problem> {
        let Some(lock) = &self.lock else { return Ok(self.clone()) };
        let mut unlocked = Self { endpoint: (lock.endpoint)(Some(&key))?, ..self.clone() };
        unlocked.settings.api_key.hint = key::hint(&key);
        unlocked.lock = Some(Lock { key: Some(key), ..lock.clone() });
        Ok(unlocked)
    }

    /// A failure with what helps here: where the settings lead to nobody, the proxy that runs on this machine may do.
    pub(in crate::provider) fn told(&self, mut error: Error) -> Error {
        if let Some((local, instead)) = self.passed_over().filter(|_| error.is_away()) {
            error.data.remedy =
                Some(format!("start the proxy there, or use the one that runs here at {local}: {instead}"));
        }
        error
    }

    /// Where the proxy of this machine is, and what would make this profile use it. None where none runs or it is used.
    pub fn passed_over(&self) -> Option<(&str, String)> {
        let local = self.local_proxy.as_deref()?;
        let instead = match self.settings.base_url.origin {
            Layer::Environment => "unset LITELLM_BASE_URL".to_owned(),
            Layer::SettingsFile => "run `litellm-ls config unset baseUrl`".to_owned(),
            _ => format!("set baseUrl to {local}"),
        };
        Some((local, instead))
    }

    /// Whether texts may go to its address: not to the built-in one, where anybody may listen, in the place of one that the
    /// settings file may name.
    ///
    /// # Errors
    /// What keeps the file from being read.
    pub(in crate::provider) fn hears(&self) -> crate::provider::Result<()> {
        match &self.unread {
            Some(problem) if self.settings.base_url.origin == Layer::Default => {
                Err(crate::provider::Error::unusable(problem))
            }
            _ => Ok(()),
        }
    }

    /// Whether this may be the name of a model: a key that was put in its place would be written down, and shown.
    ///
    /// # Errors
    /// That it holds the key.
    pub fn may_name(&self, model: &str) -> Result<(), Problem> {
        match self.endpoint.secrets().are_in(model) {
            true => Err(Problem::new("model", "it holds the key", KEY_AS_MODEL)),
            false => Ok(()),
        }
    }

    /// What is wrong with settings that could not be refused, each as one sentence with what to do.
    pub fn complaints(&self) -> Vec<String> {
        self.broken.iter().chain(&self.complaints).map(complaint).collect()
    }

    /// What tells who answers it, and whom they answer, from others.
    pub fn route(&self) -> Route {
        Route { endpoint: self.endpoint.mark(), connection: self.transport.clone() }
    }

    /// What answers at the base URL.
    pub fn kind(&self) -> ProviderKind {
        self.settings.kind.value
    }

    /// What fills the gaps of the model list.
    pub fn compatibility(&self) -> Compatibility {
        self.settings.compatibility.value
    }

    /// The model for requests that name none.
    pub fn model(&self) -> Option<&str> {
        self.settings.model.as_ref().map(|model| model.value.as_str())
    }

    /// Whether the settings file says that this is the model, and nothing stronger says otherwise.
    pub fn is_filed_model(&self, model: &str) -> bool {
        let set = self.settings.model.as_ref();
        set.is_some_and(|set| set.value == model && set.origin == Layer::SettingsFile)
    }

    /// What may be spent with it on this machine. None where there is no limit.
    pub(in crate::provider) fn own_budget(&self) -> Option<&OwnBudget> {
        self.settings.budget.as_ref().map(|budget| &budget.value)
    }

    /// What the user knows of models.
    pub fn model_overrides(&self) -> &BTreeMap<String, ModelOverride> {
        static NONE: BTreeMap<String, ModelOverride> = BTreeMap::new();
        self.settings.model_overrides.as_ref().map_or(&NONE, |overrides| &overrides.value)
    }

    /// How long a chat may keep its reader waiting.
    pub fn answer_timeouts(&self) -> AnswerTimeouts {
        let timeouts = &self.settings.timeouts.value;
        let least = timeouts.min_bytes_per_minute.unwrap_or_default();
        AnswerTimeouts {
            first_token: limit(timeouts.first_token_ms),
            idle: limit(timeouts.idle_ms),
            least_a_minute: usize::try_from(least).unwrap_or(usize::MAX),
        }
    }

    /// What its proxy goes by in what is kept: its address, but for this machine's own one, which has another port each
    /// time that it is started.
    pub(in crate::provider) fn identity(&self) -> String {
        match self.transport.guard {
            Some(_) => OWN_PROXY.to_owned(),
            None => self.settings.base_url.value.clone(),
        }
    }

    /// How long a list may take.
    pub fn discovery_limit(&self) -> Duration {
        limit(self.settings.timeouts.value.discovery_ms)
    }
}

/// A time limit of the effective settings, where none is absent.
fn limit(milliseconds: Option<u64>) -> Duration {
    Duration::from_millis(milliseconds.unwrap_or_default())
}

fn transport(
    base: &Base,
    settings: &EffectiveSettings,
    proxy: Option<url::Url>,
    guard: Option<Guard>,
    environment: &Environment,
) -> ConnectionOptions {
    let tls = settings.tls.as_ref().map(|tls| tls.value.clone()).unwrap_or_default();
    ConnectionOptions {
        connect: limit(settings.timeouts.value.connect_ms),
        loopback: base.url.is_loopback(),
        encrypted: !base.url.is_plain(),
        proxy,
        system_proxies: SystemProxies::of(|name| environment.variable(name)),
        ca_file: tls.ca_file.map(PathBuf::from),
        client_certificate: tls
            .client_cert_file
            .zip(tls.client_key_file)
            .map(|(certificate, key)| (certificate.into(), key.into())),
        insecure: tls.insecure == Some(true),
        guard,
    }
}

/// What a key was given with and is sent without. None for most.
fn mended(key: &Key, auth: &AuthStyle) -> Option<Advice> {
    let says_bearer = |key: &SecretString| bare(key.expose_secret()) != key.expose_secret();
    let mut without = key.without().to_vec();
    if auth.says_bearer() && key.secret().is_some_and(says_bearer) {
        without.push("the word Bearer");
    }
    let without = without.join(" and ");
    (!without.is_empty()).then(|| {
        Advice::new(format!("the key was given with {without}, and is sent without"), "give the key alone")
            .of_key()
    })
}

/// What holds but is not as the user may think.
fn warnings(base: &Base, settings: &EffectiveSettings, headers_withheld: bool) -> Vec<Advice> {
    let mut warnings = Vec::new();
    if settings.api_key.withheld {
        warnings.push(Advice::new(
            format!("the key is not sent to {}, for it was given for another address", base.url),
            "give apiKey again to use it there",
        ));
    }
    if headers_withheld {
        warnings.push(Advice::new(
            format!("the headers are not sent to {}, for they were given for another address", base.url),
            "give them again to use them there",
        ));
    }
    let sends_key = settings.api_key.present && !settings.api_key.withheld;
    if sends_key && base.url.is_plain() && !base.url.is_loopback() {
        warnings.push(Advice::new("the key goes over plain http, where others can read it", "use https"));
    }
    if settings.tls.as_ref().is_some_and(|tls| tls.value.insecure == Some(true)) {
        warnings.push(Advice::new("certificates are not checked (tls.insecure)", "set tls.caFile instead"));
    }
    warnings
}

/// A key that stands back behind that of the local proxy.
fn unused_key(
    (strongest, given): (Layer, &Key),
    used: Option<(Layer, &Key)>,
    address: &Base,
) -> Option<Advice> {
    let own = used.filter(|(layer, _)| *layer != strongest)?;
    (own.0 == Layer::LocalProxy).then(|| {
        Advice::new(
            format!(
                "the key of {} is not used, for the proxy that `litellm-ls proxy start` started at {} has a key of its own",
                given.origin(),
                address.url
            ),
            "set baseUrl to where that key belongs, or take it away",
        )
    })
}

/// The layers of one profile, weakest first.
struct Layers<'a>(&'a [(Layer, &'a LayerState)]);

impl<'a> Layers<'a> {
    /// What the strongest layer says that says anything.
    fn last<T>(&self, pick: impl Fn(&'a Values) -> Option<T>) -> Option<(Layer, T)> {
        self.0.iter().rev().find_map(|(layer, state)| Some((*layer, pick(&state.values)?)))
    }

    /// The same of what goes to the base URL and nowhere else. The local proxy's own goes before whatever was not given
    /// for it, for what names no address says nothing of this one.
    fn secret<T>(&self, base: &Base, pick: impl Fn(&'a Values) -> Option<T>) -> Option<(Layer, T)> {
        let origin = base.url.origin();
        let is_for_it = |state: &LayerState| {
            base.layer == Layer::LocalProxy && state.home.as_deref() == Some(origin.as_str())
        };
        let own = self.0.iter().rev().filter(|(_, state)| is_for_it(state));
        own.map(|(layer, state)| (*layer, pick(&state.values)))
            .find_map(|(layer, picked)| Some((layer, picked?)))
            .or_else(|| self.last(pick))
    }

    fn or_default<T: Default>(&self, pick: impl Fn(&'a Values) -> Option<T>) -> Setting<T> {
        self.last(pick).map_or(Setting { value: T::default(), origin: Layer::Default }, setting)
    }

    /// The patterns of all layers, for each adds to the weaker ones.
    fn secret_files(&self) -> Option<Setting<Vec<String>>> {
        let (origin, _) = self.last(|values| values.secret_files.as_ref())?;
        let all = self.0.iter().filter_map(|(_, state)| state.values.secret_files.as_deref());
        Some(Setting { value: all.flatten().cloned().collect(), origin })
    }

    /// Time limits, each by itself; the origin is that of the strongest layer that set one.
    fn timeouts(&self) -> Setting<Timeouts> {
        let field = |pick: fn(&Timeouts) -> Option<u64>, default: u64| {
            self.last(|values| pick(&values.timeouts)).unwrap_or((Layer::Default, default))
        };
        let connect = field(|timeouts| timeouts.connect_ms, 10_000);
        let first_token = field(|timeouts| timeouts.first_token_ms, 300_000);
        let idle = field(|timeouts| timeouts.idle_ms, 120_000);
        let pace = field(|timeouts| timeouts.min_bytes_per_minute, 0);
        let discovery = field(|timeouts| timeouts.discovery_ms, 30_000);
        let fields = [connect, first_token, idle, pace, discovery];
        Setting {
            value: Timeouts {
                connect_ms: Some(connect.1),
                first_token_ms: Some(first_token.1),
                idle_ms: Some(idle.1),
                min_bytes_per_minute: Some(pace.1),
                discovery_ms: Some(discovery.1),
            },
            origin: fields.map(|(layer, _)| layer).into_iter().max().unwrap_or(Layer::Default),
        }
    }

    /// What may be spent, each by itself. What a workspace could have pushed lowers a limit, and neither raises it nor takes
    /// the stop away. None where nobody says anything.
    fn budget(&self) -> Option<Setting<OwnBudget>> {
        let is_said = |values: &Values| (values.budget != OwnBudget::default()).then_some(());
        let (origin, ()) = self.last(is_said)?;
        let of = |is_pushed: bool| {
            let layers = self
                .0
                .iter()
                .filter(move |(layer, _)| (*layer == Layer::DidChangeConfiguration) == is_pushed);
            layers.rev().map(|(_, state)| &state.values.budget)
        };
        let limit = |pick: fn(&OwnBudget) -> Option<f64>| {
            let said = [of(false).find_map(pick), of(true).find_map(pick)];
            said.into_iter().flatten().reduce(f64::min)
        };
        let stops = |is_pushed: bool| of(is_pushed).find_map(|budget| budget.stop);
        let value = OwnBudget {
            day: limit(|budget| budget.day),
            week: limit(|budget| budget.week),
            month: limit(|budget| budget.month),
            stop: [stops(false), stops(true)].into_iter().flatten().max(),
        };
        Some(Setting { value, origin })
    }

    /// What is wrong with what may be spent, where it may have been meant to stop questions.
    fn unread_budget(&self) -> Option<Problem> {
        let stops = self.budget().is_some_and(|budget| budget.value.stop == Some(true));
        let mut problems = self.0.iter().flat_map(|(_, state)| &state.problems);
        let found = problems.find(|problem| match problem.path.strip_prefix("budget") {
            Some("" | ".stop") => true,
            Some(member) => stops && member.starts_with('.'),
            None => false,
        });
        found.cloned()
    }

    /// Trust and client certificates, each by itself. None where nobody says anything.
    fn tls(&self) -> Option<Setting<Tls>> {
        let field = |pick: fn(&Tls) -> &Option<String>| {
            self.last(|values| pick(&values.tls).clone()).map(|(_, file)| file)
        };
        let (origin, ()) = self.last(|values| (values.tls != Tls::default()).then_some(()))?;
        let value = Tls {
            ca_file: field(|tls| &tls.ca_file),
            client_cert_file: field(|tls| &tls.client_cert_file),
            client_key_file: field(|tls| &tls.client_key_file),
            insecure: self.last(|values| values.tls.insecure).map(|(_, insecure)| insecure),
        };
        Some(Setting { value, origin })
    }

    /// What must hold of who answers at an address.
    fn guard(&self, address: &Base) -> Option<Guard> {
        self.0.iter().find(|(layer, _)| *layer == address.layer).and_then(|(_, state)| state.guard.clone())
    }

    /// Whether the secrets of a layer may be sent to a base URL.
    ///
    /// Invariant: a secret goes to the origin it was given for and nowhere else. One that has none yet does not go
    /// where pushed settings lead, for editors merge those of a workspace into what they push.
    fn may_follow(&self, layer: Layer, base: &Base) -> bool {
        let home =
            self.0.iter().find(|(other, _)| *other == layer).and_then(|(_, state)| state.home.as_deref());
        match home {
            Some(home) => home == base.url.origin(),
            None => base.layer != Layer::DidChangeConfiguration,
        }
    }
}

/// The base URL in effect, or an address that stands in for it.
#[derive(Clone)]
pub(in crate::provider) struct Base {
    layer: Layer,
    text: String,
    url: BaseUrl,
}

impl Base {
    fn of(layers: &Layers<'_>) -> Result<Self, Problem> {
        let (layer, text) = layers
            .last(|values| values.base_url.clone().filter(|text| !text.is_empty()))
            .unwrap_or((Layer::Default, String::new()));
        Self::parse(layer, text, "baseUrl")
    }

    /// The addresses that stand in for it: those of its layer or a stronger one, for the base URL of a weaker one is
    /// another deployment's.
    fn fallbacks(&self, layers: &Layers<'_>) -> Result<Vec<Self>, Problem> {
        let given = layers.last(|values| values.fallback_urls.clone());
        let Some((layer, urls)) = given.filter(|(layer, _)| *layer >= self.layer) else {
            return Ok(Vec::new());
        };
        urls.into_iter().map(|url| Self::parse(layer, url, "fallbackUrls")).collect()
    }

    fn parse(layer: Layer, text: String, setting: &str) -> Result<Self, Problem> {
        let url = BaseUrl::parse(&text)
            .map_err(|error| Problem::new(setting, error.to_string(), error.remedy()))?;
        Ok(Self { layer, text, url })
    }
}

/// The origin of the base URL that these layers name. None where they name none, or none that can be used.
pub(in crate::provider) fn named_origin(layers: &[(Layer, &LayerState)]) -> Option<String> {
    let base = Base::of(&Layers(layers)).ok()?;
    (base.layer != Layer::Default).then(|| base.url.origin())
}

fn endpoint(
    base: &Base,
    auth: &AuthStyle,
    key: Option<&SecretString>,
    headers: &BTreeMap<String, SecretString>,
    compatibility: Compatibility,
    transport: &ConnectionOptions,
) -> Result<Endpoint, Problem> {
    let endpoint = Endpoint::new(&base.url, auth, key, headers, transport)
        .map_err(|error| Problem::new("apiKey", error.to_string(), "copy it again"))?;
    match compatibility {
        Compatibility::Roo => endpoint.as_roo(&base.text, key, headers, transport).map_err(|error| {
            Problem::new("baseUrl", format!("Roo Code can't use it: {error}"), "write it out whole")
        }),
        Compatibility::Default | Compatibility::Strict | Compatibility::Unknown => Ok(endpoint),
    }
}

/// Base URLs as they may be shown: as the base URL in effect is, without credentials and query.
fn shown_addresses(urls: &[String]) -> Vec<String> {
    // None that can't be read gets here; it would be shown as nothing.
    urls.iter().filter_map(|url| BaseUrl::parse(url).ok()).map(|url| url.to_string()).collect()
}

fn shown_key(key: Option<(Layer, &Key)>, sent: Option<&Key>) -> KeySetting {
    let Some((layer, key)) = key else {
        return KeySetting { present: false, origin: None, layer: None, hint: None, withheld: false };
    };
    KeySetting {
        present: true,
        origin: Some(key.origin().to_owned()),
        layer: Some(layer),
        hint: key.hint(),
        withheld: sent.is_none(),
    }
}

fn setting<T>((origin, value): (Layer, T)) -> Setting<T> {
    Setting { value, origin }
}
