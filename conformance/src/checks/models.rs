//! Models: how each is told, and which is asked where a question names none.

use serde_json::{Value, json};

use crate::{
    check::{COMPLETE, CONFIGURE, COUNT_TOKENS, Check, HELLO, LIST_MODELS, MARK_MODEL, both},
    failure::{Checked, ensure, same, shown},
    session::{Session, names},
};

#[rustfmt::skip]
pub(super) const CHECKS: &[Check] = &[
    both("models.summary", "M33", LIST_MODELS, "Each model has a summary that can be printed as it is.", summary),
    both("models.hidden", "M33", LIST_MODELS, "Hidden models are listed on demand, each with its reason.", hidden),
    both("models.default", "M33", LIST_MODELS, "`defaultModel` is the one that a question without a model asks.", default_model).also(&[COMPLETE]),
    both("models.configured", "M33", LIST_MODELS, "The model of the settings is the default.", configured).also(&[CONFIGURE]).model(HELLO),
    both("models.mark", "M33", MARK_MODEL, "A favourite is marked in the list, until the mark is taken away.", mark),
    both("models.mark-nothing", "M17", MARK_MODEL, "A mark of no model is refused.", mark_nothing),
    both("tokens.count", "M38", COUNT_TOKENS, "A question is counted, and who counted is told.", count),
    both("tokens.longer", "M38", COUNT_TOKENS, "An estimate grows with the text, and says that it is one.", estimate),
    both("tokens.nothing", "M17", COUNT_TOKENS, "A question without words is not counted, but refused.", count_nothing),
];

fn summary(session: &Session) -> Checked {
    let told = session.open()?.ask(LIST_MODELS, json!({}))?;
    for model in told["models"].as_array().into_iter().flatten() {
        for part in ["context", "output", "price", "vendor", "line"] {
            let text = model["summary"][part].as_str().unwrap_or_default();
            ensure(!text.is_empty() && !text.contains(char::is_control), || {
                format!("`summary.{part}` can't be printed: {}", shown(model))
            })?;
        }
    }
    Ok(())
}

fn hidden(session: &Session) -> Checked {
    let mut server = session.open()?;
    let listed = server.ask(LIST_MODELS, json!({}))?;
    let all = server.ask(LIST_MODELS, json!({"includeHidden": true}))?;
    let count = |list: &Value| list["models"].as_array().map_or(0, Vec::len) as u64;
    let told = listed["hiddenCount"].as_u64().unwrap_or_default();
    same("the number of all models", &json!(count(&all)), count(&listed) + told)?;
    let with_reason =
        all["models"].as_array().into_iter().flatten().filter(|model| model["hidden"].is_string());
    same("the number of models with a reason", &json!(with_reason.count()), told)
}

fn default_model(session: &Session) -> Checked {
    let mut server = session.open()?;
    let told = server.ask(LIST_MODELS, json!({}))?;
    ensure(names(&told).iter().any(|name| told["defaultModel"] == *name), || {
        format!("`defaultModel` is none of the list: {}", told["defaultModel"])
    })?;
    let answer = server.ask(COMPLETE, json!({"prompt": "x"}))?;
    same("the model that was asked", &answer["model"], told["defaultModel"].clone())
}

fn configured(session: &Session) -> Checked {
    let mut server = session.open()?;
    server.ask(CONFIGURE, json!({"model": HELLO, "verify": false}))?;
    let told = server.ask(LIST_MODELS, json!({}))?;
    same("`defaultModel`", &told["defaultModel"], HELLO)
}

fn mark(session: &Session) -> Checked {
    let mut server = session.open()?;
    let first = server.ask(LIST_MODELS, json!({}))?["models"][0]["id"].take();
    for favourite in [true, false] {
        let marked = server.ask(MARK_MODEL, json!({"model": first, "favourite": favourite}))?;
        same("`favourite` of the answer", &marked["favourite"], favourite)?;
        let told = server.ask(LIST_MODELS, json!({}))?;
        let expected = if favourite { json!(true) } else { Value::Null };
        same("`favourite` of the model", &told["models"][0]["favourite"], expected)?;
    }
    Ok(())
}

fn mark_nothing(session: &Session) -> Checked {
    session.open()?.refused(MARK_MODEL, json!({}), -32602).map(drop)
}

fn count(session: &Session) -> Checked {
    let counted = session.open()?.ask(COUNT_TOKENS, json!({"model": HELLO, "prompt": "Say hello."}))?;
    ensure(counted["tokens"].as_u64().is_some_and(|tokens| tokens > 0), || {
        format!("nothing was counted: {}", shown(&counted))
    })?;
    same("`model`", &counted["model"], HELLO)?;
    let is_estimate = counted["source"] != "proxy";
    ensure(counted["warning"].is_string() == is_estimate, || {
        format!("an estimate has a warning, and a count has none: {}", shown(&counted))
    })
}

fn estimate(session: &Session) -> Checked {
    if session.claims.has("features", "proxy") {
        session.proxy.always(
            "POST /utils/token_counter",
            crate::proxy::Answer::json(404, &json!({"detail": "Not Found"})),
        );
    }
    let mut server = session.open()?;
    let mut tokens = |text: &str| -> Checked<u64> {
        let counted = server.ask(COUNT_TOKENS, json!({"model": HELLO, "prompt": text}))?;
        Ok(counted["tokens"].as_u64().unwrap_or_default())
    };
    let (short, long) = (tokens("Say hello.")?, tokens(&"Say hello. ".repeat(100))?);
    ensure(short < long, || format!("ten letters take {short} tokens, and a thousand take {long}"))
}

fn count_nothing(session: &Session) -> Checked {
    session.open()?.refused(COUNT_TOKENS, json!({"model": HELLO}), -32602).map(drop)
}
