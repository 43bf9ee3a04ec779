//! One check's world: a proxy, a server for each time that it asks for one, and what the server claims.

use std::{cell::RefCell, rc::Rc};

use serde_json::{Value, json};

use crate::{
    Options,
    check::{Check, DISCOVER, LIST_MODELS, MODELS},
    failure::{Checked, Failure, ensure, shown},
    peer::Peer,
    proxy::Proxy,
    rules,
    transcript::Transcript,
};

/// The key that servers are given. It must be seen nowhere but at the proxy.
pub(crate) const KEY: &str = "sk-conformance-5d1e0c7a9b";

/// How a server is spoken to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Door {
    /// The base protocol of LSP, with `initialize`.
    Lsp,
    /// One message a line.
    Lines,
}

impl Door {
    /// Its name, for people.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Lsp => "the LSP door",
            Self::Lines => "the line door",
        }
    }

    /// Its name, for programs.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Lsp => "lsp",
            Self::Lines => "lines",
        }
    }
}

/// What a server says of itself.
#[derive(Debug, Clone, Default)]
pub(crate) struct Claims {
    discovered: Value,
    models: Vec<String>,
}

/// Asks a server what it can do. What it leaves out is not checked; where it refuses to say, everything is. Fails where no
/// answer comes at all: then no check needs to wait for one.
pub(crate) fn probe(options: &Options) -> Checked<Option<Claims>> {
    let session = Session::new(options, Claims::default())?;
    let mut server = session.start()?;
    let Some(discovered) = discover(&mut server, options.door).map_err(|failure| {
        let other = if options.door == Door::Lsp { Door::Lines } else { Door::Lsp };
        let hint = format!("give `--door {}` where the command opens {}", other.word(), other.name());
        Failure::new(format!("{failure}; {hint}"))
    })?
    else {
        return Ok(None);
    };
    let mut claims = Claims { discovered, models: Vec::new() };
    claims.models = if claims.has("features", "proxy") {
        MODELS.map(str::to_owned).into()
    } else {
        names(&server.ask(LIST_MODELS, json!({})).unwrap_or_default())
    };
    Ok(Some(claims))
}

/// What a server says of itself. None where it refuses to.
fn discover(server: &mut Peer, door: Door) -> Checked<Option<Value>> {
    if door == Door::Lsp {
        if server.call("initialize", initialize_params())?.is_err() {
            return Ok(None);
        }
        server.notify("initialized", json!({}));
    }
    Ok(server.call(DISCOVER, json!({}))?.ok())
}

/// The ids of a list of models.
pub(crate) fn names(list: &Value) -> Vec<String> {
    let models = list["models"].as_array().into_iter().flatten();
    models.filter_map(|model| model["id"].as_str().map(str::to_owned)).collect()
}

impl Claims {
    /// Whether a list of `provider/discover` has a word.
    pub(crate) fn has(&self, list: &str, word: &str) -> bool {
        self.discovered[list].as_array().is_some_and(|words| words.iter().any(|known| known == word))
    }

    /// A limit of `provider/discover`.
    pub(crate) fn limit(&self, name: &str) -> Checked<usize> {
        let limit = self.discovered["limits"][name].as_u64().and_then(|limit| usize::try_from(limit).ok());
        limit.ok_or_else(|| Failure::new(format!("{DISCOVER} tells no `limits.{name}`")))
    }

    /// What the server lacks for a check, in one sentence.
    pub(crate) fn lacks(&self, check: &Check) -> Option<String> {
        let needs = check.needs();
        let methods = needs.methods.iter().copied().chain([check.method]);
        let missing = methods.into_iter().find(|method| {
            method.starts_with("provider/") && *method != DISCOVER && !self.has("methods", method)
        });
        let feature = needs.feature.into_iter().chain(needs.proxy.then_some("proxy"));
        let missing_feature = feature.into_iter().find(|feature| !self.has("features", feature));
        let missing_model = needs.model.filter(|model| !self.models.iter().any(|known| known == model));
        missing
            .map(|method| format!("the server does not claim {method}"))
            .or_else(|| {
                missing_feature.map(|feature| format!("the server does not claim the feature `{feature}`"))
            })
            .or_else(|| missing_model.map(|model| format!("the server lists no model `{model}`")))
    }

    /// Its name and version.
    pub(crate) fn server(&self) -> String {
        let info = &self.discovered["serverInfo"];
        let word = |name: &str| info[name].as_str().unwrap_or("?").to_owned();
        format!("{} {}", word("name"), word("version"))
    }
}

/// The world of one check.
pub(crate) struct Session {
    pub(crate) claims: Claims,
    pub(crate) proxy: Proxy,
    options: Options,
    seen: RefCell<Vec<Rc<RefCell<Transcript>>>>,
}

impl Session {
    pub(crate) fn new(options: &Options, claims: Claims) -> Checked<Self> {
        let proxy = Proxy::start(options.patience)?;
        Ok(Self { claims, proxy, options: options.clone(), seen: RefCell::default() })
    }

    /// Makes a check, then looks at all that was said in it.
    pub(crate) fn run(&self, check: &Check) -> Checked {
        check.make(self).map_err(|failure| self.with_last_sent(&failure))?;
        self.seen.borrow().iter().try_for_each(|transcript| rules::hold(&transcript.borrow()))
    }

    /// A failure with what was sent last before it, unless it says that itself.
    fn with_last_sent(&self, failure: &Failure) -> Failure {
        let seen = self.seen.borrow();
        let last = seen.last().and_then(|transcript| transcript.borrow().last_sent());
        let why = failure.to_string();
        match last.filter(|sent| !why.contains(&shown(&sent["params"]))) {
            Some(sent) => Failure::new(format!("{why}; sent last: {}", shown(&sent))),
            None => failure.clone(),
        }
    }

    pub(crate) fn door(&self) -> Door {
        self.options.door
    }

    pub(crate) fn patience(&self) -> std::time::Duration {
        self.options.patience
    }

    /// A server that was started and told nothing yet.
    pub(crate) fn start(&self) -> Checked<Peer> {
        self.start_with(&[("LITELLM_BASE_URL", &self.proxy.url()), ("LITELLM_API_KEY", KEY)])
    }

    /// The same with other variables.
    pub(crate) fn start_with(&self, variables: &[(&str, &str)]) -> Checked<Peer> {
        let peer = Peer::start(&self.options, variables)?;
        self.seen.borrow_mut().push(peer.transcript());
        Ok(peer)
    }

    /// A server that is ready for requests.
    pub(crate) fn open(&self) -> Checked<Peer> {
        let mut peer = self.start()?;
        self.initialize(&mut peer)?;
        Ok(peer)
    }

    /// The same with `initializationOptions`, and without an address and a key in the environment.
    pub(crate) fn open_with_options(&self, options: &Value) -> Checked<Peer> {
        let mut peer = self.start_with(&[])?;
        let mut params = initialize_params();
        params["initializationOptions"] = options.clone();
        peer.ask("initialize", params)?;
        peer.notify("initialized", json!({}));
        Ok(peer)
    }

    pub(crate) fn initialize(&self, peer: &mut Peer) -> Checked {
        if self.door() == Door::Lsp {
            let result = peer.ask("initialize", initialize_params())?;
            ensure(result["capabilities"].is_object(), || "`initialize` has no `capabilities`".to_owned())?;
            peer.notify("initialized", json!({}));
        }
        Ok(())
    }
}

/// What a client without any ability of its own says.
pub(crate) fn initialize_params() -> Value {
    json!({"processId": null, "rootUri": null, "capabilities": {}})
}
