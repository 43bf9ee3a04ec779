//! When a process began, from `/proc`.

use std::fs;

/// Clock ticks since the system started; none for a process that is not there, or dead and not yet waited for.
pub(super) fn born(pid: u32) -> Option<u64> {
    parse(&fs::read_to_string(format!("/proc/{pid}/stat")).ok()?)
}

/// Reads fields 3 (state) and 22 (starttime) of `/proc/PID/stat`.
fn parse(stat: &str) -> Option<u64> {
    // Field 2 is the program's name in brackets, which may itself hold blanks and brackets.
    let (_, from_state) = stat.rsplit_once(") ")?;
    let mut fields = from_state.split(' ');
    let state = fields.next()?;
    if matches!(state, "Z" | "X" | "x") {
        return None;
    }
    fields.nth(18)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn the_state_and_the_start_are_read() {
        let after_state = "1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 4711 20 21";
        for (stat, born) in [
            (format!("42 (python) S {after_state}"), Some(4711)),
            (format!("42 (a) Z (b) c) R {after_state}"), Some(4711)),
            (format!("42 (python) Z {after_state}"), None),
            ("42 (python) S 1 2".to_owned(), None),
            (String::new(), None),
        ] {
            assert_eq!(parse(&stat), born, "{stat}");
        }
    }
}
