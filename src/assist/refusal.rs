//! Whether an answer is a refusal that is told in a sentence, where the provider does not say that it is one.

use std::sync::LazyLock;

use regex_lite::Regex;

/// Longest text that can be one, in characters: what is longer says something beside it.
const LONGEST: usize = 240;

/// The beginnings of refusals in English, in lower case and with straight apostrophes. A model speaks of itself, and of
/// what it was asked, and of nothing behind it; letters and stories speak of other things in the same words.
static ENGLISH: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let sorry = r"(?:(?:i'm|i am) (?:very |so |really )?sorry|sorry|i apologi[sz]e|my apologies|unfortunately)[,.:;!]? ?(?:but )?";
    let machine = r"as an? (?:ai|artificial intelligence|(?:large )?language model)(?: (?:language )?(?:model|assistant|system))?(?: (?:created|made|developed|trained) by [^,]*)?,";
    let unable = r"i(?:'m| am)? (?:can't|cannot|can not|won't|will not|unable to|not able to|must decline to|have to decline to|not comfortable)";
    let serve = r"(?:help|assist|comply|fulfill?|do|provide|generate|create|continue|write|produce|answer|support|discuss|process)(?:ing)?";
    let asked = r"(?:doing |creating |writing |generating )?(?:that|this|it|these|those|(?:that|this|such|your|the|any) (?:kind of |sort of |type of )?(?:request|content|information|task|question|instruction|material)s?)";
    let end = r"(?:[.,;:!]|$| as | because | since )";
    let aim = r"(?:\w+ing|requests?|instructions?|anything|content|code) ";
    Regex::new(&format!(
        r"^(?:{sorry})?(?:{machine} ?)?{unable} {serve} (?:(?:you )?(?:with|to|on) )?{asked}{end}|^{sorry}(?:{machine} ?)?{unable} (?:help|assist|comply) (?:you )?with {aim}|^(?:{sorry})?{machine} {unable}"
    ))
    .ok()
});

/// The same in other languages: what can't be done is to help, or what was asked. Words of regret alone begin letters.
static OTHERS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let sentences = [
        // German, Dutch
        r"(?:dabei|damit|bei dieser anfrage|hierbei) kann ich (?:dir |ihnen |euch )?(?:leider )?nicht (?:weiter)?helfen",
        r"ich kann (?:dir |ihnen |euch )?(?:leider )?(?:dabei|damit|bei dieser anfrage|hierbei) (?:leider )?nicht (?:weiter)?helfen",
        r"(?:diese|deine|ihre) (?:anfrage|bitte) kann ich (?:leider )?nicht (?:erfüllen|bearbeiten|beantworten)",
        r"ich kann (?:diese|deine|ihre) (?:anfrage|bitte) (?:leider )?nicht (?:erfüllen|bearbeiten|beantworten)",
        r"ik kan (?:je |u )?(?:daar|hier)(?: helaas)? niet (?:mee|bij) helpen",
        // French, Spanish, Italian, Portuguese
        r"je ne (?:peux|suis) pas (?:en mesure de )?(?:vous |t')?aider (?:avec|à|dans|sur) (?:cela|ça|cette|votre|ce)(?: (?:demande|requête|sujet))?\s*[.!]",
        r"je ne peux pas (?:répondre à|accéder à|donner suite à|satisfaire|traiter) (?:cette|votre) (?:demande|requête)",
        r"no puedo (?:ayudarte|ayudarle|ayudar) (?:con|en) (?:eso|esto|(?:esa|esta|tu|su) (?:solicitud|petición))",
        r"no puedo (?:cumplir|atender|completar|responder) (?:con |a )?(?:esa|esta|tu|su) (?:solicitud|petición)",
        r"non posso (?:aiutarti|aiutarla|aiutare) (?:con|in) (?:questo|ciò|(?:questa|la tua|la sua) richiesta)",
        r"non posso (?:soddisfare|elaborare|rispondere a) (?:questa|la tua|la sua) richiesta",
        r"não posso (?:ajudar|te ajudar|ajudá-lo) (?:com|nisso|nesse|nessa)(?: (?:isso|isto|esse|essa|pedido|solicitação))*\s*[.!]",
        r"não posso (?:atender|cumprir|processar) (?:a |ao )?(?:esse|este|essa|esta|seu|sua) (?:pedido|solicitação)",
        // Russian, Polish
        r"я не могу (?:вам )?помочь (?:вам )?с (?:этим|этой просьбой|этим запросом|вашим запросом)\s*[.!]",
        r"я не могу (?:выполнить|обработать) (?:этот|ваш|данный) запрос",
        r"nie mogę (?:ci |panu |pani )?pomóc (?:w tym|z tym|w tej sprawie)\s*[.!]",
        // Chinese
        r"我(?:无法|無法|不能|没办法|沒辦法)(?:协助|協助|帮助|幫助|满足|滿足|完成|处理|處理|执行|執行|回答|响应|回應)(?:您|你)?的?(?:完成)?(?:这个|這個|这项|這項|此|该|該|这样的|這樣的|这类|這類)?(?:请求|請求|要求|问题|問題|任务|任務|内容|內容)?[。.！!，,]",
        r"我(?:无法|無法|不能)(?:提供|給予|给予)(?:您|你)?(?:这方面的|這方面的|相关|相關|任何)?(?:帮助|幫助|协助|協助)",
        // Japanese
        r"お手伝い(?:すること)?(?:は|が)?(?:でき(?:ません|かねます)|いたしかねます)",
        r"(?:その|この|ご)?(?:リクエスト|依頼|要求|質問)(?:に|には)(?:は)?(?:お応え|お答え|応じる|対応)(?:する)?(?:こと)?(?:は|が)?(?:でき(?:ません|かねます)|いたしかねます)",
        // Korean
        r"(?:도와\s?드릴|도움을\s?드릴)\s?수\s?없",
        r"(?:이|그|해당|해당하는|요청하신)?\s?요청(?:을|에|은)?\s?(?:처리|수행|응답|이행|응)(?:해\s?드릴|할|하실)?\s?수\s?없",
    ];
    Regex::new(&sentences.join("|")).ok()
});

/// Longest beginning of a refusal before what can't be done, in characters, such as words of regret.
const REGRET: usize = 40;

/// Whether a text is a refusal and nothing else.
pub fn is_told(text: &str) -> bool {
    let text = text.trim();
    if text.is_empty() || text.contains("\n\n") || text.chars().count() > LONGEST {
        return false;
    }
    let text = text.to_lowercase().replace('’', "'");
    let found = OTHERS.as_ref().and_then(|others| others.find(&text));
    ENGLISH.as_ref().is_some_and(|english| english.is_match(&text))
        || found.is_some_and(|found| {
            text[..found.start()].chars().count() <= REGRET && !text.starts_with(['>', '#'])
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refusals_are_told_from_ordinary_prose() {
        for text in [
            "I'm sorry, but I can't help with that.",
            "I’m sorry, but I can’t assist with that request.",
            "Sorry, I can't help with that.",
            "I cannot assist with this request.",
            "I'm unable to help with that.",
            "I am not able to provide that information.",
            "I can't comply with that request, as it goes against my guidelines.",
            "I'm sorry, but I can't assist with writing malware.",
            "As an AI language model, I cannot write this.",
            "I'm sorry, but as an AI, I can't do that.",
            "Unfortunately, I can't help you with that. Is there anything else?",
            "I won't create this content.",
            "Es tut mir leid, aber dabei kann ich nicht helfen.",
            "抱歉，我无法协助完成此请求。",
            "As a large language model trained by a company, I can't do this.",
            "I'm sorry, but I can't help with that request because it could do harm.",
            "Ich kann dabei leider nicht helfen.",
            "Es tut mir leid, aber ich kann diese Anfrage nicht bearbeiten.",
            "Je suis désolé, mais je ne peux pas vous aider avec cette demande.",
            "Lo siento, pero no puedo ayudarte con eso.",
            "Mi dispiace, ma non posso aiutarti con questo.",
            "Desculpe, mas não posso ajudar com isso.",
            "Извините, но я не могу помочь с этим.",
            "对不起，我无法满足您的要求。",
            "抱歉，我不能提供这方面的帮助。",
            "申し訳ありませんが、お手伝いできません。",
            "申し訳ございませんが、そのリクエストにはお応えできません。",
            "죄송하지만 도와드릴 수 없습니다.",
            "죄송합니다만, 해당 요청을 처리할 수 없습니다.",
        ] {
            assert!(is_told(text), "{text}");
        }
        for text in [
            "",
            "I'm sorry, but I can't come on Friday.",
            "I can't believe how fast this server is.",
            "Sorry for the delay. The release is out.",
            "Unfortunately, the old parser can't read such files.",
            "I cannot recommend this book enough.",
            "The proxy can't help with that: it does not know the model.",
            "As an AI company, we care about safety.",
            "> I'm sorry, but I can't help with that.",
            "You can't do that with a mutable borrow.",
            "I won't repeat the introduction here.",
            "I can't do that on Friday, but Monday suits me.",
            "I'm sorry, but I can't help on Saturday.",
            "I can't support this decision any longer.",
            "I cannot discuss this by e-mail, so please call me.",
            "As an AI engineer, I can't wait to join your team.",
            "Es tut mir leid, aber ich kann dabei nicht anwesend sein.",
            "Désolé, je ne peux pas vous aider à déménager samedi.",
            "Lo siento, pero no puedo ayudar el sábado.",
            "Mi dispiace, ma non posso aiutarvi sabato.",
            "Извините, я не могу приехать в пятницу.",
            "抱歉，我无法参加明天的会议。",
            "很抱歉，我无法在周五之前完成报告。",
            "申し訳ありませんが、明日の会議には出席できません。",
            "申し訳ございませんが、その日は都合がつきません。",
            "죄송하지만 내일 회의에 참석할 수 없습니다.",
            "죄송하지만 답장이 늦었습니다. 자료를 보내 드립니다.",
            "I'm sorry, but I can't help with that.\n\nThis was all that the model said, and so we looked at its prompt.",
        ] {
            assert!(!is_told(text), "{text}");
        }
    }
}
