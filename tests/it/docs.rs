//! What the pages for people say of the program is true.

use std::fs;

use litellm_ls_protocol::METHODS;

/// A file of the repository.
fn page(path: &str) -> String {
    fs::read_to_string(format!("{}/{path}", env!("CARGO_MANIFEST_DIR"))).expect(path)
}

/// The text between `<!-- name` and `<!-- /name -->`.
fn marked<'a>(page: &'a str, name: &str) -> &'a str {
    let (_, from) = page.split_once(&format!("<!-- {name}")).expect("a mark");
    from.split_once(&format!("<!-- /{name} -->")).expect("a mark's end").0
}

#[test]
fn the_readme_names_every_method() {
    let readme = page("README.md");
    let rows = marked(&readme, "methods").lines().filter_map(|line| line.strip_prefix("| `"));
    let named: Vec<&str> = rows.filter_map(|row| Some(row.split_once('`')?.0)).collect();
    let there: Vec<&str> = METHODS.iter().map(|method| method.method).collect();
    assert_eq!(named, there);
}
