//! Whether each line of a makefile or a patch is one that may stand there.

use super::words::Words;

/// Whether each line of a makefile that stands at the margin is a rule, an assignment, a directive or a call: without its
/// tab a command of a recipe is none.
pub(super) fn is_makefile(text: &str) -> bool {
    const DIRECTIVES: Words = Words(
        "include -include sinclude ifeq ifneq ifdef ifndef else endif export unexport override define endef \
         undefine vpath private load -load",
    );
    if text.contains(".RECIPEPREFIX") {
        return true;
    }
    let (mut is_going_on, mut is_within) = (false, false);
    text.lines().all(|line| {
        let was_going_on = std::mem::replace(&mut is_going_on, line.ends_with('\\'));
        let bare = line.trim();
        let word = bare.split_whitespace().next().unwrap_or_default();
        is_within = (is_within || word == "define") && word != "endef";
        // Other programs fill in what stands between two of these.
        let is_filled_in = bare.starts_with('@') && bare.ends_with('@');
        let is_one = bare.contains([':', '=', '$']) && !bare.starts_with('@')
            || bare.starts_with(['#', '.', '!'])
            || DIRECTIVES.have(word);
        was_going_on || is_within || bare.is_empty() || line.starts_with('\t') || is_filled_in || is_one
    })
}

/// Whether each line of a patch's hunks begins with its sign, as far as a hunk says how many it has.
pub(super) fn is_patch(text: &str) -> bool {
    // How many lines of the hunk are still to come, of the old text and of the new one.
    let mut left = [0_usize; 2];
    text.lines().all(|line| {
        if let Some(lengths) = line.strip_prefix("@@ -") {
            left = hunk(lengths).unwrap_or_default();
            return true;
        }
        if left == [0, 0] {
            return true;
        }
        let taken = match line.chars().next() {
            None | Some(' ') => [1, 1],
            Some('-') => [1, 0],
            Some('+') => [0, 1],
            Some('\\') => [0, 0],
            Some(_) => return false,
        };
        left = [0, 1].map(|side| left[side].saturating_sub(taken[side]));
        true
    })
}

/// How many lines a hunk has of the old text and of the new one, by what stands behind its first mark: `1,2 +1,3 @@`.
fn hunk(lengths: &str) -> Option<[usize; 2]> {
    let (old, rest) = lengths.split_once(" +")?;
    let new = rest.split(' ').next()?;
    let length = |range: &str| range.split_once(',').map_or(Some(1), |(_, length)| length.parse().ok());
    Some([length(old)?, length(new)?])
}
