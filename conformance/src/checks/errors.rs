//! Errors: each trouble has its kind, and tells what is known of it.

use serde_json::json;

use crate::{
    check::{BUSY, COMPLETE, CUT, Check, HELLO, LIST_MODELS, STATUS, both, chat},
    failure::{Checked, ensure, same, shown},
    proxy::{Answer, CHAT, MODEL_INFO, NAMES},
    session::Session,
};

#[rustfmt::skip]
pub(super) const CHECKS: &[Check] = &[
    both("errors.unknown-model", "M31", COMPLETE, "A model that nobody knows is `modelNotFound`.", unknown_model),
    both("errors.rate-limited", "M31", COMPLETE, "Too many requests are `rateLimited`, with how long to wait.", rate_limited).model(BUSY),
    both("errors.unknown-profile", "M31", STATUS, "A profile that nobody made is `notConfigured`.", unknown_profile),
    both("errors.remedy", "M31", COMPLETE, "An error has a remedy, one line long.", remedy).model(BUSY),
    both("errors.cut-off", "M36", COMPLETE, "An answer that breaks off is `streamInterrupted`, with what had arrived.", cut_off).model(CUT),
    both("errors.cut-off-stream", "M36", COMPLETE, "What had arrived is what was streamed.", cut_off_stream).model(CUT),
    both("errors.unauthorized", "M31", LIST_MODELS, "A key that the proxy rejects is `unauthorized`.", unauthorized).proxy(),
    both("errors.budget", "M31", COMPLETE, "A spent budget is `budgetExceeded`.", budget).proxy(),
    both("errors.context-window", "M31", COMPLETE, "A question that is too long is `contextWindowExceeded`.", context_window).proxy(),
    both("errors.content-filter", "M31", COMPLETE, "A question that the provider's filter refuses is `contentFiltered`.", content_filter).proxy(),
    both("errors.not-litellm", "M31", LIST_MODELS, "An answer that is not LiteLLM's is `badResponse`, with what it was.", not_litellm).proxy(),
    both("errors.unreachable", "M31", LIST_MODELS, "A proxy that is not there is `unreachable`.", unreachable).proxy(),
    both("errors.http-status", "M31", COMPLETE, "The status of the proxy's answer is told.", http_status).proxy(),
];

fn unknown_model(session: &Session) -> Checked {
    session.open()?.fails(COMPLETE, chat("no-such-model"), "modelNotFound").map(drop)
}

fn rate_limited(session: &Session) -> Checked {
    let data = session.open()?.fails(COMPLETE, chat(BUSY), "rateLimited")?;
    same("`data.retryAfterMs`", &data["retryAfterMs"], 20_000)
}

fn unknown_profile(session: &Session) -> Checked {
    session.open()?.fails(STATUS, json!({"profile": "no-such-profile"}), "notConfigured").map(drop)
}

fn remedy(session: &Session) -> Checked {
    let data = session.open()?.fails(COMPLETE, chat(BUSY), "rateLimited")?;
    let remedy = data["remedy"].as_str().unwrap_or_default();
    ensure(!remedy.is_empty() && !remedy.contains('\n'), || {
        format!("`data.remedy` is no line: {}", shown(&data))
    })
}

fn cut_off(session: &Session) -> Checked {
    let data = session.open()?.fails(COMPLETE, chat(CUT), "streamInterrupted")?;
    same("`data.partial.message.text`", &data["partial"]["message"]["text"], "half")
}

fn cut_off_stream(session: &Session) -> Checked {
    let streamed = session.open()?.stream(chat(CUT))?;
    let error = streamed.answer.err().unwrap_or_default();
    let partial = error["data"]["partial"]["message"]["text"].clone();
    ensure(partial == "half" && streamed.text == "half", || {
        format!("`half` had arrived, but {:?} was streamed, and `partial` has {partial}", streamed.text)
    })
}

fn of_lists(session: &Session, answer: &Answer) {
    for route in [NAMES, MODEL_INFO] {
        session.proxy.always(route, answer.clone());
    }
}

fn unauthorized(session: &Session) -> Checked {
    of_lists(
        session,
        &Answer::error(401, "auth_error", "Authentication Error, Invalid proxy server token passed."),
    );
    session.open()?.fails(LIST_MODELS, json!({}), "unauthorized").map(drop)
}

fn budget(session: &Session) -> Checked {
    let text = "Budget has been exceeded! Current cost: 1.5, Max budget: 1.0";
    session.proxy.always(CHAT, Answer::error(429, "budget_exceeded", text));
    session.open()?.fails(COMPLETE, chat(HELLO), "budgetExceeded").map(drop)
}

fn context_window(session: &Session) -> Checked {
    let text = "litellm.ContextWindowExceededError: This model's maximum context length is 8192 tokens. However, your messages resulted in 9000 tokens.";
    session.proxy.always(CHAT, Answer::error(400, "invalid_request_error", text));
    session.open()?.fails(COMPLETE, chat(HELLO), "contextWindowExceeded").map(drop)
}

fn content_filter(session: &Session) -> Checked {
    let text = "litellm.ContentPolicyViolationError: The response was filtered due to the prompt triggering Azure OpenAI's content management policy.";
    session.proxy.always(CHAT, Answer::error(400, "invalid_request_error", text));
    session.open()?.fails(COMPLETE, chat(HELLO), "contentFiltered").map(drop)
}

fn not_litellm(session: &Session) -> Checked {
    let page = Answer::page("<html>Log in</html>");
    of_lists(session, &page);
    session.proxy.always("GET /health/liveliness", page);
    let data = session.open()?.fails(LIST_MODELS, json!({}), "badResponse")?;
    ensure(data["contentType"].as_str().is_some_and(|kind| kind.contains("html")), || {
        format!("`data.contentType` does not tell: {}", shown(&data))
    })
}

fn unreachable(session: &Session) -> Checked {
    // Nobody listens at the port that TCP knows as `discard`.
    let mut server = session.start_with(&[("LITELLM_BASE_URL", "http://127.0.0.1:9")])?;
    session.initialize(&mut server)?;
    server.fails(LIST_MODELS, json!({}), "unreachable").map(drop)
}

fn http_status(session: &Session) -> Checked {
    session.proxy.always(CHAT, Answer::error(400, "invalid_request_error", "This is wrong."));
    let error = session.open()?.call(COMPLETE, chat(HELLO))?.err().unwrap_or_default();
    same("`data.httpStatus`", &error["data"]["httpStatus"], 400)
}
