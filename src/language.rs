//! The language that people are told things in: English, or one with a table beside this file.
//!
//! What is said is made in English everywhere, and translated once where it goes out to a person. What is in no table, such
//! as a vendor's words, a name or an answer, stays as it is.

mod page;
mod phrases;

use std::{borrow::Cow, collections::HashMap, sync::LazyLock};

use serde::Deserialize;
use serde_json::Value;

use phrases::{Phrases, Said};

/// What a sentence is made of that says what to do and what was found, or a path and what is wrong there.
const JOINTS: [&str; 2] = [" – ", ": "];
/// How deep sentences stand in sentences. None of ours goes so far; another's words may.
const DEEPEST: usize = 6;

/// The members of a message that are for people, and for nobody else.
const FOR_PEOPLE: [&str; 7] = ["message", "title", "remedy", "reason", "warning", "tooltip", "serves"];
/// The members that are somebody else's: what a client gave, or what is to be written into texts.
const OTHERS: [&str; 4] = ["_meta", "arguments", "edit", "data"];

/// A language that people are told things in.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Language {
    /// What everything is written in.
    #[default]
    English,
    /// Simplified Chinese.
    Chinese,
}

/// What `zh-cn.json` holds. `{0}` stands for a name, a number or the words of somebody else.
#[derive(Deserialize)]
struct Translation {
    /// What went wrong, for words that are a vendor's own.
    kinds: HashMap<String, String>,
    /// By the file of our source that says them.
    sentences: Said,
    /// Those that stand within others only.
    words: Said,
    /// Those that stand alone: in tables, and in lines about models.
    shown: Said,
}

struct Table {
    kinds: HashMap<String, String>,
    sentences: Phrases,
    words: Phrases,
    shown: Phrases,
}

/// Read where the first peer speaks it.
static CHINESE: LazyLock<Option<Table>> = LazyLock::new(|| {
    let read: Translation = serde_json::from_str(include_str!("language/zh-cn.json")).ok()?;
    Some(Table {
        kinds: read.kinds,
        sentences: Phrases::of(read.sentences),
        words: Phrases::of(read.words),
        shown: Phrases::of(read.shown),
    })
});

impl Language {
    /// The language of an editor's or a system's name for it, such as `zh-cn`, `zh-Hans` or `zh_CN.UTF-8`; English where we
    /// have none of that name.
    pub(crate) fn named(tag: &str) -> Self {
        let tag = tag.split(['.', '@']).next().unwrap_or_default().to_ascii_lowercase();
        let mut parts = tag.split(['-', '_']);
        let is_chinese = parts.next() == Some("zh");
        let has = |part: &str| tag.split(['-', '_']).any(|one| one == part);
        let is_traditional = !has("hans") && parts.any(|part| ["hant", "tw", "hk", "mo"].contains(&part));
        if is_chinese && !is_traditional { Self::Chinese } else { Self::English }
    }

    /// The language that the variables of a system name, as for all of its programs.
    pub(crate) fn of_variables(variable: impl Fn(&str) -> Option<String>) -> Self {
        let named = ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter().find_map(variable);
        named.map_or(Self::English, |tag| Self::named(&tag))
    }

    /// A sentence, or several in one line, as they are told in this language.
    pub(crate) fn said(self, text: &str) -> Cow<'_, str> {
        self.table().and_then(|table| table.said(text, 0)).map_or(Cow::Borrowed(text), Cow::Owned)
    }

    /// What has failed: before words that are not our own stands what kind of failure it is.
    pub(crate) fn failed<'a>(self, kind: &str, text: &'a str) -> Cow<'a, str> {
        let Some(table) = self.table() else { return Cow::Borrowed(text) };
        match (table.said(text, 0), table.kinds.get(kind)) {
            (Some(said), _) => said.into(),
            (None, Some(kind)) => format!("{kind}：{text}").into(),
            (None, None) => text.into(),
        }
    }

    /// Words about a model or a sum, one or several in a line, or the title of a column.
    pub(crate) fn words(self, text: &str) -> Cow<'_, str> {
        let Some(table) = self.table() else { return Cow::Borrowed(text) };
        text.split(" · ").map(|part| table.words(part)).collect::<Vec<_>>().join(" · ").into()
    }

    /// What stands between the parts of a line that say one thing each.
    pub(crate) fn comma(self) -> &'static str {
        match self {
            Self::English => ", ",
            Self::Chinese => "，",
        }
    }

    /// What stands before what is told, or typed.
    pub(crate) fn colon(self) -> &'static str {
        match self {
            Self::English => ": ",
            Self::Chinese => "：",
        }
    }

    /// What stands between the things of a list.
    pub(crate) fn list_comma(self) -> &'static str {
        match self {
            Self::English => ", ",
            Self::Chinese => "、",
        }
    }

    /// A page in Markdown: its headings, sentences, and the words in its tables.
    pub(crate) fn page(self, markdown: &str) -> Cow<'_, str> {
        match self {
            Self::English => Cow::Borrowed(markdown),
            Self::Chinese => page::told(self, markdown).into(),
        }
    }

    /// Has a message say in this language what it says to people.
    pub(crate) fn tell(self, message: &mut Value) {
        if self == Self::English {
            return;
        }
        match message {
            Value::Array(all) => all.iter_mut().for_each(|one| self.tell(one)),
            Value::Object(members) => {
                let kind = members.get("kind").and_then(Value::as_str).unwrap_or_default().to_owned();
                for (name, value) in members {
                    match (name.as_str(), &mut *value) {
                        (name, _) if OTHERS.contains(&name) => {}
                        ("message", Value::String(text)) => *text = self.failed(&kind, text).into_owned(),
                        (name, Value::String(text)) if FOR_PEOPLE.contains(&name) => {
                            *text = self.said(text).into_owned();
                        }
                        ("page", Value::String(text)) => *text = self.page(text).into_owned(),
                        ("warnings", Value::Array(all)) => {
                            for text in all {
                                if let Value::String(text) = text {
                                    *text = self.said(text).into_owned();
                                }
                            }
                        }
                        // The others are words that programs read too.
                        ("line" | "notice", Value::String(text)) => *text = self.words(text).into_owned(),
                        _ => self.tell(value),
                    }
                }
            }
            _ => {}
        }
    }

    fn table(self) -> Option<&'static Table> {
        match self {
            Self::English => None,
            Self::Chinese => CHINESE.as_ref(),
        }
    }
}

impl Table {
    /// None where it is not our own.
    fn said(&self, text: &str, depth: usize) -> Option<String> {
        self.alone(text, depth).or_else(|| self.in_parts(text, depth))
    }

    fn alone(&self, text: &str, depth: usize) -> Option<String> {
        if depth > DEEPEST {
            return None;
        }
        self.sentences.said(text, &|value| self.inside(value, depth + 1), &self.words)
    }

    /// What is filled in: it may be our own too, such as a reason.
    fn inside(&self, value: &str, depth: usize) -> String {
        let known = self.said(value, depth);
        let known =
            known.or_else(|| self.words.said(value, &|value| self.inside(value, depth + 1), &self.words));
        known.or_else(|| self.list(value)).unwrap_or_else(|| value.to_owned())
    }

    /// A list of what is known and of names.
    fn list(&self, value: &str) -> Option<String> {
        let told = value.split(", ").map(|one| match self.words.said(one, &str::to_owned, &self.words) {
            Some(said) => Some((true, said)),
            None => (!one.contains(' ')).then(|| (false, one.to_owned())),
        });
        let told: Vec<(bool, String)> = told.collect::<Option<_>>()?;
        let items: Vec<&str> = told.iter().map(|(_, said)| said.as_str()).collect();
        told.iter().any(|(is_known, _)| *is_known).then(|| items.join("、"))
    }

    /// What to do and what was found in one line. Where one of the two is a vendor's, the other is told all the same.
    fn in_parts(&self, text: &str, depth: usize) -> Option<String> {
        let [before, behind] = JOINTS;
        if let Some((remedy, found)) = text.split_once(before) {
            let [told, said] = [remedy, found].map(|part| self.said(part, depth + 1));
            let is_ours = told.is_some() || said.is_some();
            let whole =
                || format!("{}{before}{}", told.unwrap_or(remedy.into()), said.unwrap_or(found.into()));
            return is_ours.then(whole);
        }
        text.match_indices(behind).find_map(|(at, _)| {
            let finding = self.alone(&text[..at], depth).or_else(|| name(&text[..at]))?;
            Some(format!("{finding}：{}", self.alone(&text[at + behind.len()..], depth)?))
        })
    }

    /// A phrase, or words beside each other. What is known in part alone stays as it is: half of a phrase says less.
    fn words(&self, text: &str) -> String {
        let phrase =
            self.shown.said(text, &|value| self.word(value).unwrap_or_else(|| value.to_owned()), &self.shown);
        let phrase = phrase.or_else(|| self.words.said(text, &|value| self.inside(value, 1), &self.words));
        let beside = || text.split(' ').map(|word| self.word(word)).collect::<Option<Vec<_>>>();
        phrase.or_else(|| Some(beside()?.join(" "))).unwrap_or_else(|| text.to_owned())
    }

    /// One word, which has a mark where the public price list alone says it; a number and a sign are the same everywhere.
    fn word(&self, word: &str) -> Option<String> {
        let name = word.trim_start_matches('~');
        match self.shown.whole(name) {
            Some(said) => Some(format!("{}{said}", &word[..word.len() - name.len()])),
            None => (!name.starts_with(char::is_alphabetic)).then(|| word.to_owned()),
        }
    }
}

/// A name in backquotes stays as it is.
fn name(text: &str) -> Option<String> {
    let inner = text.strip_prefix('`')?.strip_suffix('`')?;
    (!inner.contains('`')).then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_language_is_known_by_the_names_of_editors_and_systems() {
        for (tag, language) in [
            ("zh-cn", Language::Chinese),
            ("zh_CN.UTF-8", Language::Chinese),
            ("zh_CN.GB18030@stroke", Language::Chinese),
            ("zh-Hans", Language::Chinese),
            ("zh-Hans-HK", Language::Chinese),
            ("zh_SG", Language::Chinese),
            ("zh", Language::Chinese),
            ("ZH-CN", Language::Chinese),
            ("zh-tw", Language::English),
            ("zh_TW.UTF-8", Language::English),
            ("zh-Hant-HK", Language::English),
            ("en-US", Language::English),
            ("zha", Language::English),
            ("C.UTF-8", Language::English),
            ("POSIX", Language::English),
            ("", Language::English),
        ] {
            assert_eq!(Language::named(tag), language, "{tag}");
        }
    }

    #[test]
    fn the_first_variable_that_is_set_names_the_language() {
        for (set, language) in [
            (&[("LANG", "zh_CN.UTF-8")][..], Language::Chinese),
            (&[("LANG", "zh_CN.UTF-8"), ("LC_ALL", "C")], Language::English),
            (&[("LANG", "en_US.UTF-8"), ("LC_MESSAGES", "zh_CN.UTF-8")], Language::Chinese),
            (&[("LC_MESSAGES", "zh_CN"), ("LC_ALL", "en_GB")], Language::English),
            (&[], Language::English),
        ] {
            let of =
                |name: &str| set.iter().find(|(one, _)| *one == name).map(|(_, value)| (*value).to_owned());
            assert_eq!(Language::of_variables(of), language, "{set:?}");
        }
    }

    #[test]
    fn names_numbers_and_a_vendors_words_stay_as_they_are_and_in_english_all_does() {
        for (kind, text, told) in [
            (
                "unreachable",
                "nothing answers at 127.0.0.1:4000: Connection refused",
                "127.0.0.1:4000 没有响应：Connection refused",
            ),
            ("upstream", "The model is overloaded", "代理或其后的供应商出错：The model is overloaded"),
            ("ofTomorrow", "It is new", "It is new"),
            // A reason within a sentence, and a finding with its remedy, are sentences too.
            (
                "",
                "nginx answers in place of the proxy: the proxy is down (HTTP status 502)",
                "nginx 代替代理作出了响应：代理已停机（HTTP 状态码 502）",
            ),
            (
                "",
                "the budget of this key for 30 days is spent: $50.00 of $50.00; it starts anew on 2026-12-01",
                "此密钥（每 30 天）的预算已用完：$50.00，共 $50.00；将于 2026-12-01 重置",
            ),
            (
                "",
                "`gpt-4x` is not in LiteLLM's price list. Did you mean `gpt-4o`?",
                "`gpt-4x` 不在 LiteLLM 的价目表中。你是否想写 `gpt-4o`？",
            ),
            ("", "wait, then ask again – Too many requests", "请稍候再提问 – Too many requests"),
            ("", "`a.b`: there is no setting of this name", "`a.b`：没有此名称的设置"),
            ("upstream", "`a.b`: no words of ours", "代理或其后的供应商出错：`a.b`: no words of ours"),
            (
                "",
                "LiteLLM: wait, then ask again – the proxy rejected the key",
                "LiteLLM：请稍候再提问 – 代理拒绝了密钥",
            ),
        ] {
            assert_eq!(Language::Chinese.failed(kind, text), told);
            assert_eq!(Language::English.failed(kind, text), text);
            assert!(matches!(Language::English.said(text), Cow::Borrowed(_)));
        }
    }

    #[test]
    fn what_is_filled_in_is_told_where_it_ends_and_nothing_is_told_by_halves() {
        for (text, told) in [
            // Two values beside each other: a name and words of ours, or words of ours and what was written.
            ("LiteLLM: using gpt-4o in this session", "LiteLLM：正在使用 gpt-4o（仅限此会话）"),
            ("LiteLLM: using gpt-4o", "LiteLLM：正在使用 gpt-4o"),
            (
                "`rpm` must be a whole number, not `lots`; LiteLLM drops this deployment.",
                "`rpm` 必须是整数，而不是 `lots`；LiteLLM 会丢弃此部署。",
            ),
            // Of two sentences that fit, the one of which all is known.
            (
                "`fallbacks` must be a list of maps with one key each, such as `- group: [other]`; LiteLLM does not start.",
                "`fallbacks` 必须是映射的列表，每个映射只有一个键，例如 `- group: [other]`；LiteLLM 无法启动。",
            ),
            ("LiteLLM: profiles work (active), home", "LiteLLM：配置 work（使用中）、home"),
        ] {
            assert_eq!(Language::Chinese.said(text), told);
        }
        for (text, told) in [
            ("4k tokens at most", "至多 4k 令牌"),
            ("tools ~vision", "工具 ~图像"),
            ("this key", "此密钥"),
            ("tools with something else", "tools with something else"),
        ] {
            assert_eq!(Language::Chinese.words(text), told);
        }
    }

    #[test]
    fn words_of_any_form_end_in_a_sentence_and_soon() {
        for hostile in ["a: ".repeat(150) + "{0} $1 \\ is empty", "LiteLLM: ".repeat(150), " – ".repeat(400)]
        {
            assert!(Language::Chinese.failed("upstream", &hostile).len() > 100);
            assert!(Language::Chinese.words(&hostile).len() > 100);
        }
    }

    #[test]
    fn models_are_told_in_words() {
        for (text, told) in [
            (
                "1M context · $3 / $15 · retires in 16 d · tools ~vision",
                "上下文 1M · $3 / $15 · 16 天后停用 · 工具 ~图像",
            ),
            ("context unknown · price varies", "上下文未知 · 价格不一"),
            ("$3 / unknown", "$3 / 未知"),
            ("anthropic", "anthropic"),
            ("12 models", "12 个模型"),
            ("litellm-ls models", "litellm-ls models"),
        ] {
            assert_eq!(Language::Chinese.words(text), told);
        }
    }

    #[test]
    fn a_message_says_to_people_what_it_says_and_keeps_what_programs_read() {
        let message = json!({
            "checks": [{"name": "key", "kind": "rateLimited", "message": "slow down", "remedy": "wait, then ask again"}],
            "message": {"text": "unknown", "reasoning": "wait, then ask again"},
            "summary": {"line": "context unknown", "abilities": ["~tools"]},
            "command": {"title": "stop it", "arguments": [{"title": "stop it"}]},
            "warnings": ["correct baseUrl"],
            "kind": "unreachable",
            "_meta": {"message": "stop it"},
        });
        let mut told = message.clone();
        Language::English.tell(&mut told);
        assert_eq!(told, message);
        Language::Chinese.tell(&mut told);
        assert_eq!(
            told,
            json!({
                "checks": [{"name": "key", "kind": "rateLimited", "message": "请求过多：slow down", "remedy": "请稍候再提问"}],
                "message": {"text": "unknown", "reasoning": "wait, then ask again"},
                "summary": {"line": "上下文未知", "abilities": ["~tools"]},
                "command": {"title": "停止它", "arguments": [{"title": "stop it"}]},
                "warnings": ["请更正 baseUrl"],
                "kind": "unreachable",
                "_meta": {"message": "stop it"},
            })
        );
    }

    #[test]
    fn a_page_keeps_its_columns() {
        let page = "# Usage\n\n| model | USD     |\n| ----- | ------- |\n| all   | unknown |\n| all   | unknown |\n\nText of others.\n";
        let told = "# 用量\n\n| 模型 | 美元 |\n| ---- | ---- |\n| 合计 | 未知 |\n| all  | 未知 |\n\nText of others.\n";
        assert_eq!(Language::Chinese.page(page), told);
        assert_eq!(Language::English.page(page), page);
    }
}
