//! Everything that can go wrong with a chat, in one table: what the peer is told, what is kept of the answer, and how
//! often the proxy is asked.

use litellm_ls_protocol::{Delta, ErrorKind};
use serde_json::{Value, json};

use crate::support::{
    fake_proxy::{Answer, Body, FakeProxy},
    real_proxy::{MASTER_KEY, RealProxy},
    session::{Streamed, with},
};

const ROUTE: &str = "POST /v1/chat/completions";

/// One fault of a scripted proxy.
struct Fault {
    name: &'static str,
    /// What the proxy answers: these in order, the last for ever.
    answers: Vec<Answer>,
    /// What the peer is told. None where the fault is overcome.
    kind: Option<ErrorKind>,
    /// The text that had arrived, or the whole.
    text: &'static str,
    /// How often the proxy is asked.
    requests: usize,
    /// Whether the connection is still open on the proxy's side, so that we must close it.
    open: bool,
}

fn fault(name: &'static str, kind: ErrorKind, requests: usize, answer: Answer) -> Fault {
    Fault { name, answers: vec![answer], kind: Some(kind), text: "", requests, open: false }
}

/// A fault after a first piece of text: it is paid for, so nothing is sent again.
fn broken(name: &'static str, kind: ErrorKind, answer: Answer) -> Fault {
    Fault { text: "Half ", ..fault(name, kind, 1, answer) }
}

impl Fault {
    fn open(self) -> Self {
        Self { open: true, ..self }
    }

    /// The same once; then the proxy answers as it should.
    fn once(mut self, requests: usize) -> Self {
        self.answers.push(Answer::stream().text("Hello").finish("stop").done());
        Self { kind: None, text: "Hello", requests, ..self }
    }
}

/// LiteLLM's own envelope. It never asks to wait, so that the table is done at once.
fn refusal(status: u16, kind: Value, message: &str) -> Answer {
    let error = json!({"message": message, "type": kind, "param": null, "code": status.to_string()});
    Answer::json(status, &json!({"error": error})).header("retry-after", "0")
}

fn half() -> Answer {
    Answer::stream().text("Half ")
}

fn table() -> Vec<Fault> {
    use ErrorKind as K;
    let none = Value::Null;
    let vendor = |class: &str, text: &str| format!("litellm.{class}: {class}: OpenAIException - {text}");
    let unsupported =
        vendor("BadRequestError", "Unsupported value: 'temperature' does not support 0.5 with this model.");
    vec![
        // No answer.
        fault("reset before an answer", K::Unreachable, 3, Answer::nothing().reset()),
        fault("closed before an answer", K::Unreachable, 3, Answer::nothing().close()),
        fault(
            "closed in its head",
            K::Unreachable,
            3,
            Answer::nothing().raw("HTTP/1.1 200 OK\r\nconte").close(),
        ),
        fault("not HTTP", K::BadResponse, 1, Answer::nothing().raw("SSH-2.0-OpenSSH_9.9\r\n").close()),
        fault("silence", K::Timeout, 1, Answer::nothing().held()).open(),
        fault("reset once", K::Unreachable, 0, Answer::nothing().reset()).once(2),
        // The key.
        fault("key missing", K::Unauthorized, 1, refusal(401, json!("auth_error"), "No api key passed in.")),
        fault(
            "key wrong, no database",
            K::Unauthorized,
            1,
            refusal(400, json!("no_db_connection"), "No connected db."),
        ),
        fault(
            "key expired",
            K::Unauthorized,
            1,
            refusal(401, json!("expired_key"), "Authentication Error - Expired Key."),
        ),
        fault("database down", K::Upstream, 3, refusal(503, json!("no_db_connection"), "No connected db.")),
        fault(
            "key may not use the model",
            K::Forbidden,
            1,
            refusal(401, json!("key_model_access_denied"), "key not allowed to access model."),
        ),
        fault(
            "the proxy's own key",
            K::UpstreamUnauthorized,
            1,
            refusal(
                401,
                json!("authentication_error"),
                &vendor("AuthenticationError", "Incorrect API key provided"),
            ),
        ),
        // Limits.
        fault(
            "too many requests",
            K::RateLimited,
            3,
            refusal(429, json!("throttling_error"), "Rate limit exceeded for api_key: x."),
        ),
        fault(
            "too many requests, once",
            K::RateLimited,
            0,
            refusal(429, json!("throttling_error"), "Rate limit exceeded"),
        )
        .once(2),
        fault(
            "a wait beyond patience",
            K::RateLimited,
            1,
            Answer::json(
                429,
                &json!({"error": {"message": "Rate limit exceeded", "type": "throttling_error"}}),
            )
            .header("retry-after", "3600"),
        ),
        fault(
            "cooldown",
            K::RateLimited,
            3,
            refusal(
                429,
                json!("internal_server_error"),
                "No deployments available for selected model, Try again in 5 seconds.",
            ),
        ),
        fault(
            "budget, 1.101",
            K::BudgetExceeded,
            1,
            refusal(429, json!("budget_exceeded"), "Budget has been exceeded!"),
        ),
        fault(
            "budget, newer",
            K::BudgetExceeded,
            1,
            refusal(422, json!("budget_exceeded"), "Budget has been exceeded!"),
        ),
        fault(
            "budget, older",
            K::BudgetExceeded,
            1,
            refusal(
                400,
                json!("auth_error"),
                "Authentication Error, ExceededBudget: User x has exceeded their budget.",
            ),
        ),
        // The request.
        fault(
            "unknown model",
            K::ModelNotFound,
            1,
            refusal(400, json!("invalid_request_error"), "Invalid model name passed in model=nope."),
        ),
        fault(
            "too long",
            K::ContextWindowExceeded,
            1,
            refusal(
                400,
                json!("invalid_request_error"),
                &vendor("ContextWindowExceededError", "This model's maximum context length is 8192 tokens."),
            ),
        ),
        fault(
            "filtered",
            K::ContentFiltered,
            1,
            refusal(400, none.clone(), &vendor("ContentPolicyViolationError", "no")),
        ),
        fault(
            "wrong request",
            K::InvalidRequest,
            1,
            refusal(400, none.clone(), &vendor("BadRequestError", "not to my taste")),
        ),
        fault("too large", K::InvalidRequest, 1, refusal(413, none.clone(), "Request too large.")),
        fault(
            "validation",
            K::InvalidRequest,
            1,
            Answer::json(
                422,
                &json!({"detail": [{"type": "missing", "loc": ["body", "model"], "msg": "Field required"}]}),
            ),
        ),
        fault("conflict", K::InvalidRequest, 3, refusal(409, none.clone(), "conflict")),
        fault("parameter refused for good", K::UnsupportedParam, 2, refusal(400, none.clone(), &unsupported)),
        fault("parameter refused", K::UnsupportedParam, 0, refusal(400, none.clone(), &unsupported)).once(2),
        // The provider.
        fault(
            "408",
            K::Timeout,
            3,
            refusal(408, json!("timeout_error"), "litellm.Timeout: it took too long"),
        ),
        fault(
            "500",
            K::Upstream,
            3,
            refusal(500, json!("internal_server_error"), &vendor("InternalServerError", "boom")),
        ),
        fault(
            "529, as Anthropic writes it",
            K::Upstream,
            3,
            Answer::json(
                529,
                &json!({"type": "error", "error": {"type": "overloaded_error", "message": "Overloaded"}}),
            )
            .header("retry-after", "0"),
        ),
        // Not LiteLLM.
        fault("wrong path", K::BadResponse, 1, Answer::json(404, &json!({"detail": "Not Found"}))),
        fault(
            "gateway restarts",
            K::Upstream,
            3,
            Answer::whole(502, "text/html", "<html><title>502 Bad Gateway</title></html>")
                .header("retry-after", "0"),
        ),
        fault("a login page", K::BadResponse, 1, Answer::whole(200, "text/html", "<html>Log in</html>")),
        fault(
            "a gateway that lost its patience",
            K::Upstream,
            3,
            Answer::whole(524, "text/html", "<title>A timeout occurred</title>").header("retry-after", "0"),
        ),
        fault(
            "a gateway that does not trust the proxy",
            K::Upstream,
            1,
            Answer::whole(526, "text/html", "<title>Invalid SSL certificate</title>"),
        ),
        fault(
            "a body of an error that is far too large",
            K::Upstream,
            3,
            Answer::whole(500, "text/plain", "Internal Server Error. ".repeat(100_000))
                .header("retry-after", "0"),
        ),
        fault(
            "plain text",
            K::Upstream,
            3,
            Answer::whole(500, "text/plain", "Internal Server Error").header("retry-after", "0"),
        ),
        fault(
            "redirect",
            K::BadResponse,
            1,
            Answer::redirect(307, "https://elsewhere.invalid/v1/chat/completions"),
        ),
        fault("nothing at all, with 200", K::StreamInterrupted, 1, Answer::stream()),
        fault(
            "an error with 200",
            K::RateLimited,
            1,
            Answer::json(
                200,
                &json!({"error": {"message": vendor("RateLimitError", "slow down"), "code": "429"}}),
            ),
        ),
        // In mid-stream.
        broken(
            "an error frame",
            K::Upstream,
            half()
                .event(&json!({"error": {"message": vendor("InternalServerError", "boom"), "code": "500"}}))
                .held(),
        )
        .open(),
        broken("reset", K::StreamInterrupted, half().reset()),
        broken("closed in a chunk", K::StreamInterrupted, half().raw("40\r\ndata: {\"cho").close()),
        broken("ended without its end", K::StreamInterrupted, half()),
        broken("ended with half an event", K::StreamInterrupted, half().piece("data: {\"choices\": [{\"de")),
        broken(
            "ten events in a row that are not JSON",
            K::StreamInterrupted,
            half().piece("data: nonsense\n\n".repeat(10)).held(),
        )
        .open(),
        broken("a stall", K::Timeout, half().held()).open(),
        broken(
            "a body shorter than it says",
            K::StreamInterrupted,
            Answer::head(200, Body::Length(4096))
                .header("content-type", "text/event-stream")
                .piece("data: {\"choices\":[{\"delta\":{\"content\":\"Half \"}}]}\n\n")
                .close(),
        ),
    ]
}

#[tokio::test]
async fn each_fault_is_told_as_what_it_is_and_paid_for_once() {
    futures_util::future::join_all(table().into_iter().map(run)).await;
}

async fn run(fault: Fault) {
    let name = fault.name;
    let fake = FakeProxy::start().await;
    let mut answers = fault.answers.into_iter().rev();
    fake.on(ROUTE).always(answers.next().expect("an answer"));
    for answer in answers.rev() {
        fake.on(ROUTE).answer(answer);
    }
    let mut server = with(&fake.url(), "sk-fake");
    let hasty = fault.open && fault.kind == Some(ErrorKind::Timeout);
    let limit = if hasty { 200 } else { 20_000 };
    let timeouts = json!({"firstTokenMs": limit, "idleMs": limit});
    server.ask("provider/configure", json!({"timeouts": timeouts, "verify": false})).await;

    let wish = json!({"model": "gpt", "prompt": "hi", "temperature": 0.5});
    let streamed = server.stream(wish).await;
    check(name, &streamed, fault.kind, fault.text);
    let asked: Vec<_> = fake.requests().into_iter().filter(|request| request.route() == ROUTE).collect();
    assert_eq!(asked.len(), fault.requests, "{name}: requests");
    assert_eq!(retries(&streamed) + 1, fault.requests, "{name}: retries told");
    if fault.open {
        fake.closed(&asked[0]).await;
    }
    server.end().await;
}

fn retries(streamed: &Streamed) -> usize {
    streamed.deltas.iter().filter(|delta| matches!(delta, Delta::Retry { .. })).count()
}

fn check(name: &str, streamed: &Streamed, kind: Option<ErrorKind>, text: &str) {
    match (&streamed.outcome, kind) {
        (Ok(result), None) => assert_eq!(result.message.text, text, "{name}"),
        (Err(error), Some(kind)) => {
            assert_eq!(error.kind, kind, "{name}: {error:?}");
            assert!(error.remedy.is_some() && error.model.as_deref() == Some("gpt"), "{name}: {error:?}");
            let partial = error.partial.as_ref().map(|partial| partial.message.text.as_str());
            assert_eq!(partial.unwrap_or_default(), text, "{name}");
            assert_eq!(partial.is_some(), !text.is_empty(), "{name}");
        }
        (outcome, _) => panic!("{name}: {outcome:?}"),
    }
}

#[tokio::test]
#[cfg_attr(wine, ignore = "Wine has no LiteLLM")]
async fn the_real_proxy_fails_in_the_same_words() {
    use ErrorKind as K;
    let proxy = RealProxy::shared().await;
    let faults = [
        ("nope", "hi", MASTER_KEY, K::ModelNotFound, "", 0),
        ("plain", "hi", "sk-wrong", K::Unauthorized, "", 0),
        ("error-context", "hi", MASTER_KEY, K::ContextWindowExceeded, "", 0),
        ("error-filter", "hi", MASTER_KEY, K::ContentFiltered, "", 0),
        ("error-timeout", "hi", MASTER_KEY, K::Timeout, "", 2),
        ("error-rate-limit", "hi", MASTER_KEY, K::RateLimited, "", 2),
        ("error-internal", "hi", MASTER_KEY, K::Upstream, "", 2),
        ("error-refused", "hi", MASTER_KEY, K::Upstream, "", 2),
        ("up", "refuse400", MASTER_KEY, K::InvalidRequest, "", 0),
        ("up", "refuse401", MASTER_KEY, K::UpstreamUnauthorized, "", 0),
        ("up", "error", MASTER_KEY, K::Upstream, "Half an ", 0),
    ];
    let all = faults.map(|(model, prompt, key, kind, text, retried)| async move {
        let mut server = with(&proxy.url, key);
        let streamed = server.stream(json!({"model": model, "prompt": format!("{prompt} matrix")})).await;
        let error = streamed.outcome.as_ref().expect_err(model);
        assert_eq!(error.kind, kind, "{model} {prompt}: {error:?}");
        let partial = error.partial.as_ref().map_or("", |partial| partial.message.text.as_str());
        assert_eq!((partial, retries(&streamed)), (text, retried), "{model} {prompt}");
        server.end().await;
    });
    futures_util::future::join_all(all).await;
}
