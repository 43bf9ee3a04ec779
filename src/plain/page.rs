//! Makes a Markdown page harmless, whoever wrote parts of it: code stays as it is to the byte, and outside of it nothing
//! is HTML, loads a picture, or leads anywhere but to the web.

/// What a link may lead to.
const WEB: [&str; 2] = ["http://", "https://"];

/// A page as an editor may render it.
pub(crate) fn page(markdown: &str) -> String {
    let text = super::text(markdown);
    let mut page = String::with_capacity(text.len());
    let mut paragraph = Vec::new();
    let mut fence = None;
    for line in text.split_inclusive('\n') {
        match fence {
            Some(open) => {
                page.push_str(line);
                fence = (!closes(line, open)).then_some(open);
            }
            None => {
                fence = opened(line);
                if fence.is_some() || line.trim().is_empty() {
                    put(&mut page, &mut paragraph);
                    page.push_str(line);
                } else {
                    paragraph.push(line);
                }
            }
        }
    }
    put(&mut page, &mut paragraph);
    page
}

/// The character and length of a fence that a line opens. Only at the very beginning of a line: there it is one whatever
/// stands around it, while one inside a list or a quotation ends with those.
fn opened(line: &str) -> Option<(char, usize)> {
    let mark = line.chars().next().filter(|mark| ['`', '~'].contains(mark))?;
    let info = line.trim_start_matches(mark);
    let length = line.len() - info.len();
    (length >= 3 && !(mark == '`' && info.contains('`'))).then_some((mark, length))
}

fn closes(line: &str, (mark, length): (char, usize)) -> bool {
    let line = line.trim_end();
    let indented = line.len() - line.trim_start_matches(' ').len();
    let line = line.trim_start_matches(' ');
    indented < 4 && line.len() >= length && line.chars().all(|character| character == mark)
}

/// Puts lines without a blank one between them. Code within them counts only where every mark of it is closed on its own
/// line: else what is code depends on how the lines belong together.
fn put(page: &mut String, lines: &mut Vec<&str>) {
    let spans: Option<Vec<_>> = lines.iter().map(|line| spans(line)).collect();
    for (number, line) in lines.drain(..).enumerate() {
        let mut from = 0;
        for (start, end) in spans.as_ref().map_or(&[][..], |spans| &spans[number]) {
            page.push_str(&harmless(&line[from..*start]));
            page.push_str(&line[*start..*end]);
            from = *end;
        }
        page.push_str(&harmless(&line[from..]));
    }
}

/// Where a line is code. None where a mark is left open.
fn spans(line: &str) -> Option<Vec<(usize, usize)>> {
    let run = |at: usize| line[at..].bytes().take_while(|byte| *byte == b'`').count();
    let mut spans = Vec::new();
    let mut at = 0;
    while let Some(next) = line[at..].find(['`', '\\']) {
        at += next;
        if line[at..].starts_with('\\') {
            at += 1 + line[at + 1..].chars().next().map_or(0, char::len_utf8);
            continue;
        }
        let (start, length) = (at, run(at));
        at += length;
        loop {
            at += line[at..].find('`')?;
            let found = run(at);
            at += found;
            if found == length {
                break;
            }
        }
        spans.push((start, at));
    }
    Some(spans)
}

/// Text outside of code.
fn harmless(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for (at, character) in text.char_indices() {
        plain.push(character);
        let rest = &text[at + character.len_utf8()..];
        let leads_to_web = |rest: &str| WEB.iter().any(|web| rest.trim_start().starts_with(web));
        let parts = match character {
            ']' => match rest.chars().next() {
                Some('(' | ':') => !leads_to_web(&rest[1..]),
                _ => false,
            },
            '!' => rest.starts_with('['),
            '<' => {
                let is_link = WEB.iter().any(|web| rest.starts_with(web));
                let next = rest.chars().next();
                !is_link && next.is_some_and(|next| next.is_ascii_alphabetic() || "/!?".contains(next))
            }
            _ => false,
        };
        if parts {
            plain.push(' ');
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn outside_of_code_nothing_is_html_loads_or_leads_elsewhere() {
        for (given, shown) in [
            ("see [x](command:evil)", "see [x] (command:evil)"),
            (
                "see [x](https://example.com) and <https://example.com>",
                "see [x](https://example.com) and <https://example.com>",
            ),
            ("![x](https://example.com/?q=secret)", "! [x](https://example.com/?q=secret)"),
            ("[x]: command:evil", "[x] : command:evil"),
            ("[x](<command:evil>) <script>", "[x] (< command:evil>) < script>"),
            ("[x](com\\mand:evil) [x](comm&#97;nd:evil)", "[x] (com\\mand:evil) [x] (comm&#97;nd:evil)"),
            ("a\u{202e}b [x]\u{200b}(command:y)", "ab [x] (command:y)"),
            // Code that ends elsewhere for whoever joins the lines.
            ("`a\nb` <script> `c`", "`a\nb` < script> `c`"),
            ("- `a\n- <script> `b", "- `a\n- < script> `b"),
            ("- ```\n- <script>", "- ```\n- < script>"),
            ("  ```\n<script>", "  ```\n< script>"),
            ("> ```\n<script>", "> ```\n< script>"),
            ("\\`<script>`", "\\`< script>`"),
            ("```\na\n```\n<b>", "```\na\n```\n< b>"),
        ] {
            assert_eq!(page(given), shown, "{given:?}");
        }
    }

    #[test]
    fn code_is_shown_as_it_is() {
        for text in [
            "```rust\nlet a: Vec<T> = b[0](c); // ![x](y)\n```\nand `Vec<T>` or ``a`<b>``\n",
            "~~~\n```\n<b>\n~~~\n",
            "````\n```\n<b>\n```\n````\n",
            "```\n<never closed>",
            "a < b && c > d, v[i] (x) and f[0]\n\n| a | b |\n|---|--:|\n| 1\\|2 | <3 |\n",
        ] {
            assert_eq!(page(text), text);
        }
    }
}
