//! What words mean in programming languages: the one table of them, which each rule asks.

/// Words of one meaning, in small letters and with blanks between them.
pub(super) struct Words(pub(super) &'static str);

impl Words {
    pub(super) fn have(&self, word: &str) -> bool {
        self.find(word).is_some()
    }

    fn find(&self, word: &str) -> Option<&'static str> {
        self.0.split(' ').find(|one| *one == word)
    }
}

/// Say more of the definition behind them.
pub(super) const MODIFIERS: Words = Words(
    "abstract async const default export final internal local open private protected pub public sealed static",
);
/// Begin a definition, before its name.
pub(super) const NAMING: Words = Words(
    "class def defn defun enum fn fun func function impl interface module namespace proc struct sub trait",
);
/// Begin a statement that holds others, with braces or without.
pub(super) const CONTROL: Words = Words("catch for foreach if match switch try using while with");
/// Divide a block in two.
pub(super) const DIVIDING: Words = Words("catch elif else elseif elsif ensure except finally rescue when");
/// Begin a label, which stands beside others.
pub(super) const LABELS: Words = Words("case default");
/// End a line whose block stands below it.
pub(super) const OPENING: Words = Words("begin do else loop repeat then");
/// The same where indentation alone tells blocks.
pub(super) const OPENING_BY_DEPTH: Words = Words("let of try where with");
/// Are statements by themselves.
const ALONE: Words = Words("break continue pass return");
/// Begin other statements.
const STATEMENTS: Words = Words(
    "alter await begin create defer delete do drop echo end extern from global go import include insert let \
     loop mod mut package print raise repeat require select throw type union unless until update use val var \
     void yield",
);
/// Go on from an expression, an item or a query, and begin none.
pub(super) const INFIX: Words = Words(
    "and as else except for from group having if in into is join left limit not on or order union where",
);

/// Words that end a block which another word than `end` begins, without those that are `end` and that word.
const ENDS: &[(&str, &str)] = &[("fi", "if"), ("done", "do"), ("esac", "case")];
/// Words whose blocks end with `end` and the same word.
const ENDED: Words = Words("case class do for foreach function if macro module switch task try while");

/// The word that begins the blocks which a word ends, blank for `end`. None where it ends none.
pub(super) fn begin_of(word: &str) -> Option<&'static str> {
    let known = ENDS.iter().find(|(end, _)| *end == word).map(|(_, begin)| *begin);
    known.or_else(|| match word.strip_prefix("end")? {
        "" => Some(""),
        begin => ENDED.find(begin),
    })
}

/// Whether a word is a line by itself.
pub(super) fn is_line(word: &str) -> bool {
    ALONE.have(word) || begin_of(word).is_some()
}

/// Whether statements begin with a word.
pub(super) fn begins_statement(word: &str) -> bool {
    [MODIFIERS, NAMING, CONTROL, DIVIDING, LABELS, ALONE, STATEMENTS].iter().any(|words| words.have(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_end_tells_what_it_ends() {
        for (word, begin) in [
            ("end", Some("")),
            ("fi", Some("if")),
            ("done", Some("do")),
            ("esac", Some("case")),
            ("endif", Some("if")),
            ("endcase", Some("case")),
            ("endfunction", Some("function")),
            ("endpoint", None),
            ("ending", None),
            ("finish", None),
            ("", None),
        ] {
            assert_eq!(begin_of(word), begin, "{word}");
            assert_eq!(is_line(word), begin.is_some(), "{word}");
        }
    }
}
